"""The programs' own words: there in every locale that needs them, and no southern form in ko_KP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.making import PROJECT

from bojagi.authoring.checks.rules import RULES
from bojagi.authoring.library import read_program_words
from bojagi.building import pages
from bojagi.building.words import Words
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, KO_KP, Locale
from bojagi.services.interface_words import is_of_pages, words_used

SOUTHERN = re.compile(
    r"""
    오빠|자기야|여보|아가씨|[가-힣]님(?![가-힣])|[가-힣]님[이은을께의과](?![가-힣])   # 1 address
    | 세요|거든요|잖아요|네요|[가-힣]죠|더라고요|게요|까요|어요|아요|해요|ㅋ    # 2 endings
    | 한국|남한|대한민국|북한|북측|탈북|북향민|새터민|한반도|한글|남북           # 3 names
    | 스마트폰|앱|컴퓨터|인터넷|메시지|파일|클릭|스트레스|트라우마|케어|케이스   # 4 loans
    | (?<![가-힣])팁|체크|미션|멘탈|힐링|서비스|이벤트|오케이|[파화]이팅|다이어트
    | 페이지|링크|다운로드
    | (?<![가-힣])(?:노동|여성|이용|내일|연락)|숫자|횟수|되어|돼|우리나라       # 5 spelling
    | [가-힣][ ]수[ ]?[있없]|[는은을일할][ ]것|[“”·]
    | \+82|010|1577|\.kr|₩|kakao|카카오|naver|네이버                          # 6 marks
    | 수령|장군|괴뢰|원쑤|김일성|김정                                         # 8 too much
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Of `reference/ko_kp_language.md`, section 4.2, by its numbers."""


LOCALES, INTERFACE = read_program_words(PROJECT)
USED = words_used(PROJECT)
ON_PAGES = {words for words, files in USED.items() if any(map(is_of_pages, files))}


def words_of(locale: LocaleCode) -> dict[str, str]:
    return dict(INTERFACE.get(locale, {}))


def test_the_extraction_finds_words_in_code_templates_and_rules() -> None:
    assert {"Leave", "List", "There is no such page.", "Sources", "yes", "block"} <= USED.keys()
    assert RULES["phone"].words in USED
    assert len(USED) > 300
    assert 20 < len(ON_PAGES) < 60


def test_the_templates_of_reading_pages_are_all_counted() -> None:
    folder = Path(str(pages.__file__)).parent / "templates"
    names = {f"building/templates/{path.name}" for path in folder.glob("*.html")}
    assert {name for name in names if not is_of_pages(name)} == {"building/templates/library.html"}


@pytest.mark.parametrize("code", sorted(LOCALES))
def test_a_locale_has_every_word_it_needs(code: LocaleCode) -> None:
    needed = set(USED) if LOCALES[code].has_all_words else ON_PAGES
    there = set(USED) if code == EN else words_of(code).keys()
    assert sorted(needed - there) == []


def test_english_is_what_stands_in_the_code() -> None:
    translations = words_of(EN)
    assert all(source == text for source, text in translations.items())
    words = Words(Locale(EN, "English", "en"), translations)
    assert all(words(message) == message for message in USED)


@pytest.mark.parametrize("message", sorted(words_of(KO_KP)))
def test_no_word_in_ko_kp_has_a_southern_form(message: str) -> None:
    text = words_of(KO_KP)[message]
    assert SOUTHERN.findall(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "누르세요.", "파일을 여시오.", "읽을 수 있습니다.", "하는 것", "노동자", "이 페이지",
        "사장님", "선생님이", "한국말", "숫자", "그게 되어", "돼요", "“글”", "가·나", "010-1234",
    ],
)  # fmt: skip
def test_the_search_for_southern_forms_finds_them(text: str) -> None:
    assert SOUTHERN.search(text)


@pytest.mark.parametrize(
    "text",
    ["읽을수 있습니다.", "하는것", "로동자", "이 페지", "수자", "읽은 다음 닫으십시오.", "《글》"],
)
def test_the_search_for_southern_forms_lets_northern_ones_be(text: str) -> None:
    assert not SOUTHERN.search(text)
