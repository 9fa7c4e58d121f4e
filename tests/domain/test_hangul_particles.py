from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.hangul.particles import PARTICLE_PAIRS, final_sound, with_particle
from bojagi.domain.hangul.syllables import FINALS, SYLLABLE_COUNT, has_final
from bojagi.errors import InvalidValueError

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/hangul/particles.json").read_text(encoding="utf-8")
)
syllables = st.integers(0, SYLLABLE_COUNT - 1).map(lambda offset: chr(0xAC00 + offset))
READINGS = "영일이삼사오륙칠팔구"


@pytest.mark.parametrize("row", VECTORS["vectors"])
def test_words_take_the_particle_of_the_shared_vectors(row: dict[str, str]) -> None:
    assert with_particle(row["word"], row["pair"]) == row["result"]


@pytest.mark.parametrize("pair", ["는/은", "은", "", "에/에게", "로/으로"])
def test_an_unknown_pair_is_refused_with_the_known_ones_named(pair: str) -> None:
    with pytest.raises(InvalidValueError, match="은/는, 이/가") as caught:
        with_particle("로동", pair)
    assert caught.value.value == pair


@given(syllables, st.sampled_from(PARTICLE_PAIRS))
def test_a_syllable_takes_the_form_its_final_asks_for(char: str, pair: str) -> None:
    after_consonant, after_vowel = pair.split("/")
    is_consonant = has_final(char) and not (pair == "으로/로" and final_sound(char) == "ㄹ")
    assert with_particle(char, pair) == char + (after_consonant if is_consonant else after_vowel)


@given(syllables, st.sampled_from(PARTICLE_PAIRS))
def test_a_decomposed_word_comes_back_composed_with_its_particle(char: str, pair: str) -> None:
    decomposed = unicodedata.normalize("NFD", char)
    assert with_particle(decomposed, pair) == with_particle(char, pair)


@given(syllables, st.text(alphabet="》〉”’)]}」』≫>\"'", max_size=4))
def test_closing_marks_are_looked_through(char: str, marks: str) -> None:
    assert final_sound(char + marks) == final_sound(char)


@given(st.integers(0, 10**15 - 1))
def test_a_number_ends_in_the_sound_of_its_reading(number: int) -> None:
    assert final_sound(str(number)) == final_of_reading(number)
    assert final_sound(f"{number:,}") == final_of_reading(number)


def final_of_reading(number: int) -> str:
    reading = read_aloud(number)
    return FINALS[(ord(reading[-1]) - 0xAC00) % 28]


def read_aloud(number: int) -> str:
    """Read a number in Sino-Korean, the long way round: each group of four digits and its unit."""
    if number == 0:
        return READINGS[0]
    groups = []
    for unit in ("", "만", "억", "조"):
        number, group = divmod(number, 10_000)
        digits = [
            ("" if digit == 1 and name else READINGS[digit]) + name
            for digit, name in zip(
                (int(sign) for sign in f"{group:04}"), ("천", "백", "십", ""), strict=True
            )
            if digit
        ]
        if digits:
            groups.append("".join(digits) + unit)
    return "".join(reversed(groups))


@given(st.text(max_size=8), st.sampled_from(PARTICLE_PAIRS))
def test_any_text_takes_some_particle(text: str, pair: str) -> None:
    assert len(with_particle(text, pair)) > len(unicodedata.normalize("NFC", text))
