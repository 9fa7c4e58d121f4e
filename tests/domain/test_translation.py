"""What a reader gets of a unit is decided by a table, and what is approved is exactly one pair."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.translation import (
    Change,
    Showing,
    UnitState,
    may_stand_in,
    pair_digest,
    showing,
    stale,
)

T, W, F, N = Showing.TEXT, Showing.WITH_NOTE, Showing.FALLBACK, Showing.NOTHING
TABLE = {
    # state: plain, guarded; the same where a fallback locale has words
    UnitState.APPROVED: (T, T, T, T),
    UnitState.TO_REVIEW: (T, N, T, N),
    UnitState.DRAFT: (N, N, F, F),
    UnitState.MISSING: (N, N, F, F),
    UnitState.UNSAYABLE: (N, N, N, N),
    UnitState.STALE_EDITORIAL: (T, T, T, T),
    UnitState.STALE_MINOR: (W, N, W, N),
    UnitState.STALE_MEANING: (N, N, F, N),
}
EN, RU = LocaleCode("en"), LocaleCode("ru")
KP, KR = LocaleCode("ko_KP"), LocaleCode("ko_KR")


@pytest.mark.parametrize("state", UnitState)
def test_what_a_reader_gets_of_each_state(state: UnitState) -> None:
    cases = [(False, False), (True, False), (False, True), (True, True)]
    got = tuple(
        showing(state, is_guarded=guarded, is_reviewed=True, can_fall_back=fallback)
        for guarded, fallback in cases
    )
    assert got == TABLE[state]


def test_where_nobody_reviews_units_the_gate_alone_stands_before_readers() -> None:
    for guarded, fallback in product([False, True], repeat=2):
        shown = showing(
            UnitState.TO_REVIEW, is_guarded=guarded, is_reviewed=False, can_fall_back=fallback
        )
        assert shown is Showing.TEXT


def test_every_state_says_whether_it_is_stale_and_has_words() -> None:
    assert {state for state in UnitState if state.is_stale} == {stale(each) for each in Change}
    assert {state for state in UnitState if not state.has_text} == {
        UnitState.MISSING,
        UnitState.DRAFT,
        UnitState.UNSAYABLE,
    }


@pytest.mark.parametrize(
    ("fallback", "locale", "may"),
    [(KP, RU, True), (EN, RU, True), (KR, KP, False), (KP, KR, False), (EN, EN, False)],
)
def test_one_korean_never_stands_in_for_the_other(
    fallback: LocaleCode, locale: LocaleCode, *, may: bool
) -> None:
    assert may_stand_in(fallback, locale) is may


@given(
    st.lists(
        st.tuples(st.sampled_from([EN, RU]), st.text(), st.text(), st.text()),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_two_pairs_have_two_names(pairs: list[tuple[LocaleCode, str, str, str]]) -> None:
    one, other = pairs
    assert pair_digest(*one) != pair_digest(*other)
    assert pair_digest(*one) == pair_digest(*one)


def test_words_that_move_from_one_text_to_the_next_make_another_pair() -> None:
    assert pair_digest(EN, "a#b", "가나", "x") != pair_digest(EN, "a#b", "가", "나x")
