"""A pack and a locale to an edition: rendered once, here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from bojagi.building import pictures
from bojagi.building.notes import safety_note
from bojagi.building.words import Words, mark
from bojagi.domain.edition import SOURCES_SHOWN_TO, Edition, EditionArticle
from bojagi.domain.identifiers import FactId, UnitId
from bojagi.domain.pack import Article, Card, Pack, Unit, UnitKind
from bojagi.errors import BojagiError, InvalidValueError, MarkupError
from bojagi.markup.parser import parse, walk_inlines
from bojagi.markup.passages import join
from bojagi.markup.render import Fill, Picture, fill_text, render

if TYPE_CHECKING:
    from datetime import date

    from bojagi.domain.locales import Locale
    from bojagi.domain.sources import Fact, Hotline

Texts = Mapping[tuple[str, UnitId], str]
"""The text of every unit in one locale, by article id and unit id; `("pack", "title")` too."""


@dataclass(frozen=True)
class Wording:
    """The words of a pack in one locale, and what has to be said of them.

    Attributes:
        changed_on: articles some of whose source has changed in something small since, with the
            day of that.
        foreign: units whose text is in another locale, which stands in.
    """

    texts: Texts
    changed_on: Mapping[str, date] = field(default_factory=dict)
    foreign: Mapping[tuple[str, UnitId], Locale] = field(default_factory=dict)


CHANGED_SINCE = mark(
    "The original of this changed a little on {day}. The change isn't translated yet."
)
STANDS_IN = mark("Some of this is still in {language}: it isn't translated yet.")
NOT_DIALLED = mark("nobody has dialled this number yet to check it")
DIALLED_ON = mark("dialled to check it on {day}")


class EditionError(BojagiError):
    """An edition that can't be built: which article, and why."""

    def __init__(self, article: str, reason: BojagiError) -> None:
        self.article = article
        self.reason = reason
        super().__init__(f"{article}: {reason}")


@dataclass(frozen=True)
class Filling:
    """What stands in the place of `{fact:…}` and `{hotline:…}` in one locale."""

    facts: Mapping[FactId, Fact]
    hotlines: Mapping[FactId, Hotline]
    words: Words

    def __call__(self, kind: str, name: str) -> str:
        """Return the text for a placeholder; raises `InvalidValueError` for an unknown one."""
        key = FactId(name)
        if kind == "fact" and key in self.facts:
            value = self.facts[key].value
            return self.words.number(value) if isinstance(value, int) else value
        if kind == "hotline" and key in self.hotlines:
            hotline = self.hotlines[key]
            day = hotline.dialled_on
            state = (
                self.words(DIALLED_ON, day=self.words.day(day)) if day else self.words(NOT_DIALLED)
            )
            return f"{hotline.number} ({state})"
        raise InvalidValueError(kind, name, f"a {kind} that is listed")


def source_wording(pack: Pack) -> Wording:
    """Return the texts of a pack in its own locale."""
    texts: dict[tuple[str, UnitId], str] = {
        (article.id, unit.id): unit.text for article in pack.articles for unit in article.units
    }
    texts["pack", UnitId("title")] = pack.title
    return Wording(texts)


def build_edition(
    pack: Pack, words: Words, wording: Wording, hotlines: Mapping[FactId, Hotline]
) -> Edition:
    """Build the edition of a pack in the locale of the words.

    Args:
        pack: the pack.
        words: the programs' words in that locale.
        wording: every unit in that locale, and what has to be said of it.
        hotlines: the public numbers.

    Raises:
        EditionError: naming the article, when a text would change its shape, a placeholder or a
            picture is unknown, or a picture is too heavy.
        MarkupError: when the pack's title has more than one line.
    """
    texts = wording.texts
    title = texts["pack", UnitId("title")]
    if "\n" in title:
        raise MarkupError("the title of a pack stands on one line")
    filling = Filling(pack.facts, hotlines, words)
    rebuilt: dict[str, Picture] = {}
    articles: list[EditionArticle] = []
    for article in pack.articles:
        try:
            body = _body(article, texts)
            for name in _pictures_of(body):
                if name not in rebuilt:
                    rebuilt[name] = _rebuild(pack, name)
            html = _notes(article, wording, words) + render(
                body, filling, rebuilt, _languages(article, wording)
            )
            articles.append(_build_article(article, html, texts, filling))
        except BojagiError as error:
            raise EditionError(article.id, error) from error
    shows_sources = pack.audience in SOURCES_SHOWN_TO
    return Edition(
        pack=pack.number,
        locale=words.locale.code,
        version=pack.version,
        audience=pack.audience,
        exposure=pack.exposure,
        title=fill_text(title, filling),
        note=safety_note(pack.audience, pack.exposure, words),
        issued=pack.issued,
        review_by=pack.review_by,
        articles=tuple(
            article if shows_sources else replace(article, sources=()) for article in articles
        ),
    )


def _body(article: Article, texts: Texts) -> str:
    return join(article.body, [texts[article.id, unit.id] for unit in _passages(article)])


def _passages(article: Article) -> list[Unit]:
    outside = {UnitKind.TITLE, UnitKind.SUMMARY, UnitKind.CARD}
    return [unit for unit in article.units if unit.kind not in outside]


def _languages(article: Article, wording: Wording) -> dict[int, str]:
    """Return the language of each passage, by its place, that is in another than the edition."""
    units = [(article.id, unit.id) for unit in _passages(article)]
    return {
        index: wording.foreign[unit].language_tag
        for index, unit in enumerate(units)
        if unit in wording.foreign
    }


def _notes(article: Article, wording: Wording, words: Words) -> str:
    """Return what is said above an article of the words that aren't as they should be."""
    notes = []
    if article.id in wording.changed_on:
        notes.append(words(CHANGED_SINCE, day=words.day(wording.changed_on[article.id])))
    names = dict.fromkeys(
        locale.own_name for (name, _), locale in wording.foreign.items() if name == article.id
    )
    notes += [words(STANDS_IN, language=name) for name in names]
    paragraphs = (f"<p>{escape(note, quote=False)}</p>" for note in notes)
    return "".join(f"<blockquote>\n{each}\n</blockquote>\n" for each in paragraphs)


def _pictures_of(body: str) -> Iterator[str]:
    if "![" in body:
        for token, _ in walk_inlines(parse(body)):
            if token.type == "image":
                yield str(token.attrGet("src"))


def _rebuild(pack: Pack, name: str) -> Picture:
    if name not in pack.images:
        raise InvalidValueError("picture", name, "a file that is there")
    return pictures.rebuild(pack.images[name], name)


def _build_article(article: Article, html: str, texts: Texts, fill: Fill) -> EditionArticle:
    def text_of(unit: Unit) -> str:
        return texts[article.id, unit.id]

    cards = [unit for unit in article.units if unit.kind is UnitKind.CARD]
    title, summary = article.units[:2]
    if any("\n" in text_of(unit) for unit in (title, summary, *cards)):
        raise MarkupError("a title, summary or card stands on one line")
    return EditionArticle(
        number=article.number,
        title=fill_text(text_of(title), fill),
        summary=fill_text(text_of(summary), fill),
        html=html,
        checked_on=article.checked_on,
        review_by=article.review_by,
        time_critical=article.time_critical,
        cards=tuple(
            Card(fill_text(text_of(unit), fill), card.lines)
            for unit, card in zip(cards, article.cards, strict=True)
        ),
        sources=article.sources,
    )
