"""How heavy an article is, and how long its title and summary are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.rule import Rule, Surroundings
from bojagi.authoring.checks.stretches import article_place
from bojagi.authoring.checks.translations import catalogues_of
from bojagi.domain import limits
from bojagi.domain.finding import Place, Severity
from bojagi.domain.hangul.syllables import count_graphemes
from bojagi.domain.pack import UnitKind
from bojagi.errors import MarkupError
from bojagi.markup.passages import join

if TYPE_CHECKING:
    from bojagi.authoring.catalogues import Catalogue
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.domain.finding import Finding
    from bojagi.domain.pack import Article

ARTICLE_WEIGHT: Final = Rule(
    "article-weight",
    Severity.BLOCK,
    "The article {found} weighs {bytes} bytes; at most {limit}.",
    "Cut it, or make two articles of it.",
    "The weight of a whole edition; building it looks at that.",
    example="6800 bytes of 6144",
)
TITLE_LENGTH: Final = Rule(
    "title-length",
    Severity.WARN,
    "The title has {signs} signs, more than {limit}: {found}",
    "Say it shorter; it stands on two lines of a small screen.",
    "How wide the letters are.",
    example="더위와 추위와 먼지와 소음과 높은 곳에서 몸을 지키는 여러가지 방법",
)
SUMMARY_LENGTH: Final = Rule(
    "summary-length",
    Severity.WARN,
    "The summary has {signs} signs, more than {limit}: {found}",
    "Say it shorter; one sentence is enough.",
    "How wide the letters are.",
    example="세 문장으로 된 요약",
)
UNIT_COUNT: Final = Rule(
    "unit-count",
    Severity.BLOCK,
    "The article {found} has {units} passages; at most {limit}.",
    "Make two articles of it.",
    "Passages that are long instead of many.",
    example="a table of 300 cells",
)
RULES: Final = (ARTICLE_WEIGHT, TITLE_LENGTH, SUMMARY_LENGTH, UNIT_COUNT)

_LENGTHS: Final = {
    "title": (TITLE_LENGTH, limits.TITLE_GRAPHEMES),
    "summary": (SUMMARY_LENGTH, limits.SUMMARY_GRAPHEMES),
}


def check_weights(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check the weight of every article, as written and as translated."""
    catalogues = catalogues_of(folder, surroundings)
    for article in folder.pack.articles:
        place = Place(folder.articles[article.id].name)
        yield from _too_heavy(article, article.body, place)
        if len(article.units) > limits.UNITS_PER_ARTICLE:
            units, limit = str(len(article.units)), str(limits.UNITS_PER_ARTICLE)
            yield UNIT_COUNT.at(place, article.id, units=units, limit=limit)
        for catalogue in catalogues:
            body = translated_body(article, _texts(article, catalogue))
            yield from _too_heavy(article, body, Place(catalogue.file))


def check_lengths(folder: PackFolder, surroundings: Surroundings) -> Iterator[Finding]:
    """Check the lengths of titles and summaries, in graphemes (UAX #29)."""
    pack = folder.pack
    place = Place(folder.settings.file, folder.settings.line_of(("title",)))
    yield from _too_long("title", pack.title, place)
    for article in pack.articles:
        yield from _too_long("title", article.title, article_place(folder, article, "title"))
        yield from _too_long("summary", article.summary, article_place(folder, article, "summary"))
    for catalogue in catalogues_of(folder, surroundings):
        for context, entry in catalogue.entries.items():
            unit = context.partition("#")[2]
            if unit in _LENGTHS:
                yield from _too_long(unit, entry.text, Place(catalogue.file, entry.line))


def translated_body(article: Article, texts: Mapping[str, str]) -> str:
    """Return the body with its passages translated, or as it is where that can't be done."""
    passages = [
        texts.get(unit.id, unit.text)
        for unit in article.units
        if unit.kind not in {UnitKind.TITLE, UnitKind.SUMMARY, UnitKind.CARD}
    ]
    try:
        return join(article.body, passages)
    except MarkupError:
        return article.body


def _texts(article: Article, catalogue: Catalogue) -> dict[str, str]:
    found = {unit.id: catalogue.entries.get(f"{article.id}#{unit.id}") for unit in article.units}
    return {unit: entry.text for unit, entry in found.items() if entry and entry.text.strip()}


def _too_heavy(article: Article, body: str, place: Place) -> Iterator[Finding]:
    weight, limit = len(body.encode("utf-8")), limits.ARTICLE_TEXT_BYTES
    if weight > limit:
        yield ARTICLE_WEIGHT.at(place, article.id, bytes=str(weight), limit=str(limit))


def _too_long(unit: str, text: str, place: Place) -> Iterator[Finding]:
    rule, limit = _LENGTHS[unit]
    signs = count_graphemes(text)
    if signs > limit:
        yield rule.at(place, text, signs=str(signs), limit=str(limit))


FOLDER_CHECKS: Final = (check_weights, check_lengths)
