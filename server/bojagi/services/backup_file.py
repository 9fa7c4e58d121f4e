"""The file of a backup: one ZIP, and how it is read with distrust.

    manifest.json           its format, the database's version, size and SHA-256 of every other file
    tables/<table>.jsonl    the rows of a table, one JSON object a line
    blobs/<sha256>          bytes that revisions and editions name
    ledger/<shelf>/…        what is signed of a shelf
    (comment of the ZIP)    the SHA-256, in hex, of everything before it

What always holds:

- The same content gives the same bytes: fixed times, fixed order, nothing of the machine. So two
  backups tell whether two studios hold the same.
- Nothing is taken out of a file before all of it was read and found to be just what its manifest
  names: no file less, none more, none twice, and no name that leads anywhere else.

The digests show damage, not malice: who can write a backup can write its manifest. Keep it where
you keep the studio's host itself.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from os import SEEK_END
from pathlib import Path
from struct import error as struct_error
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from marshmallow import Schema, ValidationError, fields, validate

from bojagi.domain import limits
from bojagi.errors import BackupError

FORMAT: Final = "bojagi-backup/1"
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
BLOBS: Final = "blobs"
LEDGER: Final = "ledger"

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100600 << 16
_PART: Final = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
_NAME: Final = re.compile(rf"tables/[a-z_]+\.jsonl|blobs/[0-9a-f]{{64}}|ledger(/{_PART}){{1,5}}")
_CHUNK: Final = 1 << 18
_SEAL: Final = 64
_BROKEN: Final = (
    *(BadZipFile, zlib.error, EOFError, OSError, struct_error, NotImplementedError),
    *(RuntimeError, ValueError, LookupError, OverflowError),
)
"""What Python's reader of ZIP files raises when bytes of one are not what it expects."""


class _FileSchema(Schema):
    size = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class _ManifestSchema(Schema):
    format = fields.String(required=True)
    version = fields.String(required=True, validate=validate.Length(1, 40))
    files = fields.Dict(
        required=True, keys=fields.String(), values=fields.Nested(_FileSchema, required=True)
    )


class Writer:
    """Writes a backup's files one after the other, and its manifest last."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, int | str]] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a file.

        Raises:
            BackupError: for a name that no backup may hold.
        """
        if not _NAME.fullmatch(name):
            raise BackupError(f"{name!r} can't be kept in a backup; rename or remove it")
        digest, size = sha256(), 0
        with self._archive.open(_info(name), "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.files[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, version: str) -> None:
        """Write the manifest."""
        manifest = {"format": FORMAT, "version": version, "files": self.files}
        raw = json.dumps(manifest, sort_keys=True, indent=1).encode()
        self._archive.writestr(_info(MANIFEST), raw)
        self._archive.comment = b"0" * _SEAL


def seal(file: BinaryIO) -> None:
    """Write the digest of a whole backup at its end, where room was left for it."""
    digest = _digest_before_seal(file)
    file.seek(-_SEAL, SEEK_END)
    file.write(digest.encode())


def _digest_before_seal(file: BinaryIO) -> str:
    left = file.seek(0, SEEK_END) - _SEAL
    file.seek(0)
    digest = sha256()
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _TIME)
    info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, _MODE, 3
    return info


@dataclass(frozen=True)
class BackupFile:
    """A backup that was read through and found whole.

    Attributes:
        version: of the database it was made from.
        files: the SHA-256 of each file in it, by name.
    """

    version: str
    files: Mapping[str, str]
    archive: ZipFile

    def below(self, folder: str) -> list[str]:
        """Return the names of the files in one of its folders."""
        return [name for name in self.files if name.startswith(f"{folder}/")]

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            BackupError: when they changed since it was opened.
        """
        with _ours():
            content = self.archive.read(name)
        if sha256(content).hexdigest() != self.files[name]:
            raise BackupError(f"{name} changed while it was read")
        return content

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table, as JSON has them.

        Raises:
            BackupError: for a line that is none.
        """
        name = f"{TABLES}/{table}.jsonl"
        with _ours(), self.archive.open(name) as file:
            while line := file.readline(limits.BACKUP_ROW_BYTES + 1):
                row = json.loads(line) if len(line) <= limits.BACKUP_ROW_BYTES else None
                if not isinstance(row, dict):
                    raise BackupError(f"{name} holds a line that is no row")
                yield row


