from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date
from typing import Any

import pytest
from tests.domain.examples import FACT, HOTLINE, SOURCE

from bojagi.domain.sources import Source
from bojagi.errors import InvalidValueError


def test_a_source_was_either_read_or_is_still_to_check() -> None:
    assert SOURCE.is_checked
    open_question = Source("임금 규정", "로동국", to_check="다섯명보다 적은 곳에도 적용되는지")
    assert not open_question.is_checked


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, "a title and an issuer"),
        ({"title": " \u3000"}, "a title and an issuer"),
        ({"issuer": ""}, "a title and an issuer"),
        ({"issuer": "\t"}, "a title and an issuer"),
        ({"seen_on": None}, "either seen_on (a day) or to_check (what to look up)"),
        ({"seen_on": None, "to_check": " "}, "either seen_on (a day) or to_check"),
        ({"to_check": "이자가 붙는 때"}, "either seen_on (a day) or to_check"),
    ],
)
def test_a_source_nobody_could_find_again_is_refused(
    changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        replace(SOURCE, **changes)
    assert caught.value.what == "source"
    assert expected in caught.value.expected


@pytest.mark.parametrize("value", [0, 10320, "112", "다섯명"])
def test_a_fact_may_be_a_number_or_words(value: int | str) -> None:
    assert replace(FACT, value=value).value == value


@pytest.mark.parametrize("value", ["", "  ", "\u3000"])
def test_a_fact_without_a_value_is_refused(value: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        replace(FACT, value=value)
    assert (caught.value.what, caught.value.value) == ("fact", FACT.id)


@pytest.mark.parametrize("review_by", [date(2026, 11, 23), date(2026, 11, 22), date.min])
def test_a_fact_is_reviewed_after_its_source_was_seen(review_by: date) -> None:
    with pytest.raises(InvalidValueError, match="a day after 2026-11-23") as caught:
        replace(FACT, review_by=review_by)
    assert (caught.value.what, caught.value.value) == ("review_by", review_by.isoformat())


def test_a_fact_whose_source_is_to_check_may_be_reviewed_any_day() -> None:
    source = replace(SOURCE, seen_on=None, to_check="올해의 금액")
    assert replace(FACT, source=source, review_by=date.min).review_by == date.min


@pytest.mark.parametrize("number", ["112", "1350", "+82 2-123-4567", "8 800 100", "+7-495-0"])
def test_a_number_one_can_dial_is_a_hotline(number: str) -> None:
    assert replace(HOTLINE, number=number).number == number


@pytest.mark.parametrize(
    "number", ["", "+", "-", "전화", "112#", "1１2", "8+2", "++82", "112\n", "1.1.2", "١١٢", "²"]
)
def test_what_nobody_can_dial_is_refused(number: str) -> None:
    with pytest.raises(InvalidValueError, match="digits, spaces, '-' and a leading") as caught:
        replace(HOTLINE, number=number)
    assert (caught.value.what, caught.value.value) == ("hotline", number)


@pytest.mark.parametrize("thing", [SOURCE, FACT, HOTLINE])
def test_what_was_right_when_it_was_made_stays_so(thing: object) -> None:
    with pytest.raises(FrozenInstanceError):
        thing.source = None  # type: ignore[attr-defined]
