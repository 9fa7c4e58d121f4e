"""A signed shelf in memory: real keys, real signatures, no disk and no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TargetFile

from bojagi.trust.client import Memory, NoMemory
from bojagi.trust.plan import Plan, Publisher, RoleKeys
from bojagi.trust.repository import EMPTY, Repository, assemble, prepare
from bojagi.trust.signing import finish, sign
from bojagi.trust.verifier import REVIEW_BY, VERSION, Report, verify

DAY: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
BUILT: Final = date(2026, 11, 1)


def make_signers(count: int) -> list[CryptoSigner]:
    """Make signers with keys of their own."""
    return [CryptoSigner.generate_ed25519() for _ in range(count)]


def keys_of(signers: list[CryptoSigner], threshold: int = 1) -> RoleKeys:
    """Return the public side of signers."""
    return RoleKeys(tuple(signer.public_key for signer in signers), threshold)


@dataclass
class Shelf:
    """A shelf with three people for root and targets, one publisher, one safety reviewer."""

    root: list[CryptoSigner] = field(default_factory=lambda: make_signers(3))
    targets: list[CryptoSigner] = field(default_factory=lambda: make_signers(3))
    publisher: list[CryptoSigner] = field(default_factory=lambda: make_signers(1))
    reviewer: list[CryptoSigner] = field(default_factory=lambda: make_signers(1))
    snapshot: CryptoSigner = field(default_factory=CryptoSigner.generate_ed25519)
    timestamp: CryptoSigner = field(default_factory=CryptoSigner.generate_ed25519)
    repository: Repository = EMPTY
    content: dict[str, bytes] = field(default_factory=dict)
    offered: dict[str, dict[str, TargetFile]] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """Who may sign what."""
        return Plan(
            keys_of(self.root, 2),
            keys_of(self.targets, 2),
            keys_of([self.snapshot]),
            keys_of([self.timestamp]),
            keys_of(self.reviewer),
            (Publisher(1, 2, keys_of(self.publisher)),),
        )

    def offer(self, path: str, content: bytes, review_by: str = "2027-05-23") -> TargetFile:
        """Put an edition on the shelf; the next release signs it."""
        info = TargetFile.from_data(path, content, ["sha256"])
        info.unrecognized_fields["custom"] = {REVIEW_BY: review_by, VERSION: 1}
        publisher, place, _ = path.split("/")
        self.offered.setdefault(f"{publisher}-{place}", {})[path] = info
        self.content[f"{path.rpartition('/')[0]}/{info.hashes['sha256']}.{path[-1]}"] = content
        return info

    def release(self, now: datetime = DAY, signers: list[CryptoSigner] | None = None) -> list[str]:
        """Prepare, sign and finish a release; return the roles that were asked for."""
        request = prepare("a3", self.repository, self.plan, self.offered, now)
        everybody = [*self.root, *self.targets, *self.publisher, *self.reviewer]
        files = [sign(request, signer) for signer in signers or everybody]
        signed = finish(
            request, files, self.repository.signed("root"), self.repository.signed("targets")
        )
        self.repository = assemble(
            self.repository.with_roles(signed),
            (self.snapshot, self.timestamp),
            now,
            refresh=True,
        )
        return list(request.roles)

    def read(self, path: str, limit: int) -> bytes | None:
        """Be a source."""
        kind, _, name = path.partition("/")
        found: Mapping[str, bytes] = self.repository.files if kind == "metadata" else self.content
        data = found.get(name)
        assert data is None or len(data) <= limit
        return data

    def pinned(self) -> NoMemory:
        """Return a memory that holds the first root alone."""
        return NoMemory({"root": self.repository.files["1.root.json"]})

    def judge(self, clock: datetime = DAY, memory: Memory | None = None) -> Report:
        """Verify the shelf as somebody with a program of early November would."""
        return verify(self, memory or self.pinned(), clock, BUILT)
