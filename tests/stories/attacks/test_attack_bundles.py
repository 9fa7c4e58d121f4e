"""Bundles that somebody bent, forged, stuffed or kept back: each refused, and nothing written.

The ZIP files are written by hand here, field by field, because no library writes these. What is
signed is signed with real keys: those of a shelf, of another shelf, of a thief.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from tests.stories.attacks.bundles import (
    KEY,
    Entry,
    Worker,
    entries_of,
    files_of,
    judged_apart,
    make_shelf,
    zip_of,
)
from tests.trust.shelf import Shelf

from bojagi.domain.verdicts import Verdict
from bojagi.errors import NothingOursError
from bojagi.services.bundling import read_shelf_bundle
from bojagi.trust import sealing
from bojagi.trust.bundle import BUNDLE_BYTES, make_bundle
from bojagi.trust.sealing import BLOCK_BYTES, seal

MOST_BYTES: Final = 256 * 1024 * 1024
"""Of memory, whatever the bundle."""
GIB: Final = 1024**3


def test_the_writer_by_hand_writes_what_bundles_are(shelf: Shelf) -> None:
    """Positive control: what is refused below isn't refused for being written here."""
    assert zip_of(entries_of(files_of(shelf))) == make_bundle(files_of(shelf))


@pytest.fixture
def shelf() -> Shelf:
    return make_shelf()


@pytest.fixture
def worker(shelf: Shelf, tmp_path: Path) -> Worker:
    return Worker.of(tmp_path / "there" / "here", shelf)


def test_a_genuine_bundle_is_current(shelf: Shelf, worker: Worker) -> None:
    assert worker.judge(make_bundle(files_of(shelf))) is Verdict.CURRENT


ODD_NAMES: Final = {
    "up": b"../out.json",
    "up inside": b"targets/1/0/../../../../out.json",
    "up and back": b"metadata/../metadata/timestamp.json",
    "absolute": b"/tmp/out.json",
    "backslash": b"..\\..\\out.json",
    "drive": b"C:\\out.json",
    "drive, relative": b"C:out.json",
    "share": b"\\\\host\\out.json",
    "device": b"CON",
    "home": b"~/out.json",
    "nothing": b"",
    "a folder": b"targets/1/0/",
    "dots": b"metadata/./timestamp.json",
    "twice a slash": b"metadata//timestamp.json",
    "a null": b"metadata/timestamp.json\0.html",
    "a line": b"metadata/timestamp.json\n",
    "capitals": b"METADATA/TIMESTAMP.JSON",
    "Hangul": unicodedata.normalize("NFC", "추위.html").encode(),
    "Hangul, decomposed": unicodedata.normalize("NFD", "추위.html").encode(),
    "full width": "targets/１/0/a.1".encode(),
    "digits of another script": "metadata/٣.root.json".encode(),
    "right to left": "targets/\u202e1/0".encode(),
    "no width": "metadata/timestamp\u200b.json".encode(),
    "half a character": b"metadata/\xed\xa0\x80.json",
    "a page": b"index.html",
    "a long one": b"metadata/1." + b"a" * 60_000 + b".json",
}


@pytest.mark.parametrize("flags", [0, 0x800], ids=["as bytes", "as UTF-8"])
@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_an_entry_of_an_odd_name_damages_the_bundle(
    shelf: Shelf, worker: Worker, name: bytes, flags: int
) -> None:
    entries = [*entries_of(files_of(shelf)), Entry(name, b"1", flags)]
    assert worker.judge(zip_of(entries)) is Verdict.DAMAGED


