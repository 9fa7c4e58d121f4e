"""The programs' own words: there in every locale that needs them, and no southern form in ko_KP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from tests.making import PROJECT

from bojagi.authoring.library import read_library
from bojagi.building import edition, notes, pages, shelf_pages, withdrawal_words
from bojagi.building.words import Words
from bojagi.domain.exposure import SOURCE_LOCALES
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, KO_KP, KO_KR, Locale

READER_TEMPLATES = (
    "page", "shelf", "edition", "note", "article", "file", "message", "withdrawn", "_parts", "out",
)  # fmt: skip

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


NOT_IN_KO_KP = {
    notes._FOR_AUDIENCE[audience]  # noqa: SLF001 - the table that is tested
    for audience, locale in SOURCE_LOCALES.items()
    if locale != KO_KP
}
"""The notes of packs for people in the South, which are written in ko_KR."""


def sources() -> Iterator[tuple[str, Path]]:
    """Yield every file the catalogues are made from, with its method, as `i18n/babel.cfg` says."""
    parser = ConfigParser()
    parser.read(PROJECT / "i18n/babel.cfg", "utf-8")
    for section in parser.sections():
        method, _, pattern = section.partition(":")
        for path in sorted(PROJECT.glob(pattern.strip().replace("**.", "**/*."))):
            yield method.strip(), path


@cache
def messages(method: str, path: Path) -> frozenset[str]:
    found = extract_from_file(
        method, path, keywords={"words": None, "mark": None}, options={"silent": "false"}
    )
    return frozenset(str(message) for _, message, _, _ in found)


def used() -> set[str]:
    return {message for method, path in sources() for message in messages(method, path)}


def used_by_readers() -> set[str]:
    templates = Path(str(pages.__file__)).parent / "templates"
    found: set[str] = {*pages.ERRORS.values(), shelf_pages.WITHDRAWN}
    found |= set(withdrawal_words.TO_SAY.values())
    for name in READER_TEMPLATES:
        found |= messages("jinja2", templates / f"{name}.html")
    for module in (notes, edition):
        found |= messages("python", Path(str(module.__file__)))
    return found - NOT_IN_KO_KP


def words_of(locale: LocaleCode) -> dict[str, str]:
    return dict(read_library(PROJECT).interface.get(locale, {}))


def test_the_extraction_finds_words_in_code_and_templates() -> None:
    found = used()
    assert {"Leave", "List", "There is no such page.", "Sources", "yes"} <= found
    assert len(found) > 60
    assert len(used_by_readers()) > 20


def test_the_templates_of_reading_pages_are_all_counted() -> None:
    folder = Path(str(pages.__file__)).parent / "templates"
    assert {path.stem for path in folder.glob("*.html")} == {*READER_TEMPLATES, "library"}


def test_every_word_of_the_programs_is_there_in_ko_kr() -> None:
    assert sorted(used() - words_of(KO_KR).keys()) == []


def test_every_word_readers_meet_is_there_in_ko_kp() -> None:
    assert sorted(used_by_readers() - words_of(KO_KP).keys()) == []


def test_english_is_what_stands_in_the_code() -> None:
    translations = words_of(EN)
    assert all(source == text for source, text in translations.items())
    words = Words(Locale(EN, "English", "en"), translations)
    assert all(words(message) == message for message in used())


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
