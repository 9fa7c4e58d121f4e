from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.hangul.syllables import (
    FINALS,
    INITIALS,
    SYLLABLE_COUNT,
    VOWELS,
    count_graphemes,
    graphemes,
    has_final,
    initial_consonants,
    is_nfc,
    is_syllable,
    join_syllable,
    split_syllable,
    to_nfc,
)
from bojagi.errors import InvalidValueError

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/hangul/initials.json").read_text(encoding="utf-8")
)
ALL_SYLLABLES = [chr(0xAC00 + offset) for offset in range(SYLLABLE_COUNT)]


def test_every_syllable_comes_back_from_its_letters() -> None:
    assert SYLLABLE_COUNT == 11_172
    assert [join_syllable(*split_syllable(char)) for char in ALL_SYLLABLES] == ALL_SYLLABLES


def test_every_syllable_splits_the_same_when_decomposed() -> None:
    for char in ALL_SYLLABLES:
        assert split_syllable(unicodedata.normalize("NFD", char)) == split_syllable(char)


def test_a_syllable_splits_into_the_letters_one_sees() -> None:
    initial, vowel, final = split_syllable("뷁")
    assert (INITIALS[initial], VOWELS[vowel], FINALS[final]) == ("ㅂ", "ㅞ", "ㄺ")


@pytest.mark.parametrize("char", ["", "a", "ㄱ", "ㅏ", "勞", "로동", "3", "\u1105", "\ud7a4"])
def test_what_is_not_one_syllable_is_refused(char: str) -> None:
    assert not is_syllable(char)
    with pytest.raises(InvalidValueError, match="Hangul syllable"):
        split_syllable(char)
    with pytest.raises(InvalidValueError):
        has_final(char)


@pytest.mark.parametrize("place", [(19, 0, 0), (0, 21, 0), (0, 0, 28), (-1, 0, 0), (0, 0, -1)])
def test_letters_outside_their_lists_are_refused(place: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        join_syllable(*place)
    assert caught.value.value == place


def test_a_final_is_seen_in_composed_and_decomposed_syllables() -> None:
    assert has_final("동")
    assert has_final(unicodedata.normalize("NFD", "동"))
    assert not has_final("로")


def test_composing_makes_one_character_of_each_syllable() -> None:
    decomposed = unicodedata.normalize("NFD", "손전화기")
    assert (len(decomposed), len(to_nfc(decomposed))) == (10, 4)
    assert not is_nfc(decomposed)
    assert is_nfc("손전화기")


def test_typed_consonants_are_never_composed_with_typed_vowels() -> None:
    assert to_nfc("ㄱㅏ") == "ㄱㅏ"


def test_a_reader_counts_the_same_signs_composed_or_not() -> None:
    assert count_graphemes("로동") == count_graphemes(unicodedata.normalize("NFD", "로동")) == 2
    assert graphemes("👨‍👩‍👧가") == ["👨‍👩‍👧", "가"]


@given(st.text(alphabet=st.sampled_from([*ALL_SYLLABLES, *INITIALS, *" a1《》"])))
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize("row", VECTORS["plain"])
def test_initial_consonants_follow_the_shared_vectors(row: dict[str, str]) -> None:
    assert initial_consonants(row["text"]) == row["initials"]


@given(st.text(alphabet=st.sampled_from(ALL_SYLLABLES)))
def test_initial_consonants_are_one_for_each_syllable_composed_or_not(text: str) -> None:
    initials = initial_consonants(text)
    assert len(initials) == len(text)
    assert initial_consonants(unicodedata.normalize("NFD", text)) == initials
