"""The two Koreans are told apart, and what is drafted from one to the other is marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.authoring.check_corpus import Sample, pack_data, sample_saying
from tests.authoring.origin_corpus import AIMED_AT, DIRECTIONS, measured, pairs
from tests.authoring.phrase_corpus import clean_paragraphs
from tests.stories.measured import MEASURED

from bojagi.authoring.origin.drafting import OPEN, draft
from bojagi.authoring.origin.forms import forms_foreign_to
from bojagi.authoring.origin.words import Kind, northern_words, southern_words
from bojagi.domain.hangul.initial_sounds import southern_initial
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

if TYPE_CHECKING:
    from pathlib import Path

LEAST_PRECISION = 0.95
LEAST_RECALL = 0.9
TEXTS = st.text(
    st.sampled_from("노동여성되었어요할 수 있다“”·숫자 버스를한국 님세요.\n⟦→⟧{fact:a}**")
)


def test_there_are_three_hundred_pairs_that_nobody_looked_at() -> None:
    assert sum(not pair.is_seen for pair in pairs()) >= 300
    assert len({pair.south.text for pair in pairs()}) == len(pairs())


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_pairs_that_nobody_looked_at_are_told_apart(
    locale: LocaleCode, record_property: Callable[[str, object], None]
) -> None:
    for is_seen, name in ((True, "seen"), (False, "unseen")):
        counts = measured(locale, is_seen=is_seen)
        for kind, count in counts.by_kind.items():
            share = count.found / count.all
            line = f"  {locale} {name:6} {kind:22} {count.found}/{count.all} {share:.2f}"
            record_property(MEASURED, line)
        record_property(MEASURED, f"  {locale} {name:6} precision {counts.precision:.3f}")
    unseen = measured(locale, is_seen=False)
    assert unseen.precision >= LEAST_PRECISION
    if locale == KO_KP:
        aimed = [unseen.by_kind[kind] for kind in AIMED_AT]
        found, there = sum(each.found for each in aimed), sum(each.all for each in aimed)
        assert found / there >= LEAST_RECALL


def test_clean_paragraphs_of_either_korean_raise_hardly_anything() -> None:
    paragraphs = [each for each in clean_paragraphs() if each.locale in DIRECTIONS]
    alarmed = [
        each.words for each in paragraphs if forms_foreign_to(LocaleCode(each.locale), each.words)
    ]
    assert len(alarmed) <= 0.05 * len(paragraphs), alarmed


@pytest.mark.parametrize(
    ("words", "rule", "found"),
    [
        ("노동 시간을 적으십시오.", "southern-spelling", "노동"),
        ("단체여행을 갑니다.", "southern-spelling", "여행"),
        ("날이 되었습니다.", "southern-spelling", "되었"),
        ("숫자를 셉니다.", "southern-spelling", "숫자"),
        ("환율을 봅니다.", "southern-spelling", "환율"),
        ("버스를 탑니다.", "southern-word", "버스"),
        ("정착금을 받습니다.", "southern-institution", "정착금"),
        ("한국에 있습니다.", "banned-word", "한국"),
        ("말할 수 있습니다.", "southern-spacing", "말할 수"),
        ("“쉬는 날”입니다.", "southern-marks", "“"),
        ("천천히 쉬세요.", "southern-ending", "세요"),
        ("일을 했습니다.", "southern-short-form", "했"),
        ("⟦노력→로력⟧을 합니다.", "draft-mark", "⟦노력→로력⟧"),
    ],
)
def test_a_southern_form_in_a_pack_for_workers_is_found_where_it_stands(
    tmp_path: Path, words: str, rule: str, found: str
) -> None:
    findings = sample_saying(tmp_path, "ko_KP", words).findings()
    [mine] = [each for each in findings if each.rule == rule]
    assert mine.found == found
    text = (tmp_path / mine.place.file).read_text("utf-8").splitlines()[mine.place.line - 1]
    shown = "할 수" if rule == "southern-spacing" else found
    assert text[mine.place.column - 1 :].startswith(shown)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("로동 시간을 적으십시오.", "northern-spelling"),
        ("손전화기를 켭니다.", "northern-word"),
        ("말할수 있습니다.", "northern-spacing"),
        ("《쉬는 날》입니다.", "northern-marks"),
    ],
)
def test_a_northern_form_in_a_southern_pack_is_found(tmp_path: Path, words: str, rule: str) -> None:
    findings = sample_saying(tmp_path, "ko_KR", words).findings()
    assert rule in {each.rule for each in findings}


def test_a_northern_word_that_is_explained_as_one_is_no_finding(tmp_path: Path) -> None:
    words = "계좌는 은행에 돈을 맡기는 자리로, 북쪽의 돈자리입니다."
    assert sample_saying(tmp_path, "ko_KR", words).findings() == ()


def test_a_translation_into_the_other_korean_is_read_too(tmp_path: Path) -> None:
    sample = Sample(tmp_path, pack=pack_data("worker"))
    context = sample.context_of("물을")
    sample.translations["ko_KR"] = {context: "물을 자주 마시고 로동을 쉽니다."}
    assert "northern-spelling" in {each.rule for each in sample.findings()}


def test_no_word_is_of_both_koreans() -> None:
    spelled = {form: word for form, word in southern_words().items() if word.kind is Kind.SPELLING}
    assert not set(spelled) & set(northern_words())
    assert all(word.form != word.instead for word in southern_words().values())


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("로동", "노동"),
        ("리용", "이용"),
        ("녀성", "여성"),
        ("례절", "예절"),
        ("뢰물", "뇌물"),
        ("강", "강"),
        ("", ""),
    ],
)
def test_the_south_s_first_sound_follows_from_the_north_s(north: str, south: str) -> None:
    assert southern_initial(north) == south


def test_a_draft_puts_in_what_is_sure_and_marks_the_rest() -> None:
    made = draft("노동자는 임금을 제때에 받을 수 있습니다. 앱을 어떻게 했죠?", KO_KP)
    assert made.text.startswith("로동자는 로임을 제때에 받을수 있습니다.")
    assert f"{OPEN}했죠→" in made.text
    assert made.text.count(OPEN) == made.unsure == 1
    back = draft("로동자는 려권을 제때에 받을수 있습니다.", KO_KR)
    assert (back.text, back.unsure) == ("노동자는 여권을 제때에 받을 수 있습니다.", 0)


def test_the_particle_after_a_drafted_word_fits_it() -> None:
    assert draft("계좌를 냅니다.", KO_KP).text == "돈자리를 냅니다."
    assert draft("불법이 됩니다.", KO_KP).text == "비법이 됩니다."
    assert draft("법원은 큽니다.", KO_KP).text == "재판소는 큽니다."


@given(TEXTS)
def test_a_draft_loses_nothing_that_it_does_not_name(text: str) -> None:
    for locale in DIRECTIONS:
        made = draft(text, locale)
        assert made.unsure == made.text.count(OPEN) - text.count(OPEN)
        if not made.changed and not made.unsure:
            assert made.text == text


def test_other_locales_have_no_forms() -> None:
    assert forms_foreign_to(LocaleCode("en"), "노동 할 수 있다") == []
