"""What may be said of the editions of a repository: a verdict for each, and how sure it is.

Precedence is the verdicts' own order, worst first. What a repository says of its own age counts
only against what was seen before: a verifier without a memory says so.

What always holds:

- The reference time is the latest of three: the device's clock, the day this program was built, and
  the newest signed day it has seen. So a clock that is wrong by years can make a current edition
  look old, and never one look current that this verifier could know to be old.
- A withdrawal that was ever seen counts for ever, whatever a later list, or an older stick, leaves
  out.
- An older repository is judged edition by edition: what is still the newest that was seen stays
  current, and everything else is older than yours.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    TOP_LEVEL_ROLE_NAMES,
    Metadata,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from bojagi.domain.verdicts import TrustError, Verdict, worst
from bojagi.trust.client import Client, Memory, NoMemory, Source, is_vouched_for
from bojagi.trust.demo import is_demo
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.repository import PAGES, SIGNED_ON, pages_name
from bojagi.trust.rules import TrustedSet, Verify, verify_signature

REVIEW_BY: Final = "r"
"""In a target's `custom`: the day by which the edition is to be checked again, ISO 8601."""
VERSION: Final = "v"
"""In a target's `custom`: the edition's version."""
REASON: Final = "c"
"""In the `custom` of a withdrawal: the code of its reason."""


@dataclass(frozen=True)
class Judgement:
    """What is known of one edition.

    Attributes:
        path: its opaque path in the repository.
        version: as it was signed; 0 when that isn't known.
        reason: why the verdict isn't `CURRENT`, for a person; a code for a withdrawal.
        digest: the SHA-256 of its bytes, as it was signed.
    """

    path: str
    verdict: Verdict
    version: int = 0
    reason: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Report:
    """What is known of a whole repository.

    Attributes:
        judgements: one for each edition; empty when the repository itself can't be believed.
        verdict: the worst of all.
        reason: why the repository itself can't be believed, or is older than what was seen.
        newest_signed: the newest signed day that was seen, here or before.
        had_memory: whether anything was remembered from before; without it, an old repository
            can't be told from a current one by its versions.
        demo: it is signed with keys that everybody has.
        pages: name and SHA-256 of the list of the shelf's pages, where the snapshot names one.
        files: where the source keeps the editions that were judged.
    """

    judgements: tuple[Judgement, ...]
    verdict: Verdict
    reason: str = ""
    newest_signed: date | None = None
    had_memory: bool = False
    demo: bool = False
    pages: tuple[str, str] | None = None
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Seen:
    """The newest editions that are believed, and what of the metadata they stand in has ended."""

    targets: Mapping[str, TargetFile]
    ended: Mapping[str, datetime] = field(default_factory=dict)


def verify(  # noqa: PLR0913 - rules are handed all they need
    source: Source,
    memory: Memory,
    clock: datetime,
    built: date,
    *,
    verify_with: Verify = verify_signature,
    chosen: Collection[str] | None = None,
    places: Collection[int] | None = None,
) -> Report:
    """Judge every edition of a repository.

    Args:
        source: where it is read from.
        memory: what was believed before; at least the pinned root.
        clock: what the device says the time is.
        built: the day this program was built.
        verify_with: how a signature is verified.
        chosen: where a source that holds only chosen editions keeps them, such as a bundle; others
            aren't missed. None: every edition must be there.
        places: of the locales that are wanted, on a shelf read through chains. None: all.
    """
    had_memory = demo = False
    judgements: tuple[Judgement, ...] = ()
    reason = ""
    newest: date | None = None
    try:
        remembered = memory.recall(Timestamp.type)
        had_memory = remembered is not None
        newest = _signed_on(remembered)
        client = Client(source, memory, reference_time(clock, built, newest), verify=verify_with)
        seen: _Seen | None = None
        try:
            trusted = client.refresh()
        except TrustError as error:
            if error.verdict is not Verdict.OLDER_THAN_YOURS:
                raise
            reason = error.reason
            seen = _seen(memory, client.trusted.now)
            root = memory.recall(Root.type)
            aside = NoMemory({Root.type: root} if root else {}, memory.recall_withdrawn())
            client = Client(source, aside, client.trusted.now, verify=verify_with)
            trusted = client.refresh()
        demo = is_demo(trusted.root)
        newest = _signed_on(memory.recall(Timestamp.type))
        trusted.now = reference_time(clock, built, newest)
        withdrawn = _withdrawn(client, memory)
        held = list(_editions(client, chosen, places))
        judgements = tuple(
            info if isinstance(info, Judgement) else _judge(client, info, withdrawn, seen)
            for info in held
        )
    except TrustError as error:
        return Report((), error.verdict, error.reason, newest, had_memory, demo)
    files = {client.target_file(info) for info in held if isinstance(info, TargetFile)}
    verdict = worst(judgement.verdict for judgement in judgements)
    pages = _pages(client.trusted)
    return Report(judgements, verdict, reason, newest, had_memory, demo, pages, frozenset(files))


