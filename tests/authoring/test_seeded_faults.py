"""Faults put into translations one by one: each is caught; and what people wrote raises little."""

from __future__ import annotations

from datetime import date
from typing import Final

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.making import COLD, WARM_EN, Project

from bojagi.authoring.catalogues import contexts
from bojagi.authoring.units import carry_over, known_units, text_digest
from bojagi.building.edition import Wording, build_edition, source_wording
from bojagi.domain.identifiers import ArticleId, LocaleCode, PackId, UnitId
from bojagi.domain.pack import UnitKind
from bojagi.services.checking import check
from bojagi.services.editions import words_for
from bojagi.services.translating import update

TODAY: Final = date(2026, 11, 26)
FIRST: Final = "낮은 온도와 바람과 젖은 옷이 함께 몸을 식힙니다."
FAULTS: Final = {
    # what: source, a translation that holds, the fault, the rule that catches it
    "a number": ("7일안에 물으십시오.", "Ask within 7 days.", "Ask within 90 days.", "differs"),
    "a zero more": ("5,000루블입니다.", "5,000 roubles.", "50,000 roubles.", "differs"),
    "a zero more, ungrouped": ("5000루블입니다.", "5000 roubles.", "50000 roubles.", "differs"),
    "a date": ("2026년 12월 28일", "28 December 2026", "18 December 2026", "differs"),
    "a time": ("오전 9시부터", "from 9 a.m.", "from 9 p.m.", "differs"),
    "a telephone": ("번호는 1345입니다.", "The number is 1345.", "The number is 1354.", "differs"),
    "a link": (
        "[글](https://a.org/a)",
        "[text](https://a.org/a)",
        "[text](https://a.org/b)",
        "differs",
    ),
    "a lost link": ("[글](https://a.org/a)", "[text](https://a.org/a)", "text", "differs"),
    "lost bold": ("**절대로** 안 됩니다.", "**Never** do it.", "Never do it.", "differs"),
    "a placeholder": ("{fact:wage}원", "{fact:wage} won", "10,320 won", "differs"),
    "a heading": ("그것을 합니다.", "Do that.", "# Do that.", "shape"),
    "a list": ("그것을 합니다.", "Do that.", "- Do\n- that.", "shape"),
    "left as it was": ("려권을 맡깁니다.", "You leave a passport.", None, "untranslated"),
    "a word left": (
        "려권을 맡깁니다.",
        "You leave a passport.",
        "You leave a 려권.",
        "untranslated",
    ),
    "nothing": ("2번 합니다.", "Do it 2 times.", "", "missing"),
}


def rules(project: Project, source: str, text: str) -> set[str]:
    """Return the rules that a translation of a text raises in its catalogue."""
    project.replace(COLD, FIRST, source)
    update(project.root, project.library(), TODAY)
    catalogue = polib.pofile(project.read(WARM_EN) + "\n", wrapwidth=0)
    entry = next(each for each in catalogue if each.msgid == source)
    entry.msgstr, entry.previous_msgid, entry.flags = text, None, []
    project.write(WARM_EN, str(catalogue))
    found = check(project.library(), TODAY)
    return {finding.rule for finding in found if finding.place.file == WARM_EN}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_caught_and_what_holds_is_not(project: Project, fault: str) -> None:
    source, good, bad, rule = FAULTS[fault]
    found = rules(project, source, source if bad is None else bad)
    assert f"translation-{rule}" in found
    assert rule != "missing" or "translation-differs" not in found, "nothing says nothing else"
    project.replace(COLD, source, FIRST)
    assert not {each for each in rules(project, source, good) if each.startswith("translation-")}


def test_a_southern_form_in_a_northern_translation_is_caught(project: Project) -> None:
    update(project.root, project.library(), TODAY, [(PackId("pay"), LocaleCode("ko_KP"))])
    name = "i18n/ko_KP/LC_MESSAGES/pay.po"
    catalogue = polib.pofile(project.read(name) + "\n", wrapwidth=0)
    entry = next(each for each in catalogue if each.msgctxt == "wage#title")
    entry.msgstr = "최저임금과 노동자"
    project.write(name, str(catalogue))
    found = {finding.rule for finding in check(project.library(), TODAY)}
    assert any(rule.startswith("southern-") for rule in found)


def test_a_text_in_its_own_words_is_the_same_edition(project: Project) -> None:
    """Identity: units put back in their places give the source, byte for byte."""
    library = project.library()
    for folder in library.folders.values():
        pack = folder.pack
        words = words_for(pack.source_locale, library)
        texts = {
            (article, UnitId(unit)): source
            for context, _, source in contexts(pack)
            for article, _, unit in [context.partition("#")]
        }
        own = build_edition(pack, words, source_wording(pack), library.hotlines)
        put_back = build_edition(pack, words, Wording(texts), library.hotlines)
        assert own.to_bytes() == put_back.to_bytes()


def test_a_pseudo_locale_changes_the_words_of_units_alone(project: Project) -> None:
    library = project.library()
    folder = library.folders[PackId("warm")]
    pack = folder.pack
    words = words_for(pack.source_locale, library)
    texts = dict(source_wording(pack).texts)
    marked = {key: text if text.startswith("![") else f"⟪{text}⟫" for key, text in texts.items()}
    plain = build_edition(pack, words, Wording(texts), library.hotlines).to_bytes().decode("utf-8")
    pseudo = build_edition(pack, words, Wording(marked), library.hotlines).to_bytes()
    assert pseudo.decode("utf-8").replace("⟪", "").replace("⟫", "") == plain
    kinds = {each for _, each, text in contexts(pack) if not text.startswith("![")}
    assert pseudo.decode("utf-8").count("⟪") == sum(
        not text.startswith("![") for text in texts.values()
    )
    assert UnitKind.CELL in kinds


TEXTS = st.lists(st.text("가나다라", min_size=1, max_size=6), min_size=1, max_size=12)


@settings(max_examples=200)
@given(TEXTS, st.data())
def test_ids_survive_what_is_put_in_moved_and_taken_out(
    texts: list[str], data: st.DataObject
) -> None:
    article = ArticleId("cold")
    ids = carry_over(article, {}, texts)
    assert len(set(ids)) == len(ids)
    known = dict(zip(ids, map(text_digest, texts), strict=True))
    by_id = dict(zip(ids, texts, strict=True))
    match data.draw(st.sampled_from(["put in", "take out", "move"])):
        case "put in":
            at = data.draw(st.integers(0, len(texts)))
            after = [*texts[:at], "새 글", *texts[at:]]
        case "take out":
            at = data.draw(st.integers(0, len(texts) - 1))
            after = [*texts[:at], *texts[at + 1 :]]
        case _:
            after = data.draw(st.permutations(texts))
    again = carry_over(article, known, after)
    assert len(set(again)) == len(again)
    kept = [(unit, text) for unit, text in zip(again, after, strict=True) if unit in by_id]
    assert all(by_id[unit] == text for unit, text in kept), "an id went to another text"
    assert len(kept) >= len(after) - 1
    assert known_units(()) == {}
