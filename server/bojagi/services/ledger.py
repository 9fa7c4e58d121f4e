"""The ledger of a shelf: what is signed of it, on the studio's host and never on the public one.

    <data>/ledger/<shelf>/
      plan.json           who may sign what: public keys alone
      metadata/           the signed metadata that counts, and every root
      targets/<sha256>    the bytes that were signed, sealed where the shelf is sealed
      request.json        what waits for signatures

What always holds:

- A file is written beside, synced and renamed; `timestamp.json` goes last. A ledger that was cut
  short is read as it was before: what its newest roles say counts, and nothing is published from it
  but whole.
- A tree is only written from what stands here already, so no client ever meets a version that the
  ledger could give out a second time with other content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from tuf.api.metadata import Root

from bojagi.disk import write_whole
from bojagi.errors import DataFolderError
from bojagi.trust.demo import is_demo
from bojagi.trust.plan_file import Draft, draft_bytes, empty_draft, load_draft
from bojagi.trust.repository import EMPTY, TIMESTAMP_FILE, Repository

_PLAN: Final = "plan.json"
_REQUEST: Final = "request.json"


@dataclass(frozen=True)
class Ledger:
    """What is signed of one shelf."""

    folder: Path

    @property
    def draft(self) -> Draft:
        """The plan as far as it goes; raises `InvalidValueError` when its file is none."""
        try:
            return load_draft((self.folder / _PLAN).read_bytes())
        except FileNotFoundError:
            return empty_draft()

    def keep_draft(self, draft: Draft) -> None:
        """Keep the plan."""
        write_whole(self.folder / _PLAN, draft_bytes(draft))

    @property
    def has_plan(self) -> bool:
        """Whether people's keys sign for this shelf; without a plan it is a demo."""
        return (self.folder / _PLAN).exists()

    def repository(self) -> Repository:
        """Return the metadata that counts; raises `TrustError` when a file of it is spoilt."""
        folder = self.folder / "metadata"
        found = sorted(folder.glob("*.json")) if folder.is_dir() else []
        repository = Repository.load(
            {path.name: path.read_bytes() for path in found if not path.name.startswith(".")}
        )
        root = repository.signed(Root.type)
        if self.has_plan and root is not None and is_demo(root):
            return EMPTY  # people hold keys now: they begin anew, and owe the demo nothing
        return repository

    def keep(self, repository: Repository) -> None:
        """Keep metadata: what is new first, the timestamp after it, and then drop what is old."""
        folder = self.folder / "metadata"
        newest_last = sorted(repository.files, key=lambda name: (name == TIMESTAMP_FILE, name))
        for name in newest_last:
            path, data = folder / name, repository.files[name]
            if not (path.exists() and path.read_bytes() == data):
                write_whole(path, data)
        for path in folder.iterdir():
            if path.name not in repository.files:
                path.unlink()

    def target(self, digest: str) -> bytes | None:
        """Return the bytes of a digest, or None when they aren't there.

        Raises:
            DataFolderError: when they aren't those bytes any more.
        """
        path = self.folder / "targets" / digest
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if sha256(content).hexdigest() != digest:
            raise DataFolderError(f"{path} isn't what was signed: it was changed or spoilt since")
        return content

    def keep_target(self, content: bytes) -> str:
        """Keep bytes and return their digest."""
        digest = sha256(content).hexdigest()
        path = self.folder / "targets" / digest
        if not path.exists():
            write_whole(path, content)
        return digest

    def sweep_targets(self, used: Iterable[str]) -> None:
        """Drop bytes that nothing signed or waiting names any more."""
        kept, folder = set(used), self.folder / "targets"
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in kept:
                path.unlink()

    @property
    def request(self) -> bytes | None:
        """What waits for signatures, if anything does."""
        try:
            return (self.folder / _REQUEST).read_bytes()
        except FileNotFoundError:
            return None

    def keep_request(self, raw: bytes) -> None:
        """Keep what is to be signed."""
        write_whole(self.folder / _REQUEST, raw)

    def drop_request(self) -> None:
        """Forget it: it is signed, or was given up."""
        (self.folder / _REQUEST).unlink(missing_ok=True)
