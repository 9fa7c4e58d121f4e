"""Who may carry what: the exposure policy as data and one function.

What always holds:

- Nothing here knows a person. `Recipient` is an answer given in a room and forgotten there.
- A pack reaches only those it is meant for, and support workers.
- Above `ordinary` nothing stays with a person who is watched or not yet safe.
- A publisher may tighten a ruling (`stricter_of`), never loosen it.

Example: an ordinary pack for workers, as a file for somebody who is still under control, may be
given with a warning, one article at a time; a sensitive one is refused, and the refusal says to
show it instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR
from bojagi.errors import InvalidValueError


class Audience(StrEnum):
    """For whom a pack is written."""

    WORKER = "worker"
    DEPARTED = "departed"
    SETTLED = "settled"
    STAFF = "staff"


class Exposure(StrEnum):
    """What being found with it can cost, mildest first."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    DANGEROUS = "dangerous"
    GRAVE = "grave"

    def exceeds(self, ceiling: Exposure) -> bool:
        """Whether this is worse than the ceiling."""
        order = list(Exposure)
        return order.index(self) > order.index(ceiling)


class Recipient(StrEnum):
    """Where the person is now. Asked at hand-over, never stored."""

    UNDER_CONTROL = "under_control"
    LEFT_NOT_SAFE = "left_not_safe"
    SETTLED = "settled"
    SUPPORT_WORKER = "support_worker"


class Channel(StrEnum):
    """The way an edition would reach somebody."""

    PAGE = "page"
    SHOW = "show"
    FILE = "file"
    PRINT = "print"
    FIELD = "field"
    BUNDLE = "bundle"


class Decision(IntEnum):
    """What the policy says, mildest first."""

    ALLOW = 0
    WARN = 1
    REFUSE = 2


class Reason(StrEnum):
    """Why the policy warns or refuses. The words for it are in the interface catalogues."""

    NONE = "none"
    NOTE_FIRST = "note_first"
    """The safety note is read before anything else."""
    ONE_ARTICLE = "one_article"
    """One article at most; the reader may be searched."""
    MAY_BE_SEARCHED = "may_be_searched"
    """The person has left and isn't safe yet; what is kept can be found."""
    KEEP_PRIVATE = "keep_private"
    """The person is settled; the subject may still harm a family."""
    SHOW_INSTEAD = "show_instead"
    """Nothing may stay with this person: show it on your own phone."""
    SHOW_ONLY = "show_only"
    """Too dangerous for a page that anybody may open: show it."""
    NEVER_KEPT = "never_kept"
    """It is shown, and never left with anybody."""
    NOT_MEANT_FOR = "not_meant_for"
    """The pack isn't written for a person in this place."""
    OTHER_LOCALE = "other_locale"
    """Another language than the pack's own goes to support workers only."""
    SUPPORT_WORKERS_ONLY = "support_workers_only"
    """The field library and bundles are for support workers."""
    PAPER_CANT_BE_SEALED = "paper_cant_be_sealed"
    """Above ordinary, a support worker carries it sealed, which paper can't be."""


@dataclass(frozen=True)
class Ruling:
    """What the policy says of one hand-over.

    Attributes:
        sealed: it may travel only encrypted to those who hold the shelf's key.
    """

    decision: Decision
    reason: Reason = Reason.NONE
    sealed: bool = False

    def __post_init__(self) -> None:
        """Refuse a ruling that gives nobody a reason for its warning or refusal."""
        if self.decision is not Decision.ALLOW and self.reason is Reason.NONE:
            raise InvalidValueError("ruling", self.decision.name, "a reason to warn or to refuse")

    @property
    def is_refused(self) -> bool:
        """Whether it may not be done."""
        return self.decision is Decision.REFUSE


SOURCE_LOCALES: Final[dict[Audience, LocaleCode]] = {
    Audience.WORKER: KO_KP,
    Audience.DEPARTED: KO_KP,
    Audience.SETTLED: KO_KR,
    Audience.STAFF: KO_KR,
}
"""Which Korean a pack is written in. The two never stand in for each other."""

MEANT_FOR: Final[dict[Audience, frozenset[Recipient]]] = {
    Audience.WORKER: frozenset({Recipient.UNDER_CONTROL, Recipient.LEFT_NOT_SAFE}),
    Audience.DEPARTED: frozenset({Recipient.LEFT_NOT_SAFE}),
    Audience.SETTLED: frozenset({Recipient.SETTLED}),
    Audience.STAFF: frozenset(),
}
"""Whom a pack is meant for, besides support workers."""

_ALLOW: Final = Ruling(Decision.ALLOW)
_NOTE_FIRST: Final = Ruling(Decision.WARN, Reason.NOTE_FIRST)
_SEALED: Final = Ruling(Decision.ALLOW, sealed=True)


def _warn(reason: Reason) -> Ruling:
    return Ruling(Decision.WARN, reason)


def _refuse(reason: Reason) -> Ruling:
    return Ruling(Decision.REFUSE, reason)


