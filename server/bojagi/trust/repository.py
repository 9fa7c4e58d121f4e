"""The signed metadata of one shelf, as files; and what the next release of it asks people to sign.

What always holds:

- Only what changed is asked for: a role whose targets, keys and days still stand keeps its version
  and its signatures.
- Versions only go up, by one.
- The snapshot names every role by its version, and the list of the shelf's pages by its digest; the
  timestamp names the snapshot and the chain, and carries the day it was signed, so that whoever
  holds it can tell how old the newest signed thing they saw is.
- Of what counts no more only the roots stay: each client goes through all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from bojagi.trust.plan import LIFETIMES, WITHDRAWALS, Plan
from bojagi.trust.rules import require_signatures
from bojagi.trust.signing import AnyMetadata, Request

SIGNED_ON: Final = "signed_on"
"""A field of ours in the timestamp: the day it was signed, ISO 8601."""
CHAIN: Final = "chain"
"""A field of ours in the timestamp: the versions of root and snapshot, which name the files that
hold the whole current chain of a locale (`chain`). A client that has both has nothing to fetch."""
PAGES: Final = "pages"
"""A field of ours in the snapshot: length and SHA-256 of the list of pages (`page_list`)."""
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

    def with_roles(self, signed: Mapping[str, bytes]) -> Repository:
        """Return the repository with newly signed roles, by name; `assemble` makes them count."""
        roles: dict[str, AnyMetadata] = {
            name: Metadata.from_bytes(data) for name, data in signed.items()
        }
        files = {
            file_name(name, metadata.signed.version): signed[name]
            for name, metadata in roles.items()
        }
        return replace(self, files={**self.files, **files}, roles={**self.roles, **roles})

    def signed(self, role: str) -> Any | None:  # noqa: ANN401 - a role is of its own kind
        """Return what a role says now, or None when there is none yet."""
        return self.roles[role].signed if role in self.roles else None

    def ends(self) -> dict[str, datetime]:
        """Return the day on which each role ends."""
        return {
            role: metadata.signed.expires.astimezone(UTC) for role, metadata in self.roles.items()
        }


TIMESTAMP_FILE: Final = "timestamp.json"
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

    def ask(name: str, fresh: Signed, delegator: Root | Targets) -> None:
        known = repository.roles.get(name)
        stands = (
            known is not None
            and not _differs(fresh, known.signed)
            and known.signed.expires > now + WARN_AHEAD
            and _has_signatures(delegator, name, known)
        )
        if not stands:
            roles[name] = Metadata(fresh)

    root = plan.make_root(_next(repository.signed(Root.type)), now)
    ask(Root.type, root, root)
    targets = plan.make_targets(_next(repository.signed(Targets.type)), now)
    ask(Targets.type, targets, root)
    for name in (*plan.role_names(), WITHDRAWALS):
        role = Targets(
            version=_next(repository.signed(name)),
            expires=now + LIFETIMES.get(name, LIFETIMES[Targets.type]),
            targets=dict(offered.get(name, {})),
        )
        ask(name, role, targets)
    known_roles = {
        name: repository.files[file_name(name, metadata.signed.version)]
        for name, metadata in repository.roles.items()
        if name in roles or name in {Root.type, Targets.type}
    }
    return Request(shelf, roles, known_roles)


def assemble(
    repository: Repository,
    signers: tuple[CryptoSigner, CryptoSigner],
    now: datetime,
    pages: bytes = b"",
    *,
    refresh: bool = False,
) -> Repository:
    """Bring snapshot and timestamp in step with the roles, and drop what counts no more.

    Where nothing changed and nothing nears its end, the repository comes back as it is.

    Args:
        repository: with its newest roles (`Repository.with_roles`).
        signers: the keys of the snapshot and of the timestamp.
        now: the time of signing.
        pages: the list of the shelf's pages.
        refresh: sign a new timestamp in any case, to say that nothing newer exists today.
    """
    for_snapshot, for_timestamp = signers
    files, roles = dict(repository.files), dict(repository.roles)
    known = repository.signed(Snapshot.type)
    snapshot = Snapshot(
        version=_next(known),
        expires=now + LIFETIMES[Snapshot.type],
        meta={
            f"{name}.json": MetaFile(version=metadata.signed.version)
            for name, metadata in sorted(roles.items())
            if isinstance(metadata.signed, Targets)
        },
    )
    if pages:
        found = MetaFile.from_data(1, pages, ["sha256"])
        snapshot.unrecognized_fields[PAGES] = {"length": found.length, "hashes": found.hashes}
    if (
        known is None
        or _differs(snapshot, known)
        or known.expires <= now + WARN_AHEAD
        or not _is_signed_by(for_snapshot, roles[Snapshot.type])
    ):
        roles[Snapshot.type] = Metadata(snapshot)
        name = file_name(Snapshot.type, snapshot.version)
        files[name] = _signed_bytes(roles[Snapshot.type], for_snapshot)
    chain = f"{roles[Root.type].signed.version}.{roles[Snapshot.type].signed.version}"
    before = repository.signed(Timestamp.type)
    timestamp = Timestamp(
        version=_next(before),
        expires=now + LIFETIMES[Timestamp.type],
        snapshot_meta=MetaFile(version=roles[Snapshot.type].signed.version),
        unrecognized_fields={SIGNED_ON: now.date().isoformat(), CHAIN: chain},
    )
    is_needed = (
        before is None
        or before.unrecognized_fields.get(CHAIN) != chain
        or before.expires <= now + WARN_AHEAD
        or not _is_signed_by(for_timestamp, roles[Timestamp.type])
    )
    if is_needed or refresh:
        roles[Timestamp.type] = Metadata(timestamp)
        files[TIMESTAMP_FILE] = _signed_bytes(roles[Timestamp.type], for_timestamp)
    counting = {file_name(name, metadata.signed.version) for name, metadata in roles.items()}
    kept = {
        name: data
        for name, data in files.items()
        if name in counting or name.endswith(f".{Root.type}.json")
    }
    return Repository(kept, roles)


def file_name(role: str, version: int) -> str:
    """Return the name of a metadata file (section 5; consistent snapshots)."""
    return TIMESTAMP_FILE if role == Timestamp.type else f"{version}.{role}.json"


def pages_name(version: int) -> str:
    """Return the name of the list of pages that a version of the snapshot names."""
    return f"{version}.pages.json"


def _signed_bytes(metadata: AnyMetadata, signer: CryptoSigner) -> bytes:
    metadata.sign(signer)
    return metadata.to_bytes(JSONSerializer(compact=True))


def _is_signed_by(signer: CryptoSigner, metadata: AnyMetadata) -> bool:
    return signer.public_key.keyid in metadata.signatures


def _has_signatures(delegator: Root | Targets, role: str, metadata: AnyMetadata) -> bool:
    """Whether a role's signatures still reach the threshold of the keys that count now."""
    try:
        require_signatures(delegator, role, metadata)
    except TrustError:
        return False
    return True


def _next(known: Signed | None) -> int:
    return known.version + 1 if known is not None else 1


def _differs(fresh: Signed, known: Signed) -> bool:
    """Whether two say different things, version and day of end apart."""
    one, other = fresh.to_dict(), known.to_dict()
    for fields in (one, other):
        fields.pop("version")
        fields.pop("expires")
    return one != other
