from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.authoring.check_corpus import (
    BODY,
    HOTLINES,
    TODAY,
    Data,
    Edit,
    Sample,
    article_data,
    edited,
    fact_data,
    pack_data,
)

from bojagi.authoring.checks.checking import check_library
from bojagi.domain.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from bojagi.domain.finding import Finding

UNREAD = {"title": "안내 글", "issuer": "고용노동부", "to_check": "기한과 서류"}
READ = {"title": "안내 글", "issuer": "고용노동부", "seen_on": "2026-11-01"}
AUDIENCES = ("worker", "departed", "settled", "staff")
CLASSES = ("procedure", "statute", "guidance")


def rules_of(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings}


def sample(
    folder: Path,
    *edits: Edit,
    audience: str = "worker",
    facts: Data | None = None,
    body: str = BODY,
    hotlines: str = HOTLINES,
) -> Sample:
    pack, article = pack_data(audience), edited(article_data(), *edits)
    return Sample(folder, pack, article, body, facts or {}, hotlines=hotlines)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_sound_library_raises_nothing(audience: str, tmp_path: Path) -> None:
    assert sample(tmp_path, audience=audience).findings() == ()


@pytest.mark.parametrize("review_class", CLASSES)
@pytest.mark.parametrize("codes", [["KR"], ["any"]])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_article_without_sources_is_found(
    audience: str, codes: list[str], review_class: str, tmp_path: Path
) -> None:
    edits: list[Edit] = [
        (("sources",), []),
        (("review_class",), review_class),
        (("jurisdictions",), codes),
        (("review_by",), "2026-12-01"),
    ]
    [finding] = sample(tmp_path, *edits, audience=audience).findings()
    assert finding.rule == "source-missing"
    assert finding.place.file.endswith("01-sample.md")


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_source_nobody_has_read_is_found_at_its_line(
    audience: str, place: int, tmp_path: Path
) -> None:
    sources: list[Data] = [{**READ} for _ in range(4)]
    sources.insert(place, UNREAD)
    [finding] = sample(tmp_path, (("sources",), sources), audience=audience).findings()
    assert finding.rule == "source-unchecked"
    assert "기한과 서류" in finding.found
    text = (tmp_path / finding.place.file).read_text("utf-8").split("\n")
    assert "to_check" in text[finding.place.line - 1]
    assert finding.blocks(demo=False)
    assert not finding.blocks(demo=True)


def test_a_fact_and_a_hotline_nobody_has_looked_up_are_found(tmp_path: Path) -> None:
    facts = {"wage": {**fact_data(to_check="고시 원문")}}
    del facts["wage"]["seen_on"]
    hotlines = HOTLINES.replace("seen_on: 2026-11-01}", "to_check: 번호}")
    found = sample(
        tmp_path, facts=facts, body="{fact:wage}원입니다.\n", hotlines=hotlines
    ).findings()
    assert [finding.rule for finding in found] == ["source-unchecked"] * 3


@pytest.mark.parametrize("code", ["RU", "CN", "US", "JP", "MN", "TH", "VN", "LA", "KP", "GB"])
@pytest.mark.parametrize("others", [["KR"], ["any", "KR"]])
def test_a_jurisdiction_the_pack_does_not_name_is_found(
    code: str, others: list[str], tmp_path: Path
) -> None:
    [finding] = sample(tmp_path, (("jurisdictions",), [*others, code])).findings()
    assert (finding.rule, finding.found) == ("jurisdiction-mismatch", code)


def test_a_pack_for_anywhere_holds_no_article_of_one_place(tmp_path: Path) -> None:
    pack = edited(pack_data(), (("jurisdictions",), ["any"]))
    assert rules_of(Sample(tmp_path, pack=pack).findings()) == {"jurisdiction-mismatch"}


def test_an_article_for_anywhere_may_stand_in_any_pack(tmp_path: Path) -> None:
    assert sample(tmp_path, (("jurisdictions",), ["any"])).findings() == ()


@pytest.mark.parametrize("days", [1, 2, 3, 5, 7, 10, 14, 20, 24, 30])
@pytest.mark.parametrize("audience", ["worker", "settled"])
def test_an_article_whose_review_has_passed_is_found(
    audience: str, days: int, tmp_path: Path
) -> None:
    review_by = TODAY - timedelta(days=days)
    edits: list[Edit] = [
        (("review_by",), review_by.isoformat()),
        (("checked_on",), "2026-10-01"),
    ]
    [finding] = sample(tmp_path, *edits, audience=audience).findings()
    assert (finding.rule, finding.severity) == ("review-overdue", Severity.BLOCK)
    assert not finding.demo_allows


def test_the_day_of_the_review_itself_is_still_in_time(tmp_path: Path) -> None:
    assert sample(tmp_path, (("review_by",), TODAY.isoformat())).findings() == ()


