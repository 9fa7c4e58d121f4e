"""The rules of trust: bytes, a reference time and a way to verify in; what may be believed out.

What always holds:

- Integrity is absolute: bytes that don't verify are never part of the set.
- Freshness is graded: metadata past its day is kept, and `expired` names it. In strict mode it is
  refused, as The Update Framework says (specification 1.0.34, section 5).
- A version never goes back: not a role's, and not one that the snapshot names.
- Nothing here reads a file, a network or a clock.

Example: a stick from last winter verifies, its timestamp has expired, and what it holds may still
be shown with its date; a page that somebody changed on it never verifies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar

from securesystemslib.exceptions import (
    FormatError,
    UnverifiedSignatureError,
    VerificationError,
)
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import Key, Signature
from tuf.api.exceptions import LengthOrHashMismatchError, RepositoryError
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

from bojagi.domain.verdicts import TrustError, Verdict

Verify = Callable[[Key, Signature, bytes], bool]
"""A public key, a signature and the signed bytes in; whether it is that key's signature out."""

_GREATEST: Final = 2**53 - 1
"""The greatest whole number that every reader of JSON reads alike (RFC 8259, section 6)."""
MOST_DELEGATIONS: Final = 32
"""Roles visited in the search for one target."""

S = TypeVar("S", Root, Timestamp, Snapshot, Targets)


def verify_signature(key: Key, signature: Signature, signed: bytes) -> bool:
    """Verify one signature; an unknown kind of key verifies nothing."""
    try:
        key.verify_signature(signature, signed)
    except (UnverifiedSignatureError, VerificationError):
        return False
    return True


