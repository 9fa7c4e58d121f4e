"""Bytes by digest: written beside and renamed before a transaction names them, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bojagi.disk import write_whole
from bojagi.errors import DatabaseUnusableError

_FOLDER = 2


@dataclass(frozen=True)
class Blobs:
    """A folder of bytes by their SHA-256."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep bytes and return their digest; they are on the disk when this returns."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            write_whole(path, content)
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes of a digest.

        Raises:
            DatabaseUnusableError: when they are gone, or aren't those bytes any more.
        """
        path = self._path(digest)
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

    def sweep(self, used: Iterable[str]) -> None:
        """Drop what no revision names: left over where a transaction was given up."""
        kept = set(used)
        for digest in list(self.digests()):
            if digest not in kept:
                self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:_FOLDER] / digest
