"""Publishing: only what changed is built again, and nothing broken takes another with it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.making import (
    COLD,
    DAY,
    OPEN_GATE,
    PAY,
    SHELVES,
    WAGE,
    WARM,
    WARM_EN,
    Project,
    all_signed_off,
    environment_of_ours,
)

from bojagi.authoring.library import Library, read_library
from bojagi.building.tree import PUBLIC, current_tree, read_order, take_down
from bojagi.domain.identifiers import LocaleCode, PackId, ShelfCode
from bojagi.errors import DataFolderError, ServeError, UntranslatedError
from bojagi.services.data_folder import LAYOUT, DataFolder
from bojagi.services.edition_cache import program_digest
from bojagi.services.editions import editions_of
from bojagi.services.publishing import Build, Gate, publish_demo
from bojagi.settings import Settings
from bojagi.trust.sealing import is_sealed
from bojagi.web.shelves import mount_shelves

KP_WORDS = "i18n/ko_KP/LC_MESSAGES/interface.po"
KR_WORDS = "i18n/ko_KR/LC_MESSAGES/interface.po"
HOTLINES = "content_packs/hotlines.yaml"
WARM_KP = (PackId("warm"), LocaleCode("ko_KP"))
WARM_ENGLISH = (PackId("warm"), LocaleCode("en"))
A3, D5 = ShelfCode("a3"), ShelfCode("d5")
PAY_KR = (PackId("pay"), LocaleCode("ko_KR"))
KEPT = 6
"""Entries of the cache: for each of three editions its bytes, and what they add to a tree."""


def built(project: Project, library: Library | None = None) -> Build:
    data = DataFolder(project.data)
    return publish_demo(library or project.library(), data, OPEN_GATE, DAY, lambda _: None)


def served(project: Project, shelf: str, path: str) -> str:
    tree = current_tree(project.data / "shelves" / shelf)
    assert tree is not None
    return (tree / PUBLIC / path).read_text("utf-8")


def said(build: Build) -> list[str]:
    return [str(failure) for failure in build.failures]


def test_the_first_time_everything_is_built_and_the_second_nothing(project: Project) -> None:
    first = built(project)
    assert set(first.built) == {WARM_KP, WARM_ENGLISH, PAY_KR}
    second = built(project)
    assert (second.built, second.kept) == ([], 3)
    assert second.trees == first.trees


def test_a_changed_article_builds_only_the_editions_of_its_pack(project: Project) -> None:
    before = built(project).trees
    project.replace(WAGE, "물어볼 곳은", "더 물어볼 곳은")
    after = built(project)
    assert after.built == [PAY_KR]
    assert after.trees[A3] == before[A3]
    assert after.trees[D5] != before[D5]
    assert "더 물어볼" in served(project, "d5", "1/1.html")


def test_a_changed_translation_builds_only_its_edition(project: Project) -> None:
    built(project)
    project.replace(WARM_EN, "words d", "other words")
    assert built(project).built == [WARM_ENGLISH]


def test_a_note_in_a_catalogue_builds_nothing(project: Project) -> None:
    built(project)
    project.replace(WARM_EN, "#. heading\n", "# 제목은 짧게\n#. heading\n")
    assert built(project).built == []


def test_a_translation_that_was_taken_back_is_taken_off_the_shelf(project: Project) -> None:
    built(project)
    project.replace(WARM_EN, "#. heading\n", "#. heading\n#, fuzzy\n")
    build = built(project)
    assert [failure.error for failure in build.failures if "warm" in str(failure)]
    assert isinstance(build.failures[0].error, UntranslatedError)
    assert "words a" not in served(project, "a3", "library/index.html")


def test_a_changed_fact_builds_its_pack(project: Project) -> None:
    built(project)
    project.replace(f"{PAY}/facts.yaml", "10320", "10700")
    assert built(project).built == [PAY_KR]
    assert "10,700원" in served(project, "d5", "1/1.html")


def test_a_changed_hotline_builds_what_names_it(project: Project) -> None:
    built(project)
    project.replace(HOTLINES, "never", "2026-11-20")
    assert PAY_KR in built(project).built
    assert "2026년 11월 20일" in served(project, "d5", "1/1.html")


def test_changed_words_build_the_editions_of_their_locale(project: Project) -> None:
    built(project)
    project.replace(KR_WORDS, 'msgid "List"\nmsgstr "', 'msgid "List"\nmsgstr "온 ')
    assert built(project).built == [PAY_KR]
    assert "온 " in served(project, "d5", "1/1.html")


def test_a_new_locale_of_a_shelf_moves_no_number_of_another(project: Project) -> None:
    before = served_numbers(project)
    project.replace("content_packs/shelves.yaml", "[ko_KP, en]", "[ko_KP, en, ru]")
    assert served_numbers(project) == before


def served_numbers(project: Project) -> list[int]:
    library = project.library()
    built(project)
    return [
        shelf.edition_number(folder.pack.number, locale)
        for shelf in library.shelves.values()
        for folder, locale in editions_of(shelf, library)
    ]


def test_another_program_builds_everything_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(project)
    digest = program_digest()
    assert digest == program_digest()
    monkeypatch.setattr("bojagi.services.editions.program_digest", lambda: "another")
    assert len(built(project).built) == 3


@pytest.mark.parametrize(
    "damage", ["a file changed", "a file missing", "no index", "empty index", "list", "rubbish"]
)
def test_a_damaged_entry_of_the_cache_is_built_again_and_mended_on_the_shelf(
    project: Project, damage: str
) -> None:
    built(project)
    good = served(project, "d5", "1/1.html")
    for entry in (project.data / "cache").iterdir():
        match damage:
            case "a file changed":
                for page in entry.rglob("*.*"):
                    if page.name != "index.json":
                        page.write_text("evil")
            case "a file missing":
                (entry / "edition.json").unlink()
            case "no index":
                (entry / "index.json").unlink()
            case "empty index":
                (entry / "index.json").write_text("{}")
            case "list":
                (entry / "index.json").write_text('["card.json"]')
            case _:
                (entry / "index.json").write_bytes(b"\xff{")
    build = built(project)
    assert len(build.built) == 3
    assert build.failures == []
    assert served(project, "d5", "1/1.html") == good


def test_what_is_no_longer_used_leaves_the_cache(project: Project) -> None:
    built(project)
    project.replace(WAGE, "물어볼 곳은", "더 물어볼 곳은")
    built(project)
    assert len(list((project.data / "cache").iterdir())) == KEPT
    (project.data / "cache" / ".part-left").mkdir()
    built(project)
    assert len(list((project.data / "cache").iterdir())) == KEPT


def test_a_pack_that_fails_leaves_the_others(project: Project) -> None:
    project.write(f"{WARM}/images/gloves.png", b"GIF89a")
    build = built(project)
    assert set(build.built) == {PAY_KR}
    assert len(build.failures) == 2
    assert all("warm in " in line and "not a PNG" in line for line in said(build))
    assert "최저임금" in served(project, "d5", "1.html")
    assert "추위" not in served(project, "a3", "index.html")


def test_an_edition_the_checks_block_is_left_out_with_the_reason(project: Project) -> None:
    reason = UntranslatedError("ko_KR", ("x",))
    build = publish_demo(
        project.library(),
        DataFolder(project.data),
        Gate({PAY_KR: reason}, all_signed_off),
        DAY,
        lambda _: None,
    )
    assert said(build) == ["pay in ko_KR: ko_KR lacks 'x'"]
    assert "최저임금" not in served(project, "d5", "index.html")


def test_a_shelf_whose_words_are_missing_keeps_its_tree_and_the_other_is_built(
    project: Project,
) -> None:
    built(project)
    project.write(KP_WORDS, "")
    project.replace(WAGE, "물어볼 곳은", "더 물어볼 곳은")
    build = built(project)
    assert "shelf a3: ko_KP lacks 'Leave'" in said(build)
    assert "추위" in served(project, "a3", "1/1.html")
    assert "더 물어볼" in served(project, "d5", "1/1.html")
    assert read_order(project.data / "shelves") == ["a3", "d5"]


def test_a_blocked_edition_is_not_served_on_when_the_shelf_cannot_be_built(
    project: Project,
) -> None:
    built(project)
    project.write(KP_WORDS, "")
    library = read_library(project.root)
    refused = {
        (folder.pack.id, folder.pack.source_locale): ServeError("blocked")
        for folder in library.folders.values()
        if folder.pack.shelf == "a3"
    }
    publish_demo(
        library, DataFolder(project.data), Gate(refused, all_signed_off), DAY, lambda _: None
    )
    assert current_tree(project.data / "shelves" / "a3") is None
    assert not list((project.data / "shelves" / "a3").glob("tree-*"))


def test_a_shelf_without_its_tree_keeps_its_place(project: Project) -> None:
    built(project)
    take_down(project.data / "shelves" / "a3")
    mounted = mount_shelves(Settings(project.data))
    assert [(shelf.code, shelf.prefix, bool(shelf.routes)) for shelf in mounted] == [
        ("a3", "/", False),
        ("d5", "/d5/", True),
    ]


def test_a_sensitive_open_shelf_is_served_alone_or_not_at_all(project: Project) -> None:
    head, tail = SHELVES.split("d5:")
    project.write(
        "content_packs/shelves.yaml",
        f"{head}d5:{tail.replace('ceiling: ordinary', 'ceiling: sensitive', 1)}",
    )
    built(project)
    together = mount_shelves(Settings(project.data))
    assert [(shelf.code, shelf.prefix) for shelf in together] == [("a3", "/")]
    alone = mount_shelves(Settings(project.data, shelf="d5"))
    assert [(shelf.code, shelf.prefix) for shelf in alone] == [("d5", "/")]
    assert alone[0].routes
    project.write("content_packs/shelves.yaml", "d5: [\n")
    built(project)
    assert "d5" not in {shelf.code for shelf in mount_shelves(Settings(project.data))}


def test_a_sensitive_shelf_without_neighbours_has_its_host_already(project: Project) -> None:
    tail = SHELVES.partition("d5:")[2].replace("ceiling: ordinary", "ceiling: sensitive", 1)
    project.write("content_packs/shelves.yaml", f"d5:{tail}")
    built(project)
    assert [shelf.code for shelf in mount_shelves(Settings(project.data))] == ["d5"]


def test_a_pack_its_shelf_does_not_take_is_said(project: Project) -> None:
    built(project)
    project.replace("content_packs/warm/pack.yaml", "exposure: ordinary", "exposure: sensitive")
    assert any("a shelf that takes it" in line for line in said(built(project)))


def test_a_slip_in_the_list_of_shelves_takes_nothing_down(project: Project) -> None:
    built(project)
    project.write("content_packs/shelves.yaml", "a3: [\n")
    build = built(project)
    assert build.trees == {}
    assert "추위" in served(project, "a3", "1/1.html")
    assert read_order(project.data / "shelves") == ["a3", "d5"]


def test_a_shelf_that_was_taken_off_the_list_is_gone(project: Project) -> None:
    built(project)
    project.write("content_packs/shelves.yaml", "d5:" + SHELVES.partition("d5:")[2])
    built(project)
    assert read_order(project.data / "shelves") == ["d5"]
    assert not (project.data / "shelves" / "a3").exists()


def test_a_shelf_that_becomes_sealed_holds_no_word_of_it_any_more(project: Project) -> None:
    built(project)
    assert "최저임금" in served(project, "d5", "1.html")
    head, tail = SHELVES.split("d5:")
    project.write(
        "content_packs/shelves.yaml", head + "d5:" + tail.replace("sealed: false", "sealed: true")
    )
    build = built(project)
    assert list(build.trees) == ["a3", "d5"]
    found = [path for path in (project.data / "shelves" / "d5").rglob("*") if path.is_file()]
    assert [path for path in found if "최저임금".encode() in path.read_bytes()] == []
    assert [path.name for path in found if "targets" in path.parts if is_sealed(path.read_bytes())]
    pages = {path.name for path in found if path.suffix == ".html"}
    assert pages == {"out.html", "404.html", "405.html", "413.html", "500.html"}


def test_two_data_folders_hold_the_same_trees(project: Project, tmp_path: Path) -> None:
    other = DataFolder(tmp_path / "other")
    build = publish_demo(project.library(), other, OPEN_GATE, DAY, lambda _: None)
    assert build.trees == built(project).trees


HOLD = """
import sys
from pathlib import Path
from bojagi.services.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_build_waits_outside_until_the_first_has_ended(project: Project) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, project.data],
        env=environment_of_ours(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DataFolderError, match="in use by another process; wait for it"):
            built(project)
        # Killed, not ended: the system lets go for it.
        holder.kill()
        holder.wait()
    assert len(built(project).built) == 3


