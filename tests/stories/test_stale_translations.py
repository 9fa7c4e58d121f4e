"""A source changes: no reader gets what it said before, and who coordinates sees what is missing.

Each story begins with an English edition that is approved and served. Its source then says the
opposite, or another number; it is moved, or something is put before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polib
import pytest
from tests.making import COLD, WARM_EN, Project, make_project
from tests.services.desks import Studio, add, at, open_studio
from tests.stories.trees import current

from bojagi.authoring.catalogues import merge
from bojagi.authoring.risk import risk_of
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import SignOff
from bojagi.errors import ForbiddenError, UntranslatedError
from bojagi.services.publishing import Gate, publish_demo
from bojagi.storage.database import Database
from bojagi.storage.people import Role

EN: Final = LocaleCode("en")
FIRST: Final = "낮은 온도와 바람과 젖은 옷이 함께 몸을 식힙니다."
"""The first paragraph of the article, in the place of which the story's text stands."""
CELLS: Final = """\
{text}

| 어디 | 언제 |
|---|---|
| 상담소 | 7일안에 |
| 병원 | 7일안에 |
"""


@dataclass(frozen=True)
class Edit:
    """How a source reads before and after, and its translations."""

    before: str
    after: str
    was: str
    becomes: str


EDITS: Final = {
    "another number": Edit(
        "7일안에 물으십시오.", "90일안에 물으십시오.", "Ask within 7 days.", "Ask within 90 days."
    ),
    "another amount": Edit(
        "벌금은 5,000루블입니다.",
        "벌금은 50,000루블입니다.",
        "The fine is 5,000 roubles.",
        "The fine is 50,000 roubles.",
    ),
    "the opposite": Edit(
        "쉴 권리가 있습니다.",
        "쉴 권리가 없습니다.",
        "You have the right to rest.",
        "You don't have the right to rest.",
    ),
}


def set_text(project: Project, old: str, new: str) -> None:
    """Translate what a catalogue has for a text, as a translator does in an editor."""
    catalogue = polib.pofile(project.read(WARM_EN) + "\n", wrapwidth=0)
    found = [entry for entry in catalogue if entry.msgid == old]
    assert found
    for entry in found:
        entry.msgstr, entry.previous_msgid = new, None
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    project.write(WARM_EN, str(catalogue))


def in_step(project: Project) -> None:
    ran = project.run("i18n", "update", "--root", project.root)
    assert ran.code == 0, ran.said


def served(project: Project) -> dict[str, str]:
    """Return the text of every page in English that is served."""
    public = current(project.data, "a3") / "public"
    pages = {path.relative_to(public).as_posix(): path for path in public.rglob("*")}
    texts = {
        name: path.read_bytes().decode("utf-8", "replace")
        for name, path in pages.items()
        if path.is_file() and not name.endswith((".br", ".gz", ".zst"))
    }
    return {
        name: text
        for name, text in texts.items()
        if '<html lang="en"' in text and not name.startswith("library/en")
    }


def begun(root: Path, edit: Edit) -> Project:
    project = make_project(root)
    project.replace(COLD, FIRST, edit.before)
    in_step(project)
    set_text(project, edit.before, edit.was)
    return project


@pytest.fixture(params=sorted(EDITS))
def edit(request: pytest.FixtureRequest) -> Edit:
    return EDITS[request.param]


def test_what_a_source_said_before_is_served_to_nobody(tmp_path: Path, edit: Edit) -> None:
    project = begun(tmp_path / "project", edit)
    assert project.run("build").code == 0
    assert any(edit.was in text for text in served(project).values())

    project.replace(COLD, edit.before, edit.after)
    for brings_in_step in (False, True):
        if brings_in_step:
            in_step(project)
        built = project.run("build")
        assert built.code == 1
        assert "left out: warm" in built.err
        assert served(project) == {}, "nothing in English, and no Korean called English"
        status = project.run("i18n", "status", "--root", project.root)
        assert status.code == 1
        (line,) = [line for line in status.out.splitlines() if line.startswith("warm  ")][:1]
        assert line.endswith("blocked by 1")
        assert f"stale (meaning){risk(edit)}: {edit.after}" in status.out

    set_text(project, edit.after, edit.becomes)
    assert project.run("build").code == 0
    texts = served(project)
    assert any(edit.becomes in text for text in texts.values())
    assert not any(edit.was in text for text in texts.values())
    assert project.run("i18n", "status", "--root", project.root, "warm").code == 0


def risk(edit: Edit) -> str:
    found = risk_of(edit.after)
    return f" [{found}]" if found else ""


