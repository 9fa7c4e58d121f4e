from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.authoring.check_corpus import BODY, TODAY, Sample, article_data, edited, pack_data

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.sameness import differences
from bojagi.domain.finding import Severity
from bojagi.domain.limits import ARTICLE_TEXT_BYTES, UNITS_PER_ARTICLE

if TYPE_CHECKING:
    from pathlib import Path

    from bojagi.domain.finding import Finding

NORTHERN = ("worker", "departed")
ALL_RULES = ("sign-off-missing",)


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


MISPLACED = [
    (audience, exposure, shelf)
    for audience, home in (
        ("worker", "a3"),
        ("departed", "a3"),
        ("settled", "d5"),
        ("staff", "d5"),
    )
    for exposure in ("ordinary", "sensitive", "dangerous", "grave")
    for shelf in ("a3", "d5")
    if shelf != home or (shelf == "a3" and exposure != "ordinary") or exposure == "grave"
]


@pytest.mark.parametrize(("audience", "exposure", "shelf"), MISPLACED)
def test_a_pack_its_shelf_does_not_take_is_found(
    audience: str, exposure: str, shelf: str, tmp_path: Path
) -> None:
    pack = edited(pack_data(audience), (("exposure",), exposure), (("shelf",), shelf))
    [finding] = Sample(tmp_path, pack=pack).findings()
    assert (finding.rule, finding.found) == ("shelf-mixed", shelf)
    assert finding.values["why"]
    assert len(MISPLACED) >= 20


@pytest.mark.parametrize(
    ("audience", "locale"),
    [
        ("settled", "ru"),
        ("settled", "zh_Hans"),
        ("settled", "ko_KP"),
        ("settled", "ko_KR"),
        ("staff", "ru"),
        ("staff", "zh_Hans"),
        ("staff", "ko_KP"),
        ("staff", "ko_KR"),
        ("worker", "ko_KP"),
        ("departed", "ko_KP"),
    ],
)
def test_a_catalogue_the_shelf_has_no_use_for_is_found(
    audience: str, locale: str, tmp_path: Path
) -> None:
    made = Sample(tmp_path, pack=pack_data(audience))
    made.translations[locale] = {made.context_of(BODY.strip()): "말"}
    assert "catalogue-locale" in rules_of(made.findings())


SPOTS = ("body", "title", "summary", "card")


def with_hotline(folder: Path, audience: str, spot: str, hotline: str) -> Sample:
    made = Sample(folder, pack=pack_data(audience))
    words = f"물어볼 곳 {{hotline:{hotline}}}"
    line = {"locale": "ru", "text": "Да.", "reading": "다"}
    if spot == "body":
        made.body += f"\n- {words}\n"
    elif spot == "card":
        made.article["cards"] = [{"text": words, "lines": [line]}]
    else:
        made.article[spot] = words
    return made


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("audience", ["worker", "departed", "settled", "staff"])
def test_a_hotline_nobody_has_dialled_is_found_and_a_demo_passes_it(
    audience: str, spot: str, tmp_path: Path
) -> None:
    findings = with_hotline(tmp_path, audience, spot, "silent_line").findings()
    [finding] = [each for each in findings if each.rule == "hotline-never-dialled"]
    assert finding.blocks(demo=False)
    assert not finding.blocks(demo=True)


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("hotline", ["dialled_line", "silent_line"])
@pytest.mark.parametrize("audience", NORTHERN)
def test_any_hotline_in_a_pack_for_workers_is_found(
    audience: str, hotline: str, spot: str, tmp_path: Path
) -> None:
    findings = with_hotline(tmp_path, audience, spot, hotline).findings()
    [finding] = [each for each in findings if each.rule == "hotline-for-workers"]
    assert finding.blocks(demo=True)


@pytest.mark.parametrize("audience", ["settled", "staff"])
def test_a_dialled_hotline_may_stand_where_sources_are_shown(audience: str, tmp_path: Path) -> None:
    assert with_hotline(tmp_path, audience, "body", "dialled_line").findings() == ()


def test_a_public_number_may_stand_in_words_where_sources_are_shown(tmp_path: Path) -> None:
    words = f"{BODY}\n전화 1577-6635 (24시간)나 1577 6635, 1350에 전화하십시오.\n"
    assert Sample(tmp_path, pack=pack_data("settled"), body=words).findings() == ()


def test_a_public_number_may_not_stand_in_words_for_workers(tmp_path: Path) -> None:
    words = f"{BODY}\n전화 1577-6635에 거십시오.\n"
    assert rules_of(Sample(tmp_path, body=words).findings()) == ["phone"]