Bend = Callable[[list[Entry]], bytes]
ODD_FORMS: Final[dict[str, Bend]] = {
    "a symbolic link": lambda e: zip_of(
        [replace(e[0], data=b"/etc/passwd", mode=0o120777), *e[1:]]
    ),
    "a program": lambda e: zip_of([replace(e[0], mode=0o100755), *e[1:]]),
    "encrypted": lambda e: zip_of([replace(e[0], flags=1), *e[1:]]),
    "strongly encrypted": lambda e: zip_of([replace(e[0], flags=0x41), *e[1:]]),
    "a data descriptor": lambda e: zip_of(
        [replace(e[0], flags=8, behind=struct.pack("<4sLLL", b"PK\7\10", 0, 0, 0)), *e[1:]]
    ),
    "an extra field": lambda e: zip_of([replace(e[0], extra=b"UT\4\0abcd"), *e[1:]]),
    "ZIP64 sizes": lambda e: zip_of([replace(e[0], extra=b"\1\0\x10\0" + bytes(16)), *e[1:]]),
    "a torn extra field": lambda e: zip_of([replace(e[0], extra=b"\1\0\x10\0"), *e[1:]]),
    "a comment": lambda e: zip_of(e, comment="누구에게".encode()),
    "something before it": lambda e: zip_of(e, before=b"PK\3\4" + bytes(64)),
    "something between": lambda e: zip_of([replace(e[0], behind=b"<script>"), *e[1:]]),
    "something behind it": lambda e: zip_of(e) + bytes(64),
    "a second bundle behind it": lambda e: zip_of(e) * 2,
    "twice one name": lambda e: zip_of([e[0], *e]),
    "twice one name, in capitals": lambda e: zip_of([*e, replace(e[-1], name=e[-1].name.upper())]),
    "another name inside": lambda e: zip_of(
        [replace(e[0], local_name=b"x" * len(e[0].name)), *e[1:]]
    ),
    "another order": lambda e: zip_of(e[::-1]),
    "overlapping entries": lambda e: zip_of(
        [*e, replace(e[0], name=b"metadata/9.a.json", offset=0)]
    ),
    "an offset behind the end": lambda e: zip_of([replace(e[0], offset=2**31), *e[1:]]),
    "an offset at the end": lambda e: zip_of([replace(e[0], offset=len(zip_of(e)) - 10), *e[1:]]),
    "a size that isn't so": lambda e: zip_of([replace(e[0], size=2**32 - 2), *e[1:]]),
    "deflated": lambda e: zip_of([replace(e[0], data=zlib.compress(e[0].data), method=8), *e[1:]]),
    "a method nobody has": lambda e: zip_of([replace(e[0], method=99), *e[1:]]),
    "bzip2": lambda e: zip_of([replace(e[0], method=12), *e[1:]]),
    "LZMA": lambda e: zip_of([replace(e[0], method=14), *e[1:]]),
    "ten thousand entries": lambda e: zip_of(
        [*e, *(Entry(b"metadata/%d.a.json" % number, b"") for number in range(1, 10_000))]
    ),
    "no entry": lambda _: b"PK\3\4" + zip_of([]),
    "an end alone": lambda _: b"PK\3\4" + bytes(18),
}


@pytest.mark.parametrize("bend", ODD_FORMS.values(), ids=ODD_FORMS)
def test_a_bundle_of_an_odd_form_is_damaged(shelf: Shelf, worker: Worker, bend: Bend) -> None:
    entries = entries_of(files_of(shelf))
    assert worker.judge(bend(entries)) is Verdict.DAMAGED
    assert worker.judge(zip_of(entries)) is Verdict.CURRENT, "nothing was spoilt by the look at it"


def test_a_bundle_cut_short_anywhere_is_damaged(shelf: Shelf, worker: Worker) -> None:
    raw = make_bundle(files_of(shelf))
    for length in range(4, len(raw), 97):
        assert worker.judge(raw[:length]) is Verdict.DAMAGED, length
    with pytest.raises(NothingOursError):
        worker.judge(raw[:3])


