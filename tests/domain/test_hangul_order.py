from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bojagi.domain.hangul.order import (
    DIGIT_INDEX,
    KP_FINALS,
    KP_INDEX_LETTERS,
    KP_INITIALS,
    KP_VOWELS,
    KR_INDEX_LETTERS,
    LATIN_INDEX,
    OTHER_INDEX,
    kp_index_letter,
    kp_sort_key,
    kr_index_letter,
    kr_sort_key,
)
from bojagi.domain.hangul.syllables import FINALS, INITIALS, SYLLABLE_COUNT, VOWELS

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/hangul/order.json").read_text(encoding="utf-8")
)
SYLLABLES = [chr(0xAC00 + offset) for offset in range(SYLLABLE_COUNT)]
NORTH = "가방 각 갂 개 나라 로동 례 자다 하늘 까치 쓰다 짜다 아이 야 어 애 외국 위 의사 왜"
SOUTH = "가방 각 갂 개 까치 나라 례 로동 쓰다 아이 애 야 어 왜 외국 위 의사 자다 짜다 하늘"


def test_the_reference_list_sorts_as_in_each_dictionary() -> None:
    words = NORTH.split()
    shuffled = random.Random(0).sample(words, len(words))  # noqa: S311 - a shuffle, no secret
    assert " ".join(sorted(shuffled, key=kp_sort_key)) == NORTH
    assert " ".join(sorted(shuffled, key=kr_sort_key)) == SOUTH


@pytest.mark.parametrize("row", VECTORS["lists"], ids=lambda row: row["about"])
def test_lists_sort_as_in_the_shared_vectors(row: dict[str, list[str]]) -> None:
    assert sorted(row["ko_KR"], key=kp_sort_key) == row["ko_KP"]
    assert sorted(row["ko_KP"], key=kr_sort_key) == row["ko_KR"]


@pytest.mark.parametrize("row", VECTORS["letters"])
def test_texts_stand_under_the_button_of_the_shared_vectors(row: dict[str, str]) -> None:
    assert kp_index_letter(row["text"]) == row["ko_KP"]
    assert kr_index_letter(row["text"]) == row["ko_KR"]


def test_the_northern_letters_are_the_southern_ones_in_another_order() -> None:
    assert sorted(KP_INITIALS) == sorted(INITIALS)
    assert sorted(KP_VOWELS) == sorted(VOWELS)
    assert sorted(KP_FINALS) == sorted(FINALS)


def test_there_are_nineteen_buttons_in_the_north_and_fourteen_in_the_south() -> None:
    assert "".join(KP_INDEX_LETTERS) == "ㄱㄴㄷㄹㅁㅂㅅㅈㅊㅋㅌㅍㅎㄲㄸㅃㅆㅉㅇ"
    assert "".join(KR_INDEX_LETTERS) == "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"


def test_southern_order_is_code_point_order_and_northern_order_separates_all_syllables() -> None:
    assert sorted(SYLLABLES, key=kr_sort_key) == SYLLABLES
    assert len({kp_sort_key(char)[0] for char in SYLLABLES}) == SYLLABLE_COUNT


@example(["1", "《 B"])
@given(st.lists(st.text(alphabet=st.sampled_from([*SYLLABLES, *"ㄱㅏ 1aB《》й"]))))
def test_a_sorted_list_keeps_the_texts_of_a_button_together(texts: list[str]) -> None:
    for sort_key, letter, letters in (
        (kp_sort_key, kp_index_letter, KP_INDEX_LETTERS),
        (kr_sort_key, kr_index_letter, KR_INDEX_LETTERS),
    ):
        buttons = (DIGIT_INDEX, LATIN_INDEX, *letters, OTHER_INDEX)
        places = [
            buttons.index(letter(text))
            for text in sorted(texts, key=sort_key)
            if text.strip(" 《》")
        ]
        assert places == sorted(places)


@given(st.text(), st.text())
def test_two_texts_share_a_place_only_when_they_are_the_same_text(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (kp_sort_key(one) == kp_sort_key(other)) == same
    assert (kr_sort_key(one) == kr_sort_key(other)) == same
    assert (kp_sort_key(one) < kp_sort_key(other)) + (kp_sort_key(other) < kp_sort_key(one)) <= 1


@given(st.text(alphabet=st.sampled_from(SYLLABLES)))
def test_decomposed_text_stands_where_composed_text_does(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert kp_sort_key(decomposed) == kp_sort_key(text)
    assert kr_index_letter(decomposed) == kr_index_letter(text)


def test_letter_case_decides_only_between_texts_otherwise_the_same() -> None:
    assert sorted(["usb나", "USB가", "Usb다"], key=kp_sort_key) == ["USB가", "usb나", "Usb다"]
