"""`i18n update` and `i18n draft`: unit ids and catalogues in step with the articles; drafts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.making import COLD, PROJECT, WARM, WARM_EN, Project

from bojagi.authoring.library import read_library
from bojagi.authoring.standing import standings
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.translation import UnitState
from bojagi.errors import InvalidValueError
from bojagi.services.checking import blocked, check
from bojagi.services.translating import draft_pack, update

TODAY = date(2026, 11, 24)


def files_of(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file()
    }


def test_nothing_to_do_writes_nothing(project: Project) -> None:
    before = files_of(project)
    assert update(project.root, project.library(), TODAY).written == ()
    assert files_of(project) == before


def test_an_edit_is_brought_into_both_files_and_then_there_is_nothing_to_do(
    project: Project,
) -> None:
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    before = files_of(project)
    written = update(project.root, project.library(), TODAY).written
    assert written == (f"{WARM}/units.yaml", WARM_EN)
    after = files_of(project)
    assert {name for name in after if after[name] != before.get(name)} == set(written)
    assert update(project.root, project.library(), TODAY).written == ()
    assert files_of(project) == after


@pytest.mark.parametrize("title", ['"따옴" \\ 빗금', "# 우물", "- 목록", "제목: 둘", "《책》"])
def test_any_title_is_brought_over_once(project: Project, title: str) -> None:
    project.replace(COLD, "title: 추위에서 몸을 지키기", f"title: '{title}'")
    update(project.root, project.library(), TODAY)
    library = project.library()
    assert library.problems == ()
    assert update(project.root, library, TODAY).written == ()


def test_a_catalogue_is_begun_for_a_pack_and_a_locale(project: Project) -> None:
    new = ((PackId("pay"), LocaleCode("ru")),)
    written = update(project.root, project.library(), TODAY, new).written
    assert written == ("i18n/ru/LC_MESSAGES/pay.po",)
    assert update(project.root, project.library(), TODAY, new).written == ()
    assert (PackId("pay"), LocaleCode("ru")) in project.library().catalogues


@pytest.mark.parametrize(
    ("pack", "locale", "expected"),
    [("nothing", "en", "pay, warm"), ("warm", "fr", "ko_KP, ko_KR, en, ru")],
)
def test_a_catalogue_for_what_is_not_there_is_refused_with_what_is(
    project: Project, pack: str, locale: str, expected: str
) -> None:
    with pytest.raises(InvalidValueError, match=expected):
        update(project.root, project.library(), TODAY, ((PackId(pack), LocaleCode(locale)),))


def test_a_broken_pack_keeps_its_units_and_catalogue_as_they_are(project: Project) -> None:
    project.replace(COLD, "id: cold", "id: [x]")
    before = files_of(project)
    assert update(project.root, project.library(), TODAY).written == ()
    assert files_of(project) == before


def test_the_files_of_this_repository_are_in_step(tmp_path: Path) -> None:
    library = read_library(PROJECT)
    names = [f"{folder.name}/units.yaml" for folder in library.folders.values()]
    names += [catalogue.file for catalogue in library.catalogues.values()]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    assert update(tmp_path, library, TODAY).written == ()


def test_a_finding_in_a_catalogue_blocks_only_its_locale(project: Project) -> None:
    project.replace(WARM_EN, "words d", "words 77")
    library = project.library()
    refused = blocked(library, check(library, TODAY), demo=True)
    assert set(refused) == {("warm", "en")}
    assert "run 'bojagi check --real'" in str(refused[PackId("warm"), LocaleCode("en")])


def test_a_small_project_has_nothing_that_blocks_a_demo(project: Project) -> None:
    library = project.library()
    assert blocked(library, check(library, TODAY), demo=True) == {}
    assert set(blocked(library, check(library, TODAY), demo=False)) == {
        ("warm", "ko_KP"),
        ("warm", "en"),
        ("pay", "ko_KR"),
    }


def test_what_only_building_shows_is_a_finding_too(project: Project) -> None:
    project.replace(COLD, "![장갑을 낀 손](images/gloves.png)", "![장갑](images/nothing.png)")
    found = [finding for finding in check(project.library(), TODAY) if finding.place.file == COLD]
    assert any("nothing.png" in finding.found for finding in found)


def test_a_draft_fills_what_is_empty_and_is_no_translation(project: Project) -> None:
    done = draft_pack(project.root, project.library(), "pay", "ko_KR", "ko_KP")
    assert done.file == "i18n/ko_KP/LC_MESSAGES/pay.po"
    library = project.library()
    catalogue = library.catalogues[PackId("pay"), LocaleCode("ko_KP")]
    assert done.units == len(catalogue.entries)
    assert all(
        entry.is_fuzzy and entry.note.startswith("draft") for entry in catalogue.entries.values()
    )
    standing = standings(library.folders[PackId("pay")], LocaleCode("ko_KP"), library)
    assert {each.state for each in standing} == {UnitState.DRAFT}
    assert draft_pack(project.root, library, "pay", "ko_KR", "ko_KP").units == 0


def test_a_draft_leaves_what_a_person_wrote(project: Project) -> None:
    draft_pack(project.root, project.library(), "pay", "ko_KR", "ko_KP")
    name = "i18n/ko_KP/LC_MESSAGES/pay.po"
    first = next(iter(project.library().catalogues[PackId("pay"), LocaleCode("ko_KP")].entries))
    before = (project.root / name).read_text("utf-8")
    entry = before.split(f'msgctxt "{first}"')[1].split('msgstr "')[1].split('"')[0]
    project.write(name, before.replace(f'msgstr "{entry}"', 'msgstr "사람이 쓴 글"', 1))
    draft_pack(project.root, project.library(), "pay", "ko_KR", "ko_KP")
    assert 'msgstr "사람이 쓴 글"' in (project.root / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("pack", "source", "target", "what"),
    [
        ("none", "ko_KR", "ko_KP", "pack"),
        ("pay", "ko_KP", "ko_KR", "source"),
        ("pay", "ko_KR", "ko_KR", "draft"),
        ("pay", "ko_KR", "en", "draft"),
    ],
)
def test_a_draft_is_of_a_pack_from_one_korean_to_the_other(
    project: Project, pack: str, source: str, target: str, what: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        draft_pack(project.root, project.library(), pack, source, target)
    assert refused.value.what == what