@contextmanager
def opened(path: Path) -> Iterator[BackupFile]:
    """Open a backup once all of it was read and found whole.

    Raises:
        BackupError: saying what is wrong with it.
    """
    with ExitStack() as stack:
        with _ours():
            file = stack.enter_context(path.open("rb"))
            archive = stack.enter_context(ZipFile(file))
            if archive.comment != _digest_before_seal(file).encode():
                raise BackupError("it was changed, spoilt or cut short since it was made")
            backup = _read_through(archive)
        yield backup


@contextmanager
def _ours() -> Iterator[None]:
    """Turn whatever reading a spoilt file raises into our own, at this one seam."""
    try:
        yield
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename} isn't there") from error
    except _BROKEN as error:
        raise BackupError(f"this is no backup, or a spoilt one: {error}") from error


def _read_through(archive: ZipFile) -> BackupFile:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise BackupError("it holds a file twice")
    for entry in entries:
        _refuse_strange(entry)
    manifest = _manifest(archive, names)
    for entry in entries:
        if entry.filename != MANIFEST:
            _refuse_other(archive, entry, manifest["files"][entry.filename])
    files = {name: each["sha256"] for name, each in sorted(manifest["files"].items())}
    for name, digest in files.items():
        if name.startswith(f"{BLOBS}/") and name != f"{BLOBS}/{digest}":
            raise BackupError(f"{name} holds other bytes")
    return BackupFile(manifest["version"], files, archive)


def _refuse_strange(entry: ZipInfo) -> None:
    """Refuse what no program of ours writes into a backup, before a byte of it is read."""
    name = entry.filename
    if name != MANIFEST and not _NAME.fullmatch(name):
        raise BackupError(f"it holds {name!r}, which no backup does")
    is_ours = (
        entry.date_time == _TIME
        and entry.external_attr == _MODE
        and entry.compress_type == ZIP_DEFLATED
        and not entry.flag_bits & 1  # encrypted
    )
    most = limits.BACKUP_TABLE_BYTES if name.startswith(TABLES) else limits.BACKUP_PART_BYTES
    if not is_ours or entry.file_size > most:
        raise BackupError(f"{name} isn't as a backup holds it")


def _manifest(archive: ZipFile, names: list[str]) -> dict[str, Any]:
    if MANIFEST not in names:
        raise BackupError("it has no manifest: it was cut short, or is no backup")
    found = json.loads(archive.read(MANIFEST))
    written = found.get("format") if isinstance(found, dict) else None
    if written != FORMAT and str(written).startswith(FORMAT.partition("/")[0]):
        raise BackupError(f"it is of the form {written!r}, which a newer program wrote; use that")
    try:
        manifest: dict[str, Any] = _ManifestSchema().load(found)
    except ValidationError as error:
        raise BackupError(f"its manifest can't be read: {error}") from error
    if differing := sorted({*manifest["files"]} ^ {*names} - {MANIFEST}):
        raise BackupError(f"{differing[0]!r} is in the file or in its manifest, but not in both")
    return manifest


def _refuse_other(archive: ZipFile, entry: ZipInfo, expected: Mapping[str, Any]) -> None:
    """Refuse a file that isn't the bytes its manifest names."""
    digest, size = sha256(), 0
    with suppress(*_BROKEN), archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    if (size, digest.hexdigest()) != (expected["size"], expected["sha256"]):
        raise BackupError(f"{entry.filename} was changed or spoilt since the backup was made")
