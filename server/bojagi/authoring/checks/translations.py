"""What translations lack, and where they say something else than their source.

What always holds: a translation is compared only with the text it was made from (`sameness`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bojagi.authoring.catalogues import HEADERS, Catalogue
from bojagi.authoring.checks.rule import Rule, Surroundings
from bojagi.authoring.sameness import differences, is_untranslated
from bojagi.authoring.standing import Standing, standings
from bojagi.domain import limits
from bojagi.domain.finding import Place, Severity
from bojagi.domain.pack import UnitKind
from bojagi.domain.translation import Showing, UnitState
from bojagi.errors import MarkupError
from bojagi.markup.passages import join

if TYPE_CHECKING:
    from datetime import date

    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.finding import Finding

TRANSLATION_MISSING: Final = Rule(
    "translation-missing",
    Severity.WARN,
    "{count} passages of {found} aren't translated.",
    "Translate them; an edition in this language waits for them.",
    "Passages left in the source's language on purpose or by mistake.",
    example="7 passages of en",
)
TRANSLATION_STALE: Final = Rule(
    "translation-stale",
    Severity.WARN,
    "The source has changed since this was translated: {found}",
    "Run 'bojagi i18n update', read both, and correct the translation.",
    "A change of the facts that the text puts in.",
    example="#, fuzzy",
)
TRANSLATION_OF_NOTHING: Final = Rule(
    "translation-of-nothing",
    Severity.NOTE,
    "A translation of a passage that isn't there: {found}",
    "Run 'bojagi i18n update'; it leaves such entries out.",
    "None: ids are compared.",
    example="cold#abcdef",
)
TRANSLATION_DIFFERS: Final = Rule(
    "translation-differs",
    Severity.BLOCK,
    "The translation doesn't have the same {what} as its source: {found}",
    "Correct the one that is wrong. Write a number in digits in both, or in words in both.",
    "Numbers in words, their order, and what they count.",
    example="20분 → 30 minutes",
)
TRANSLATION_OVERDUE: Final = Rule(
    "translation-overdue",
    Severity.BLOCK,
    "The source of {found} changed more than {count} days ago, and its translation didn't.",
    "Bring the translation up to its source.",
    "None: days are counted.",
    example="cold#k3v9x2",
)
TRANSLATION_UNSAYABLE: Final = Rule(
    "translation-unsayable",
    Severity.WARN,
    "Its translator says that this can't be said safely: {found}",
    "Find other words for it in the source, with the translator.",
    "What can't be said safely and is said all the same.",
    example="cold#k3v9x2",
)
TRANSLATION_UNAPPROVED: Final = Rule(
    "translation-unapproved",
    Severity.WARN,
    "A second person has still to approve this translation, since a wrong word can harm: {found}",
    "Let somebody who didn't write it compare both texts: 'bojagi review units'.",
    "Whether who approved it read it.",
    example="cold#k3v9x2",
)
TRANSLATION_UNTRANSLATED: Final = Rule(
    "translation-untranslated",
    Severity.BLOCK,
    "This still stands in the source's language: {found}",
    "Translate it, or leave it empty until somebody does.",
    "Single words of the source's language that are names or are quoted.",
    example="여권 → 여권",
)
CATALOGUE_TRACE: Final = Rule(
    "catalogue-trace",
    Severity.BLOCK,
    "A catalogue's header may tell who worked on it, when or with what: {found}",
    "Run 'bojagi i18n update', which leaves such headers out.",
    "Names in the comments of translators.",
    example="Last-Translator",
)
TRANSLATION_SHAPE: Final = Rule(
    "translation-shape",
    Severity.BLOCK,
    "The translation can't stand in the page: {found}",
    "Take out signs that begin a list, a heading or a table.",
    "None: the page is put together and split again.",
    example="- one → two items",
)
RULES: Final = (
    TRANSLATION_MISSING,
    TRANSLATION_STALE,
    TRANSLATION_OF_NOTHING,
    TRANSLATION_DIFFERS,
    TRANSLATION_SHAPE,
    TRANSLATION_OVERDUE,
    TRANSLATION_UNSAYABLE,
    TRANSLATION_UNAPPROVED,
    TRANSLATION_UNTRANSLATED,
    CATALOGUE_TRACE,
)


def catalogues_of(folder: PackFolder, surroundings: Surroundings) -> list[Catalogue]:
    """Return the catalogues of a pack."""
    catalogues = surroundings.library.catalogues
    return [catalogue for (pack, _), catalogue in catalogues.items() if pack == folder.pack.id]


def check_completeness(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find units without a translation that holds, and translations of nothing."""
    for catalogue in catalogues_of(folder, surroundings):
        found = standings(folder, catalogue.locale, surroundings.library)
        missing: dict[str, list[Standing]] = {}
        for each in found:
            if each.state in {UnitState.MISSING, UnitState.DRAFT}:
                missing.setdefault(each.context.partition("#")[0], []).append(each)
            else:
                place = Place(catalogue.file, each.entry.line if each.entry else 0)
                yield from _found_of(each, place, surroundings.today)
        for name, without in missing.items():
            line = min((each.entry.line for each in without if each.entry), default=0)
            count = str(len(without))
            yield TRANSLATION_MISSING.at(Place(catalogue.file, line), name, count=count)
        units = {each.context for each in found}
        for context, entry in catalogue.entries.items():
            if context not in units:
                yield TRANSLATION_OF_NOTHING.at(Place(catalogue.file, entry.line), context)


