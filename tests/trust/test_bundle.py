"""Bundles: one form and no other."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.bundle import BundleSource, is_bundle, make_bundle

TARGET = f"targets/1/0/{'a' * 64}.7"
FILES = {"metadata/timestamp.json": b"{}", "metadata/1.root.json": b"[]", TARGET: b"\xea\xb8\x80"}


def test_a_bundle_is_the_same_bytes_whatever_the_order() -> None:
    bundle = make_bundle(FILES)
    assert bundle == make_bundle(dict(reversed(FILES.items())))
    assert is_bundle(bundle)
    assert BundleSource.from_bytes(bundle).files == FILES


def test_any_zip_program_reads_a_bundle() -> None:
    with zipfile.ZipFile(BytesIO(make_bundle(FILES))) as archive:
        assert archive.testzip() is None
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == FILES
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_bundle_is_read_like_any_source() -> None:
    source = BundleSource.from_bytes(make_bundle(FILES))
    assert source.read(TARGET, 3) == FILES[TARGET]
    assert source.read("metadata/2.root.json", 3) is None
    assert source.names() == set(FILES)
    with pytest.raises(TrustError, match="longer than the 2 bytes"):
        source.read(TARGET, 2)


@pytest.mark.parametrize(
    "name",
    [
        *("", "a", "metadata", "metadata/", "metadata/root.json", "metadata/0.root.json"),
        *("metadata/1.ROOT.json", "metadata/1.가.json", "metadata/../1.root.json"),
        *("/metadata/1.root.json", "targets/1/0/7", f"targets/1/0/{'A' * 64}.7"),
        *(f"targets/../{'a' * 64}.7", f"targets/1/0/1/{'a' * 64}.7", "metadata\\1.root.json"),
    ],
)
def test_a_name_that_no_repository_has_is_neither_written_nor_read(name: str) -> None:
    with pytest.raises(TrustError):
        make_bundle({name: b""})
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name or "x"), b"")
    with pytest.raises(TrustError) as refused:
        BundleSource.from_bytes(target.getvalue())
    assert refused.value.verdict is Verdict.DAMAGED


@pytest.mark.parametrize(
    "spoilt", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"x" * 99]
)
def test_what_is_no_bundle_is_refused(spoilt: bytes) -> None:
    with pytest.raises(TrustError):
        BundleSource.from_bytes(spoilt + b"1")


def test_anything_before_behind_or_between_is_refused() -> None:
    bundle = make_bundle(FILES)
    for changed in (b"x" + bundle, bundle + b"x", bundle[:-1], bundle.replace(b"{}", b"{]")):
        with pytest.raises(TrustError):
            BundleSource.from_bytes(changed)


def test_every_single_byte_counts() -> None:
    bundle = make_bundle(FILES)
    for at in range(len(bundle)):
        changed = bundle[:at] + bytes([bundle[at] ^ 0x41]) + bundle[at + 1 :]
        try:
            read = BundleSource.from_bytes(changed).files
        except TrustError:
            continue
        assert read != FILES, f"byte {at} can be changed unseen"
