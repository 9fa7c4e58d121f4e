"""Bytes by digest: written beside and renamed before a transaction names them, never changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from bojagi.disk import sync_folder
from bojagi.errors import DatabaseUnusableError

_FOLDER: Final = 2
_PART: Final = ".part-"
_ROOM: Final = ".room-"


@dataclass(frozen=True)
class Blobs:
    """A folder of bytes by their SHA-256."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep bytes and return their digest; they are on the disk when this returns.

        Bytes that were damaged since they were kept are mended by this.

        Raises:
            DatabaseUnusableError: when the disk refuses.
        """
        digest = sha256(content).hexdigest()
        path = self.path(digest)
        try:
            if path.is_file() and path.read_bytes() == content:
                os.utime(path)  # it is asked for again: see `sweep`
            else:
                self._write(path, content)
        except OSError as error:
            raise DatabaseUnusableError(f"{path} can't be written: {error.strerror}") from error
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes of a digest.

        Raises:
            DatabaseUnusableError: when they are gone, or aren't those bytes any more.
        """
        path = self.path(digest)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DatabaseUnusableError(f"{path} is gone; restore a backup") from error
        if sha256(content).hexdigest() != digest:
            raise DatabaseUnusableError(f"{path} was changed; restore a backup")
        return content

    def digests(self) -> Iterator[str]:
        """Yield the digest of everything that is kept."""
        for path in self.folder.glob("??/*"):
            if not path.name.startswith("."):
                yield path.name

    @contextmanager
    def room(self) -> Iterator[Path]:
        """Lend an empty folder beside the bytes: what is kept here is laid out nowhere else.

        Raises:
            DatabaseUnusableError: when the disk refuses.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lent = tempfile.TemporaryDirectory(prefix=_ROOM, dir=self.folder)
        except OSError as error:
            raise DatabaseUnusableError(
                f"{self.folder} can't be written: {error.strerror}"
            ) from error
        with lent as name:
            yield Path(name)

    def sweep(self, used: Iterable[str], before: datetime) -> None:
        """Drop what nothing names: left over where a transaction was given up, or was killed.

        Args:
            used: the digests that revisions and editions name.
            before: what was kept or asked for since then stays: a transaction may be about to
                name it. A day ago is well.
        """
        kept = set(used)
        for path in list(self.folder.glob("??/*")):
            is_left = path.name.startswith(_PART) or path.name not in kept
            if is_left and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
        for room in list(self.folder.glob(f"{_ROOM}*")):
            if room.stat().st_mtime < before.timestamp():
                shutil.rmtree(room, ignore_errors=True)

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside and rename, under a name of its own: two may keep the same bytes at once."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=_PART, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def path(self, digest: str) -> Path:
        """Return where the bytes of a digest stand."""
        return self.folder / digest[:_FOLDER] / digest
