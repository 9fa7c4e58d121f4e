"""The signed metadata of one shelf, as files; and what the next release of it asks people to sign.

What always holds:

- Only what changed is asked for: a role whose targets, keys and days still stand keeps its version
  and its signatures.
- Versions only go up, by one.
- The snapshot names every role by its version; the timestamp names the snapshot and carries the day
  it was signed, so that whoever holds it can tell how old the newest signed thing they saw is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.plan import LIFETIMES, WITHDRAWALS, Plan, role_name
from bojagi.trust.signing import AnyMetadata, Request

SIGNED_ON: Final = "signed_on"
"""A field of ours in the timestamp: the day it was signed, ISO 8601."""
WARN_AHEAD: Final = timedelta(days=30)
"""How long before its end a role is asked to be signed anew."""

Offered = Mapping[str, Mapping[str, TargetFile]]
"""The targets that each role is to vouch for, by role name and path."""


@dataclass(frozen=True)
class Repository:
    """What is published of one shelf.

    Attributes:
        files: every metadata file by its name below `metadata/`.
        roles: the metadata that counts now, by role name.
    """

    files: Mapping[str, bytes]
    roles: Mapping[str, AnyMetadata]

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Repository:
        """Read a repository's own files, the newest of each role.

        Raises:
            TrustError: when one isn't metadata.
        """
        newest: dict[str, AnyMetadata] = {}
        for name, data in files.items():
            role = name.removesuffix(".json").partition(".")[2] or Timestamp.type
            try:
                metadata: AnyMetadata = Metadata.from_bytes(data)
            except (RepositoryError, ValueError) as error:
                raise TrustError(Verdict.DAMAGED, f"{name} isn't metadata") from error
            if role not in newest or metadata.signed.version > newest[role].signed.version:
                newest[role] = metadata
        return cls(dict(files), newest)

    def signed(self, role: str) -> Any | None:  # noqa: ANN401 - a role is of its own kind
        """Return what a role says now, or None when there is none yet."""
        return self.roles[role].signed if role in self.roles else None

    def ends(self) -> dict[str, datetime]:
        """Return the day on which each role ends."""
        return {
            role: metadata.signed.expires.astimezone(UTC) for role, metadata in self.roles.items()
        }


EMPTY: Final = Repository({}, {})
"""A shelf of which nothing has been signed yet."""


def prepare(
    shelf: str, repository: Repository, plan: Plan, offered: Offered, now: datetime
) -> Request:
    """Return what people have to sign for the next release.

    Args:
        shelf: the code of the shelf.
        repository: what is published now.
        plan: who may sign what.
        offered: the targets of each publisher's role, and of the withdrawals.
        now: the time of the release.
    """
    roles: dict[str, AnyMetadata] = {}
    says: list[str] = []

    def ask(name: str, fresh: Signed, known: Any | None) -> None:  # noqa: ANN401
        if known is not None and not _differs(fresh, known) and known.expires > now + WARN_AHEAD:
            return
        roles[name] = Metadata(fresh)
        says.extend(_words(name, fresh, known))

    known_root, known_targets = repository.signed(Root.type), repository.signed(Targets.type)
    ask(Root.type, plan.make_root(_next(known_root), now), known_root)
    ask(Targets.type, plan.make_targets(_next(known_targets), now), known_targets)
    names = [
        role_name(publisher.number, place)
        for publisher in plan.publishers
        for place in range(publisher.locales)
    ]
    for name in (*names, WITHDRAWALS):
        known = repository.signed(name)
        lifetime = LIFETIMES.get(name, LIFETIMES[Targets.type])
        fresh = Targets(
            version=_next(known), expires=now + lifetime, targets=dict(offered.get(name, {}))
        )
        ask(name, fresh, known)
    return Request(shelf, roles, says)


def assemble(
    repository: Repository,
    signed: Mapping[str, bytes],
    snapshot_signer: CryptoSigner,
    timestamp_signer: CryptoSigner,
    now: datetime,
) -> Repository:
    """Add signed roles to a repository, with a new snapshot and timestamp.

    With nothing newly signed it is a refresh: only the timestamp, and the snapshot near its end,
    are made anew.
    """
    files = dict(repository.files)
    roles: dict[str, AnyMetadata] = dict(repository.roles)
    for name, data in signed.items():
        metadata: AnyMetadata = Metadata.from_bytes(data)
        files[f"{metadata.signed.version}.{name}.json"] = data
        roles[name] = metadata
    known = repository.signed(Snapshot.type)
    if signed or known is None or known.expires <= now + WARN_AHEAD:
        meta = {
            f"{name}.json": MetaFile(version=metadata.signed.version)
            for name, metadata in sorted(roles.items())
            if isinstance(metadata.signed, Targets)
        }
        snapshot = Snapshot(version=_next(known), expires=now + LIFETIMES[Snapshot.type], meta=meta)
        roles[Snapshot.type] = Metadata(snapshot)
        data = _signed_bytes(roles[Snapshot.type], snapshot_signer)
        files[f"{snapshot.version}.snapshot.json"] = data
    timestamp = Timestamp(
        version=_next(repository.signed(Timestamp.type)),
        expires=now + LIFETIMES[Timestamp.type],
        snapshot_meta=MetaFile(version=roles[Snapshot.type].signed.version),
        unrecognized_fields={SIGNED_ON: now.date().isoformat()},
    )
    roles[Timestamp.type] = Metadata(timestamp)
    files["timestamp.json"] = _signed_bytes(roles[Timestamp.type], timestamp_signer)
    return Repository(files, roles)


def _signed_bytes(metadata: AnyMetadata, signer: CryptoSigner) -> bytes:
    metadata.sign(signer)
    return metadata.to_bytes(JSONSerializer(compact=True))


def _next(known: Signed | None) -> int:
    return known.version + 1 if known is not None else 1


def _differs(fresh: Signed, known: Signed) -> bool:
    """Whether two say different things, version and day of end apart."""
    one, other = fresh.to_dict(), known.to_dict()
    for fields in (one, other):
        fields.pop("version")
        fields.pop("expires")
    return one != other


def _words(name: str, fresh: Signed, known: Signed | None) -> Sequence[str]:
    """Say in plain words what signing a role changes."""
    if isinstance(fresh, Root):
        return [f"root {fresh.version}: who may sign for this shelf"]
    if not isinstance(fresh, Targets):
        return []
    if name == Targets.type:
        return [f"targets {fresh.version}: which publishers there are"]
    before = known.targets if isinstance(known, Targets) else {}
    lines = [
        f"{name}: {'changed' if path in before else 'new'} {path} {_described(info)}"
        for path, info in sorted(fresh.targets.items())
        if before.get(path) != info
    ]
    lines += [f"{name}: gone {path}" for path in sorted(set(before) - set(fresh.targets))]
    return lines or [f"{name} {fresh.version}: the same, for longer"]


def _described(info: TargetFile) -> str:
    digest = next(iter(info.hashes.values()))
    return f"({info.length} bytes, sha256 {digest[:16]})"