@pytest.mark.parametrize("days", [1, 2, 7, 30, 365])
@pytest.mark.parametrize(
    "where", ["issued", "checked_on", "seen_on", "fact", "dialled_on", "hotline seen_on"]
)
def test_a_day_that_has_not_come_is_found(where: str, days: int, tmp_path: Path) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    later = (TODAY + timedelta(days=days + 60)).isoformat()
    made = sample(tmp_path)
    if where == "issued":
        made.pack["issued"] = day
    elif where == "checked_on":
        made.article |= {"checked_on": day, "review_by": later}
    elif where == "seen_on":
        made.article["sources"][0]["seen_on"] = day
    elif where == "fact":
        made.facts = {"wage": fact_data(seen_on=day, review_by=later)}
        made.body = "{fact:wage}원입니다.\n"
    elif where == "dialled_on":
        made.hotlines = HOTLINES.replace("dialled_on: 2026-11-02", f"dialled_on: {day}")
    else:
        made.hotlines = HOTLINES.replace("부, seen_on: 2026-11-01", f"부, seen_on: {day}")
    [finding] = made.findings()
    assert (finding.rule, finding.found) == ("dates-in-future", day)


@pytest.mark.parametrize(
    "placeholder",
    [
        "{fact:nothing}",
        "{fact:wage_2027}",
        "{fact:wag}",
        "{fact:wage2}",
        "{hotline:wage}",
        "{hotline:nobody}",
        "{hotline:dialled}",
        "{fact:dialled_line}",
        "{facts:wage}",
        "{fact: wage}",
        "{ fact:wage}",
        "{fact:wage }",
        "{Fact:wage}",
        "{FACT:wage}",
        "{fact:Wage}",
        "{fact:wage",
        "{fact：wage}",
        "｛fact:wage｝",
        "{hotlines:dialled_line}",
        "{hotline:dialled line}",
        "{fact:}",
        "{fact:9wage}",
    ],
)
@pytest.mark.parametrize("place", ["body", "title", "summary", "card", "translation"])
def test_a_placeholder_that_stands_for_nothing_is_found(
    place: str, placeholder: str, tmp_path: Path
) -> None:
    made = sample(tmp_path, facts={"wage": fact_data()}, body="{fact:wage}원\n", audience="settled")
    words = f"값 {placeholder} 입니다."
    if place == "body":
        made.body += f"\n{words}\n"
    elif place == "card":
        line = {"locale": "ru", "text": "Да.", "reading": "다"}
        made.article["cards"] = [{"text": words, "lines": [line]}]
    elif place == "translation":
        made.translations["en"] = {made.context_of("{fact:wage}"): f"{{fact:wage}} {words}"}
    else:
        made.article[place] = words
    assert "fact-unknown" in rules_of(made.findings())


@pytest.mark.parametrize("name", [f"fact_{number}" for number in range(20)])
def test_a_fact_no_text_uses_is_found(name: str, tmp_path: Path) -> None:
    facts = {"wage": fact_data(), name: fact_data()}
    [finding] = sample(tmp_path, facts=facts, body="{fact:wage}원\n").findings()
    assert (finding.rule, finding.found) == ("fact-unused", name)
    assert finding.severity is Severity.WARN


@pytest.mark.parametrize("days", range(1, 21))
def test_a_fact_in_use_whose_review_has_passed_is_found(days: int, tmp_path: Path) -> None:
    review_by = (date(2026, 11, 24) - timedelta(days=days)).isoformat()
    facts = {"wage": fact_data(seen_on="2026-10-01", review_by=review_by)}
    [finding] = sample(tmp_path, facts=facts, body="{fact:wage}원\n").findings()
    assert (finding.rule, finding.values) == ("fact-overdue", {"day": review_by})


def test_a_fact_nobody_uses_is_not_overdue_too(tmp_path: Path) -> None:
    facts = {"wage": fact_data(seen_on="2026-10-01", review_by="2026-11-01")}
    assert rules_of(sample(tmp_path, facts=facts).findings()) == {"fact-unused"}


def test_missing_approvals_are_noted_and_given_ones_are_not(tmp_path: Path) -> None:
    made = sample(tmp_path)
    made.pack["sign_offs"] = ["safety", "clinician"]
    made.extra["content_packs/sample/approvals.yaml"] = (
        f"- {{kind: safety, digest: {'a' * 64}, by: 소나무, on: 2026-11-20}}\n".encode()
    )
    noted = {
        finding.found: finding.severity
        for finding in check_library(made.read(), TODAY)
        if finding.rule == "sign-off-missing"
    }
    assert noted == {"clinician": Severity.NOTE, "northern_reader": Severity.NOTE}


def test_a_clean_body_keeps_its_facts(tmp_path: Path) -> None:
    made = sample(tmp_path, facts={"wage": fact_data()}, body=f"{BODY}\n{{fact:wage}}원\n")
    assert made.findings() == ()
