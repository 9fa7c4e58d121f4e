from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.identifiers import (
    ArticleId,
    FactId,
    Identifier,
    Jurisdiction,
    LocaleCode,
    PackId,
    ShelfCode,
    UnitId,
)
from bojagi.domain.locales import EN, KO_KP, KO_KR, Locale
from bojagi.errors import BojagiError, InvalidValueError

KINDS: list[type[Identifier]] = [
    PackId,
    ArticleId,
    UnitId,
    FactId,
    ShelfCode,
    LocaleCode,
    Jurisdiction,
]
GOOD: dict[type[Identifier], list[str]] = {
    PackId: ["pay", "site-safety", "a1-2", "a" * 40],
    ArticleId: ["cold", "minimum-wage", "w2026"],
    UnitId: ["title", "summary", "abc234", "777777"],
    FactId: ["a", "minimum_wage_2026", "a" * 40],
    ShelfCode: ["a3", "d5", "z999"],
    LocaleCode: ["ko_KP", "ko_KR", "en", "ru", "zh_Hans", "zh_Hans_CN", "kok"],
    Jurisdiction: ["any", "KR", "RU"],
}
BAD: dict[type[Identifier], list[str]] = {
    PackId: ["", "-pay", "pay-", "pay--day", "Pay", "1pay", "a" * 41, "pay day", "임금", "../pay"],
    ArticleId: ["", "cold/heat", "cold.md", "추위", "cold_heat"],
    UnitId: ["", "note", "Title", "abc23", "abc2345", "abc018", "titel"],
    FactId: ["", "_a", "a_", "2026", "a-b", "a" * 41, "시급", "a b"],
    ShelfCode: ["", "a", "a1234", "A3", "3a", "worker", "a３"],
    LocaleCode: ["", "ko-KP", "KO_KP", "ko_kp", "ko_", "zh_hans", "e", "korean", "ko_KP.UTF-8"],
    Jurisdiction: ["", "kr", "KOR", "ANY", "K1", "한국"],
}
GOOD_CASES = [(kind, text) for kind, texts in GOOD.items() for text in texts]
BAD_CASES = [(kind, text) for kind, texts in BAD.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), GOOD_CASES)
def test_a_well_formed_name_is_the_string_it_was_made_of(kind: type[Identifier], text: str) -> None:
    assert kind(text) == text
    assert isinstance(kind(text), str)
    assert {kind(text): 1}[kind(text)] == 1


@pytest.mark.parametrize(("kind", "text"), BAD_CASES)
def test_an_ill_formed_name_is_refused_with_what_was_expected(
    kind: type[Identifier], text: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        kind(text)
    assert (caught.value.what, caught.value.value) == (kind.what, text)
    assert caught.value.expected == kind.expected
    assert str(caught.value) == f"{text!r} is not a valid {kind.what}; expected {kind.expected}"
    assert isinstance(caught.value, BojagiError)


@pytest.mark.parametrize(("kind", "text"), GOOD_CASES)
@pytest.mark.parametrize("tail", ["\n", " ", "\0", "\u200b", "\u0301"])
def test_nothing_can_ride_behind_a_name(kind: type[Identifier], text: str, tail: str) -> None:
    for disguised in (text + tail, tail + text):
        with pytest.raises(InvalidValueError):
            kind(disguised)


@given(st.sampled_from(KINDS), st.text(max_size=45))
def test_a_name_that_exists_is_plain_ascii_and_normal(kind: type[Identifier], text: str) -> None:
    try:
        name = kind(text)
    except InvalidValueError:
        return
    assert name.isascii()
    assert name == unicodedata.normalize("NFC", name) == name.strip()
    assert not set(name) & set("/\\.:%?#")


@given(st.sampled_from(KINDS), st.data())
def test_every_name_its_pattern_describes_can_be_made(
    kind: type[Identifier], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(kind.pattern, fullmatch=True))
    assert kind(text) == text


def test_only_the_two_koreans_are_korean() -> None:
    korean = [code for code in GOOD[LocaleCode] if LocaleCode(code).is_korean]
    assert korean == ["ko_KP", "ko_KR"]
    assert (KO_KP, KO_KR, EN) == ("ko_KP", "ko_KR", "en")


def test_both_koreans_carry_the_same_language_tag_on_a_page() -> None:
    north, south = Locale(KO_KP, "조선말", "ko"), Locale(KO_KR, "한국어", "ko")
    assert north != south
    assert north.language_tag == south.language_tag
