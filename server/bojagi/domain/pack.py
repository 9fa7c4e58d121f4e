"""A pack, its articles and their units: what authors write, before any locale is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bojagi.domain import limits
from bojagi.domain.exposure import SOURCE_LOCALES, Audience, Exposure
from bojagi.domain.identifiers import (
    ArticleId,
    FactId,
    Jurisdiction,
    LocaleCode,
    PackId,
    ShelfCode,
    UnitId,
)
from bojagi.domain.sources import Fact, Source
from bojagi.domain.translation import may_stand_in
from bojagi.errors import InvalidValueError


class UnitKind(StrEnum):
    """What a unit is on the page; translators see it."""

    TITLE = "title"
    SUMMARY = "summary"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    NOTICE = "notice"
    CELL = "cell"
    CARD = "card"


@dataclass(frozen=True)
class Unit:
    """The smallest thing translated."""

    id: UnitId
    kind: UnitKind
    text: str


@dataclass(frozen=True)
class CardLine:
    """One line of a card in the language of the person it is shown to.

    Attributes:
        reading: how it sounds, roughly, written in Hangul.
    """

    locale: LocaleCode
    text: str
    reading: str

    def __post_init__(self) -> None:
        """Refuse placeholders: facts are written in the reader's way, not the other person's."""
        _require("{" not in self.text, "card line", self.text, "words without placeholders")


@dataclass(frozen=True)
class Card:
    """A phrase to hold out to somebody: the reader's words and the other person's."""

    text: str
    lines: tuple[CardLine, ...]

    def __post_init__(self) -> None:
        """Refuse a card that says nothing, or says it twice in one language."""
        if not self.text.strip() or not self.lines:
            raise InvalidValueError("card", self.text, "a text and at least one line")
        _refuse_repeats("card line", (line.locale for line in self.lines))


class ReviewClass(StrEnum):
    """How fast the statements of an article go stale (`limits.REVIEW_DAYS`)."""

    PROCEDURE = "procedure"
    STATUTE = "statute"
    GUIDANCE = "guidance"


@dataclass(frozen=True)
class Article:
    """One short page.

    Attributes:
        number: its place in addresses, for ever.
        body: CommonMark, LF line ends, NFC.
        units: every unit in reading order: title, summary, passages of the body, card texts.
    """

    id: ArticleId
    number: int
    title: str
    summary: str
    body: str
    sources: tuple[Source, ...]
    checked_on: date
    review_by: date
    review_class: ReviewClass
    jurisdictions: tuple[Jurisdiction, ...]
    time_critical: bool = False
    cards: tuple[Card, ...] = ()
    units: tuple[Unit, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an article that can't stand: no words, no place, a review out of its class."""
        _require(
            1 <= self.number <= limits.ARTICLES_PER_PACK, "article number", self.number, "1-99"
        )
        _require(bool(self.title.strip()), "title", self.title, "words")
        _require(bool(self.summary.strip()), "summary", self.summary, "words")
        _require(bool(self.body.strip()), "body", self.body, "words")
        _require(bool(self.jurisdictions), "jurisdictions", "", "at least one, or 'any'")
        _require(
            len(self.cards) <= limits.CARDS_PER_ARTICLE,
            "number of cards",
            len(self.cards),
            f"at most {limits.CARDS_PER_ARTICLE}",
        )
        days = min(limits.REVIEW_DAYS[self.review_class], (date.max - self.checked_on).days)
        latest = self.checked_on + timedelta(days=days)
        _require(
            self.checked_on < self.review_by <= latest,
            "review_by",
            self.review_by.isoformat(),
            f"a day after checked_on and, for {self.review_class}, not after {latest.isoformat()}",
        )
        _refuse_repeats("unit id", (unit.id for unit in self.units))


class SignOff(StrEnum):
    """Who must approve a pack before real use, besides the second person every text needs."""

    SAFETY = "safety"
    SUBJECT = "subject"
    CLINICIAN = "clinician"
    LABOUR_LAWYER = "labour_lawyer"
    NORTHERN_READER = "northern_reader"
    RUSSIAN_READER = "russian_reader"
    CHINESE_READER = "chinese_reader"


@dataclass(frozen=True)
class Pack:
    """Articles on one topic for one audience.

    Attributes:
        number: unique on its shelf; never used again.
        version: raised with every release; `issued` is the day of this version.
        articles: in the order readers see.
        images: the pictures its articles name, as their authors left them, by file name.
        fallbacks: locale to the locale whose text, marked, may stand where one is missing.
    """

    id: PackId
    number: int
    version: int
    issued: date
    title: str
    source_locale: LocaleCode
    audience: Audience
    exposure: Exposure
    shelf: ShelfCode
    jurisdictions: tuple[Jurisdiction, ...]
    licence: str
    publisher: str
    sign_offs: tuple[SignOff, ...]
    articles: tuple[Article, ...]
    facts: Mapping[FactId, Fact] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    fallbacks: Mapping[LocaleCode, LocaleCode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a pack in the wrong Korean, without articles, or with two of one name."""
        _require(1 <= self.number <= limits.PACKS_PER_SHELF, "pack number", self.number, "1-99")
        _require(self.version >= 1, "version", self.version, "1 or more")
        _require(bool(self.title.strip()), "title", self.title, "words")
        _require(bool(self.articles), "articles", "", "at least one article")
        _require(bool(self.jurisdictions), "jurisdictions", "", "at least one, or 'any'")
        _require(
            self.source_locale == SOURCE_LOCALES[self.audience],
            "source_locale",
            self.source_locale,
            f"{SOURCE_LOCALES[self.audience]} for packs written for {self.audience} readers",
        )
        for locale, fallback in self.fallbacks.items():
            _require(
                may_stand_in(fallback, locale) and locale != self.source_locale,
                "fallbacks",
                f"{locale}: {fallback}",
                "a translation's locale and another one, never one Korean for the other",
            )
        _refuse_repeats("article id", (article.id for article in self.articles))
        _refuse_repeats("article number", (article.number for article in self.articles))

    @property
    def needed_sign_offs(self) -> tuple[SignOff, ...]:
        """Whose approval a real release needs: for safety always, for readers a northern one's."""
        needed = dict.fromkeys((SignOff.SAFETY, *self.sign_offs))
        if self.audience is not Audience.STAFF:
            needed |= dict.fromkeys((SignOff.NORTHERN_READER,))
        return tuple(needed)

    @property
    def review_by(self) -> date:
        """The first day on which something in the pack is to be checked again."""
        return min(
            *(article.review_by for article in self.articles),
            *(fact.review_by for fact in self.facts.values()),
            date.max,
        )


def _require(holds: bool, what: str, value: object, expected: str) -> None:  # noqa: FBT001
    if not holds:
        raise InvalidValueError(what, value, expected)


def _refuse_repeats(what: str, values: Iterable[object]) -> None:
    for value, times in Counter(values).items():
        _require(times == 1, what, value, f"each {what} once")
