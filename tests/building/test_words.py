"""How each locale writes times, countries and lists; the northern standard by its sources."""

from __future__ import annotations

import csv
from datetime import time

import pytest
from tests.making import PROJECT

from bojagi.authoring.library import read_program_words
from bojagi.building.words import _KP_COUNTRIES, Words
from bojagi.domain.identifiers import Jurisdiction, LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR
from bojagi.errors import UntranslatedError

LOCALES, _ = read_program_words(PROJECT)


def words(code: str) -> Words:
    return Words(LOCALES[LocaleCode(code)], {})


@pytest.mark.parametrize("code", sorted(LOCALES))
def test_a_time_of_day_is_written_by_24_hours(code: str) -> None:
    assert words(code).clock(time(14, 5)) == "14:05"
    assert words(code).clock(time(0, 0)) == "00:00"


def test_countries_are_called_what_each_standard_calls_them() -> None:
    russia = Jurisdiction("RU")
    names = {code: words(code).country(russia) for code in LOCALES}
    assert names == {
        "ko_KP": "로씨야",
        "ko_KR": "러시아",
        "en": "Russia",
        "ru": "Россия",
        "zh_Hans": "俄罗斯",
    }


def test_a_country_nobody_has_named_in_the_northern_standard_is_not_named_in_the_southern() -> None:
    for code in ("KR", "JP", "any"):
        with pytest.raises(UntranslatedError):
            words(KO_KP).country(Jurisdiction(code))


def test_each_northern_name_stands_in_the_glossary_with_its_evidence() -> None:
    with (PROJECT / "i18n/glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["ko_KP"]: row for row in csv.DictReader(file)}
    for code, name in _KP_COUNTRIES.items():
        if code != "KP":  # CLDR's own
            assert rows[name]["evidence"]
            assert rows[name]["ko_KR"] == words(KO_KR).country(Jurisdiction(code))


def test_lists_are_in_the_order_of_each_standard_s_dictionaries() -> None:
    names = ["하늘", "아이", "까치", "나라", "가방"]
    assert words(KO_KR).in_order(names) == ["가방", "까치", "나라", "아이", "하늘"]
    assert words(KO_KP).in_order(names) == ["가방", "나라", "하늘", "까치", "아이"]
