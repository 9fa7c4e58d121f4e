"""The exposure policy in words, for the library page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bojagi.building.words import Words, mark
from bojagi.domain.exposure import (
    Audience,
    Channel,
    Decision,
    Exposure,
    Reason,
    Recipient,
    Ruling,
    policy,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bojagi.domain.identifiers import LocaleCode

AUDIENCES: Final[Mapping[Audience, str]] = {
    Audience.WORKER: mark("workers abroad who are under control"),
    Audience.DEPARTED: mark("people who have left and are not safe yet"),
    Audience.SETTLED: mark("people who have settled"),
    Audience.STAFF: mark("support workers"),
}
EXPOSURES: Final[Mapping[Exposure, str]] = {
    Exposure.ORDINARY: mark("ordinary: questions, a confiscated phone"),
    Exposure.SENSITIVE: mark("sensitive: punishment is possible"),
    Exposure.DANGEROUS: mark("dangerous: severe punishment is likely"),
    Exposure.GRAVE: mark("grave: lives"),
}
RECIPIENTS: Final[Mapping[Recipient, str]] = {
    Recipient.UNDER_CONTROL: mark("Somebody who is under control"),
    Recipient.LEFT_NOT_SAFE: mark("Somebody who has left and is not safe yet"),
    Recipient.SETTLED: mark("Somebody who has settled"),
    Recipient.SUPPORT_WORKER: mark("A support worker"),
}
CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.PAGE: mark("page"),
    Channel.SHOW: mark("showing it"),
    Channel.FILE: mark("file"),
    Channel.PRINT: mark("print"),
    Channel.FIELD: mark("field library"),
    Channel.BUNDLE: mark("bundle"),
}
DECISIONS: Final[Mapping[Decision, str]] = {
    Decision.ALLOW: mark("yes"),
    Decision.WARN: mark("with care"),
    Decision.REFUSE: mark("no"),
}
REASONS: Final[Mapping[Reason, str]] = {
    Reason.NOTE_FIRST: mark("the safety note is read first"),
    Reason.ONE_ARTICLE: mark("one article at most; this person may be searched"),
    Reason.MAY_BE_SEARCHED: mark("what is kept can be found; showing is safer"),
    Reason.KEEP_PRIVATE: mark("the subject can still harm a family; keep it private"),
    Reason.SHOW_INSTEAD: mark("nothing may stay with this person; show it instead"),
    Reason.SHOW_ONLY: mark("too dangerous for a page anybody may open; show it instead"),
    Reason.NEVER_KEPT: mark("it is never left with anybody; show it instead"),
    Reason.NOT_MEANT_FOR: mark("it is not written for a person in this place"),
    Reason.OTHER_LOCALE: mark("in this language it is for support workers only"),
    Reason.SUPPORT_WORKERS_ONLY: mark("for support workers only"),
    Reason.PAPER_CANT_BE_SEALED: mark("paper can't be sealed; show it instead"),
}
SEALED: Final = mark("sealed")
SHOWN_CHANNELS: Final = (Channel.SHOW, Channel.FILE, Channel.PRINT)


def policy_lines(
    audience: Audience, exposure: Exposure, locale: LocaleCode, words: Words
) -> list[tuple[str, list[str]]]:
    """Say in words who may get an edition how; a person who may not is named too.

    Ways with the same ruling share a line: "file, print: with care; …".
    """
    lines: list[tuple[str, list[str]]] = []
    for who in Recipient:
        ways: dict[Ruling, list[str]] = {}
        for how in SHOWN_CHANNELS:
            ruling = policy(audience, exposure, locale, how, who)
            ways.setdefault(ruling, []).append(words(CHANNELS[how]))
        said = [f"{', '.join(how)}: {ruling_words(ruling, words)}" for ruling, how in ways.items()]
        lines.append((words(RECIPIENTS[who]), said))
    return lines


def ruling_words(ruling: Ruling, words: Words) -> str:
    """Say a ruling in words, with its reason; a refusal always says what to do instead."""
    parts = [words(DECISIONS[ruling.decision])]
    if ruling.reason is not Reason.NONE:
        parts.append(words(REASONS[ruling.reason]))
    if ruling.sealed:
        parts.append(words(SEALED))
    return "; ".join(parts)
