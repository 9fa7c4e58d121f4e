"""How far a unit has come: by what it was made from, what was said of edits, what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import polib
import pytest
from tests.making import COLD, WARM, WARM_EN, Project

from bojagi.authoring.library import Library
from bojagi.authoring.risk import risk_of
from bojagi.authoring.standing import Standing, pair_of, standings
from bojagi.domain.identifiers import FactId, LocaleCode, PackId
from bojagi.domain.translation import Change, Risk, Showing, UnitState
from bojagi.errors import InvalidValueError, SourceError
from bojagi.services.checking import blocked, check
from bojagi.services.translating import update

EN: Final = LocaleCode("en")
TODAY: Final = date(2026, 11, 26)
PLAIN: Final = "낮은 온도와 바람과 젖은 옷이 함께 몸을 식힙니다."
"""A text without a risk; its translation is `words d`."""
MENDED: Final = "낮은 온도와 바람과 젖은 옷은 함께 몸을 식힙니다."


def units(library: Library, pack: str = "warm") -> dict[str, Standing]:
    found = standings(library.folders[PackId(pack)], EN, library)
    return {each.context: each for each in found}


def of(project: Project, text: str, approved: frozenset[str] | None = None) -> Standing:
    library = replace(project.library(), approved=approved)
    return next(each for each in units(library).values() if each.text == text)


def approve_all(project: Project) -> frozenset[str]:
    return frozenset(each.pair for each in units(project.library()).values())


def edited(project: Project, change: Change | None = None) -> str:
    """Change the plain text, say what it changed, and return the unit's name."""
    name = f"warm/{of(project, 'words d').context}"
    project.replace(COLD, PLAIN, MENDED)
    update(project.root, project.library(), TODAY, (), {name: change} if change else {})
    return name


def test_a_unit_is_approved_by_its_pair_alone(project: Project) -> None:
    pairs = approve_all(project)
    assert of(project, "words d", frozenset()).state is UnitState.TO_REVIEW
    assert of(project, "words d", pairs).state is UnitState.APPROVED
    project.replace(WARM_EN, '"words d"', '"words dd"')
    assert of(project, "words dd", pairs).state is UnitState.TO_REVIEW
    project.replace(COLD, PLAIN, MENDED)
    assert of(project, "words dd", pairs).state is UnitState.STALE_MEANING


def test_an_edit_is_one_of_meaning_until_somebody_says_less(project: Project) -> None:
    edited(project)
    assert of(project, "words d").state is UnitState.STALE_MEANING
    assert of(project, "words d").showing is Showing.NOTHING


def test_a_minor_edit_shows_the_text_with_a_note_for_a_time(project: Project) -> None:
    edited(project, Change.MINOR)
    unit = of(project, "words d")
    assert (unit.state, unit.changed_on) == (UnitState.STALE_MINOR, TODAY)
    assert unit.showing is Showing.WITH_NOTE
    key = (PackId("warm"), EN)
    assert key not in blocked(project.library(), check(project.library(), TODAY), demo=True)
    late = date(2027, 3, 1)
    found = check(project.library(), late)
    assert "translation-overdue" in {finding.rule for finding in found}
    assert key in blocked(project.library(), found, demo=True)


def test_an_editorial_edit_keeps_an_approval_and_no_more(project: Project) -> None:
    pairs = approve_all(project)
    edited(project, Change.EDITORIAL)
    assert of(project, "words d", pairs).state is UnitState.STALE_EDITORIAL
    assert of(project, "words d", pairs).showing is Showing.TEXT
    assert of(project, "words d", frozenset()).state is UnitState.TO_REVIEW


def test_two_edits_count_as_the_graver_and_a_third_that_nobody_spoke_of_as_meaning(
    project: Project,
) -> None:
    name = edited(project, Change.EDITORIAL)
    project.replace(COLD, MENDED, MENDED.replace("함께", "다같이"))
    update(project.root, project.library(), TODAY, (), {name: Change.MINOR})
    assert of(project, "words d").state is UnitState.STALE_MINOR
    project.replace(COLD, "다같이", "모두")
    update(project.root, project.library(), TODAY)
    assert of(project, "words d").state is UnitState.STALE_MEANING


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (PLAIN.replace("젖은 옷", "젖은 옷 2벌"), "numbers"),
        (PLAIN.replace("식힙니다", "식히지 않습니다"), "denies"),
        (PLAIN + " [글](https://example.org/)", "links"),
        (PLAIN.replace("몸", "**몸**"), "Markdown marks"),
        (PLAIN.replace("몸을 식힙니다", "몸을 위험하게 식힙니다"), "harm"),
    ],
)
def test_what_changes_the_meaning_can_not_be_called_less(
    project: Project, after: str, why: str
) -> None:
    name = f"warm/{of(project, 'words d').context}"
    project.replace(COLD, PLAIN, after)
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    for change in (Change.MINOR, Change.EDITORIAL):
        with pytest.raises(InvalidValueError, match=why):
            update(project.root, project.library(), TODAY, (), {name: change})
    assert {path: path.read_bytes() for path in before} == before
    assert of(project, "words d").state is UnitState.STALE_MEANING


