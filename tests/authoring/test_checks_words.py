from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.authoring.check_corpus import (
    BODY,
    CORPUS,
    HOTLINES,
    PACK,
    TODAY,
    Sample,
    article_data,
    pack_data,
)

from bojagi.authoring.checks.checking import check_library, check_stretch
from bojagi.authoring.checks.folding import fold, squashed
from bojagi.authoring.checks.rule import StretchKind, Surroundings
from bojagi.authoring.checks.rules import FRAGMENTS, RULES
from bojagi.authoring.checks.stretches import make_stretch, resolve, stretches_of
from bojagi.authoring.checks.wording import blind_spot, sentence, to_do
from bojagi.authoring.library import Library
from bojagi.domain.finding import Finding, Place, Severity
from bojagi.domain.identifiers import LocaleCode, PackId

if TYPE_CHECKING:
    from pathlib import Path

    from bojagi.authoring.checks.rule import Rule

RULE_LIST = list(RULES.values())
FIXED_SYNTAX = {path.stem for path in (CORPUS / "planted").iterdir()}
VALUE = re.compile(r"\{(\w+)\}")
SURROUNDINGS = Surroundings(Library(), TODAY)


def found_in(words: str, locale: str = "ko_KP") -> list[Finding]:
    place = Place("content_packs/sample/01-sample.md", 1, 1)
    stretch = make_stretch(StretchKind.PASSAGE, LocaleCode(locale), words, (place,))
    return list(check_stretch(stretch, SURROUNDINGS))


@pytest.mark.parametrize("rule", RULE_LIST, ids=lambda rule: rule.id)
def test_a_rule_speaks_in_whole_sentences(rule: Rule) -> None:
    assert rule.to_do.endswith(".")
    assert rule.blind_spot.endswith(".")
    assert "{found}" in rule.words
    assert rule.example
    assert not rule.needs_waiver or rule.severity is Severity.WARN
    assert rule.severity in set(Severity)
    assert not rule.demo_allows or rule.severity is Severity.BLOCK


def test_every_planted_file_belongs_to_a_rule() -> None:
    assert set(RULES) > FIXED_SYNTAX


def test_a_sentence_is_in_the_words_of_its_locale_and_holds_what_was_found() -> None:
    finding = RULES["title-length"].at(Place("a", 1), "제목", signs="50", limit="40")
    words = {
        RULES["title-length"].words: "제목이 {limit}자보다 긴 {signs}자입니다: {found}",
        RULES["title-length"].to_do: "더 짧게 씁니다.",
        RULES["title-length"].blind_spot: "글자의 너비.",
    }
    assert sentence(finding, words) == "제목이 40자보다 긴 50자입니다: 제목"
    assert to_do(finding, words) == "더 짧게 씁니다."
    assert blind_spot(finding, words) == "글자의 너비."
    assert sentence(finding, {}).startswith("The title has 50 signs")


def test_what_a_rule_puts_into_its_sentence_is_translated_too() -> None:
    finding = RULES["translation-differs"].at(Place("a", 1), "8 / -", what="numbers")
    words = {
        RULES["translation-differs"].words: "번역의 {what}가 원문과 다릅니다: {found}",
        "numbers": "숫자",
    }
    assert sentence(finding, words) == "번역의 숫자가 원문과 다릅니다: 8 / -"
    assert "numbers" in FRAGMENTS


def test_what_was_found_is_never_taken_for_a_pattern() -> None:
    finding = RULES["phone"].at(Place("a", 1), "{limit} {found} {0.__class__}")
    assert sentence(finding, {}) == "A telephone number: {limit} {found} {0.__class__}"


def test_a_translation_that_loses_what_was_found_is_not_used() -> None:
    finding = RULES["phone"].at(Place("a", 1), "191-000-0000")
    assert "191-000-0000" in sentence(finding, {RULES["phone"].words: "전화번호가 있습니다."})


def test_what_cannot_be_read_is_a_finding_and_hides_nothing_else(tmp_path: Path) -> None:
    made = Sample(tmp_path, body="191-000-0000에 거십시오.\n")
    made.extra["content_packs/broken/pack.yaml"] = b"id: [\n"
    rules = [finding.rule for finding in made.findings()]
    assert "unreadable" in rules
    assert "phone" in rules


