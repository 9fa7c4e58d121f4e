"""An edition: one pack in one locale at one version. What is approved, signed and carried."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.pack import Card, CardLine
from bojagi.domain.sources import Source
from bojagi.errors import InvalidValueError

FORMAT: Final = "bojagi-edition/1"
SOURCES_SHOWN_TO: Final = frozenset({Audience.SETTLED, Audience.STAFF})
"""Only these editions carry sources; a worker's must name no issuer."""


@dataclass(frozen=True)
class EditionArticle:
    """One article as readers get it: rendered once, sanitised, in one locale."""

    number: int
    title: str
    summary: str
    html: str
    checked_on: date
    review_by: date
    time_critical: bool
    cards: tuple[Card, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Edition:
    """What a reader of one locale gets of one pack at one version.

    Attributes:
        note: the safety note for its audience and exposure.
        issued: the day of this version.
        review_by: the first day on which something in it is to be checked again.
    """

    pack: int
    locale: LocaleCode
    version: int
    audience: Audience
    exposure: Exposure
    title: str
    note: str
    issued: date
    review_by: date
    articles: tuple[EditionArticle, ...]

    def __post_init__(self) -> None:
        """Refuse an edition without words, or with sources where a reader must not carry them."""
        if not self.articles or not self.title.strip() or not self.note.strip():
            raise InvalidValueError("edition", self.pack, "a title, a safety note and articles")
        if self.audience not in SOURCES_SHOWN_TO and any(a.sources for a in self.articles):
            raise InvalidValueError("edition", self.pack, f"no sources for {self.audience} readers")
        if not all(_keeps_its_tags(article.html) for article in self.articles):
            raise InvalidValueError("edition", self.pack, "no U+0338 next to a tag of its HTML")

    def to_bytes(self) -> bytes:
        """Return the one form of this edition that is approved, signed and carried.

        UTF-8 JSON, sorted keys, no spare white space, NFC, dates as ISO 8601. The same edition
        gives the same bytes on any machine, at any time, under any machine locale.
        """
        text = json.dumps(
            self._as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return unicodedata.normalize("NFC", text).encode("utf-8")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Edition:
        """Read what `to_bytes` wrote.

        Raises:
            InvalidValueError: when these are not just the bytes that an edition gives.
        """
        try:
            fields = json.loads(raw)
            edition = cls(
                pack=int(fields["pack"]),
                locale=LocaleCode(fields["locale"]),
                version=int(fields["version"]),
                audience=Audience(fields["audience"]),
                exposure=Exposure(fields["exposure"]),
                title=fields["title"],
                note=fields["note"],
                issued=date.fromisoformat(fields["issued"]),
                review_by=date.fromisoformat(fields["review_by"]),
                articles=tuple(_article_from_json(each) for each in fields["articles"]),
            )
            is_exact = edition.to_bytes() == raw
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InvalidValueError("edition", "these bytes", f"the JSON of {FORMAT}") from error
        if not is_exact:
            raise InvalidValueError("edition", "these bytes", f"exactly the bytes of {FORMAT}")
        return edition

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hex."""
        return sha256(self.to_bytes()).hexdigest()

    def _as_json(self) -> Mapping[str, Any]:
        return {
            "format": FORMAT,
            "pack": self.pack,
            "locale": str(self.locale),
            "version": self.version,
            "audience": str(self.audience),
            "exposure": str(self.exposure),
            "title": self.title,
            "note": self.note,
            "issued": self.issued.isoformat(),
            "review_by": self.review_by.isoformat(),
            "articles": [self._article_as_json(article) for article in self.articles],
        }

    def _article_as_json(self, article: EditionArticle) -> Mapping[str, Any]:
        fields: dict[str, Any] = {
            "number": article.number,
            "title": article.title,
            "summary": article.summary,
            "html": article.html,
            "checked_on": article.checked_on.isoformat(),
            "review_by": article.review_by.isoformat(),
            "time_critical": article.time_critical,
            "cards": [_card_as_json(card) for card in article.cards],
        }
        if self.audience in SOURCES_SHOWN_TO:
            fields["sources"] = [_source_as_json(source) for source in article.sources]
        return fields


def _keeps_its_tags(html: str) -> bool:
    """Whether NFC leaves the tags alone: it joins U+0338, and no other mark, with `<` and `>`."""
    composed = unicodedata.normalize("NFC", html)
    return all(composed.count(sign) == html.count(sign) for sign in "<>")


def _card_as_json(card: Card) -> Mapping[str, Any]:
    lines = [
        {"locale": str(line.locale), "text": line.text, "reading": line.reading}
        for line in card.lines
    ]
    return {"text": card.text, "lines": lines}


def _article_from_json(fields: Mapping[str, Any]) -> EditionArticle:
    return EditionArticle(
        number=int(fields["number"]),
        title=fields["title"],
        summary=fields["summary"],
        html=fields["html"],
        checked_on=date.fromisoformat(fields["checked_on"]),
        review_by=date.fromisoformat(fields["review_by"]),
        time_critical=fields["time_critical"],
        cards=tuple(_card_from_json(card) for card in fields["cards"]),
        sources=tuple(_source_from_json(source) for source in fields.get("sources", ())),
    )


def _card_from_json(fields: Mapping[str, Any]) -> Card:
    lines = (
        CardLine(LocaleCode(line["locale"]), line["text"], line["reading"])
        for line in fields["lines"]
    )
    return Card(fields["text"], tuple(lines))


def _source_from_json(fields: Mapping[str, Any]) -> Source:
    """Read a source; what is left to check of it stands in no edition, only that something is."""
    day = fields["seen_on"]
    return Source(
        fields["title"],
        fields["issuer"],
        fields["address"],
        seen_on=date.fromisoformat(day) if day else None,
        to_check="" if day else "?",
    )


def _source_as_json(source: Source) -> Mapping[str, Any]:
    return {
        "title": source.title,
        "issuer": source.issuer,
        "address": source.address,
        "seen_on": source.seen_on.isoformat() if source.seen_on else None,
    }
