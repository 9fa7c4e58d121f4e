"""What a verifier found, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bojagi.building.withdrawal_words import REASONS, TO_SAY
from bojagi.building.words import Words, mark
from bojagi.domain.locales import KO_KP, KO_KR
from bojagi.domain.verdicts import Verdict, worst
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.services.program_words import program_words
from bojagi.services.verifying import Checked, Verifier
from bojagi.trust.verifier import Judgement

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.CURRENT: mark("CURRENT: genuine and current. That does not mean safe."),
    Verdict.OLD: mark(
        "OLD: genuine, but its day has passed. It may be shown, with its date; what lives hang on "
        "is not handed over."
    ),
    Verdict.OLDER_THAN_YOURS: mark("OLDER THAN YOURS: genuine once, and a newer one was seen."),
    Verdict.WITHDRAWN: mark("WITHDRAWN: called back. Don't show it, don't hand it over."),
    Verdict.NOT_OURS: mark(
        "NOT OURS: no signature on it counts here. It may be older than a change of keys, or "
        "somebody else's. Don't trust it; get a new copy."
    ),
    Verdict.DAMAGED: mark("DAMAGED: not what was signed. Somebody changed it, or it is spoilt."),
}
EACH: Final = mark("{path}, version {version}: {verdict}")
NEWEST: Final = mark("The newest signed day seen here or before: {day}, {days} days ago.")
NO_MEMORY: Final = mark(
    "Nothing was remembered from before: whether a newer one exists can't be told by this alone."
)
DEMO: Final = mark("DEMO: signed with keys that everybody has. It proves nothing.")
LOCKED: Final = mark("sealed. Nothing is known of it: ask for the key of its shelf.")
ONLY_EDITIONS: Final = mark("Its texts were looked at, and not its pages: a copy shows those too.")
OTHERS: Final = mark("{count} other files are nothing of ours and weren't looked into.")
PINNED: Final = mark("Pinned: root {name}. Compare this with who gave it to you.")
WHY: Final = mark("Why: {reason}")
SAY: Final = mark("To people who saw it, say ({language}): {sentence}")

_SHORT: Final[Mapping[Verdict, str]] = {
    Verdict.CURRENT: mark("current"),
    Verdict.OLD: mark("old"),
    Verdict.OLDER_THAN_YOURS: mark("older than yours"),
    Verdict.WITHDRAWN: mark("withdrawn"),
    Verdict.NOT_OURS: mark("not ours"),
    Verdict.DAMAGED: mark("damaged"),
}


def pinned_words(name: str, words: Words) -> str:
    """Say that a root was pinned."""
    return words(PINNED, name=" ".join(name[at : at + 4] for at in range(0, len(name), 4)))


def verdict_lines(checked: Sequence[Checked], verifier: Verifier, words: Words) -> Iterator[str]:
    """Say what was found: the worst first, in one look, then each thing.

    Args:
        checked: what was verified.
        verifier: by whom; its clock tells how old the newest signed day is.
        words: of the person's locale.
    """
    if checked:
        yield words(VERDICTS[worst(each.report.verdict for each in checked)])
    for name in verifier.locked:
        yield f"\n{name}: {words(LOCKED)}"
    for each in checked:
        yield from _checked_lines(each, verifier, words)
    if verifier.others:
        yield f"\n{words(OTHERS, count=len(verifier.others))}"


def _checked_lines(checked: Checked, verifier: Verifier, words: Words) -> Iterator[str]:
    report = checked.report
    yield f"\n{checked.name}: {words(_SHORT[report.verdict])}"
    if report.reason:
        yield f"  {words(WHY, reason=report.reason)}"
    for judgement in report.judgements:
        verdict, version = words(_SHORT[judgement.verdict]), judgement.version
        if version:
            yield f"  {words(EACH, path=judgement.path, version=version, verdict=verdict)}"
        else:
            yield f"  {judgement.path}: {verdict}"
        yield from _why(judgement, words)
    if report.demo:
        yield f"  {words(DEMO)}"
    if not report.had_memory and report.judgements:
        yield f"  {words(NO_MEMORY)}"
    if checked.name.startswith(("http://", "https://")) and report.judgements:
        yield f"  {words(ONLY_EDITIONS)}"
    if report.newest_signed:
        days = (verifier.clock.date() - report.newest_signed).days
        yield f"  {words(NEWEST, day=words.day(report.newest_signed), days=days)}"


def _why(judgement: Judgement, words: Words) -> Iterator[str]:
    if judgement.verdict is Verdict.WITHDRAWN:
        reason = WithdrawalReason.from_code(judgement.reason)
        if reason is None:
            return
        yield f"    {words(WHY, reason=words(REASONS[reason]))}"
        for said in (program_words(KO_KP), program_words(KO_KR)):
            sentence, language = said(TO_SAY[reason]), said.locale.own_name
            yield f"    {words(SAY, language=language, sentence=sentence)}"
    elif judgement.reason:
        yield f"    {words(WHY, reason=judgement.reason)}"


def as_json(checked: Sequence[Checked], verifier: Verifier) -> dict[str, Any]:
    """Return what was found, for a script; verdicts by their English names."""
    return {
        "verdict": worst(each.report.verdict for each in checked).name,
        "checked": [_checked_as_json(each, verifier) for each in checked],
        "sealed": verifier.locked,
        "not_looked_into": len(verifier.others),
    }


def _checked_as_json(checked: Checked, verifier: Verifier) -> dict[str, Any]:
    report = checked.report
    newest = report.newest_signed
    return {
        "name": checked.name,
        "kind": checked.kind,
        "root": checked.pin,
        "verdict": report.verdict.name,
        "reason": report.reason,
        "newest_signed": newest.isoformat() if newest else None,
        "days_since": (verifier.clock.date() - newest).days if newest else None,
        "had_memory": report.had_memory,
        "demo": report.demo,
        "editions": [
            {**vars(judgement), "verdict": judgement.verdict.name}
            for judgement in report.judgements
        ],
    }
