"""What a verifier has seen, in a folder: the newest metadata of each role, every withdrawal.

    pinned.json         the root this verifier began with
    <digest>.json       the metadata of a role that was believed last, by its name's digest
    withdrawn.json      the digests that were ever called back, with the codes of their reasons

A role's name comes from the network: it may be long, or differ from another only by its case, and
is no name for a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from tuf.api.metadata import Root, Timestamp

from bojagi.disk import write_whole
from bojagi.domain.verdicts import TrustError, Verdict

PINNED: Final = "pinned.json"
_WITHDRAWN: Final = "withdrawn.json"


@dataclass(frozen=True)
class FolderMemory:
    """A memory in a folder.

    Raises:
        TrustError: when what was seen before can't be read: then nothing may be called current.
    """

    folder: Path

    @classmethod
    def begin(cls, folder: Path, pinned_root: bytes) -> FolderMemory:
        """Begin with a pinned root; a memory that has one already keeps its own."""
        memory = cls(folder)
        if not (folder / PINNED).exists():
            write_whole(folder / PINNED, pinned_root)
        return memory

    @property
    def pinned(self) -> bytes:
        """The root it began with."""
        pinned = self._read(self.folder / PINNED)
        if pinned is None:
            raise TrustError(Verdict.NOT_OURS, f"{self.folder} holds no pinned root")
        return pinned

    def recall(self, role: str) -> bytes | None:
        """Return what was believed last; of the root, at least the pinned one."""
        kept = self._read(self._path(role))
        return self._read(self.folder / PINNED) if kept is None and role == Root.type else kept

    def keep(self, role: str, data: bytes) -> None:
        """Keep metadata that is believed now.

        Only what nothing can go back behind is waited for: the root, and the timestamp, which names
        the version of everything else.
        """
        self._write(self._path(role), data, sync=role in {Root.type, Timestamp.type})

    def recall_withdrawn(self) -> dict[str, str]:
        """Return every withdrawal that was ever seen."""
        raw = self._read(self.folder / _WITHDRAWN)
        try:
            return {str(digest): str(code) for digest, code in json.loads(raw or b"{}").items()}
        except (ValueError, AttributeError) as error:
            raise TrustError(
                Verdict.DAMAGED, f"{self.folder / _WITHDRAWN}, the memory of withdrawals, is spoilt"
            ) from error

    def keep_withdrawn(self, withdrawn: Mapping[str, str]) -> None:
        """Add to them."""
        known = self.recall_withdrawn()
        if not withdrawn.items() <= known.items():
            together = json.dumps({**known, **withdrawn}, indent=0, sort_keys=True)
            self._write(self.folder / _WITHDRAWN, together.encode("utf-8"))

    def _path(self, role: str) -> Path:
        return self.folder / f"{sha256(role.encode('utf-8')).hexdigest()[:32]}.json"

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TrustError(Verdict.DAMAGED, f"the memory {path} can't be read") from error

    def _write(self, path: Path, data: bytes, *, sync: bool = True) -> None:
        try:
            write_whole(path, data, sync=sync)
        except OSError as error:
            raise TrustError(Verdict.DAMAGED, f"the memory {path} can't be written") from error
