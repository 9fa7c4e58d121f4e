"""How far the translation of a unit has come, and what a reader gets of it: pure decisions.

What always holds:

- Nothing is decided silently: a unit's text is shown as it is, shown with a dated note, replaced by
  a marked text in the pack's fallback locale, or it blocks the edition, and says why.
- Where a wrong word can harm (a guarded unit), only what a second person approved is shown.
- The two Koreans never stand in for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from bojagi.domain.identifiers import LocaleCode


class Change(StrEnum):
    """What an edit of a source text changes of what it says, the least first."""

    EDITORIAL = "editorial"
    """Not a word of what it says: a slip of the pen. Translations hold."""
    MINOR = "minor"
    """Something small that nobody can come to harm by."""
    MEANING = "meaning"
    """What it says; every edit that nobody calls less."""

    @property
    def weight(self) -> int:
        """How much it changes: 0, 1, 2."""
        return list(Change).index(self)


class UnitState(StrEnum):
    """How far the translation of a unit has come."""

    MISSING = "missing"
    DRAFT = "draft"
    """Begun, and not called finished."""
    TO_REVIEW = "to review"
    """Finished, and no second person has approved just this pair of texts."""
    APPROVED = "approved"
    STALE_EDITORIAL = "stale (editorial)"
    STALE_MINOR = "stale (minor)"
    STALE_MEANING = "stale (meaning)"
    """Made from another text than the one that stands there now."""
    UNSAYABLE = "can't be said safely"
    """The translator says so; its author has to find other words."""

    @property
    def has_text(self) -> bool:
        """Whether there are words that somebody called finished."""
        return self not in {UnitState.MISSING, UnitState.DRAFT, UnitState.UNSAYABLE}

    @property
    def is_stale(self) -> bool:
        """Whether its source has changed since."""
        return self in _STALE.values()


_STALE = {
    Change.EDITORIAL: UnitState.STALE_EDITORIAL,
    Change.MINOR: UnitState.STALE_MINOR,
    Change.MEANING: UnitState.STALE_MEANING,
}


def stale(change: Change) -> UnitState:
    """Return the state of a unit whose source has changed by so much."""
    return _STALE[change]


class Risk(StrEnum):
    """Why a wrong word in a unit can harm."""

    NONE = ""
    CONTACT = "contact"
    """It says whom to call."""
    FIGURE = "figure"
    """It holds a number, an amount, a day or a fact."""
    WARNING = "warning"
    """It says what not to do, or what is dangerous."""


class Showing(StrEnum):
    """What a reader gets of a unit."""

    TEXT = "text"
    WITH_NOTE = "text with a dated note"
    FALLBACK = "text in the fallback locale, marked"
    NOTHING = "nothing"
    """The edition is not built."""


@dataclass(frozen=True)
class Edit:
    """An edit of a source text, and what its author says it changes.

    Attributes:
        before: digest of the text as it was.
        after: digest of the text as it became.
        on: the day somebody said so.
    """

    before: str
    after: str
    change: Change
    on: date


def showing(
    state: UnitState, *, is_guarded: bool, is_reviewed: bool, can_fall_back: bool
) -> Showing:
    """Decide what a reader gets of a unit.

    Args:
        state: how far its translation has come.
        is_guarded: whether a wrong word can harm: it is in an article that time is critical for, or
            is a unit with a risk, or of a pack whose exposure is above `sensitive`.
        is_reviewed: whether the units of this content are reviewed at all; in plain folders, where
            nobody can be told from anybody, they are not, and the gate alone stands before readers.
        can_fall_back: whether the pack names a locale whose text may stand there instead.
    """
    if state in {UnitState.APPROVED, UnitState.STALE_EDITORIAL}:
        return Showing.TEXT
    if state is UnitState.TO_REVIEW:
        return Showing.NOTHING if is_guarded and is_reviewed else Showing.TEXT
    if state is UnitState.STALE_MINOR and not is_guarded:
        return Showing.WITH_NOTE
    may_be_replaced = state in {UnitState.MISSING, UnitState.DRAFT} or (
        state is UnitState.STALE_MEANING and not is_guarded
    )
    return Showing.FALLBACK if may_be_replaced and can_fall_back else Showing.NOTHING


def may_stand_in(fallback: LocaleCode, locale: LocaleCode) -> bool:
    """Whether a locale may stand in for another: never one Korean for the other."""
    return fallback != locale and not (fallback.is_korean and locale.is_korean)


def pair_digest(locale: LocaleCode, context: str, source: str, text: str) -> str:
    """Return the name of exactly one pair of texts, which is what somebody approves.

    Args:
        locale: of the translation.
        context: pack, article and unit, as `site-safety/cold#k3v9x2`.
        source: the source as a reader would get it: with the values of its facts.
        text: its translation.
    """
    parts = (locale, context, source, text)
    framed = b"".join(
        len(part).to_bytes(4, "big") + part for part in (each.encode("utf-8") for each in parts)
    )
    return sha256(b"bojagi-pair/1\n" + framed).hexdigest()