def test_what_moves_or_is_put_before_it_takes_nothing_away_and_repeats_stay_apart(
    tmp_path: Path,
) -> None:
    edit = EDITS["another number"]
    project = begun(tmp_path / "project", edit)
    project.replace(COLD, edit.before, CELLS.format(text=edit.before))
    in_step(project)
    for source, text in {
        "어디": "where",
        "언제": "when",
        "상담소": "advice",
        "병원": "hospital",
        "7일안에": "in 7 days",
    }.items():
        set_text(project, source, text)
    assert project.run("build").code == 0

    # Moved: nothing is stale. Put before: one is missing, and nothing else.
    moved = project.read(COLD).replace(f"{edit.before}\n\n", "", 1)
    project.write(COLD, f"{moved}\n{edit.before}\n")
    in_step(project)
    assert project.run("i18n", "status", "--root", project.root, "warm").code == 0
    project.replace(COLD, "## 일하기 전에", "새 글입니다.\n\n## 일하기 전에")
    in_step(project)
    said = project.run("i18n", "status", "--root", project.root, "warm").out
    assert "blocked by 1\n" in said
    assert "missing: 새 글입니다." in said
    set_text(project, "새 글입니다.", "New.")

    # Of two cells that say the same, one changes: its own translation is stale, the other's isn't.
    project.replace(COLD, "| 병원 | 7일안에 |", "| 병원 | 30일안에 |")
    in_step(project)
    said = project.run("i18n", "status", "--root", project.root, "warm").out
    assert "blocked by 1\n" in said
    assert "stale (meaning) [figure]: 30일안에" in said
    set_text(project, "30일안에", "in 30 days")
    assert project.run("build").code == 0
    assert any("in 7 days" in text and "in 30 days" in text for text in served(project).values())


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Iterator[Studio]:
    studio = open_studio(database, tmp_path)
    with closing(studio.desk):
        yield studio


def build(studio: Studio) -> list[str]:
    desk = studio.desk
    with desk.library() as library:
        gate = Gate({}, desk.counting_approvals)
        done = publish_demo(library, desk.data, gate, at(60), lambda _: None)
    return [str(each) for each in done.failures if str(each).startswith("warm")]


def signed_off(studio: Studio, locale: str) -> None:
    digest = studio.desk.submit(studio.importer, "warm", locale, at(10)).digest
    studio.desk.approve(studio.safety, digest, SignOff.SAFETY, at(11))
    studio.desk.approve(studio.reader, digest, SignOff.NORTHERN_READER, at(12))


def test_in_a_studio_a_second_person_approves_one_unit_and_the_edition_is_back(
    studio: Studio, edit: Edit
) -> None:
    desk, project = studio.desk, studio.project
    both = add(desk, "떡갈나무", Role.AUTHOR, Role.SAFETY_REVIEWER)
    project.replace(COLD, FIRST, edit.before)
    in_step(project)
    set_text(project, edit.before, edit.was)
    desk.import_folders(studio.importer, project.root, at(1))

    # Before anybody compared the texts that can harm, nothing is submitted.
    if risk(edit):
        with pytest.raises(UntranslatedError, match="to review"):
            desk.submit(studio.importer, "warm", "en", at(2))
    assert len(desk.approve_units(studio.safety, "warm", "en", (), at(3))) == len(
        desk.units("warm", "en")
    )
    signed_off(studio, "ko_KP")
    signed_off(studio, "en")
    assert build(studio) == []

    project.replace(COLD, edit.before, edit.after)
    in_step(project)
    desk.import_folders(studio.importer, project.root, at(20))
    assert any("en lacks" in failure for failure in build(studio))
    (blocking,) = [unit for unit in desk.units("warm", "en") if unit.state.is_stale]
    assert blocking.source == edit.after

    set_text(project, edit.after, edit.becomes)
    desk.import_folders(both, project.root, at(21))
    with pytest.raises(ForbiddenError, match="own text"):
        desk.approve_units(both, "warm", "en", [blocking.context], at(22))
    assert desk.approve_units(studio.safety, "warm", "en", [blocking.context], at(23)) == [
        blocking.context
    ]
    signed_off(studio, "ko_KP")
    signed_off(studio, "en")
    assert build(studio) == []


def test_merging_again_gives_the_same_bytes(tmp_path: Path) -> None:
    project = begun(tmp_path / "project", EDITS["the opposite"])
    library = project.library()
    folder, catalogue = library.folders[PackId("warm")], library.catalogues[PackId("warm"), EN]
    assert merge(folder.pack, EN, catalogue) == project.read(WARM_EN)