def reference_time(clock: datetime, built: date, newest_signed: date | None) -> datetime:
    """Return the time that days of expiry and review are held against."""
    days = [built] if newest_signed is None else [built, newest_signed]
    known = datetime.combine(max(days), time.min, UTC)
    return max(clock, known)


def standing_in_memory(
    memory: Memory, path: str, digest: str, clock: datetime, built: date
) -> tuple[Verdict, str]:
    """Say how an edition stands by what was believed before, for a file without metadata.

    Args:
        memory: what was believed before.
        path: the edition's opaque path.
        digest: the SHA-256 of its signed bytes.
        clock: what the device says the time is.
        built: the day this program was built.

    Returns:
        The verdict, and why it isn't `CURRENT`.

    Raises:
        TrustError: when the memory is spoilt.
    """
    withdrawn = memory.recall_withdrawn()
    now = reference_time(clock, built, _signed_on(memory.recall(Timestamp.type)))
    return _compared(path, digest, withdrawn, _seen(memory, now), now)


def _editions(
    client: Client, chosen: Collection[str] | None, places: Collection[int] | None
) -> Iterator[TargetFile | Judgement]:
    """Yield every edition that its own publisher vouches for; a publisher not to be believed.

    Of roles from which nothing is wanted nothing is read: a chain holds one locale's alone.
    """
    for role in _delegated(client.trusted.roles[Targets.type]):
        folder = f"targets/{role.replace('-', '/')}/"
        is_chosen = chosen is None or any(file.startswith(folder) for file in chosen)
        is_placed = places is None or role.rpartition("-")[2] in {str(place) for place in places}
        if role == WITHDRAWALS or not (is_chosen and is_placed):
            continue
        try:
            client.take(role, Targets.type)
        except TrustError as error:
            yield Judgement(f"{role}/*", error.verdict, reason=error.reason)
            continue
        for path, info in sorted(client.trusted.roles[role].targets.items()):
            is_held = chosen is None or client.target_file(info) in chosen
            if is_held and client.vouches(role, path):
                yield info


def _judge(
    client: Client, info: TargetFile, withdrawn: Mapping[str, str], seen: _Seen | None
) -> Judgement:
    found = _custom(info).get(VERSION)
    version = found if isinstance(found, int) and not isinstance(found, bool) else 0
    digest = info.hashes.get("sha256", "")
    try:
        content = client.read_target(info)
    except TrustError as error:
        return Judgement(info.path, error.verdict, version, error.reason, digest)
    if content is None and digest not in withdrawn:  # a host lets go of what was called back
        return Judgement(info.path, Verdict.DAMAGED, version, f"{info.path} is missing", digest)
    verdict, reason = _standing(client, info, withdrawn, seen)
    return Judgement(info.path, verdict, version, reason, digest)


def _standing(
    client: Client, info: TargetFile, withdrawn: Mapping[str, str], seen: _Seen | None
) -> tuple[Verdict, str]:
    """Say how an edition stands whose bytes are the signed ones."""
    digest, now = info.hashes.get("sha256", ""), client.trusted.now
    if seen is None:
        seen = _Seen({info.path: info}, client.trusted.expired)
    return _compared(info.path, digest, withdrawn, seen, now)