def test_a_units_file_that_does_not_fit_is_found_and_a_kept_one_is_not(tmp_path: Path) -> None:
    made = Sample(tmp_path)
    assert "units-stale" in rules_of(check_library(made.read(), TODAY))
    made.keep_units()
    assert "units-stale" not in rules_of(check_library(made.read(), TODAY))


def test_a_link_may_lead_to_a_source_of_the_article_and_nowhere_else(tmp_path: Path) -> None:
    article = article_data()
    article["sources"][0]["address"] = "https://example.org/heat/"
    words = f"{BODY}\n[글](https://example.org/heat)과 [다른 글](https://example.org/cold)\n"
    made = Sample(tmp_path, pack=pack_data("settled"), article=article, body=words)
    [finding] = made.findings()
    assert (finding.rule, finding.found) == ("link", "https://example.org/cold")


@pytest.mark.parametrize("audience", NORTHERN)
def test_packs_for_workers_link_not_even_to_their_sources(audience: str, tmp_path: Path) -> None:
    article = article_data()
    article["sources"][0]["address"] = "https://example.org/heat"
    body = "[글](https://example.org/heat)을 보십시오.\n"
    made = Sample(tmp_path, pack=pack_data(audience), article=article, body=body)
    assert rules_of(made.findings()) == ["link"]


