from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.examples import PACK, SHELF

from bojagi.domain.exposure import Audience, Exposure
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, KO_KP, KO_KR
from bojagi.domain.shelf import LOCALE_STEP
from bojagi.errors import InvalidValueError


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"audiences": ()}, "at least one audience and one locale"),
        ({"locales": ()}, "at least one audience and one locale"),
        ({"locales": (KO_KP, EN, KO_KP)}, "each locale once"),
        ({"ceiling": Exposure.DANGEROUS}, "sealed: true above sensitive and for staff"),
        ({"ceiling": Exposure.GRAVE}, "sealed: true above sensitive and for staff"),
        ({"audiences": (Audience.STAFF,)}, "sealed: true above sensitive and for staff"),
        (
            {"audiences": (Audience.WORKER, Audience.STAFF)},
            "sealed: true above sensitive and for staff",
        ),
    ],
)
def test_a_shelf_that_would_harm_is_refused(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        replace(SHELF, **changes)
    assert (caught.value.what, caught.value.value) == ("shelf", "a3")
    assert caught.value.expected == expected


@pytest.mark.parametrize("ceiling", Exposure)
@pytest.mark.parametrize("audience", Audience)
def test_any_shelf_may_be_sealed(audience: Audience, ceiling: Exposure) -> None:
    shelf = replace(SHELF, audiences=(audience,), ceiling=ceiling, sealed=True)
    assert shelf.sealed


@pytest.mark.parametrize("ceiling", [Exposure.ORDINARY, Exposure.SENSITIVE])
def test_up_to_sensitive_a_shelf_for_readers_may_be_open(ceiling: Exposure) -> None:
    assert not replace(SHELF, ceiling=ceiling).sealed


@pytest.mark.parametrize(
    ("changes", "takes"),
    [
        ({}, True),
        ({"exposure": Exposure.SENSITIVE}, False),
        ({"exposure": Exposure.GRAVE}, False),
        ({"audience": Audience.DEPARTED}, False),
        ({"audience": Audience.SETTLED, "source_locale": KO_KR}, False),
    ],
)
def test_a_shelf_takes_its_audience_up_to_its_ceiling(
    changes: dict[str, Any],
    takes: bool,  # noqa: FBT001 - what the row of the table expects
) -> None:
    assert SHELF.takes(replace(PACK, **changes)) is takes


def test_a_shelf_takes_no_pack_whose_own_locale_it_lacks() -> None:
    assert not replace(SHELF, locales=(EN,)).takes(PACK)


def test_edition_numbers_are_the_packs_own_and_a_hundred_more_for_each_locale() -> None:
    assert [SHELF.edition_number(7, locale) for locale in (KO_KP, EN)] == [7, 107]
    longer = replace(SHELF, locales=(*SHELF.locales, LocaleCode("ru")))
    assert [longer.edition_number(7, locale) for locale in SHELF.locales] == [7, 107]


@given(
    st.tuples(st.integers(1, 99), st.integers(0, 3)),
    st.tuples(st.integers(1, 99), st.integers(0, 3)),
)
def test_two_editions_never_share_a_number(one: tuple[int, int], other: tuple[int, int]) -> None:
    locales = (KO_KP, EN, LocaleCode("ru"), LocaleCode("zh_Hans"))
    shelf = replace(SHELF, locales=locales)
    numbers = [shelf.edition_number(pack, locales[place]) for pack, place in (one, other)]
    assert (numbers[0] == numbers[1]) == (one == other)
    assert [number % LOCALE_STEP for number in numbers] == [one[0], other[0]]


def test_a_locale_that_is_not_on_the_shelf_has_no_number() -> None:
    with pytest.raises(InvalidValueError, match="expected ko_KP, en") as caught:
        SHELF.edition_number(1, KO_KR)
    assert (caught.value.what, caught.value.value) == ("locale of the shelf", "ko_KR")
