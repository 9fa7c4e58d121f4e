"""A repository in memory that an attacker may bend: real keys, real metadata, any mischief."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    TOP_LEVEL_ROLE_NAMES,
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.client import Client, Memory, NoMemory

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
EXPIRES: Final = NOW + timedelta(days=30)

Change = Callable[[Metadata[Any]], None]
"""What is done to metadata after it is signed."""


@dataclass
class Repository:
    """A repository; it is also the `Source` that it is read from.

    Attributes:
        signers: who signs each role, by its name.
        signed: what each role says now.
        files: what is served, by path.
        reads: every path that was asked for, in order.
        hashed: whether snapshot and timestamp carry lengths and digests.
    """

    signers: dict[str, list[CryptoSigner]] = field(default_factory=dict)
    signed: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    hashed: bool = False

    def __post_init__(self) -> None:
        """Publish version 1 of the top-level roles, a key each."""
        self.signed = {
            "root": Root(expires=EXPIRES),
            "targets": Targets(expires=EXPIRES),
            "snapshot": Snapshot(expires=EXPIRES),
            "timestamp": Timestamp(expires=EXPIRES),
        }
        for role in sorted(TOP_LEVEL_ROLE_NAMES):
            self.set_keys(role, make_signers(1))
        for role in ("root", "targets", "snapshot", "timestamp"):
            self.write(role)

    def read(self, path: str, limit: int) -> bytes | None:
        """Serve a file, as any source does."""
        self.reads.append(path)
        data = self.files.get(path)
        if data is not None and len(data) > limit:
            raise TrustError(Verdict.DAMAGED, f"{path} has no end")
        return data

    @property
    def root(self) -> Root:
        root: Root = self.signed["root"]
        return root

    @property
    def snapshot(self) -> Snapshot:
        snapshot: Snapshot = self.signed["snapshot"]
        return snapshot

    @property
    def timestamp(self) -> Timestamp:
        timestamp: Timestamp = self.signed["timestamp"]
        return timestamp

    def role(self, name: str = "targets") -> Targets:
        role: Targets = self.signed[name]
        return role

    @property
    def pinned(self) -> NoMemory:
        """A verifier that came with version 1 of the root, and has seen nothing else."""
        return NoMemory({"root": self.files["metadata/1.root.json"]})

    def set_keys(self, role: str, signers: list[CryptoSigner], threshold: int = 1) -> None:
        """Make these the keys of a top-level role."""
        rule = self.root.roles[role]
        rule.keyids = [signer.public_key.keyid for signer in signers]
        rule.threshold = threshold
        self.root.keys.update({each.public_key.keyid: each.public_key for each in signers})
        self.signers[role] = signers

    def rotate(self, role: str) -> None:
        """Give a role another key; the root must be published to say so."""
        self.set_keys(role, make_signers(1))

    def publish(self, *roles: str) -> None:
        """Write the next version of each role, in the order given."""
        for role in roles:
            self.signed[role].version += 1
            self.write(role)

    def release(self, *roles: str) -> None:
        """Publish roles with the snapshot and the timestamp that name them."""
        self.publish(*roles, "snapshot", "timestamp")

    def write(self, role: str, change: Change | None = None) -> None:
        """Sign a role at the version it has and serve it; what vouches for it learns of it."""
        metadata = Metadata(self.signed[role])
        for signer in self.signers[role]:
            metadata.sign(signer, append=True)
        if change:
            change(metadata)
        self.serve(role, metadata.to_bytes())

    def serve(self, role: str, data: bytes) -> None:
        """Serve bytes as a role's metadata at the version it has."""
        version: int = self.signed[role].version
        self.files[path_of(role, version)] = data
        meta = MetaFile.from_data(version, data, ["sha256"]) if self.hashed else MetaFile(version)
        if role == "snapshot":
            self.timestamp.snapshot_meta = meta
        elif role not in {"root", "timestamp"}:
            self.snapshot.meta[f"{role}.json"] = meta

    def current(self, role: str) -> str:
        """Return the path of the current version of a role."""
        return path_of(role, self.signed[role].version)

    def delegate(
        self,
        role: str,
        paths: Iterable[str] = ("*",),
        delegator: str = "targets",
        *,
        terminating: bool = False,
    ) -> None:
        """Delegate paths to a role, new or known; nothing is published yet."""
        if role not in self.signed:
            self.signed[role] = Targets(version=1, expires=EXPIRES)
            self.signers[role] = make_signers(1)
        parent = self.role(delegator)
        if parent.delegations is None:
            parent.delegations = Delegations({}, {})
        assert parent.delegations.roles is not None
        keys = [signer.public_key for signer in self.signers[role]]
        rule = DelegatedRole(role, [key.keyid for key in keys], 1, terminating, list(paths))
        parent.delegations.roles[role] = rule
        parent.delegations.keys.update({key.keyid: key for key in keys})

    def release_all(self) -> None:
        """Publish every targets role with the snapshot and the timestamp."""
        self.release(*(role for role in self.signed if role not in {"root", *_ONLINE}))

    def add(self, path: str, content: bytes, role: str = "targets") -> TargetFile:
        """Let a role vouch for content, and serve it."""
        info = TargetFile.from_data(path, content, ["sha256"])
        self.role(role).targets[path] = info
        self.files[target_path(info)] = content
        return info


_ONLINE: Final = ("snapshot", "timestamp")


def make_signers(count: int) -> list[CryptoSigner]:
    """Make signers with keys of their own."""
    return [CryptoSigner.generate_ed25519() for _ in range(count)]


def path_of(role: str, version: int) -> str:
    """Return where a version of a role is served."""
    return f"metadata/{'' if role == 'timestamp' else f'{version}.'}{quote(role, '')}.json"


def target_path(info: TargetFile) -> str:
    """Return where a target is served."""
    folder, _, name = info.path.rpartition("/")
    return "/".join(filter(None, ("targets", folder, f"{info.hashes['sha256']}.{name}")))


def open_client(
    repository: Repository, memory: Memory, now: datetime = NOW, *, strict: bool = True
) -> Client:
    """Read a repository's top-level roles."""
    client = Client(repository, memory, now, strict=strict)
    client.refresh()
    return client


def refusal(
    repository: Repository, memory: Memory, now: datetime = NOW, *, strict: bool = True
) -> Verdict:
    """Return why a repository is refused; a repository that isn't fails the test."""
    with pytest.raises(TrustError) as caught:
        open_client(repository, memory, now, strict=strict)
    return caught.value.verdict


def refusal_of(client: Client, target: str) -> Verdict:
    """Return why a target is refused; a target that isn't fails the test."""
    with pytest.raises(TrustError) as caught:
        _content(client, target)
    return caught.value.verdict


def _content(client: Client, target: str) -> bytes:
    info = client.find(target)
    assert info is not None
    return client.content(info)
