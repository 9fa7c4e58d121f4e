from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.hangul.fold import initial_key, search_fold, search_initials
from bojagi.domain.hangul.fold_pairs import LOANWORD_PAIRS, SPELLING_PAIRS, WORD_START_PAIRS
from bojagi.domain.hangul.syllables import SYLLABLE_COUNT, initial_consonants

VECTOR_FOLDER = Path(__file__).parents[1] / "vectors/hangul"
VECTORS: dict[str, Any] = json.loads((VECTOR_FOLDER / "fold.json").read_text(encoding="utf-8"))
INITIAL_VECTORS: dict[str, Any] = json.loads(
    (VECTOR_FOLDER / "initials.json").read_text(encoding="utf-8")
)

PAIRS = (*WORD_START_PAIRS, *SPELLING_PAIRS, *LOANWORD_PAIRS)
FORMS = sorted({form for pair in PAIRS for form in pair})
SYLLABLES = [chr(0xAC00 + offset) for offset in range(SYLLABLE_COUNT)]

UNPAIRED = sorted(set(SYLLABLES) - set("".join(FORMS)) - set("하되"))

unpaired = st.text(st.sampled_from(UNPAIRED))
words = st.builds(
    "".join, st.tuples(unpaired, st.sampled_from(FORMS), unpaired | st.sampled_from("aZ9ㄱㅏ"))
)


@pytest.mark.parametrize("row", VECTORS["same"])
def test_the_same_word_in_the_two_koreans_has_one_key(row: dict[str, str]) -> None:
    assert search_fold(row["ko_KR"]) == row["key"]
    assert search_fold(row["ko_KP"]) == row["key"]


@pytest.mark.parametrize("row", VECTORS["same"])
def test_a_word_of_either_korean_is_found_when_typed_decomposed(row: dict[str, str]) -> None:
    assert search_fold(unicodedata.normalize("NFD", row["ko_KP"])) == row["key"]


@pytest.mark.parametrize("row", VECTORS["same"])
def test_the_same_word_has_one_key_of_initials(row: dict[str, str]) -> None:
    assert search_initials(row["ko_KR"]) == search_initials(row["ko_KP"])


@pytest.mark.parametrize("row", VECTORS["one"])
def test_a_text_has_the_key_of_the_shared_vectors(row: dict[str, str]) -> None:
    assert search_fold(row["text"]) == row["key"]


@pytest.mark.parametrize("row", VECTORS["inside"])
def test_a_query_is_found_inside_a_text_of_the_other_korean(row: dict[str, str]) -> None:
    assert search_fold(row["query"]) in search_fold(row["text"])


@pytest.mark.parametrize("row", INITIAL_VECTORS["keys"])
def test_initials_have_the_key_of_the_shared_vectors(row: dict[str, str]) -> None:
    assert search_initials(row["text"]) == row["key"]


@pytest.mark.parametrize(("north", "south"), PAIRS)
def test_every_pair_of_the_table_merges(north: str, south: str) -> None:
    assert search_fold(north) == search_fold(south)


def test_no_form_stands_on_both_sides_of_the_table() -> None:
    replaced = {n for n, _ in LOANWORD_PAIRS} | {s for _, s in SPELLING_PAIRS}
    kept = {s for _, s in LOANWORD_PAIRS} | {n for n, _ in SPELLING_PAIRS}
    assert not replaced & kept
    assert len(PAIRS) == len(set(PAIRS))


@given(words)
def test_folding_the_key_of_a_word_again_changes_nothing(word: str) -> None:
    key = search_fold(word)
    assert search_fold(key) == key


def test_no_two_words_of_the_table_make_a_third_when_joined() -> None:
    for one in FORMS:
        for other in FORMS:
            key = search_fold(one + other)
            assert search_fold(key) == key, one + other


@given(st.lists(words))
def test_spaces_and_marks_leave_only_the_keys_of_the_words(several: list[str]) -> None:
    joined = "".join(search_fold(word) for word in several)
    assert search_fold(" ".join(several)) == joined
    assert search_fold("》, 《".join(several)) == joined


@given(words)
def test_composed_and_decomposed_text_have_one_key(word: str) -> None:
    assert search_fold(unicodedata.normalize("NFD", word)) == search_fold(word)


@given(st.text())
def test_any_text_has_a_composed_key_without_spaces(text: str) -> None:
    key = search_fold(text)
    assert unicodedata.is_normalized("NFC", key)
    assert not any(char.isspace() for char in key)


@given(unpaired)
def test_initials_typed_as_seen_have_the_key_of_the_text(text: str) -> None:
    typed = initial_consonants(text)
    assert search_initials(typed) == search_initials(text) == initial_key(typed)


def test_a_lone_rieul_of_the_north_finds_what_the_south_writes_without_it() -> None:
    assert search_initials("ㄹㄷㄱㅇ") == search_initials("노동계약") == search_initials("로동계약")
    assert search_initials("ㄹㅎ") == search_initials("여행") == search_initials("려행")


def test_tense_initials_may_be_typed_plain() -> None:
    assert search_initials("ㅂㅅ") == search_initials("뻐스") == search_initials("버스")
