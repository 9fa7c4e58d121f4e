"""What translations lack, and where they say something else than their source.

What always holds: a translation is compared only with the text it was made from. Numbers count
as their digits, in any order: thousands are joined (`10,320`, `10 320`), a decimal comma is a
point, a month's name is its number, `6 p.m.` is 18.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bojagi.authoring.catalogues import Catalogue, UnitState, contexts
from bojagi.authoring.checks.folding import fold
from bojagi.authoring.checks.rule import Rule, Surroundings
from bojagi.authoring.checks.stretches import resolve
from bojagi.domain.finding import Place, Severity
from bojagi.domain.pack import UnitKind
from bojagi.errors import MarkupError
from bojagi.markup.parser import PLACEHOLDER
from bojagi.markup.passages import join

if TYPE_CHECKING:
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
)

_PLACEHOLDERS: Final = "placeholders"
_PICTURES: Final = "pictures"
_LINKS: Final = "links"
_NUMBERS: Final = "numbers"
FRAGMENTS: Final = (_PLACEHOLDERS, _PICTURES, _LINKS, _NUMBERS)
"""What can differ."""

_MONTHS: Final = (
    "jan(?:uary)?|январ[ья]",
    "feb(?:ruary)?|феврал[ья]",
    "mar(?:ch)?|марта?",
    "apr(?:il)?|апрел[ья]",
    "may|ма[йя]",
    "june?|июн[ья]",
    "july?|июл[ья]",
    "aug(?:ust)?|августа?",
    "sept?(?:ember)?|сентябр[ья]",
    "oct(?:ober)?|октябр[ья]",
    "nov(?:ember)?|ноябр[ья]",
    "dec(?:ember)?|декабр[ья]",
)
_MONTH: Final = re.compile(
    r"(?:(?<=\d )|(?<=\dth )|(?<=\dst )|(?<=\dnd )|(?<=\drd )|(?<=\d of )|(?<=\bin )|(?<=\bв )"
    r"|(?<=\bс )|(?<=\bдо )|\b(?=[a-zа-яё.]+,? \d))(?:"
    + "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, start=1))
    + r")\b(?=\.?,? \d|\W*$|[\s,.;)])",
    re.IGNORECASE,
)
_AFTERNOON: Final = re.compile(r"\b(1[0-2]|[1-9])((?::[0-5]\d)?)\s?p\.?m\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_SPACED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_NOON: Final = 12


def catalogues_of(folder: PackFolder, surroundings: Surroundings) -> list[Catalogue]:
    """Return the catalogues of a pack."""
    catalogues = surroundings.library.catalogues
    return [catalogue for (pack, _), catalogue in catalogues.items() if pack == folder.pack.id]


def check_completeness(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find units without a translation, and translations of other texts or of nothing."""
    units = {context: source for context, _, source in contexts(folder.pack)}
    for catalogue in catalogues_of(folder, surroundings):
        missing: dict[str, list[str]] = {}
        for context, source in units.items():
            state = catalogue.state(context, source)
            if state is UnitState.MISSING:
                missing.setdefault(context.partition("#")[0], []).append(context)
            elif state is UnitState.STALE:
                entry = catalogue.entries[context]
                yield TRANSLATION_STALE.at(Place(catalogue.file, entry.line), entry.text)
        for name, without in missing.items():
            entries = [catalogue.entries[each] for each in without if each in catalogue.entries]
            line = min((entry.line for entry in entries), default=0)
            count = str(len(without))
            yield TRANSLATION_MISSING.at(Place(catalogue.file, line), name, count=count)
        for context, entry in catalogue.entries.items():
            if context not in units:
                yield TRANSLATION_OF_NOTHING.at(Place(catalogue.file, entry.line), context)


def check_sameness(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Find translations with other numbers, placeholders, pictures or links than their source."""
    for catalogue in catalogues_of(folder, surroundings):
        for context, _, source in contexts(folder.pack):
            if catalogue.state(context, source) is UnitState.TRANSLATED:
                entry = catalogue.entries[context]
                for what, found in differences(source, entry.text):
                    place = Place(catalogue.file, entry.line)
                    yield TRANSLATION_DIFFERS.at(place, found, what=what)


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


def differences(source: str, translation: str) -> Iterator[tuple[str, str]]:
    """Yield what differs between a text and its translation, and how."""
    before, after = resolve(source), resolve(translation)
    placeholders = [
        Counter(match[0] for match in PLACEHOLDER.finditer(text)) for text in (source, translation)
    ]
    if placeholders[0] != placeholders[1]:
        yield _PLACEHOLDERS, _difference(*placeholders)
    if Counter(before.pictures) != Counter(after.pictures):
        yield _PICTURES, _difference(Counter(before.pictures), Counter(after.pictures))
    if Counter(before.links) != Counter(after.links):
        yield _LINKS, _difference(Counter(before.links), Counter(after.links))
    ours, theirs = numbers(before.text), numbers(after.text)
    if not any(one == other for one in ours for other in theirs):
        yield _NUMBERS, _difference(ours[0], theirs[0])


def numbers(text: str) -> tuple[Counter[str], ...]:
    """Return the numbers of a text, in each way its groups of three can be read."""
    folded = PLACEHOLDER.sub(" ", fold(text).text)
    folded = _MONTH.sub(lambda match: str(match.lastgroup).removeprefix("m"), folded)
    folded = _AFTERNOON.sub(
        lambda match: f"{int(match[1]) % _NOON + _NOON}{match[2] or ''}", folded
    )
    joined = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), folded)
    spaced = _SPACED.sub(lambda match: match[0].replace(" ", ""), joined)
    readings = (_counted(joined), _counted(spaced))
    return readings[:1] if readings[0] == readings[1] else readings


def _counted(text: str) -> Counter[str]:
    found = Counter[str]()
    for match in _NUMBER.finditer(text):
        parts = re.split("[:]", match[0])
        found.update(_plain(part) for part in parts if part != "00")
    return found


def _plain(number: str) -> str:
    point = number.replace(",", ".")
    if point.count(".") > 1:
        return ".".join(part.lstrip("0") or "0" for part in point.split("."))
    whole, _, part = point.partition(".")
    return ".".join(filter(None, (whole.lstrip("0") or "0", part.rstrip("0"))))


def _difference(ours: Counter[str], theirs: Counter[str]) -> str:
    lost, new = ours - theirs, theirs - ours
    return " / ".join(", ".join(sorted(side.elements())) or "-" for side in (lost, new))


FOLDER_CHECKS: Final = (check_completeness, check_sameness, check_shapes)