def test_what_is_said_of_a_unit_that_did_not_change_is_refused(project: Project) -> None:
    for name in (f"warm/{of(project, 'words d').context}", "warm/cold#aaaaaa", "nothing/a#b"):
        with pytest.raises(InvalidValueError):
            update(project.root, project.library(), TODAY, (), {name: Change.MINOR})


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "cold#aaaaaa: x\n",
        "cold#aaaaaa:\n  - before: 0123456789ab\n",
        "cold#aaaaaa:\n  - {before: x, after: y, change: minor, on: 2026-11-26}\n",
        "cold#aaaaaa:\n  - {before: 0123456789ab, after: 0123456789ac, change: tiny, on: never}\n",
    ],
)
def test_a_file_of_edits_that_is_none_is_told_with_its_place(project: Project, text: str) -> None:
    project.write(f"{WARM}/edits.yaml", text)
    assert any("edits.yaml" in str(problem) for problem in project.library().problems)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("물어볼 곳은 {hotline:labour_line}입니다.", Risk.CONTACT),
        ("{fact:wage}원입니다.", Risk.FIGURE),
        ("하루에 8시간입니다.", Risk.FIGURE),
        ("찬 쇠붙이를 만지지 마십시오.", Risk.WARNING),
        ("목숨이 위험합니다.", Risk.WARNING),
        ("눈을 맞으면 안 됩니다.", Risk.WARNING),
        ("쉴 때는 따뜻한 곳에서 쉽니다.", Risk.NONE),
    ],
)
def test_where_a_wrong_word_can_harm_is_read_off_the_source(text: str, risk: Risk) -> None:
    assert risk_of(text) is risk


def test_another_value_of_a_fact_makes_another_pair(project: Project) -> None:
    pack = project.library().folders[PackId("pay")].pack
    fact = pack.facts[FactId("minimum_wage_2026")]
    dearer = replace(pack, facts={fact.id: replace(fact, value=10700)})
    source = "{fact:minimum_wage_2026}원, {hotline:labour_line}"
    assert pair_of(pack, EN, "a#b", source, "x") != pair_of(dearer, EN, "a#b", source, "x")
    assert pair_of(pack, EN, "a#b", "원", "x") == pair_of(dearer, EN, "a#b", "원", "x")


def test_a_fallback_that_is_named_stands_in_where_there_is_room_to_say_so(
    project: Project,
) -> None:
    text = polib.pofile(project.read(WARM_EN) + "\n", wrapwidth=0)
    for words in ("words d", "words f"):
        entry = text.find(words, by="msgstr")
        assert entry
        entry.msgstr = ""
    project.write(WARM_EN, str(text))
    lacking = {each.context for each in units(project.library()).values() if not each.text}
    settings = project.read(f"{WARM}/pack.yaml")
    project.write(f"{WARM}/pack.yaml", f"{settings}fallbacks: {{en: ko_KP}}\n")
    shown = {each.context: each.showing for each in units(project.library()).values()}
    assert {context for context in shown if shown[context] is Showing.FALLBACK} == lacking
    project.replace(WARM_EN, '"words a"', '""')
    assert units(project.library())["pack#title"].showing is Showing.NOTHING


@pytest.mark.parametrize(
    "fallbacks", ["{ko_KR: ko_KP}", "{en: en}", "{ko_KP: en}", "{en: xx!}", "[en]"]
)
def test_a_fallback_that_may_not_be_is_refused_with_its_line(
    project: Project, fallbacks: str
) -> None:
    settings = project.read(f"{WARM}/pack.yaml")
    project.write(f"{WARM}/pack.yaml", f"{settings}fallbacks: {fallbacks}\n")
    (problem, *_) = project.library().problems
    assert problem.file == f"{WARM}/pack.yaml"
    assert problem.line >= settings.count("\n")
    with pytest.raises(SourceError):
        raise SourceError((problem,))