OPEN_CHANNELS: Final[dict[Exposure, dict[Channel, Ruling]]] = {
    Exposure.ORDINARY: {Channel.PAGE: _ALLOW, Channel.SHOW: _ALLOW},
    Exposure.SENSITIVE: {Channel.PAGE: _NOTE_FIRST, Channel.SHOW: _NOTE_FIRST},
    Exposure.DANGEROUS: {Channel.PAGE: _refuse(Reason.SHOW_ONLY), Channel.SHOW: _NOTE_FIRST},
    Exposure.GRAVE: {Channel.PAGE: _refuse(Reason.SHOW_ONLY), Channel.SHOW: _NOTE_FIRST},
}
"""Ways that leave nothing behind by themselves: the same for everyone a pack is meant for."""

KEPT: Final[dict[Exposure, dict[Recipient, Ruling]]] = {
    Exposure.ORDINARY: {
        Recipient.UNDER_CONTROL: _warn(Reason.ONE_ARTICLE),
        Recipient.LEFT_NOT_SAFE: _warn(Reason.MAY_BE_SEARCHED),
        Recipient.SETTLED: _ALLOW,
        Recipient.SUPPORT_WORKER: _ALLOW,
    },
    Exposure.SENSITIVE: {
        Recipient.UNDER_CONTROL: _refuse(Reason.SHOW_INSTEAD),
        Recipient.LEFT_NOT_SAFE: _refuse(Reason.SHOW_INSTEAD),
        Recipient.SETTLED: _warn(Reason.KEEP_PRIVATE),
        Recipient.SUPPORT_WORKER: _SEALED,
    },
    Exposure.DANGEROUS: {
        Recipient.UNDER_CONTROL: _refuse(Reason.SHOW_INSTEAD),
        Recipient.LEFT_NOT_SAFE: _refuse(Reason.SHOW_INSTEAD),
        Recipient.SETTLED: _warn(Reason.KEEP_PRIVATE),
        Recipient.SUPPORT_WORKER: _SEALED,
    },
    Exposure.GRAVE: {
        Recipient.UNDER_CONTROL: _refuse(Reason.SHOW_INSTEAD),
        Recipient.LEFT_NOT_SAFE: _refuse(Reason.SHOW_INSTEAD),
        Recipient.SETTLED: _refuse(Reason.NEVER_KEPT),
        Recipient.SUPPORT_WORKER: _SEALED,
    },
}
"""What stays in somebody's hand: a file or a sheet of paper."""


def policy(
    audience: Audience,
    exposure: Exposure,
    locale: LocaleCode,
    channel: Channel,
    recipient: Recipient,
) -> Ruling:
    """Say whether an edition may reach this person this way (design, "Exposure policy").

    The table is read in this order: whom the pack is meant for, which locale, which channel,
    which exposure; the first refusal counts.
    """
    if recipient is Recipient.SUPPORT_WORKER:
        return _for_support_worker(exposure, channel)
    if recipient not in MEANT_FOR[audience]:
        return _refuse(Reason.NOT_MEANT_FOR)
    under_watch = audience in {Audience.WORKER, Audience.DEPARTED}
    if under_watch and locale != SOURCE_LOCALES[audience]:
        return _refuse(Reason.OTHER_LOCALE)
    if channel in {Channel.FIELD, Channel.BUNDLE}:
        return _refuse(Reason.SUPPORT_WORKERS_ONLY)
    if channel in {Channel.PAGE, Channel.SHOW}:
        return OPEN_CHANNELS[exposure][channel]
    return KEPT[exposure][recipient]


def _for_support_worker(exposure: Exposure, channel: Channel) -> Ruling:
    if channel in {Channel.PAGE, Channel.SHOW}:
        return OPEN_CHANNELS[exposure][channel]
    if channel is Channel.PRINT and exposure is not Exposure.ORDINARY:
        return _refuse(Reason.PAPER_CANT_BE_SEALED)
    return KEPT[exposure][Recipient.SUPPORT_WORKER]


def page_ruling(audience: Audience, exposure: Exposure, locale: LocaleCode) -> Ruling:
    """Say whether a shelf's pages may carry the edition for the readers it is meant for.

    The severest ruling among them counts; a staff edition has no readers there at all.
    """
    rulings = [
        policy(audience, exposure, locale, Channel.PAGE, recipient)
        for recipient in MEANT_FOR[audience]
    ]
    return max(
        rulings, key=lambda ruling: ruling.decision, default=_refuse(Reason.SUPPORT_WORKERS_ONLY)
    )


def stricter_of(policy_ruling: Ruling, publisher_ruling: Ruling) -> Ruling:
    """Return the stricter of the two: a publisher may tighten the policy, never loosen it.

    Where both decide alike, the policy's reason stays: "one article" must not become something
    milder.
    """
    strict = max(policy_ruling, publisher_ruling, key=lambda ruling: ruling.decision)
    return Ruling(strict.decision, strict.reason, policy_ruling.sealed or publisher_ruling.sealed)
