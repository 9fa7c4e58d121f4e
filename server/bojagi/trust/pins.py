"""Pinned roots: what a verifier was given in person, each with a memory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from bojagi.domain.verdicts import TrustError
from bojagi.errors import InvalidValueError
from bojagi.trust.memory import PINNED, FolderMemory
from bojagi.trust.rules import TrustedSet

_NAME: Final = 16


@dataclass(frozen=True)
class Pins:
    """A folder of memories, a pinned root each."""

    folder: Path

    def memories(self) -> Iterator[tuple[str, FolderMemory]]:
        """Yield the short name of each pinned root, with its memory."""
        for path in sorted(self.folder.glob(f"*/{PINNED}")):
            yield path.parent.name, FolderMemory(path.parent)

    def add(self, root: bytes) -> str:
        """Pin a root that was given in person, and return its short name.

        Raises:
            InvalidValueError: when it isn't a root that vouches for itself.
        """
        name = root_name(root)
        FolderMemory.begin(self.folder / name, root)
        return name


def root_name(root: bytes) -> str:
    """Return the short name of a root, as two people read it to each other.

    Raises:
        InvalidValueError: when it isn't a root that vouches for itself.
    """
    try:
        now = Metadata[Root].from_bytes(root).signed.expires
        TrustedSet(root, now)
    except (TrustError, RepositoryError, ValueError) as error:
        raise InvalidValueError(
            "root", "this file", "root.json as its shelf published it"
        ) from error
    return sha256(root).hexdigest()[:_NAME]