@pytest.mark.parametrize("found", [f"{LAYOUT + 1}", "99", f" {LAYOUT + 1} \n"])
def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path, found: str) -> None:
    (tmp_path / "VERSION").write_text(found)
    with pytest.raises(DataFolderError, match="written by a newer version"):
        DataFolder(tmp_path)
    assert (tmp_path / "VERSION").read_text() == found


@pytest.mark.parametrize("found", [b"one", b"1.0", b"-1", b"9" * 5000, b"\xb2", b"\xff", b"1\n2"])
def test_a_version_that_is_no_number_is_refused(tmp_path: Path, found: bytes) -> None:
    (tmp_path / "VERSION").write_bytes(found)
    with pytest.raises(DataFolderError):
        DataFolder(tmp_path)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "photos").write_text("mine")
    with pytest.raises(DataFolderError, match="isn't ours"):
        DataFolder(tmp_path)
    assert {path.name for path in tmp_path.rglob("*")} == {"cache", "photos"}


@pytest.mark.parametrize("name", ["cache", "shelves", "lock"])
def test_a_folder_that_can_not_be_written_is_told(project: Project, name: str) -> None:
    data = DataFolder(project.data)
    path = project.data / name
    if name == "lock":
        path.mkdir()
    else:
        path.write_text("a file")
    with pytest.raises(DataFolderError, match="can't be used"):
        publish_demo(project.library(), data, OPEN_GATE, DAY, lambda _: None)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(DataFolderError, match="can't be used"):
        DataFolder(tmp_path / "var")


