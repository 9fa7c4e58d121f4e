"""Every stretch of a pack: where words stand, and how a reader sees them.

Titles, summaries, passages, cards, facts, sources (where the audience sees them), and every
translation. Words are resolved by the one parser of `bojagi.markup`; what it refuses (a title
with a stray `<`) is resolved roughly, so that nothing goes unsearched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Final

from bojagi.authoring.catalogues import PACK_TITLE
from bojagi.authoring.checks.not_numbers import BLANK, blank
from bojagi.authoring.checks.rule import Stretch, StretchKind
from bojagi.domain.finding import Place
from bojagi.domain.identifiers import FactId, LocaleCode
from bojagi.domain.locales import KO_KR
from bojagi.domain.pack import UnitKind
from bojagi.errors import InvalidValueError, MarkupError
from bojagi.markup.parser import PLACEHOLDER, parse, walk_inlines
from bojagi.markup.passages import split

if TYPE_CHECKING:
    from markdown_it.token import Token

    from bojagi.authoring.catalogues import Catalogue
    from bojagi.authoring.library import Library
    from bojagi.authoring.pack_folder import PackFolder
    from bojagi.authoring.yaml_text import Path
    from bojagi.domain.pack import Article, Pack
    from bojagi.domain.sources import Fact

HOTLINES_FILE: Final = "content_packs/hotlines.yaml"
_LEAD: Final = "x "
"""Before a unit's text, so that no first word of it can open a list or a heading."""
_DESTINATION: Final = re.compile(r"(?<=\]\()[^)\s]*")
_LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(\s*<?([^)\s>]+)")
_MARKS: Final = re.compile(r"[*_`\\]|<[^<>]*>")


@dataclass(frozen=True)
class Resolved:
    """A unit's text as a reader sees it, placeholders left as they are.

    Attributes:
        links, pictures: the addresses the text leads to and shows.
    """

    text: str
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


def resolve(text: str) -> Resolved:
    """Resolve markup, entities and escapes; never fails, has as many lines as the text."""
    if not re.search(r"[\\&*_`<>!\[]", text):
        return Resolved(text)
    try:
        tokens = parse(_LEAD + text)
    except MarkupError:
        return Resolved(unescape(_MARKS.sub("", text)), tuple(_LINK.findall(text)))
    inlines = [token for token, _ in walk_inlines(tokens)]
    words = "".join(_words(token) for token in inlines)
    return Resolved(
        words.removeprefix(_LEAD).removeprefix(_LEAD.strip()),
        _attributes(inlines, "link_open", "href"),
        _attributes(inlines, "image", "src"),
    )