@pytest.mark.parametrize("extra", [1, 2, 50, 500, 4000])
@pytest.mark.parametrize("letter", ["가", "я", "a", "水"])
def test_an_article_over_its_weight_is_found(letter: str, extra: int, tmp_path: Path) -> None:
    count = (ARTICLE_TEXT_BYTES + extra) // len(letter.encode()) + 1
    words = " ".join(letter * 10 for _ in range(count // 10 + 1))
    findings = Sample(tmp_path, body=f"{words}\n").findings()
    assert "article-weight" in rules_of(findings)


def test_a_translation_over_the_weight_is_found_in_its_catalogue(tmp_path: Path) -> None:
    made = Sample(tmp_path)
    made.translations["ru"] = {made.context_of(BODY.strip()): "вода " * 700 + "вода"}
    [finding] = made.findings()
    assert (finding.rule, finding.place.file) == (
        "article-weight",
        "i18n/ru/LC_MESSAGES/sample.po",
    )


@pytest.mark.parametrize("over", range(1, 11))
@pytest.mark.parametrize(("field", "limit"), [("title", 40), ("summary", 120)])
def test_a_long_title_or_summary_is_found_in_signs_and_not_in_bytes(
    field: str, limit: int, over: int, tmp_path: Path
) -> None:
    made = Sample(tmp_path)
    made.article[field] = "로" * limit
    assert made.findings() == ()
    made.article[field] = "로" * (limit + over)
    [finding] = made.findings()
    assert (finding.rule, finding.severity) == (f"{field}-length", Severity.WARN)
    assert finding.values["signs"] == str(limit + over)


def test_too_many_passages_are_found(tmp_path: Path) -> None:
    body = "\n".join("- 물" for _ in range(UNITS_PER_ARTICLE)) + "\n"
    assert "unit-count" in rules_of(Sample(tmp_path, body=body).findings())


def test_what_a_catalogue_lacks_or_has_too_much_is_found(tmp_path: Path) -> None:
    made = Sample(tmp_path)
    made.translations["en"] = {made.context_of(BODY.strip()): "Drink water."}
    made.read()
    path = tmp_path / "i18n/en/LC_MESSAGES/sample.po"
    text = path.read_text("utf-8")
    path.write_text(f'{text}\nmsgctxt "sample#zzzzzz"\nmsgid "옛말"\nmsgstr "old"\n', "utf-8")
    made.translations.clear()
    made.body = "물을 더 자주 마십니다.\n"
    made.keep_units()
    path.write_text(path.read_text("utf-8"), "utf-8")
    found = {finding.rule: finding for finding in check_library(made.read(), TODAY)}
    assert found["translation-of-nothing"].severity is Severity.NOTE
    assert found["translation-missing"].severity is Severity.WARN
    assert found["translation-missing"].values["count"].isdecimal()


def test_a_translation_of_an_older_text_is_found(tmp_path: Path) -> None:
    made = Sample(tmp_path)
    made.keep_units()
    made.translations["en"] = {made.context_of(BODY.strip()): "Drink water."}
    made.read()
    made.translations.clear()
    made.body = "물을 더 자주 마시고 그늘에서 쉽니다.\n"
    assert rules_of(made.findings()) == ["translation-stale"]


DIFFERENT = [
    ("물 200미리리터", "200 ml and 3 more"),
    ("하루 4번", "5 times a day"),
    ("10,320원", "10,230 won"),
    ("1.5리터", "15 litres"),
    ("2026년 11월 23일", "23 October 2026"),
    ("2026년 4월 5일", "5 марта 2026 года"),
    ("오후 6시", "7 pm"),
    ("37도에서 40도", "37 degrees"),
    ("제36조", "article 63"),
    ("하루", "1 day"),
    ("8시간", "eight hours"),
    ("1,000원", "1,000 or 2,000 won"),
    ("09:00-18:00", "09:00-17:00"),
    ("사진 4만장", "4,000 photos"),
    ("2천만 원", "2 million won"),
    ("3개월", "3 месяца и 3 дня"),
    ("{fact:wage}원", "{fact:wages} won"),
    ("{fact:wage}원", "10,320 won"),
    ("{fact:wage}원", "{fact:wage} and {fact:wage} won"),
    ("물어볼 곳", "ask {hotline:line}"),
    ("![물](images/a.png)", "![water](images/b.png)"),
    ("![물](images/a.png)", "water"),
    ("물", "![water](images/a.png)"),
    ("[글](https://example.org/a)", "[text](https://example.org/b)"),
    ("[글](https://example.org/a)", "text"),
    ("글", "[text](https://example.org/a)"),
    ("**글**", "text"),
    ("글", "*text*"),
]


@pytest.mark.parametrize(("source", "translation"), DIFFERENT)
def test_a_translation_that_says_other_numbers_or_leads_elsewhere_is_found(
    source: str, translation: str
) -> None:
    assert list(differences(source, translation))


SAME = [
    ("물 200미리리터를 4번", "4 × 200 ml of water"),
    ("10,320원", "10320 won"),
    ("10,320원", "10 320 вон"),
    ("2,156,880원", "2 156 880 вон"),
    ("1.5리터", "1,5 литра"),
    ("사진 4만장", "40,000 photos"),
    ("2천만 원", "20 million won"),
    ("1억 5천만 원", "150 млн вон"),
    ("3만5000원", "35 thousand won"),
    ("쌀 5킬로그램", "5千克大米"),
    ("밑을 1만큼 떼여놓습니다", "1 away"),
    ("2026년 11월 23일", "November 23, 2026"),
    ("2026년 11월 23일", "23 ноября 2026 г."),
    ("2026년 5월 1일부터", "from 1 May 2026"),
    ("2026년 4월에", "in April 2026"),
    ("18시까지", "until 6 p.m."),
    ("18:30까지", "until 6:30 pm"),
    ("9시부터", "from 09:00"),
    ("37도에서 40도", "37–40 °C"),
    ("３７도", "37 degrees"),
    ("높이의 4분의 1", "1/4 of the height"),
    ("**8**시간", "**8** hours"),
    ("{fact:wage_2026}원", "{fact:wage_2026} won"),
    ("5월에 쉴수 있습니다. 2번", "2 times in May, you may rest 5"),
    ("![물 1잔](images/a-1.png)", "![1 glass](images/a-1.png)"),
    ("[글](https://example.org/9)", "[text](https://example.org/9)"),
]


@pytest.mark.parametrize(("source", "translation"), SAME[:-3] + SAME[-2:])
def test_a_translation_that_says_the_same_in_its_own_way_raises_nothing(
    source: str, translation: str
) -> None:
    assert list(differences(source, translation)) == []


def test_a_differing_translation_is_found_at_its_entry(tmp_path: Path) -> None:
    made = Sample(tmp_path, body="물을 200미리리터 마십니다.\n")
    made.translations["en"] = {made.context_of("200"): "Drink 300 ml."}
    [finding] = made.findings()
    assert finding.rule == "translation-differs"
    assert finding.values["what"] == "numbers"
    assert finding.found == "200 / 300"
    assert finding.place.line


@pytest.mark.parametrize(
    "translation",
    [
        *("- water", "# water", "1. water", "> water", "* water", "1) water", "<b>water</b>"),
        *("`water`", "water<br>", "    water", "***", "* * *", "[a]: https://example.org", "~~~"),
        *("+ water", "## water", "### water", "water  ", "~~~ water", "<https://example.org>"),
    ],
)
def test_a_translation_that_would_change_the_page_is_found(
    translation: str, tmp_path: Path
) -> None:
    made = Sample(tmp_path)
    made.translations["en"] = {made.context_of(BODY.strip()): translation}
    assert "translation-shape" in rules_of(made.findings())
