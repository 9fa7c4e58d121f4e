"""What may be said of the editions of a repository: a verdict for each, and how sure it is.

Precedence is the verdicts' own order, worst first. What a repository says of its own age counts
only against what was seen before: a verifier without a memory says so.

The reference time is the latest of three: the device's clock, the day this program was built, and
the newest signed day it has seen. So a clock that is wrong by years can make a current edition look
old, and never one look current that this verifier could know to be old.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from tuf.api.metadata import TargetFile, Targets, Timestamp

from bojagi.domain.verdicts import TrustError, Verdict, worst
from bojagi.trust.client import Client, Memory, Source
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.repository import SIGNED_ON
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
    """

    path: str
    verdict: Verdict
    version: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """What is known of a whole repository.

    Attributes:
        judgements: one for each edition; empty when the repository itself can't be believed.
        verdict: the worst of all.
        reason: why the repository itself can't be believed.
        newest_signed: the newest signed day that was seen, here or before.
        had_memory: whether anything was remembered from before; without it, an old repository
            can't be told from a current one by its versions.
    """

    judgements: tuple[Judgement, ...]
    verdict: Verdict
    reason: str = ""
    newest_signed: date | None = None
    had_memory: bool = False


def verify(
    source: Source,
    memory: Memory,
    clock: datetime,
    built: date,
    verify_with: Verify = verify_signature,
) -> Report:
    """Judge every edition of a repository.

    Args:
        source: where it is read from.
        memory: what was believed before; at least the pinned root.
        clock: what the device says the time is.
        built: the day this program was built.
        verify_with: how a signature is verified.
    """
    remembered = memory.recall(Timestamp.type)
    now = reference_time(clock, built, _signed_on(remembered))
    try:
        client = Client(source, memory, now, verify=verify_with)
        trusted = client.refresh()
        newest = _signed_on(memory.recall(Timestamp.type))
        trusted.now = reference_time(clock, built, newest)
        judgements = tuple(_judge_all(client, trusted))
    except TrustError as error:
        newest = _signed_on(memory.recall(Timestamp.type))
        return Report((), error.verdict, error.reason, newest, remembered is not None)
    verdict = worst(judgement.verdict for judgement in judgements)
    return Report(judgements, verdict, "", newest, remembered is not None)


def reference_time(clock: datetime, built: date, newest_signed: date | None) -> datetime:
    """Return the time that days of expiry and review are held against."""
    days = [built] if newest_signed is None else [built, newest_signed]
    known = datetime.combine(max(days), time.min, UTC)
    return max(clock, known)


def _judge_all(client: Client, trusted: TrustedSet) -> Iterator[Judgement]:
    withdrawn = _withdrawn(client)
    for role in _delegated(trusted):
        if role == WITHDRAWALS:
            continue
        try:
            client.take(role, Targets.type)
        except TrustError as error:
            yield Judgement(f"{role}/*", error.verdict, reason=error.reason)
            continue
        for path, info in sorted(trusted.roles[role].targets.items()):
            if client.vouches(role, path):
                yield _judge(client, trusted, info, withdrawn)


def _judge(
    client: Client, trusted: TrustedSet, info: TargetFile, withdrawn: dict[str, str]
) -> Judgement:
    custom: dict[str, Any] = info.custom or {}
    version = custom.get(VERSION, 0) if isinstance(custom.get(VERSION, 0), int) else 0
    try:
        client.content(info)
    except TrustError as error:
        return Judgement(info.path, error.verdict, version, error.reason)
    digest = info.hashes.get("sha256", "")
    if digest in withdrawn:
        return Judgement(info.path, Verdict.WITHDRAWN, version, withdrawn[digest])
    if trusted.expired:
        role, day = min(trusted.expired.items(), key=lambda item: item[1])
        return Judgement(info.path, Verdict.OLD, version, f"{role} ended on {day:%Y-%m-%d}")
    review_by = str(custom.get(REVIEW_BY, ""))
    if review_by < trusted.now.date().isoformat():
        return Judgement(info.path, Verdict.OLD, version, f"to be checked again by {review_by}")
    return Judgement(info.path, Verdict.CURRENT, version)


def _delegated(trusted: TrustedSet) -> list[str]:
    delegations = trusted.roles[Targets.type].delegations
    return list(delegations.roles or {}) if delegations else []


def _withdrawn(client: Client) -> dict[str, str]:
    """Return the digests that were called back, each with the code of its reason.

    Raises:
        TrustError: when the list can't be believed; then nothing on the shelf is.
    """
    client.take(WITHDRAWALS, Targets.type)
    targets = client.trusted.roles[WITHDRAWALS].targets
    return {
        path.removeprefix(f"{WITHDRAWALS}/"): str((info.custom or {}).get(REASON, ""))
        for path, info in targets.items()
    }


def _signed_on(timestamp: bytes | None) -> date | None:
    """Return the day a remembered timestamp was signed; it was believed when it was kept."""
    if timestamp is None:
        return None
    try:
        found = Timestamp.from_dict(_signed_part(timestamp)).unrecognized_fields.get(SIGNED_ON)
        return date.fromisoformat(str(found))
    except (ValueError, KeyError, TypeError):
        return None


def _signed_part(data: bytes) -> dict[str, Any]:
    return dict(json.loads(data)["signed"])