def test_findings_come_in_the_order_of_their_places(tmp_path: Path) -> None:
    made = Sample(tmp_path, body=f"{BODY}\nhelp@example.com\n\n191-000-0000\n\n{BODY}")
    found = check_library(made.read(), TODAY)
    assert [finding.place for finding in found] == sorted(finding.place for finding in found)


def test_a_place_leads_to_the_very_character(tmp_path: Path) -> None:
    body = "물을 마십니다.\n\n- 그늘\n- 반장 191-000-0000에게\n  말하십시오, help@example.com\n"
    made = Sample(tmp_path, body=body)
    made.article["summary"] = "묻는 곳 192-000-0000"
    for finding in made.findings():
        lines = (tmp_path / finding.place.file).read_text("utf-8").split("\n")
        at = finding.place.column - 1
        line = lines[finding.place.line - 1]
        assert line[at : at + len(finding.found)] == finding.found
    assert [finding.rule for finding in made.findings()] == ["phone", "phone", "email"]


def test_what_markup_hides_is_found_once_and_at_its_line(tmp_path: Path) -> None:
    made = Sample(tmp_path, body=f"{BODY}\n{BODY.strip()}\n0**10**-0000-0000\n")
    [finding] = made.findings()
    assert finding.rule == "phone"
    assert finding.place.line == article_lines(tmp_path).index("0**10**-0000-0000") + 1


def article_lines(folder: Path) -> list[str]:
    path = folder / "content_packs" / PACK / "01-sample.md"
    return path.read_text("utf-8").split("\n")


HIDDEN = [
    "0**10**-0000-0000", "&#48;10-0000-0000", "&#x30;10-0000-0000", r"010\-0000\-0000",
    "*010*-0000-*0000*", "__010__-0000-0000", "![010-0000-0000](images/a.png)",
    "[010](https://example.com)-0000-0000", "010&ndash;0000&ndash;0000", "010&nbsp;0000&nbsp;0000",
    "010-\n0000-0000", "010\\\n0000-0000", "0\u200b1\u200b0-0000-0000", "010\u00ad0000\u00ad0000",
    "０１０－００００－００００", "𝟎𝟏𝟎-𝟎𝟎𝟎𝟎-𝟎𝟎𝟎𝟎", "٠١٠-٠٠٠٠-٠٠٠٠", "०१०-००००-००००",
    "⓪①⓪-⓪⓪⓪⓪-⓪⓪⓪⓪",
    "0️⃣1️⃣0️⃣-0000-0000", "⁰¹⁰-⁰⁰⁰⁰-⁰⁰⁰⁰", "010ㅡ0000ㅡ0000", "010·0000·0000",
    "010—0000—0000",
    "010・0000・0000", "0 1 0 0 0 0 0 0 0 0 0",
]  # fmt: skip


@pytest.mark.parametrize("words", HIDDEN)
def test_no_way_of_writing_hides_a_number(words: str) -> None:
    assert "phone" in {finding.rule for finding in found_in(f"반장에게 {words}로 거시오.")}


@pytest.mark.parametrize("spot", ["title", "summary", "pack", "card", "reading", "line", "fact"])
def test_every_place_a_reader_sees_is_searched(spot: str, tmp_path: Path) -> None:
    made = Sample(tmp_path)
    words = "반장 191-000-0000"
    line = {"locale": "ru", "text": "Да.", "reading": "다"}
    if spot == "pack":
        made.pack["title"] = words
    elif spot == "card":
        made.article["cards"] = [{"text": words, "lines": [line]}]
    elif spot in {"reading", "line"}:
        field = "reading" if spot == "reading" else "text"
        made.article["cards"] = [{"text": "보시오.", "lines": [{**line, field: words}]}]
    elif spot == "fact":
        source = {"title": "글", "issuer": "곳"}
        made.facts = {"who": {"value": words, "unit": "-", "source": source}}
        made.facts["who"] |= {"seen_on": "2026-11-01", "review_by": "2027-01-01"}
        made.body = "{fact:who}\n"
    else:
        made.article[spot] = words
    assert "phone" in {finding.rule for finding in made.findings()}


@pytest.mark.parametrize("audience", ["worker", "departed", "settled", "staff"])
def test_sources_are_searched_where_readers_see_them(audience: str, tmp_path: Path) -> None:
    article = article_data()
    article["sources"][0]["title"] = "반장 191-000-0000의 말, 전화 109를 알리는 example.com의 글"
    made = Sample(tmp_path, pack=pack_data(audience), article=article)
    shown = audience in {"settled", "staff"}
    assert [finding.rule for finding in made.findings()] == (["phone"] if shown else [])


