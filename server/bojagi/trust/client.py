"""The order in which a repository is read: TUF's client workflow over any source of bytes.

Rules decide (`rules.TrustedSet`); this reads, in the order of the specification (section 5), and
remembers what was believed. A source is a directory, a URL or a bundle (`sources`, `bundle`); a
memory is a folder (`memory`), or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from urllib.parse import quote

from tuf.api.metadata import MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.rules import TrustedSet, Verify, verify_signature

ROOTS_AT_ONCE: Final = 256
ROOT_BYTES: Final = 512_000
TIMESTAMP_BYTES: Final = 16_384
SNAPSHOT_BYTES: Final = 2_000_000
ROLE_BYTES: Final = 5_000_000
TARGET_BYTES: Final = 16_000_000
"""Whatever length was signed: a stolen key must not fill a phone."""


class Source(Protocol):
    """Where a repository's files are read from."""

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when it isn't there.

        Raises:
            TrustError: when it is larger than the limit, or can't be read.
        """


class Memory(Protocol):
    """What a verifier has believed before: metadata by role, and every withdrawal ever seen."""

    def recall(self, role: str) -> bytes | None:
        """Return the metadata of a role that was believed last."""

    def keep(self, role: str, data: bytes) -> None:
        """Keep metadata that is believed now."""

    def recall_withdrawn(self) -> dict[str, str]:
        """Return the digests that were ever called back, each with the code of its reason."""

    def keep_withdrawn(self, withdrawn: Mapping[str, str]) -> None:
        """Keep them; what is kept is never forgotten, whatever a later list leaves out."""


@dataclass
class NoMemory:
    """A verifier that has seen nothing before this run."""

    seen: dict[str, bytes] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)

    def recall(self, role: str) -> bytes | None:
        """Return what this run has believed."""
        return self.seen.get(role)

    def keep(self, role: str, data: bytes) -> None:
        """Keep it for this run."""
        self.seen[role] = data

    def recall_withdrawn(self) -> dict[str, str]:
        """Return the withdrawals this run has seen."""
        return dict(self.withdrawn)

    def keep_withdrawn(self, withdrawn: Mapping[str, str]) -> None:
        """Keep them for this run."""
        self.withdrawn |= withdrawn


class Client:
    """One reading of one repository.

    Args:
        source: where it is read from.
        memory: what was believed before; at least the pinned root.
        now: the reference time.
        strict: refuse what has expired, as TUF does online.

    Raises:
        TrustError: from every step that refuses.
    """

    def __init__(
        self,
        source: Source,
        memory: Memory,
        now: datetime,
        *,
        strict: bool = False,
        verify: Verify = verify_signature,
    ) -> None:
        self.source = source
        self.memory = memory
        root = memory.recall(Root.type)
        if root is None:
            raise TrustError(Verdict.NOT_OURS, "there is no pinned root to begin with")
        self.trusted = TrustedSet(root, now, verify, strict)

    def refresh(self) -> TrustedSet:
        """Read the top-level roles, in order."""
        self._roots()
        self._timestamp()
        self._snapshot()
        self.take(Targets.type, Root.type)
        return self.trusted

    def find(self, target: str) -> TargetFile | None:
        """Find who vouches for a target; None when nobody does."""
        for role, delegator in self.trusted.delegators_of(target):
            if role != Targets.type:
                self.take(role, delegator)
            info = self.trusted.roles[role].targets.get(target)
            if info is not None:
                return info
        return None

    def vouches(self, role: str, target: str) -> bool:
        """Whether a role of the top-level targets is the one whose word counts for a target."""
        return is_vouched_for(self.trusted.roles[Targets.type], role, target)

    def content(self, info: TargetFile) -> bytes:
        """Read a target and make sure it is what was signed."""
        data = self.read_target(info)
        if data is None:
            raise TrustError(Verdict.DAMAGED, f"{info.path} is missing")
        return data

    def read_target(self, info: TargetFile) -> bytes | None:
        """Read a target as `content` does; None when the source doesn't have it."""
        if info.length > TARGET_BYTES:
            raise TrustError(Verdict.DAMAGED, f"{info.path} is longer than anything we publish")
        data = self.source.read(self.target_file(info), info.length)
        if data is not None:
            self.trusted.require_target(info, data)
        return data

    def target_file(self, info: TargetFile) -> str:
        """Return where the source keeps a target (section 6.2; consistent snapshots)."""
        folder, _, name = info.path.rpartition("/")
        digest = next(iter(info.hashes.values()))
        prefix = f"{digest}." if self.trusted.root.consistent_snapshot else ""
        return "/".join(filter(None, ("targets", folder, f"{prefix}{name}")))

    def _roots(self) -> None:
        for _ in range(ROOTS_AT_ONCE):
            name = f"metadata/{self.trusted.root.version + 1}.root.json"
            data = self.source.read(name, ROOT_BYTES)
            if data is None:
                return
            self.trusted.update_root(data)
            self.memory.keep(Root.type, data)

    def _timestamp(self) -> None:
        self._believe_again(Timestamp.type, self.trusted.update_timestamp)
        data = self._required("metadata/timestamp.json", TIMESTAMP_BYTES)
        if self.trusted.update_timestamp(data):
            self.memory.keep(Timestamp.type, data)

    def _snapshot(self) -> None:
        def update_seen(data: bytes) -> None:
            self.trusted.update_snapshot(data, seen_before=True)

        self._believe_again(Snapshot.type, update_seen)
        timestamp, known = self.trusted.timestamp, self.trusted.snapshot
        assert timestamp is not None  # noqa: S101 - the step before took it
        meta = timestamp.snapshot_meta
        if known is None or known.version != meta.version:
            data = self._metadata(Snapshot.type, meta, SNAPSHOT_BYTES)
            self.trusted.update_snapshot(data)
            self.memory.keep(Snapshot.type, data)

    def take(self, role: str, delegator: str) -> None:
        """Take a targets role that another role vouches for, from memory where it still stands."""
        meta = self.trusted.meta_of(role)
        kept = self.memory.recall(role)
        if kept is not None:
            try:
                self.trusted.update_role(kept, role, delegator)
            except TrustError:
                pass  # not the one the snapshot names now
            else:
                return
        data = self._metadata(role, meta, ROLE_BYTES)
        self.trusted.update_role(data, role, delegator)
        self.memory.keep(role, data)

    def _metadata(self, role: str, meta: MetaFile, limit: int) -> bytes:
        version = f"{meta.version}." if self.trusted.root.consistent_snapshot else ""
        most = min(meta.length or limit, limit)
        return self._required(f"metadata/{version}{quote(role, '')}.json", most)

    def _required(self, path: str, limit: int) -> bytes:
        data = self.source.read(path, limit)
        if data is None:
            raise TrustError(Verdict.DAMAGED, f"{path} is missing")
        return data

    def _believe_again(self, role: str, update: Callable[[bytes], object]) -> None:
        """Take what was believed before; keys may have been rotated since, so it may not verify."""
        kept = self.memory.recall(role)
        if kept is not None:
            try:
                update(kept)
            except TrustError:
                return


def is_vouched_for(targets: Targets, role: str, target: str) -> bool:
    """Whether a role that targets delegate to is the one whose word counts for a target."""
    delegations = targets.delegations
    found = delegations.get_roles_for_target(target) if delegations else iter(())
    return next((name for name, _ in found), None) == role
