"""A pack and a locale to an edition."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from tests.making import HEAT, PAY, WAGE, WARM, WARM_EN, Project, drawing

from bojagi.building.edition import EditionError, Filling, build_edition, source_wording
from bojagi.building.words import Words
from bojagi.domain.edition import Edition
from bojagi.domain.exposure import Audience
from bojagi.domain.identifiers import LocaleCode, PackId, UnitId
from bojagi.domain.locales import KO_KP, KO_KR, Locale
from bojagi.domain.pack import Pack
from bojagi.errors import InvalidValueError, MarkupError, UntranslatedError
from bojagi.services.editions import wording_of

EN = LocaleCode("en")
TITLE = UnitId("title")


def edition(project: Project, name: str, locale: LocaleCode) -> Edition:
    library = project.library()
    assert library.problems == ()
    folder = library.folders[PackId(name)]
    texts = wording_of(folder, locale, library)
    return build_edition(folder.pack, words_in(project, locale), texts, library.hotlines)


def words_in(project: Project, locale: LocaleCode) -> Words:
    library = project.library()
    return Words(library.locales[locale], library.interface.get(locale, {}))


def pack(project: Project, name: str) -> Pack:
    return project.library().folders[PackId(name)].pack


def test_a_fact_is_filled_in_as_the_locale_writes_numbers(project: Project) -> None:
    assert "한 시간에 10,320원입니다" in edition(project, "pay", KO_KR).articles[0].html


@pytest.mark.parametrize(
    ("locale", "number", "day"),
    [
        ("ko_KP", "10,320", "2026년 11월 23일"),
        ("ko_KR", "10,320", "2026년 11월 23일"),
        ("en", "10,320", "November 23, 2026"),
        ("ru", "10\xa0320", "23 ноября 2026\u202fг."),
        ("zh_Hans", "10,320", "2026年11月23日"),
    ],
)
def test_numbers_and_days_are_written_by_the_rules_of_each_locale(
    locale: str, number: str, day: str
) -> None:
    words = Words(Locale(LocaleCode(locale), "x", "x"), {})
    assert words.number(10320) == number
    assert words.day(date(2026, 11, 23)) == day


def test_a_hotline_says_that_nobody_has_dialled_it(project: Project) -> None:
    html = edition(project, "pay", KO_KR).articles[0].html
    assert "1350 (아직 전화를 걸어 확인하지 않은 번호)" in html


def test_a_hotline_that_was_dialled_says_when(project: Project) -> None:
    project.replace("content_packs/hotlines.yaml", "never", "2026-11-20")
    assert "1350 (2026년 11월 20일" in edition(project, "pay", KO_KR).articles[0].html


@pytest.mark.parametrize(
    "broken", ["{fact:nothing}", "{hotline:nothing}", "{fact:labour_line}", "{fact:9_}"]
)
def test_an_unknown_fact_names_its_article(project: Project, broken: str) -> None:
    project.write(WAGE, project.read(WAGE) + f"\n값은 {broken}입니다.\n")
    with pytest.raises(EditionError, match=r"^wage: '\w+' is not a valid") as refusal:
        edition(project, "pay", KO_KR)
    assert refusal.value.article == "wage"


def test_facts_in_titles_summaries_and_cards_are_filled_in_too(project: Project) -> None:
    project.replace(WAGE, "title: 최저임금", 'title: "최저임금 {fact:minimum_wage_2026}원"')
    project.replace(WAGE, "summary: 표시와", 'summary: "{fact:minimum_wage_2026} 표시와')
    project.replace(WAGE, "할 일\n", '할 일"\n')
    article = edition(project, "pay", KO_KR).articles[0]
    assert (article.title, article.summary) == ("최저임금 10,320원", "10,320 표시와 할 일")


def test_what_a_fact_holds_is_text_and_never_markup(project: Project) -> None:
    project.replace(f"{PAY}/facts.yaml", "10320", "<b>**많다**</b> {hotline:labour_line}")
    html = edition(project, "pay", KO_KR).articles[0].html
    assert "&lt;b&gt;**많다**&lt;/b&gt; {hotline:labour_line}" in html


def test_sources_stand_in_the_editions_of_settled_people_and_staff_only(project: Project) -> None:
    settled, worker = edition(project, "pay", KO_KR), edition(project, "warm", KO_KP)
    assert [source.issuer for source in settled.articles[0].sources] == ["NIOSH", "NHS"]
    assert all(article.sources == () for article in worker.articles)
    assert b"NIOSH" not in worker.to_bytes()
    assert b'"sources"' not in worker.to_bytes()
    known = pack(project, "pay")
    staff = build_edition(
        replace(known, audience=Audience.STAFF),
        words_in(project, KO_KR),
        source_wording(known),
        project.library().hotlines,
    )
    assert b"NIOSH" in staff.to_bytes()


def test_an_edition_tells_of_no_author_tool_or_path(project: Project) -> None:
    fields = json.loads(edition(project, "warm", KO_KP).to_bytes())
    assert set(fields) == {
        "format", "pack", "locale", "version", "audience", "exposure", "title", "note",
        "issued", "review_by", "articles",
    }  # fmt: skip
    raw = edition(project, "pay", KO_KR).to_bytes().decode()
    for word in ("demo", "publisher", "bojagi/", "licence", str(project.root)):
        assert word not in raw.replace("bojagi-edition/1", "")


def test_the_same_pack_gives_the_same_bytes(project: Project) -> None:
    one, other = edition(project, "warm", KO_KP), edition(project, "warm", KO_KP)
    assert one.to_bytes() == other.to_bytes()
    assert one.digest == other.digest


def test_a_translation_takes_the_place_of_every_text(project: Project) -> None:
    english = edition(project, "warm", EN)
    assert english.title == "words a"
    assert [article.title for article in english.articles] == ["words b", "words j"]
    assert "헐렁한" not in english.to_bytes().decode()
    assert english.articles[1].cards[0].text == "words q"
    assert english.articles[1].cards[0].lines[0].text == "У меня болит здесь."


def test_an_edition_waits_for_what_is_not_translated(project: Project) -> None:
    project.replace(WARM_EN, 'msgstr "words d"', 'msgstr ""')
    with pytest.raises(UntranslatedError, match=r"^en lacks 'cold#"):
        edition(project, "warm", EN)


@pytest.mark.parametrize(
    ("translation", "expected"),
    [
        ("# words", "shape|heading"),
        ("- words", "shape"),
        ("<b>words</b>", "raw HTML"),
        ("words {fact:nothing}", "not a valid fact"),
        ("![words](images/nothing.png)", "not a valid picture"),
        ("[words](http://example.org)", "a link must be"),
    ],
)
def test_a_translation_that_would_change_the_page_names_its_article(
    project: Project, translation: str, expected: str
) -> None:
    project.replace(WARM_EN, 'msgstr "words d"', f'msgstr "{translation}"')
    with pytest.raises(EditionError, match=expected) as refusal:
        edition(project, "warm", EN)
    assert refusal.value.article == "cold"


@pytest.mark.parametrize("letter", ["a", "b", "c", "q"])
def test_a_title_summary_or_card_of_two_lines_is_refused(project: Project, letter: str) -> None:
    project.replace(WARM_EN, f'msgstr "words {letter}"', 'msgstr "two\\nlines"')
    with pytest.raises((EditionError, MarkupError), match="on one line"):
        edition(project, "warm", EN)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [(b"GIF89a", "not a PNG"), (drawing()[:100], "broken"), (drawing((3000, 3000)), "pixels")],
)
def test_a_picture_that_can_not_be_rebuilt_names_its_article(
    project: Project, picture: bytes, expected: str
) -> None:
    project.write(f"{WARM}/images/gloves.png", picture)
    with pytest.raises(EditionError, match=rf"^cold: images/gloves\.png: .*{expected}"):
        edition(project, "warm", KO_KP)


def test_a_picture_that_is_not_there_names_its_article(project: Project) -> None:
    (project.root / WARM / "images/gloves.png").unlink()
    with pytest.raises(EditionError, match=r"^cold: 'images/gloves\.png' is not a valid picture"):
        edition(project, "warm", KO_KP)


def test_the_edition_is_to_be_checked_again_on_the_first_day_of_any_part(project: Project) -> None:
    project.replace(HEAT, "review_by: 2027-05-23", "review_by: 2027-01-02")
    assert edition(project, "warm", KO_KP).review_by == date(2027, 1, 2)
    assert edition(project, "pay", KO_KR).review_by == date(2026, 12, 31)


@pytest.mark.parametrize("kind", ["fact", "hotline"])
def test_filling_knows_only_what_is_listed(project: Project, kind: str) -> None:
    filling = Filling({}, {}, words_in(project, KO_KR))
    with pytest.raises(InvalidValueError, match=f"expected a {kind} that is listed"):
        filling(kind, "nothing")


def test_words_that_a_locale_lacks_are_never_taken_from_another() -> None:
    words = Words(Locale(KO_KP, "조선말", "ko"), {"List": "차례"})
    assert words("List") == "차례"
    with pytest.raises(UntranslatedError, match="ko_KP lacks 'All'"):
        words("All")
