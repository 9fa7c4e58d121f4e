"""Everything a publisher has: one bad file never hides the good ones."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.making import CARDS, COLD, HEAT, PAY, PROJECT, SHELVES, WARM, WARM_EN, WARM_PACK, Project

from bojagi.authoring.files import read_bytes, write_atomically
from bojagi.authoring.library import Library, read_library
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import SourceError

GOOD = PackId("pay")
KP_WORDS = "i18n/ko_KP/LC_MESSAGES/interface.po"


def said(library: Library) -> str:
    return "\n".join(str(problem) for problem in library.problems)


def in_place_of(project: Project, name: str) -> Path:
    """Clear the way for something else of that name."""
    path = project.root / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    return path


def test_the_packs_of_this_repository_are_read_without_a_problem() -> None:
    library = read_library(PROJECT)
    assert library.problems == ()
    assert len(library.folders) >= 3


def test_a_small_project_is_read_without_a_problem(project: Project) -> None:
    library = project.library()
    assert library.problems == ()
    assert list(library.folders) == ["pay", "warm"]
    assert list(library.catalogues) == [("warm", "en")]
    assert set(library.interface) == {"ko_KP", "ko_KR"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (COLD, "no front matter"),
        (COLD, b"\xff\xfe"),
        (COLD, ""),
        (HEAT, "\0"),
        (f"{WARM}/pack.yaml", "- a\n"),
        (f"{WARM}/units.yaml", "[" * 5000),
        (f"{WARM}/03-ice.txt", ""),
        (f"{WARM}/images/x.gif", "GIF89a"),
    ],
)
def test_a_broken_pack_is_named_and_the_good_one_is_there(
    project: Project, name: str, content: str | bytes
) -> None:
    project.write(name, content)
    library = project.library()
    assert list(library.folders) == [GOOD]
    assert name in said(library)


Spoiling = Callable[[Path], object]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("a file"),
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.symlink_to(path),
        lambda path: path.mkdir(),
    ],
    ids=["a file", "a dangling link", "a link to itself", "an empty folder"],
)
@pytest.mark.parametrize("name", [WARM, f"{WARM}/images", "i18n/en", "i18n/en/LC_MESSAGES", COLD])
def test_something_else_in_the_place_of_a_folder_or_file_hides_nothing_else(
    project: Project, name: str, spoil: Spoiling
) -> None:
    spoil(in_place_of(project, name))
    library = project.library()
    assert GOOD in library.folders
    if name == COLD:
        assert "01-cold.md" in said(library)


def test_a_pack_folder_that_is_a_link_elsewhere_brings_nothing_in(project: Project) -> None:
    in_place_of(project, WARM).symlink_to(Path("/usr/share"))
    library = project.library()
    assert list(library.folders) == [GOOD]
    assert "content_packs/warm" in said(library)


def test_an_article_that_is_a_link_elsewhere_is_refused(project: Project) -> None:
    in_place_of(project, COLD).symlink_to(PROJECT / "content_packs/site-safety/01-cold.md")
    assert f"{COLD}: a symbolic link; expected a file of its own" in said(project.library())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_an_article_keeps_nobody_waiting(project: Project) -> None:
    os.mkfifo(in_place_of(project, COLD))
    assert f"{COLD}: a folder or a device; expected a file" in said(project.library())


def test_decomposed_names_are_told_and_hide_nothing_else(project: Project) -> None:
    for name in ("content_packs/가방", f"{WARM}/03-가.md", "i18n/가", "i18n/en/LC_MESSAGES/가.po"):
        project.write(unicodedata.normalize("NFD", name) + "/x" * (name[-3] != "."), "x")
    library = project.library()
    assert list(library.folders) == [GOOD]
    for name in ("content_packs/가방", f"{WARM}/03-가.md", "i18n/가", "i18n/en/LC_MESSAGES/가.po"):
        assert f"{name}: the name is decomposed (NFD)" in said(library)


def test_a_name_that_is_not_utf_8_is_told_in_letters_that_can_be_printed(project: Project) -> None:
    try:
        (project.root / "content_packs" / "x\udcff").mkdir()
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system refuses such a name by itself")
    told = said(project.library())
    assert "content_packs/x\\udcff: the name isn't UTF-8" in told
    assert told.encode("utf-8")


def test_two_packs_of_one_number_on_one_shelf_leave_the_first(project: Project) -> None:
    shutil.copytree(project.root / WARM, project.root / "content_packs/zweite")
    project.write("content_packs/zweite/pack.yaml", WARM_PACK.replace("id: warm", "id: zweite"))
    library = project.library()
    assert set(library.folders) == {"pay", "warm"}
    assert "content_packs/zweite/pack.yaml:2: number: warm has number 1 on shelf a3" in said(
        library
    )


def test_a_pack_for_a_shelf_that_is_not_there_names_those_that_are(project: Project) -> None:
    project.replace(f"{WARM}/pack.yaml", "shelf: a3", "shelf: z9")
    assert f"{WARM}/pack.yaml:9: shelf: no shelf 'z9'; expected one of a3, d5" in said(
        project.library()
    )


def test_a_card_in_a_language_nobody_has_listed_is_named_with_its_line(project: Project) -> None:
    project.write(
        HEAT, project.read(HEAT).replace(CARDS, CARDS.replace("locale: ru", "locale: fr"))
    )
    library = project.library()
    assert list(library.folders) == [GOOD]
    assert f"{HEAT}:20: cards: unknown locale 'fr'" in said(library)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[ko_KP, en]", "[ko_KP, xx]", ":4: a3.locales: unknown locale 'xx'"),
        ("[ko_KP, en]", "[ko_KP, [en]]", "a3.locales.1: expected a POSIX locale code"),
        ("[ko_KP, en]", "[ko_KP, ko_KP]", "each locale once"),
        ("[worker]", "[]", "at least one audience"),
        ("[worker]", "[readers]", "expected one of: worker"),
        ("[worker]", "[staff]", "sealed: true above sensitive and for staff"),
        ("a3:", "A3:", "one letter and one to three digits"),
        ("sealed: false", "sealed: perhaps", "expected true or false"),
        ("  ceiling: ordinary\n", "", ":2: a3.ceiling: this field is missing"),
    ],
)
def test_a_broken_shelf_is_named_and_the_good_one_stays(
    project: Project, old: str, new: str, expected: str
) -> None:
    head, tail = SHELVES.split("d5:")
    project.write("content_packs/shelves.yaml", head.replace(old, new) + "d5:" + tail)
    library = project.library()
    assert "d5" in library.shelves
    assert GOOD in library.folders
    assert expected in said(library)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"1350"', "call us", "digits, spaces"),
        ('"1350"', '"１３５０"', "digits, spaces"),
        ("dialled_on: never", "dialled_on: soon", "labour_line.dialled_on: 'soon' is not a day"),
        ("dialled_on: never", "dialled_on: 0001-01-01", "not of our time"),
        ("labour_line:", "Labour:", "beginning with a letter"),
        ("jurisdiction: KR", "jurisdiction: Korea", "an ISO 3166 code"),
    ],
)
def test_a_broken_hotline_is_named_and_hides_no_pack(
    project: Project, old: str, new: str, expected: str
) -> None:
    project.replace("content_packs/hotlines.yaml", old, new)
    library = project.library()
    assert set(library.folders) == {"pay", "warm"}
    assert library.hotlines == {}
    assert expected in said(library)


@pytest.mark.parametrize("code", ["xx", "tlh", "qq_QQ", "KO", "english"])
def test_a_locale_nobody_can_write_dates_in_is_refused_with_its_line(
    project: Project, code: str
) -> None:
    path = "i18n/locales.yaml"
    project.write(path, project.read(path) + f"{code}:\n  own_name: x\n  language_tag: x\n")
    library = project.library()
    assert set(library.folders) == {"pay", "warm"}
    assert f"{path}:13: {code}: " in said(library)


def test_a_catalogue_for_no_pack_and_one_for_no_locale_are_named(project: Project) -> None:
    project.write("i18n/en/LC_MESSAGES/gone.po", "")
    project.write("i18n/fr/LC_MESSAGES/warm.po", "")
    library = project.library()
    assert "i18n/en/LC_MESSAGES/gone.po: a catalogue for no pack" in said(library)
    assert "i18n/fr: unknown locale 'fr'" in said(library)
    assert (PackId("warm"), LocaleCode("en")) in library.catalogues


@pytest.mark.parametrize("name", ["warm", "warm.mo", "warm.po~", "warm.pot"])
def test_only_po_files_are_catalogues(project: Project, name: str) -> None:
    project.write(f"i18n/en/LC_MESSAGES/{name}", "x")
    library = project.library()
    assert f"i18n/en/LC_MESSAGES/{name}: expected catalogues only" in said(library)
    assert library.catalogues[PackId("warm"), LocaleCode("en")].entries


def test_a_broken_catalogue_leaves_its_pack(project: Project) -> None:
    project.write(WARM_EN, "rubbish")
    library = project.library()
    assert set(library.folders) == {"pay", "warm"}
    assert library.catalogues == {}
    assert f"{WARM_EN}:1:" in said(library)


def test_broken_words_of_one_locale_leave_those_of_the_others(project: Project) -> None:
    project.replace(KP_WORDS, "{day}에 전화를", "{}에 전화를")
    library = project.library()
    assert library.interface[LocaleCode("ko_KP")] == {}
    assert library.interface[LocaleCode("ko_KR")]
    assert KP_WORDS in said(library)


def test_hidden_files_are_nobodys_business(project: Project) -> None:
    for name in (f"{WARM}/.01-cold.md.swp", "content_packs/.git/x", "i18n/.x", f"{PAY}/.DS_Store"):
        project.write(name, b"\xff")
    assert project.library().problems == ()


def test_an_empty_project_says_what_is_missing(tmp_path: Path) -> None:
    library = read_library(tmp_path)
    assert library.folders == {}
    for name in ("content_packs", "content_packs/shelves.yaml", "i18n", "i18n/locales.yaml"):
        assert f"{name}: missing" in said(library)


def test_a_file_too_large_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(SourceError, match="big: 52428800 bytes; expected at most 10"):
        read_bytes(path, "big", limit=10)


def test_a_file_is_written_whole_and_one_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "깊은 곳" / "a.yaml"
    write_atomically(path, b"a")
    before = path.stat()
    write_atomically(path, b"a")
    assert path.stat().st_ino == before.st_ino
    write_atomically(path, b"b")
    assert path.read_bytes() == b"b"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.yaml"]


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceError, match=r"file/a\.yaml: can't be written: "):
        write_atomically(tmp_path / "file" / "a.yaml", b"a")