def _compared(
    path: str, digest: str, withdrawn: Mapping[str, str], seen: _Seen, now: datetime
) -> tuple[Verdict, str]:
    """Hold an edition against what was called back, and against the newest that was seen."""
    if digest in withdrawn:
        return Verdict.WITHDRAWN, withdrawn[digest]
    newest = seen.targets.get(path)
    if newest is None:
        return Verdict.OLDER_THAN_YOURS, "what was seen last holds it no more"
    if newest.hashes.get("sha256", "") != digest:
        return Verdict.OLDER_THAN_YOURS, "a newer one was seen"
    ended = {role: day for role, day in seen.ended.items() if _concerns(role, path)}
    if ended:
        role, day = min(ended.items(), key=lambda item: (item[1], item[0]))
        return Verdict.OLD, f"{role} ended on {day:%Y-%m-%d}"
    review_by = _day(_custom(newest).get(REVIEW_BY))
    if review_by is None or review_by < now.date():
        return Verdict.OLD, f"to be checked again by {review_by or 'a day that it does not say'}"
    return Verdict.CURRENT, ""


def _concerns(role: str, path: str) -> bool:
    """Whether an edition rests on a role: another publisher's end is none of its own."""
    vouching = path.rpartition("/")[0].replace("/", "-")
    return role in {*TOP_LEVEL_ROLE_NAMES, WITHDRAWALS, vouching}


def _custom(info: TargetFile) -> Mapping[str, Any]:
    """Return a target's `custom`; whoever signs may write anything there."""
    found: object = info.unrecognized_fields.get("custom")
    return found if isinstance(found, dict) else {}


def _day(found: object) -> date | None:
    """Return a day in ISO 8601's long form; None for anything else."""
    try:
        day = date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None
    return day if day and day.isoformat() == found else None


def _delegated(targets: Targets) -> list[str]:
    return list(targets.delegations.roles or {}) if targets.delegations else []


def _withdrawn(client: Client, memory: Memory) -> dict[str, str]:
    """Return the digests that were ever called back, each with the code of its reason.

    Raises:
        TrustError: when the list can't be believed; then nothing on the shelf is.
    """
    client.take(WITHDRAWALS, Targets.type)
    memory.keep_withdrawn(
        {
            path.removeprefix(f"{WITHDRAWALS}/"): str(_custom(info).get(REASON, ""))
            for path, info in client.trusted.roles[WITHDRAWALS].targets.items()
        }
    )
    return memory.recall_withdrawn()


def _seen(memory: Memory, now: datetime) -> _Seen:
    """Return the editions of the newest metadata that was believed, and what of it has ended.

    Of a role of which a newer version was named since, and not read, nothing counts as the newest.
    """
    targets: dict[str, TargetFile] = {}
    ended: dict[str, datetime] = {}
    top, snapshot = _remembered(memory, Targets.type), _remembered(memory, Snapshot.type)
    named = snapshot.signed.meta if snapshot else {}
    roles = _delegated(top.signed) if top else []
    for role in ("timestamp", "snapshot", Targets.type, *roles):
        metadata = _remembered(memory, role)
        if metadata is None:
            continue
        if metadata.signed.is_expired(now):
            ended[role] = metadata.signed.expires.astimezone(UTC)
        meta = named.get(f"{role}.json")
        is_newest = meta is not None and meta.version == metadata.signed.version
        if top and role in roles and role != WITHDRAWALS and is_newest:
            targets |= {
                path: info
                for path, info in metadata.signed.targets.items()
                if is_vouched_for(top.signed, role, path)
            }
    return _Seen(targets, ended)


def _remembered(memory: Memory, role: str) -> Metadata[Any] | None:
    """Return metadata from memory; it was believed when it was kept."""
    data = memory.recall(role)
    try:
        return None if data is None else Metadata.from_bytes(data)
    except (RepositoryError, ValueError) as error:
        raise TrustError(Verdict.DAMAGED, f"the memory of {role} is spoilt") from error


def _pages(trusted: TrustedSet) -> tuple[str, str] | None:
    """Return where the list of pages is and its SHA-256, if the snapshot names one."""
    snapshot = trusted.snapshot
    named = snapshot.unrecognized_fields.get(PAGES) if snapshot else None
    try:
        digest = str(named["hashes"]["sha256"]) if named else ""
    except (KeyError, TypeError):
        return None
    if snapshot is None or not digest:
        return None
    return f"metadata/{pages_name(snapshot.version)}", digest


def _signed_on(timestamp: bytes | None) -> date | None:
    """Return the day a remembered timestamp was signed; it was believed when it was kept."""
    try:
        return _day(json.loads(timestamp or b"")["signed"][SIGNED_ON])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
