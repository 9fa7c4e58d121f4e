"""One article as a file: front matter and body, there and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bojagi.authoring import yaml_text
from bojagi.authoring.schemas import ArticleSchema, load, says_the_same
from bojagi.authoring.units import Known, units_of
from bojagi.authoring.yaml_text import Document
from bojagi.domain import limits
from bojagi.domain.pack import Article, Card
from bojagi.domain.sources import Source
from bojagi.errors import InvalidValueError, MarkupError, SourceError

FENCE = "---\n"
_MOST_PARSED: Final = 4 * limits.ARTICLE_TEXT_BYTES
"""Bytes of a body that are parsed to say more of it than its weight; some grow dear when long."""


@dataclass(frozen=True)
class ArticleFile:
    """An article and where its parts stand in its file.

    Attributes:
        name: path of the file below the project's folder.
        front_matter: with the lines of its values.
        body_line: the line of the file on which the body begins.
    """

    name: str
    article: Article
    front_matter: Document
    body_line: int


def read_article(text: str, name: str, number: int, known: dict[str, Known]) -> ArticleFile:
    """Read an article.

    Args:
        text: the whole file.
        name: how the file is named in errors.
        number: the number its name begins with.
        known: the unit ids that `units.yaml` keeps, by article.

    Raises:
        SourceError: with every problem found.
    """
    front_matter, body, body_line = split_file(text, name)
    data = load(ArticleSchema(), front_matter)
    weight = len(body.encode("utf-8"))
    if weight > _MOST_PARSED:
        message = f"the article weighs {weight} bytes; at most {limits.ARTICLE_TEXT_BYTES}"
        raise SourceError.at(name, message, line=body_line)
    try:
        units = units_of(data, body, known.get(data["id"], {}))
        article = Article(
            id=data["id"],
            number=number,
            title=data["title"],
            summary=data["summary"],
            body=body,
            sources=tuple(data["sources"]),
            checked_on=data["checked_on"],
            review_by=data["review_by"],
            review_class=data["review_class"],
            jurisdictions=tuple(data["jurisdictions"]),
            time_critical=data["time_critical"],
            cards=tuple(data["cards"]),
            units=units,
        )
    except MarkupError as error:
        line = body_line + max(error.line, 1) - 1
        raise SourceError.at(name, error.message, line=line) from error
    except InvalidValueError as error:
        line = body_line if error.what == "body" else front_matter.line_of((error.what,))
        raise SourceError.at(name, str(error), line=line, name=error.what) from error
    return ArticleFile(name, article, front_matter, body_line)


def split_file(text: str, name: str) -> tuple[Document, str, int]:
    """Split a file into its front matter, its body and the line the body begins on.

    Raises:
        SourceError: when the front matter isn't fenced by lines of `---`.
    """
    if not text.startswith(FENCE):
        raise SourceError.at(name, "expected front matter between two lines of '---'", line=1)
    head, fence, body = text[len(FENCE) :].partition("\n" + FENCE)
    if not fence:
        raise SourceError.at(name, "the front matter isn't closed by a line of '---'", line=1)
    document = yaml_text.load(head + "\n", name, first_line=2)
    return document, body, head.count("\n") + 4


def article_text(article: Article, previous: str | None) -> str:
    """Write an article's file; front matter that still says the same keeps its very words."""
    data = article_data(article)
    if previous is not None:
        document, _, _ = split_file(previous, "")
        if says_the_same(ArticleSchema(), document.data, data):
            head = previous[: previous.index("\n" + FENCE, len(FENCE)) + 1]
            return head + FENCE + article.body
    return FENCE + yaml_text.dump(data) + FENCE + article.body


def article_data(article: Article) -> dict[str, Any]:
    """Return the front matter of an article as YAML data."""
    data: dict[str, Any] = {
        "id": str(article.id),
        "title": article.title,
        "summary": article.summary,
        "sources": [source_data(source) for source in article.sources],
        "checked_on": article.checked_on.isoformat(),
        "review_by": article.review_by.isoformat(),
        "review_class": str(article.review_class),
        "jurisdictions": [str(code) for code in article.jurisdictions],
        "time_critical": "true" if article.time_critical else "false",
    }
    if article.cards:
        data["cards"] = [_card_data(card) for card in article.cards]
    return data


def source_data(source: Source) -> dict[str, Any]:
    """Return a source as YAML data."""
    data: dict[str, Any] = {"title": source.title, "issuer": source.issuer}
    if source.address:
        data["address"] = source.address
    if source.seen_on:
        data["seen_on"] = source.seen_on.isoformat()
    else:
        data["to_check"] = source.to_check
    return data


def _card_data(card: Card) -> dict[str, Any]:
    lines = [
        {"locale": str(line.locale), "text": line.text, "reading": line.reading}
        for line in card.lines
    ]
    return {"text": card.text, "lines": lines}