def test_progress_is_told_for_what_is_built(project: Project) -> None:
    lines: list[str] = []
    publish_demo(project.library(), DataFolder(project.data), OPEN_GATE, DAY, lines.append)
    assert sorted(lines) == ["pay in ko_KR", "warm in en", "warm in ko_KP"]


def test_no_page_tells_when_or_where_it_was_built(project: Project) -> None:
    built(project)
    for path in project.data.rglob("*"):
        if path.is_file() and path.suffix in {".html", ".json"}:
            text = path.read_text("utf-8")
            assert str(project.root) not in text
            assert str(project.data) not in text
    index = next((project.data / "cache").rglob("index.json"))
    assert all(not Path(name).is_absolute() for name in json.loads(index.read_text("utf-8")))


def test_an_article_that_comes_back_is_served_as_before(project: Project) -> None:
    built(project)
    before = pages_of(project)
    text = project.read(COLD)
    project.replace(COLD, "모자를", "털모자를")
    built(project)
    assert pages_of(project) != before
    project.write(COLD, text)
    built(project)
    assert pages_of(project) == before


def pages_of(project: Project) -> dict[str, bytes]:
    """What the workers' shelf serves beside its repository and its bundles, by path."""
    tree = current_tree(project.data / "shelves" / "a3")
    assert tree is not None
    paths = [path for path in (tree / PUBLIC).rglob("*") if path.is_file()]
    named = {path.relative_to(tree / PUBLIC).as_posix(): path.read_bytes() for path in paths}
    signed = re.compile(r"repository/|library/files/.*\.zip")
    return {name: content for name, content in named.items() if not signed.match(name)}
