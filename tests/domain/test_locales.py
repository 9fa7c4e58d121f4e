"""Who asks for one Korean never gets the other, and rubbish is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN, KO_KP, KO_KR, negotiate

RU, ZH = LocaleCode("ru"), LocaleCode("zh_Hans")
ALL = (KO_KP, KO_KR, EN, RU, ZH)


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        (["ko-KP"], ALL, KO_KP),
        (["ko_KP"], ALL, KO_KP),
        (["ko-KP"], (KO_KR, EN), None),
        (["ko-KP", "en"], (KO_KR, EN), EN),
        (["ko-KP", "ko", "en"], (KO_KR, EN), EN),
        (["ko", "ko-KP"], (KO_KR, KO_KP), KO_KP),
        (["ko-kr"], (KO_KP, EN), None),
        (["KO-KR"], ALL, KO_KR),
        (["ko"], ALL, KO_KP),
        (["ko"], (EN, KO_KR), KO_KR),
        (["ko-Kore-KP"], (KO_KR, KO_KP), KO_KP),
        (["zh-CN"], ALL, ZH),
        (["zh"], ALL, ZH),
        (["zh-Hans-SG"], ALL, ZH),
        (["zh-TW"], ALL, None),
        (["zh-Hant"], ALL, None),
        (["en-GB"], ALL, EN),
        (["ru-RU", "ko-KP"], ALL, RU),
        (["*"], ALL, None),
        (["", "ko-KP-x-private", "\x00", "🙂", "en" * 4000, "i-klingon"], ALL, None),
        ([], ALL, None),
    ],
)
def test_what_somebody_gets_who_asks(
    wanted: list[str], offered: tuple[LocaleCode, ...], expected: LocaleCode | None
) -> None:
    assert negotiate(wanted, offered) == expected


@given(st.lists(st.text() | st.sampled_from(["ko-KP", "ko_KP", "zh-CN", "ko"])))
def test_nothing_that_is_asked_for_is_an_error(wanted: list[str]) -> None:
    found = negotiate(wanted, ALL)
    assert found is None or found in ALL


@given(st.lists(st.sampled_from(["ko-KP", "ko_KP", "ko", "ru", "*"]), min_size=1))
def test_no_northern_reader_gets_southern_words(wanted: list[str]) -> None:
    assert negotiate([*wanted, "ko-KP"], (KO_KR, EN, RU)) != KO_KR
