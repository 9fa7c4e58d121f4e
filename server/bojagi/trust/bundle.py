"""A bundle: editions of one shelf with their signatures, as one file that needs no network.

It is a ZIP file whose entries are stored as they are, sorted, without dates, comments or
attributes:

    metadata/timestamp.json, metadata/<version>.<role>.json      every root, and what counts now
    targets/<publisher>/<place>/<sha256>.<number>                the chosen editions

What always holds:

- The same editions and signatures give the same bytes, so two bundles tell nothing of who made
  them.
- A file is a bundle only if it is, byte for byte, what writing its entries again gives: no second
  name, no gap, nothing before or behind. So no ZIP reader can see another content than this one.
- Nothing is ever unpacked onto a disk.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from bojagi.domain.verdicts import TrustError, Verdict

BUNDLE_BYTES: Final = 32 * 1024 * 1024
BUNDLE_ENTRIES: Final = 4000
_NAME: Final = re.compile(
    r"metadata/(?:timestamp|[1-9][0-9]{0,8}\.[a-z0-9-]{1,40})\.json"
    r"|targets/(?:[0-9]{1,4}/[0-9]{1,2}|w)/[0-9a-f]{64}\.[0-9a-f]{1,64}"
)
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
_UNIX: Final = 3
_END: Final = 22
_END_FIELDS: Final = ((10, 12), (12, 16), (16, 20))
_LOCATOR: Final = 20
_LISTED_BYTES: Final = 256
"""Of one entry in the list of them: 46, and its name."""


def make_bundle(files: Mapping[str, bytes]) -> bytes:
    """Write files, by their paths below the repository, as a bundle.

    Raises:
        TrustError: when a path is none of a repository, or they weigh too much.
    """
    for name in files:
        if not _NAME.fullmatch(name):
            raise TrustError(Verdict.DAMAGED, f"{name!r} is no file of a bundle")
    if sum(map(len, files.values())) > BUNDLE_BYTES or len(files) > BUNDLE_ENTRIES:
        raise TrustError(Verdict.DAMAGED, f"a bundle holds at most {BUNDLE_BYTES >> 20} MiB")
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, files[name])
    return target.getvalue()


@dataclass(frozen=True)
class BundleSource:
    """A repository in a bundle, read once into memory."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def from_bytes(cls, raw: bytes) -> BundleSource:
        """Read a bundle.

        Raises:
            TrustError: when it isn't exactly a bundle.
        """
        if len(raw) > BUNDLE_BYTES:
            raise TrustError(Verdict.DAMAGED, f"longer than a bundle's {BUNDLE_BYTES >> 20} MiB")
        files = _entries(raw)
        if make_bundle(files) != raw:
            raise TrustError(Verdict.DAMAGED, "not written as a bundle is: something was added")
        return cls(files)

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there.

        Raises:
            TrustError: when it is larger than the limit.
        """
        data = self.files.get(path)
        if data is not None and len(data) > limit:
            raise TrustError(
                Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have"
            )
        return data

    def names(self) -> frozenset[str]:
        """Return the path of every file in it."""
        return frozenset(self.files)


def is_bundle(raw: bytes) -> bool:
    """Whether bytes begin as a bundle does."""
    return raw[:4] == b"PK\x03\x04"


def _refuse_long_list(raw: bytes) -> None:
    """Refuse, before any ZIP reader goes through it, a list of entries longer than ours may be.

    Of the end (APPNOTE 4.3.16) we write just these 22 bytes, and no ZIP64 locator before them.
    """
    end = raw[-_END:]
    count, size, start = (int.from_bytes(end[a:b], "little") for a, b in _END_FIELDS)
    is_ours = end[:4] == b"PK\x05\x06" and start + size + len(end) == len(raw)
    if not is_ours or raw[-_END - _LOCATOR : -_END].startswith(b"PK\x06\x07"):
        raise TrustError(Verdict.DAMAGED, "not a bundle, or not whole")
    if count > BUNDLE_ENTRIES or size > BUNDLE_ENTRIES * _LISTED_BYTES:
        raise TrustError(Verdict.DAMAGED, f"more than {BUNDLE_ENTRIES} files in it")


def _entries(raw: bytes) -> dict[str, bytes]:
    _refuse_long_list(raw)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > BUNDLE_ENTRIES:
                raise TrustError(Verdict.DAMAGED, f"more than {BUNDLE_ENTRIES} files in it")
            files: dict[str, bytes] = {}
            for entry in entries:
                is_plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits
                is_whole = entry.file_size == entry.compress_size <= len(raw)
                if not (_NAME.fullmatch(entry.filename) and is_plain and is_whole):
                    raise TrustError(Verdict.DAMAGED, f"{entry.filename!r} is no file of a bundle")
                if entry.filename in files:
                    raise TrustError(Verdict.DAMAGED, f"{entry.filename} is there twice")
                files[entry.filename] = archive.read(entry)
                if sum(map(len, files.values())) > len(raw):
                    raise TrustError(Verdict.DAMAGED, "its files overlap")
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise TrustError(Verdict.DAMAGED, "not a bundle, or not whole") from error
    return files