def _words(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "image":
        return "".join(_words(child) for child in token.children or [])
    return token.content


def _attributes(tokens: list[Token], kind: str, name: str) -> tuple[str, ...]:
    return tuple(str(token.attrGet(name) or "") for token in tokens if token.type == kind)


def fill(text: str, facts: Mapping[FactId, Fact]) -> str:
    """Put facts in their places; hotlines, and facts that don't exist, become blanks."""

    def value(match: re.Match[str]) -> str:
        if match[1] != "fact":
            return BLANK
        try:
            fact = facts.get(FactId(match[2]))
        except InvalidValueError:
            return BLANK
        if fact is None:
            return BLANK
        return f"{fact.value:,}" if isinstance(fact.value, int) else fact.value

    return PLACEHOLDER.sub(value, text) if "{" in text else text


def make_stretch(
    kind: StretchKind,
    locale: LocaleCode,
    raw: str,
    lines: tuple[Place, ...],
    pack: Pack | None = None,
) -> Stretch:
    """Make a stretch of words and the places of their lines."""
    resolved = resolve(raw)
    searched = PLACEHOLDER.sub(blank, raw) if "{" in raw else raw
    if resolved.links or resolved.pictures:
        searched = _DESTINATION.sub(blank, searched)
    return Stretch(
        kind=kind,
        locale=locale,
        raw=raw,
        plain=fill(resolved.text, pack.facts if pack else {}),
        searched=searched,
        lines=lines,
        pack=pack,
        links=resolved.links,
    )


def stretches_of(folder: PackFolder, library: Library) -> Iterator[Stretch]:
    """Yield every stretch of a pack and of its catalogues, in file order."""
    pack = folder.pack
    settings = folder.settings
    place = yaml_place(folder, settings.file, settings.line_of(("title",)), pack.title)
    yield make_stretch(StretchKind.TITLE, pack.source_locale, pack.title, (place,), pack)
    for article in pack.articles:
        yield from _article_stretches(folder, article)
    for fact in pack.facts:
        value = str(folder.facts.data[str(fact)]["value"])
        line = folder.facts.line_of((str(fact), "value"))
        place = yaml_place(folder, folder.facts.file, line, value)
        yield make_stretch(StretchKind.FACT, pack.source_locale, value, (place,), pack)
    for (pack_id, _), catalogue in library.catalogues.items():
        if pack_id == pack.id:
            yield from _catalogue_stretches(pack, catalogue)


def hotline_stretches(library: Library) -> Iterator[Stretch]:
    """Yield what hotlines are for: words that stand beside their numbers."""
    for hotline in library.hotlines.values():
        yield make_stretch(StretchKind.HOTLINE, KO_KR, hotline.what_for, (Place(HOTLINES_FILE),))


def yaml_place(folder: PackFolder, file: str, line: int, value: str) -> Place:
    """Return the place of a YAML value: its column too, where it stands there word for word."""
    raw = folder.files.get(file.removeprefix(f"{folder.name}/"), b"").decode("utf-8")
    lines = raw.split("\n")
    column = lines[line - 1].rfind(value) + 1 if value and line <= len(lines) else 0
    return Place(file, line, column)


def article_place(folder: PackFolder, article: Article, *path: str | int) -> Place:
    """Return the place of a value in an article's front matter."""
    file = folder.articles[article.id]
    return Place(file.name, file.front_matter.line_of(path))


def _article_stretches(folder: PackFolder, article: Article) -> Iterator[Stretch]:
    pack = folder.pack
    for kind, path, text in _front_matter_words(folder, article):
        place = article_place(folder, article, *path)
        place = yaml_place(folder, place.file, place.line, text)
        locale = pack.source_locale
        if kind is StretchKind.CARD_LINE:
            locale = article.cards[int(path[1])].lines[int(path[3])].locale
        yield replace(make_stretch(kind, locale, text, (place,), pack), article=article)
    file = folder.articles[article.id]
    for passage in split(article.body):
        lines = tuple(
            Place(
                file.name,
                file.body_line + article.body.count("\n", 0, start),
                start - article.body.rfind("\n", 0, start),
            )
            for start, _ in passage.spans
        )
        stretch = make_stretch(StretchKind.PASSAGE, pack.source_locale, passage.text, lines, pack)
        yield replace(stretch, article=article)


def _front_matter_words(
    folder: PackFolder, article: Article
) -> Iterator[tuple[StretchKind, Path, str]]:
    yield StretchKind.TITLE, ("title",), article.title
    yield StretchKind.TITLE, ("summary",), article.summary
    for number, card in enumerate(article.cards):
        yield StretchKind.CARD, ("cards", number, "text"), card.text
        for index, line in enumerate(card.lines):
            path = ("cards", number, "lines", index)
            yield StretchKind.CARD_LINE, (*path, "text"), line.text
            yield StretchKind.CARD_LINE, (*path, "reading"), line.reading
    stretch = Stretch(StretchKind.SOURCE, folder.pack.source_locale, "", "", "", (), folder.pack)
    if stretch.shows_sources:
        for index, source in enumerate(article.sources):
            yield StretchKind.SOURCE, ("sources", index, "title"), source.title
            yield StretchKind.SOURCE, ("sources", index, "issuer"), source.issuer


def _catalogue_stretches(pack: Pack, catalogue: Catalogue) -> Iterator[Stretch]:
    articles = {str(article.id): article for article in pack.articles}
    cards = {
        f"{article.id}#{unit.id}"
        for article in pack.articles
        for unit in article.units
        if unit.kind is UnitKind.CARD
    }
    for context, entry in catalogue.entries.items():
        if not entry.text.strip():
            continue
        article_id, _, unit = context.partition("#")
        kind = StretchKind.CARD if context in cards else StretchKind.PASSAGE
        if context == PACK_TITLE or unit in {"title", "summary"}:
            kind = StretchKind.TITLE
        lines = (Place(catalogue.file, entry.line),)
        stretch = make_stretch(kind, catalogue.locale, entry.text, lines, pack)
        yield replace(stretch, article=articles.get(article_id))