def test_what_hotlines_are_for_is_searched(tmp_path: Path) -> None:
    made = Sample(tmp_path, hotlines=HOTLINES.replace("정착을 돕는 곳", "help@example.com"))
    assert {finding.rule for finding in made.findings()} == {"email"}


def test_a_number_made_of_words_and_a_fact_is_found(tmp_path: Path) -> None:
    made = Sample(tmp_path, body="반장에게 191-{fact:tail}로 거시오.\n")
    source = {"title": "글", "issuer": "곳"}
    made.facts = {"tail": {"value": "000-0000", "unit": "-", "source": source}}
    made.facts["tail"] |= {"seen_on": "2026-11-01", "review_by": "2027-01-01"}
    assert "phone" in {finding.rule for finding in made.findings()}


DIGITS = st.sampled_from([0x30, 0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
GAPS = st.sampled_from(["", "-", " ", ".", "–", "－", "·", "\u200b", "\u00a0", "- ", " - "])


@given(
    number=st.from_regex(r"(010[0-9]{8}|19[1235][0-9]{7}|89[0-9]{9}|13[0-9]{9})", fullmatch=True),
    zero=DIGITS,
    gap=GAPS,
    before=st.sampled_from(["", "전화 ", "전화", "звоните ", "请打", "(", "☎ "]),
    after=st.sampled_from(["", "로", "에게", ".", "。", ")", " или", "号"]),
)
def test_a_mobile_number_is_found_in_any_digits_and_between_any_gaps(
    number: str, zero: int, gap: str, before: str, after: str
) -> None:
    digits = "".join(chr(zero + int(char)) for char in number)
    words = gap.join((digits[:3], digits[3:7], digits[7:]))
    if number.startswith("19"):
        words = gap.join((digits[:3], digits[3:6], digits[6:]))
    counting = [int(each) for each in re.findall(r"\d{1,6}", fold(words).text)]
    if any(b - a != 1 for a, b in pairwise(counting)) or gap == "":
        assert "phone" in {finding.rule for finding in found_in(f"{before}{words}{after}")}


@given(st.text())
def test_the_checks_never_fail_whatever_the_text(text: str) -> None:
    for finding in found_in(text):
        assert finding.rule in RULES
        assert finding.place.line == 1


@given(st.text())
def test_folding_leads_back_to_the_original(text: str) -> None:
    folded = fold(text)
    for index in range(len(folded.text)):
        start, end = folded.span(index, index + 1)
        assert 0 <= start < end <= len(text)


@given(st.text())
def test_resolving_never_fails_and_keeps_plain_words(text: str) -> None:
    resolved = resolve(text)
    if text.isalnum():
        assert resolved.text == text


def test_two_ways_of_writing_one_number_are_one_finding() -> None:
    assert squashed("０１０–1") == squashed("010 1")


def test_the_stretches_of_a_pack_are_its_words_in_reading_order(tmp_path: Path) -> None:
    library = Sample(tmp_path, body="첫째.\n\n## 둘째\n\n- 셋째\n").read()
    folder = library.folders[PackId(PACK)]
    raw = [stretch.raw for stretch in stretches_of(folder, library)]
    front = ["몸을 지키기", "더위에서 몸을 지키기", "더위를 먹은 표시와 그때 할 일"]
    assert raw == [*front, "첫째.", "둘째", "셋째"]


@pytest.mark.parametrize("rule", RULE_LIST, ids=lambda rule: rule.id)
def test_the_values_of_a_sentence_are_named(rule: Rule) -> None:
    assert set(VALUE.findall(rule.words)) <= {
        "found",
        "field",
        "day",
        "bytes",
        "limit",
        "signs",
        "units",
        "why",
        "count",
        "what",
        "instead",
    }


def test_a_chinese_full_stop_before_a_word_that_ends_addresses_is_the_end_of_a_sentence() -> None:
    assert not {each.rule for each in found_in("请看。中国有医院。")} & {"url"}
    for address in ("http://例子。中国/a", "例子.中国", "a。中国"):
        assert "url" in {each.rule for each in found_in(address)}