@dataclass
class TrustedSet:
    """What is believed of one repository, step by step in the order of TUF.

    A timestamp or snapshot that verifies but is refused for its day, or for its version, stays in
    the set, so that the next one can't go back behind it; nothing is built on it.

    Args:
        trusted_root: the pinned root, or the one seen last.
        now: the reference time.
        verify: how a signature is verified.
        strict: refuse what has expired.

    Raises:
        TrustError: from every step that refuses.
    """

    trusted_root: bytes
    now: datetime
    verify: Verify = verify_signature
    strict: bool = False
    root: Root = field(init=False)
    timestamp: Timestamp | None = field(init=False, default=None)
    snapshot: Snapshot | None = field(init=False, default=None)
    roles: dict[str, Targets] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Believe the pinned root, which vouches for itself."""
        loaded = _load(self.trusted_root, Root)
        self._require_signatures(loaded.signed, Root.type, loaded)
        self.root = loaded.signed

    @property
    def expired(self) -> dict[str, datetime]:
        """What is believed here past its day at the reference time: role to the end of it."""
        believed: dict[str, Signed | None] = {
            Root.type: self.root,
            Timestamp.type: self.timestamp,
            Snapshot.type: self.snapshot,
            **self.roles,
        }
        return {
            role: signed.expires.astimezone(UTC)
            for role, signed in believed.items()
            if signed is not None and signed.is_expired(self.now)
        }

    def update_root(self, data: bytes) -> None:
        """Go one root further: signed by the keys of the last one and by its own."""
        loaded = _load(data, Root)
        if loaded.signed.version != self.root.version + 1:
            raise TrustError(
                Verdict.NOT_OURS,
                f"root {loaded.signed.version} after root {self.root.version}",
            )
        self._require_signatures(self.root, Root.type, loaded)
        self._require_signatures(loaded.signed, Root.type, loaded)
        self.root = loaded.signed

    def update_timestamp(self, data: bytes) -> bool:
        """Take a timestamp; False when it is the one that is believed already."""
        self._refuse_expired(Root.type, self.root)
        loaded = _load(data, Timestamp)
        self._require_signatures(self.root, Timestamp.type, loaded)
        fresh, known = loaded.signed, self.timestamp
        if known:
            _refuse_older("timestamp", fresh.version, known.version)
            if fresh.version == known.version:
                return False
            _refuse_older("snapshot", fresh.snapshot_meta.version, known.snapshot_meta.version)
        self.timestamp = fresh
        self._final_timestamp()
        return True

    def update_snapshot(self, data: bytes, *, seen_before: bool = False) -> None:
        """Take a snapshot.

        Args:
            data: its bytes.
            seen_before: it is the one in our own memory: believed already, and here only so that
                the next one can't go back behind it.
        """
        timestamp = self._final_timestamp()
        if not seen_before:
            _require_content(timestamp.snapshot_meta, data, "snapshot")
        loaded = _load(data, Snapshot)
        self._require_signatures(self.root, Snapshot.type, loaded)
        for name, known in (self.snapshot.meta if self.snapshot else {}).items():
            fresh = loaded.signed.meta.get(name)
            if fresh is None:
                raise TrustError(Verdict.OLDER_THAN_YOURS, f"the snapshot has lost {name}")
            _refuse_older(name, fresh.version, known.version)
        self.snapshot = loaded.signed
        self._final_snapshot()

    def update_targets(self, data: bytes) -> None:
        """Take the top-level targets, which only delegate."""
        self.update_role(data, Targets.type, Root.type)

    def update_role(self, data: bytes, role: str, delegator: str) -> None:
        """Take a targets role that another role vouches for."""
        meta = self.meta_of(role)
        _require_content(meta, data, role)
        loaded = _load(data, Targets)
        vouching = self.root if delegator == Root.type else self.roles[delegator]
        self._require_signatures(vouching, role, loaded)
        if loaded.signed.version != meta.version:
            raise TrustError(
                Verdict.DAMAGED,
                f"{role} is version {loaded.signed.version}; its snapshot says {meta.version}",
            )
        self._refuse_expired(role, loaded.signed)
        self.roles[role] = loaded.signed

    def meta_of(self, role: str) -> MetaFile:
        """Return what the snapshot says of a role."""
        meta = self._final_snapshot().meta.get(f"{role}.json")
        if meta is None:
            raise TrustError(Verdict.NOT_OURS, f"the snapshot doesn't know {role}")
        return meta

    def delegators_of(self, target: str) -> Iterator[tuple[str, str]]:
        """Yield the roles that may vouch for a target, in order, each with its delegator.

        The caller takes each role (`update_role`) before it asks for the next; the walk is
        pre-order and ends where a terminating delegation says so (section 5.6.7).
        """
        visited: set[tuple[str, str]] = set()
        waiting = [(Targets.type, Root.type)]
        while waiting and len(visited) < MOST_DELEGATIONS:
            role, delegator = waiting.pop()
            if (role, delegator) in visited:
                continue
            visited.add((role, delegator))
            yield role, delegator
            delegations = self.roles[role].delegations
            if delegations is None:
                continue
            children: list[tuple[str, str]] = []
            for child, terminating in delegations.get_roles_for_target(target):
                children.append((child, role))
                if terminating:
                    waiting = []
                    break
            waiting.extend(reversed(children))

    def require_target(self, info: TargetFile, content: bytes) -> None:
        """Raise `TrustError` unless the content is what was signed."""
        _require_content(info, content, info.path)

    def _final_timestamp(self) -> Timestamp:
        if self.timestamp is None:
            raise TrustError(Verdict.DAMAGED, "there is no timestamp")
        self._refuse_expired(Timestamp.type, self.timestamp)
        return self.timestamp

    def _final_snapshot(self) -> Snapshot:
        timestamp = self._final_timestamp()
        if self.snapshot is None or self.snapshot.version != timestamp.snapshot_meta.version:
            raise TrustError(Verdict.DAMAGED, "the snapshot isn't the one its timestamp names")
        self._refuse_expired(Snapshot.type, self.snapshot)
        return self.snapshot

    def _refuse_expired(self, role: str, signed: Signed) -> None:
        if self.strict and signed.is_expired(self.now):
            raise TrustError(Verdict.OLD, f"{role} expired on {signed.expires:%Y-%m-%d}")

    def _require_signatures(
        self, delegator: Root | Targets, role: str, loaded: Metadata[S]
    ) -> None:
        require_signatures(delegator, role, loaded, self.verify)


def require_signatures(
    delegator: Root | Targets, role: str, metadata: Metadata[S], verify: Verify = verify_signature
) -> None:
    """Raise `TrustError` unless enough of a role's keys signed (section 5.3.4 and others).

    Keys count once, even when they are listed under two ids, or written in two ways.
    """
    try:
        rule = delegator.get_delegated_role(role)
    except ValueError as error:
        raise TrustError(Verdict.NOT_OURS, f"nobody vouches for {role}") from error
    try:
        signed = metadata.signed_bytes
    except RepositoryError as error:  # a fraction, or half a character: JSON, but never signed
        raise TrustError(Verdict.DAMAGED, f"{role} can't be what somebody signed") from error
    signers: set[str] = set()
    for key_id in rule.keyids:
        signature = metadata.signatures.get(key_id)
        try:
            key = delegator.get_key(key_id)
        except ValueError:
            continue
        if signature and verify(key, signature, signed):
            signers.add("".join(str(key.keyval.get("public")).split()).lower())
    if len(signers) < rule.threshold:
        raise TrustError(
            Verdict.NOT_OURS,
            f"{role} has {len(signers)} of the {rule.threshold} signatures it needs",
        )


def _load(data: bytes, kind: type[S]) -> Metadata[S]:
    try:
        loaded: Metadata[S] = Metadata.from_bytes(data)
    except (RepositoryError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TrustError(Verdict.DAMAGED, f"not {kind.type} metadata") from error
    if loaded.signed.type != kind.type:
        raise TrustError(Verdict.DAMAGED, f"{loaded.signed.type} metadata in place of {kind.type}")
    _refuse_retold(data, loaded)
    return loaded


def _refuse_retold(data: bytes, loaded: Metadata[S]) -> None:
    """Refuse bytes that say something else, or say it otherwise, than what is verified.

    Parsing leaves some things out that stand in the file (`"length": null`), and takes others for
    what they aren't (`true` for 1); and beyond 2^53 not every reader sees the same number.
    """
    signed = json.loads(data)["signed"]
    try:
        is_same = encode_canonical(signed) == loaded.signed_bytes.decode("utf-8")
    except (FormatError, RepositoryError, UnicodeError, RecursionError) as error:
        raise TrustError(Verdict.DAMAGED, f"not {loaded.signed.type} metadata") from error
    if not is_same or not _is_plain(signed):
        raise TrustError(Verdict.DAMAGED, f"{loaded.signed.type} metadata that isn't what it says")


def _is_plain(value: object) -> bool:
    """Whether every number is one that every reader of JSON reads alike."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, int) or isinstance(value, bool) or abs(value) <= _GREATEST


def _refuse_older(what: str, fresh: int, known: int) -> None:
    if fresh < known:
        raise TrustError(
            Verdict.OLDER_THAN_YOURS, f"{what} is version {fresh}; {known} was seen already"
        )


def _require_content(info: MetaFile | TargetFile, content: bytes, name: str) -> None:
    try:
        info.verify_length_and_hashes(content)
    except LengthOrHashMismatchError as error:
        raise TrustError(Verdict.DAMAGED, f"{name} isn't the bytes that were signed") from error