@pytest.mark.parametrize("number", ["2.w", "9.timestamp", "9.root", "9.targets", "9.snapshot"])
def test_showing_a_bundle_believes_no_kind_of_metadata_by_its_name(
    shelf: Shelf, worker: Worker, number: str
) -> None:
    files = files_of(shelf)
    for each in ("1.root", "timestamp", "1.snapshot", "1.w"):
        data = files[f"metadata/{each}.json"].replace(b'"version":1', b'"version":99')
        held = read_shelf_bundle(
            make_bundle({**files, f"metadata/{number}.json": data}), worker.verifier
        )
        assert set(held.editions) == {"1/0/1", "1/1/1"}


BOMB_CHUNK: Final = 1024 * 1024


def deflated_zeros(size: int) -> bytes:
    """A DEFLATE stream that unpacks to zeros without end, made of one stretch over and over."""
    packer = zlib.compressobj(9, wbits=-15)
    first = packer.compress(bytes(BOMB_CHUNK)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first * (size // BOMB_CHUNK) + b"\x03\x00"


def deflated(entries: list[Entry]) -> bytes:
    zip64 = struct.pack("<HHQQ", 1, 16, 10 * GIB, 10 * 1024 * 1024)
    bomb = replace(
        entries[0], data=deflated_zeros(10 * GIB), method=8, size=0xFFFFFFFF, extra=zip64
    )
    return zip_of([bomb, *entries[1:]])


def nested(entries: list[Entry]) -> bytes:
    inner = deflated(entries)
    for _ in range(4):
        inner = zip_of([replace(entries[0], data=inner), *entries[1:]])
    return inner


def declared(entries: list[Entry]) -> bytes:
    """Ten GiB that aren't there."""
    zip64 = struct.pack("<HHQQ", 1, 16, 10 * GIB, 10 * GIB)
    return zip_of([replace(entries[0], size=0xFFFFFFFF, extra=zip64), *entries[1:]])


def listed(entries: list[Entry]) -> bytes:
    """A list of a million entries, in a file no longer than a bundle may be."""
    one = zip_of([Entry(b"a", b"")])[31:78]
    count = (BUNDLE_BYTES - 10_000) // len(one)
    raw = zip_of(entries)
    ends = (b"PK\5\6", 0, 0, 4000, 4000, count * len(one), len(raw), 0)
    return raw + one * count + struct.pack("<4sHHHHLLH", *ends)


def listed_twice(entries: list[Entry]) -> bytes:
    """The same, and the long list is named by a ZIP64 end inside a short one."""
    raw = listed(entries)[:-22]
    size = len(raw) - len(zip_of(entries))
    start = len(raw) - size
    end64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 20, 20, 0, 0, 4000, 4000, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(raw), 1)
    inside = len(end64) + len(locator)
    ends = (b"PK\5\6", 0, 0, 1, 1, inside, len(raw), 0)
    return raw + end64 + locator + struct.pack("<4sHHHHLLH", *ends)


def sealed_by_an_insider(entries: list[Entry]) -> bytes:
    """Whoever has the shelf's key can seal anything: here what unpacks to ten GiB."""
    del entries
    bomb = deflated_zeros(10 * GIB)
    packed = len(bomb).to_bytes(4) + bomb
    packed += bytes(-(len(packed) + 41 + 16) % BLOCK_BYTES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "_pack", lambda _: packed)
        return seal(b"", KEY.secret)


BOMBS: Final[dict[str, Bend]] = {
    "10 GiB declared": declared,
    "10 GiB deflated": deflated,
    "10 GiB deflated, in a bundle in a bundle": nested,
    "a million entries": listed,
    "a million entries behind ZIP64": listed_twice,
    "10 GiB sealed by an insider": sealed_by_an_insider,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_damaged_and_takes_little_memory(
    shelf: Shelf, worker: Worker, bomb: Bend
) -> None:
    verdict, taken = judged_apart(worker, bomb(entries_of(files_of(shelf))))
    assert verdict == "DAMAGED"
    assert taken < MOST_BYTES
