"""`bojagi i18n` and `review units` as people run them: what is said, written, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from tests.making import COLD, PROJECT, WARM, WARM_EN, Project, make_project, run

PLAIN = "낮은 온도와 바람과 젖은 옷이 함께 몸을 식힙니다."
MENDED = "낮은 온도와 바람과 젖은 옷은 함께 몸을 식힙니다."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def context(project: Project, words: str) -> str:
    found = polib.pofile(project.read(WARM_EN) + "\n").find(words, by="msgstr")
    assert found
    return str(found.msgctxt)


def pages_of(project: Project) -> list[str]:
    shelves = project.data / "shelves"
    return [path.read_text("utf-8") for path in shelves.rglob("public/**/*.html")]


def test_the_status_is_a_table_that_names_what_blocks(project: Project) -> None:
    ran = run("i18n", "status", "--root", str(project.root))
    assert ran.code == 0
    header, *rows = [line.split() for line in ran.out.splitlines()]
    assert header[:5] == ["pack", "locale", "units", "approved", "review"]
    assert ["warm", "en", "17", "0", "17", "0", "0", "0", "0", "ready"] in rows
    project.replace(WARM_EN, '"words f"', '""')
    ran = run("i18n", "status", "--root", str(project.root), "warm", "--in", "en")
    assert ran.code == 1
    assert "blocked by 1" in ran.out
    assert "missing: 헐렁한 옷을" in ran.out
    told = json.loads(run("i18n", "status", "--root", str(project.root), "warm", "--json").out)
    (english,) = [each for each in told if each["locale"] == "en"]
    assert english["states"]["missing"] == 1
    assert english["blocking"][0]["state"] == "missing"
    assert run("i18n", "status", "--root", str(project.root), "nothing").code == 2


def test_the_status_of_a_demo_counts_its_approvals(project: Project) -> None:
    assert project.run("build").code == 0
    ran = run("i18n", "status", "--studio", "--data", str(project.data))
    assert ran.code == 0
    assert ["warm", "en", "17", "17", "0", "0", "0", "0", "0", "ready"] in [
        line.split() for line in ran.out.splitlines()
    ]


def test_what_is_said_of_an_edit_is_kept_and_shown_on_the_page(project: Project) -> None:
    name = f"warm/{context(project, 'words d')}"
    project.replace(COLD, PLAIN, MENDED)
    ran = run("i18n", "update", "--root", str(project.root))
    assert ran.code == 0
    assert f"{name}: en: stale (meaning)" in ran.err
    ran = run("i18n", "update", "--root", str(project.root), "--minor", name)
    assert ran.code == 0
    assert f"{WARM}/edits.yaml" in ran.out
    assert f"{name}: en: stale (minor)" in ran.err
    built = project.run("build")
    assert built.code == 0, built.err
    pages = [
        path.read_text("utf-8") for path in (project.data / "shelves").rglob("public/**/*.html")
    ]
    (noted,) = [page for page in pages if "changed a little on" in page and "<h1" in page][:1]
    assert "words d" in noted
    wrong = run("i18n", "update", "--root", str(project.root), "--minor", "warm/cold#aaaaaa")
    assert wrong.code == 2
    assert "whose source changed" in wrong.err


def test_a_fallback_is_marked_by_its_language_and_in_words(project: Project) -> None:
    settings = project.read(f"{WARM}/pack.yaml")
    project.write(f"{WARM}/pack.yaml", f"{settings}fallbacks: {{en: ko_KP}}\n")
    project.replace(WARM_EN, '"words f"', '""')
    ran = run("i18n", "status", "--root", str(project.root), "warm")
    assert "ready, 1 with a note" in ran.out
    assert "readers get: text in the fallback locale, marked" in ran.out
    assert project.run("build").code == 0
    pages = [
        path.read_text("utf-8") for path in (project.data / "shelves").rglob("public/**/*.html")
    ]
    found = [page for page in pages if '<span lang="ko">헐렁한 옷을' in page]
    assert found
    assert all("Some of this is still in 조선말" in page for page in found)
    assert all('<html lang="en"' in page for page in found)


def test_a_file_goes_out_and_comes_back(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "warm.po"
    root = str(project.root)
    assert run("i18n", "export", "warm", "en", "--root", root, "--out", str(out)).code == 0
    out.write_text(out.read_text("utf-8").replace('"words f"', '"Wear a hat."'), "utf-8")
    before = project.read(WARM_EN)
    looked = run("i18n", "import", str(out), "--root", root)
    assert looked.code == 0
    assert "1 taken, 16 unchanged" in looked.out
    assert "Nothing was written" in looked.err
    assert project.read(WARM_EN) == before
    assert run("i18n", "import", str(out), "--root", root, "--write").code == 0
    assert "Wear a hat." in project.read(WARM_EN)
    project.replace(WARM_EN, "Wear a hat.", "Newer.")
    conflict = run("i18n", "import", str(out), "--root", root, "--write", "--json")
    assert conflict.code == 1
    (told,) = json.loads(conflict.out)
    assert (told["outcome"], told["here"], told["there"]) == (
        "conflicting",
        "Newer.",
        "Wear a hat.",
    )
    for name in ("warm.txt", "nothing.po"):
        assert run("i18n", "import", str(tmp_path / name), "--root", root).code in {2, 3}
    assert run("i18n", "export", "warm", "fr", "--root", root, "--out", str(out)).code == 2


def test_what_is_not_in_step_is_told(project: Project) -> None:
    ran = run("i18n", "check", "--root", str(PROJECT))
    assert ran.code == 0, ran.said
    project.replace(COLD, PLAIN, MENDED)
    ran = run("i18n", "check", "--root", str(project.root))
    assert ran.code == 1
    assert f"{WARM_EN}: not in step; run 'bojagi i18n update'" in ran.out


def test_the_words_of_the_programs_are_whole() -> None:
    ran = run("i18n", "extract", "--check", "--root", str(PROJECT))
    assert (ran.code, ran.said) == (0, "")


def test_a_second_person_looks_at_units_and_approves_them(project: Project) -> None:
    data, root = str(project.data), str(project.root)
    for name, *roles in (("솔", "admin", "author"), ("잣", "translator")):
        acting = () if roles[0] == "admin" else ("--as", "솔")
        options = [word for role in roles for word in ("--role", role)]
        ran = run("people", "add", name, *options, "--data", data, *acting)
        assert ran.code == 0, ran.said
    assert run("import", "--root", root, "--data", data, "--as", "솔").code == 0
    shown = run("review", "units", "warm", "en", "--data", data, "--as", "잣")
    assert shown.code == 0
    assert "17 of 17 units" in shown.out
    assert "  to:   words f" in shown.out
    own = run("review", "approve-units", "warm", "en", "--waiting", "--data", data, "--as", "솔")
    assert own.code == 3
    unit = context(project, "words f")
    one = run(
        *("review", "approve-units", "warm", "en", "--unit", unit, "--data", data, "--as", "잣")
    )
    assert (one.code, one.out) == (0, f"{unit}\n1 units approved\n")
    told = json.loads(
        run("review", "units", "warm", "en", "--json", "--data", data, "--as", "잣").out
    )
    assert len(told) == 16