def _found_of(unit: Standing, place: Place, today: date) -> Iterator[Finding]:
    """Find what is to be said of a unit that somebody has dealt with."""
    if unit.state is UnitState.UNSAYABLE:
        yield TRANSLATION_UNSAYABLE.at(place, unit.context)
    elif unit.state in {UnitState.STALE_MINOR, UnitState.STALE_MEANING}:
        yield TRANSLATION_STALE.at(place, unit.text)
        if unit.changed_on and (today - unit.changed_on).days > limits.STALE_DAYS:
            yield TRANSLATION_OVERDUE.at(place, unit.context, count=str(limits.STALE_DAYS))
    elif unit.state is UnitState.TO_REVIEW and unit.showing is Showing.NOTHING:
        yield TRANSLATION_UNAPPROVED.at(place, unit.context)


def check_sameness(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find translations with other numbers, links or marks than their source, and copies of it."""
    for catalogue in catalogues_of(folder, surroundings):
        for each in standings(folder, catalogue.locale, surroundings.library):
            if each.entry is None or not each.state.has_text or each.state.is_stale:
                continue  # it is compared only with the text it was made from
            place = Place(catalogue.file, each.entry.line)
            for what, found in differences(each.source, each.text):
                yield TRANSLATION_DIFFERS.at(place, found, what=what)
            if is_untranslated(each.source, each.text, catalogue.locale):
                yield TRANSLATION_UNTRANSLATED.at(place, each.text)


def check_form(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find headers that name people, dates or programs."""
    for catalogue in catalogues_of(folder, surroundings):
        for name in catalogue.headers:
            if name not in HEADERS:
                yield CATALOGUE_TRACE.at(Place(catalogue.file, 1), name)


def check_shapes(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find translations that would change the shape of their page, or break its markup."""
    outside = {UnitKind.TITLE, UnitKind.SUMMARY, UnitKind.CARD}
    for catalogue in catalogues_of(folder, surroundings):
        for article in folder.pack.articles:
            passages = [unit for unit in article.units if unit.kind not in outside]
            texts = [unit.text for unit in passages]
            for index, unit in enumerate(passages):
                entry = catalogue.entries.get(f"{article.id}#{unit.id}")
                if entry and entry.text.strip():
                    texts[index] = entry.text
            try:
                join(article.body, texts)
            except MarkupError as error:
                yield TRANSLATION_SHAPE.at(Place(catalogue.file), f"{article.id}: {error.message}")


FOLDER_CHECKS: Final = (check_completeness, check_sameness, check_shapes, check_form)
