"""Translations by API: unit by unit, approved by a second person, in the words of who asks."""

from __future__ import annotations

import pytest
from tests.making import WARM_EN
from tests.web.studio import AUTHOR, REVIEWER, TRANSLATOR, StudioUnderTest

UNITS = "/packs/warm/translations/en/units"


def test_a_second_person_compares_two_texts_and_approves_the_pair(studio: StudioUnderTest) -> None:
    translator, reviewer = studio.as_(TRANSLATOR), studio.as_(REVIEWER)
    text = translator.get(f"/documents/{WARM_EN}")["text"]
    translator.save(WARM_EN, text.replace('"words f"', '"Wear a hat."'))
    units = {each["text"]: each for each in reviewer.get(f"{UNITS}?page_size=100")}
    hat = units["Wear a hat."]
    assert hat["source"] == hat["made_from"] == "헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오."
    assert (hat["state"], hat["shown"]) == ("to review", "text")

    own = translator.ask("POST", f"{UNITS}/approvals", {"units": [hat["unit"]]})
    assert own.status_code == 403
    wrong = reviewer.ask("POST", f"{UNITS}/approvals", {"units": ["cold#aaaaaa"]})
    assert wrong.status_code == 422
    assert studio.as_(AUTHOR).ask("POST", f"{UNITS}/approvals", {"units": []}).status_code == 403
    given = reviewer.post(f"{UNITS}/approvals", {"units": [hat["unit"]]})
    assert given == {"units": [hat["unit"]]}
    rest = reviewer.post(f"{UNITS}/approvals", {"units": []})["units"]
    assert len(rest) == len(units) - 1
    states = {each["state"] for each in reviewer.get(f"{UNITS}?page_size=100")}
    assert states == {"approved"}


@pytest.mark.parametrize(
    "path",
    [
        "/packs/warm/translations/ko_KP/units",
        "/packs/warm/translations/xx/units",
        "/packs/warm/translations/..%2f/units",
        "/packs/nothing/translations/en/units",
    ],
)
def test_what_is_not_there_is_said_and_no_failure(shared: StudioUnderTest, path: str) -> None:
    assert shared.as_(REVIEWER).ask("GET", path).status_code in {404, 422}


@pytest.mark.parametrize(
    ("wanted", "is_korean"),
    [
        ("ko-KR", True),
        ("ko", True),
        ("ko;q=0.9, en;q=0.8", True),
        ("ko-KP", False),
        ("ko_KP", False),
        ("ko-KP, ko;q=0.5", False),
        ("en-GB, ko", False),
        ("zh-CN", False),
        ("", False),
        ("*", False),
        ("\x7f;;q=nan,,;q=9e999", False),
        ("ko-" + "x" * 3000, False),
    ],
)
def test_whatever_language_is_asked_for_no_northern_reader_gets_southern_words(
    shared: StudioUnderTest, wanted: str, *, is_korean: bool
) -> None:
    answer = shared.as_(REVIEWER).ask("GET", "/findings?page_size=1", Accept_Language=wanted)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    words = answer.json[0]["words"]
    assert any("가" <= char <= "힣" for char in words.partition(":")[0]) == is_korean, words
