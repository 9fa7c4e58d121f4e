from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.examples import ARTICLE, CARD, CHECKED_ON, FACT, PACK, UNITS

from bojagi.domain import limits
from bojagi.domain.exposure import Audience
from bojagi.domain.identifiers import ArticleId, LocaleCode, UnitId
from bojagi.domain.locales import EN, KO_KP, KO_KR
from bojagi.domain.pack import Article, Card, CardLine, Pack, ReviewClass, Unit, UnitKind
from bojagi.errors import InvalidValueError


def refusal(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidValueError) as caught:
        make()
    return caught.value.what, caught.value.expected


def other_article(number: int, name: str, **changes: Any) -> Article:  # noqa: ANN401
    return replace(ARTICLE, number=number, id=ArticleId(name), **changes)


@pytest.mark.parametrize(
    ("changes", "what", "expected"),
    [
        ({"number": 0}, "article number", "1-99"),
        ({"number": 100}, "article number", "1-99"),
        ({"number": -1}, "article number", "1-99"),
        ({"title": ""}, "title", "words"),
        ({"title": " \u3000\n"}, "title", "words"),
        ({"summary": " "}, "summary", "words"),
        ({"body": "\n\n"}, "body", "words"),
        ({"jurisdictions": ()}, "jurisdictions", "at least one, or 'any'"),
        ({"cards": (CARD,) * 41}, "number of cards", "at most 40"),
        ({"units": (*UNITS, UNITS[2])}, "unit id", "each unit id once"),
    ],
)
def test_an_article_that_can_not_stand_is_refused(
    changes: dict[str, Any], what: str, expected: str
) -> None:
    assert refusal(lambda: replace(ARTICLE, **changes)) == (what, expected)


@pytest.mark.parametrize(
    ("review_class", "days"),
    [(ReviewClass.PROCEDURE, 90), (ReviewClass.STATUTE, 365), (ReviewClass.GUIDANCE, 365)],
)
def test_a_check_holds_no_longer_than_its_class_allows(
    review_class: ReviewClass, days: int
) -> None:
    latest = CHECKED_ON + timedelta(days=days)
    assert replace(ARTICLE, review_class=review_class, review_by=latest).review_by == latest
    for wrong in (latest + timedelta(days=1), CHECKED_ON, CHECKED_ON - timedelta(days=1)):
        what, expected = refusal(
            lambda day=wrong: replace(ARTICLE, review_class=review_class, review_by=day)  # type: ignore[misc]
        )
        assert what == "review_by"
        assert expected == (
            f"a day after checked_on and, for {review_class}, not after {latest.isoformat()}"
        )


@given(st.dates(), st.dates(), st.sampled_from(ReviewClass))
def test_any_two_days_make_an_article_or_a_refusal(
    checked_on: date, review_by: date, review_class: ReviewClass
) -> None:
    days = (review_by - checked_on).days
    changes: dict[str, Any] = {
        "checked_on": checked_on,
        "review_by": review_by,
        "review_class": review_class,
    }
    if 0 < days <= limits.REVIEW_DAYS[review_class]:
        assert replace(ARTICLE, **changes).review_by == review_by
    else:
        assert refusal(lambda: replace(ARTICLE, **changes))[0] == "review_by"


def test_a_check_on_the_last_day_of_the_calendar_is_refused_without_a_crash() -> None:
    changes: dict[str, Any] = {"checked_on": date.max, "review_by": date.max}
    assert refusal(lambda: replace(ARTICLE, **changes))[0] == "review_by"


@pytest.mark.parametrize(
    ("text", "lines", "what"),
    [
        ("", CARD.lines, "card"),
        ("\u3000", CARD.lines, "card"),
        ("배가 아픕니다", (), "card"),
        ("배가 아픕니다", CARD.lines * 2, "card line"),
    ],
)
def test_a_card_says_one_thing_once_in_each_language(
    text: str, lines: tuple[CardLine, ...], what: str
) -> None:
    assert refusal(lambda: Card(text, lines))[0] == what


@pytest.mark.parametrize(
    ("changes", "what", "expected"),
    [
        ({"number": 0}, "pack number", "1-99"),
        ({"number": 100}, "pack number", "1-99"),
        ({"version": 0}, "version", "1 or more"),
        ({"title": " "}, "title", "words"),
        ({"articles": ()}, "articles", "at least one article"),
        ({"jurisdictions": ()}, "jurisdictions", "at least one, or 'any'"),
        ({"articles": (ARTICLE, ARTICLE)}, "article id", "each article id once"),
        (
            {"articles": (ARTICLE, other_article(1, "heat"))},
            "article number",
            "each article number once",
        ),
        (
            {"articles": (ARTICLE, replace(ARTICLE, number=2))},
            "article id",
            "each article id once",
        ),
    ],
)
def test_a_pack_that_can_not_stand_is_refused(
    changes: dict[str, Any], what: str, expected: str
) -> None:
    assert refusal(lambda: replace(PACK, **changes)) == (what, expected)


@pytest.mark.parametrize(
    ("audience", "korean"),
    [
        (Audience.WORKER, KO_KP),
        (Audience.DEPARTED, KO_KP),
        (Audience.SETTLED, KO_KR),
        (Audience.STAFF, KO_KR),
    ],
)
def test_a_pack_is_written_in_no_other_korean_than_its_readers(
    audience: Audience, korean: str
) -> None:
    for locale in (KO_KP, KO_KR, EN):
        changes: dict[str, Any] = {"audience": audience, "source_locale": locale}
        if locale == korean:
            assert replace(PACK, **changes).source_locale == korean
        else:
            what, expected = refusal(lambda changes=changes: replace(PACK, **changes))  # type: ignore[misc]
            assert what == "source_locale"
            assert expected == f"{korean} for packs written for {audience} readers"


def test_a_pack_is_due_when_the_first_of_its_parts_is() -> None:
    early = other_article(2, "heat", review_by=date(2026, 12, 1))
    assert PACK.review_by == FACT.review_by == date(2026, 12, 31)
    assert replace(PACK, articles=(ARTICLE, early)).review_by == date(2026, 12, 1)
    assert replace(PACK, facts={}).review_by == ARTICLE.review_by


def test_the_pictures_of_a_pack_stay_out_of_its_printed_form() -> None:
    secret = b"\x89PNG of somebody's own drawing"
    pack = replace(PACK, images={"images/ladder.png": secret})
    assert "drawing" not in repr(pack)
    assert pack.images["images/ladder.png"] == secret


def test_packs_of_the_same_parts_are_equal() -> None:
    assert Pack(**{name: getattr(PACK, name) for name in PACK.__dataclass_fields__}) == PACK
    assert Unit(UnitId("title"), UnitKind.TITLE, "추위") == UNITS[0]


def test_a_card_line_holds_no_placeholder() -> None:
    with pytest.raises(InvalidValueError) as raised:
        CardLine(LocaleCode("ru"), "Стоит {fact:price}", "스또이뜨")
    assert raised.value.what == "card line"
