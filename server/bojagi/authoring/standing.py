"""How far each unit of a pack has come in a locale, and what a reader gets of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from bojagi.authoring.catalogues import Entry, contexts
from bojagi.authoring.edits import change_between
from bojagi.authoring.risk import risk_of
from bojagi.domain.exposure import Exposure
from bojagi.domain.identifiers import FactId, LocaleCode
from bojagi.domain.pack import Pack, UnitKind
from bojagi.domain.translation import (
    Change,
    Edit,
    Risk,
    Showing,
    UnitState,
    pair_digest,
    showing,
    stale,
)
from bojagi.markup.parser import PLACEHOLDER

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.authoring.pack_folder import PackFolder

_ALONE = frozenset({UnitKind.TITLE, UnitKind.SUMMARY, UnitKind.CARD})
"""Where there is no room to say that another language stands in."""


@dataclass(frozen=True)
class Standing:
    """How far a unit has come in a locale.

    Attributes:
        source: its text as it stands now.
        entry: what the catalogue has; none where it has nothing.
        changed_on: of one stale by a minor edit, the day of the edit.
        pair: the name of just this pair of texts; empty where there are no finished words.
        showing: what a reader gets of it.
    """

    context: str
    kind: UnitKind
    source: str
    entry: Entry | None
    state: UnitState
    risk: Risk
    is_guarded: bool
    changed_on: date | None
    pair: str
    showing: Showing

    @property
    def text(self) -> str:
        """Its words in the locale, whatever they are worth."""
        return self.entry.text if self.entry else ""


def standings(folder: PackFolder, locale: LocaleCode, library: Library) -> list[Standing]:
    """Return how far every unit of a pack has come in a locale, in reading order.

    Args:
        folder: the pack.
        locale: another than the pack's own.
        library: where its catalogues are, and what was approved.
    """
    pack, fallback = folder.pack, folder.pack.fallbacks.get(locale)
    stand_ins: AbstractSet[str] = frozenset()
    if fallback == pack.source_locale:
        stand_ins = {context for context, _, _ in contexts(pack)}
    elif fallback is not None:
        others = _standings(folder, fallback, library, stand_ins)
        stand_ins = {each.context for each in others if each.showing is Showing.TEXT}
    return _standings(folder, locale, library, stand_ins)


def _standings(
    folder: PackFolder, locale: LocaleCode, library: Library, stand_ins: AbstractSet[str]
) -> list[Standing]:
    """Return how far every unit has come; the fallback locale has words for `stand_ins`."""
    pack, approved = folder.pack, library.approved
    catalogue = library.catalogues.get((pack.id, locale))
    critical = {str(article.id) for article in pack.articles if article.time_critical}
    found: list[Standing] = []
    for context, kind, source in contexts(pack):
        entry = catalogue.entries.get(context) if catalogue else None
        text = entry.text if entry else ""
        name = partial(pair_of, pack, locale, context, text=text)
        risk = risk_of(source)
        is_guarded = (
            risk is not Risk.NONE
            or context.partition("#")[0] in critical
            or pack.exposure.exceeds(Exposure.SENSITIVE)
        )
        pairs = _Pairs(name, approved)
        state, changed_on = _state(entry, source, pairs, folder.edits.get(context, ()))
        shown = showing(
            state,
            is_guarded=is_guarded,
            is_reviewed=approved is not None,
            can_fall_back=context in stand_ins and kind not in _ALONE,
        )
        pair = name(source) if state.has_text else ""
        found.append(
            Standing(
                context, kind, source, entry, state, risk, is_guarded, changed_on, pair, shown
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _Pairs:
    """The pairs that a translation of one unit makes with the texts its source has had.

    Attributes:
        name: a source's text to the name of the pair.
        approved: the pairs that were approved; None where units aren't reviewed.
    """

    name: Callable[[str], str]
    approved: AbstractSet[str] | None

    def has(self, source: str) -> bool:
        """Whether a second person approved the pair."""
        return self.approved is not None and self.name(source) in self.approved


def _state(
    entry: Entry | None, source: str, pairs: _Pairs, edits: Sequence[Edit]
) -> tuple[UnitState, date | None]:
    """Return how far a unit has come; of one that is stale by a minor edit, the day of it."""
    if entry is None or not entry.text.strip():
        is_unsayable = entry is not None and entry.is_unsayable
        return UnitState.UNSAYABLE if is_unsayable else UnitState.MISSING, None
    if entry.is_draft:
        return UnitState.DRAFT, None
    if pairs.has(source):
        return UnitState.APPROVED, None
    if entry.made_from == source:
        return UnitState.TO_REVIEW, None
    change, day = change_between(edits, entry.made_from, source)
    was_approved = pairs.approved is None or pairs.has(entry.made_from)
    if change is Change.EDITORIAL and not was_approved:
        return UnitState.TO_REVIEW, None
    return stale(change), day if change is Change.MINOR else None


def pair_of(pack: Pack, locale: LocaleCode, context: str, source: str, text: str) -> str:
    """Return the name of a pair of texts; another value of a fact in it makes another pair."""

    def value(match: re.Match[str]) -> str:
        fact = pack.facts.get(FactId(match[2])) if match[1] == "fact" else None
        return str(fact.value) if fact else match[0]

    return pair_digest(locale, f"{pack.id}/{context}", PLACEHOLDER.sub(value, source), text)
