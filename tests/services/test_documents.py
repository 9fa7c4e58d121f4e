"""Documents: folders in and out byte for byte, conflicts told, every save a revision for ever."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.conftest import PROJECT
from tests.making import COLD, HEAT, WARM, drawing
from tests.services.desks import Studio, add, at, desk_on, open_studio

from bojagi.domain import limits
from bojagi.errors import ConflictError, InvalidValueError, NotThereError, StaleError
from bojagi.services.content_folders import folder_files
from bojagi.services.desk import Desk
from bojagi.services.documents import read_document
from bojagi.storage.content import Document, Revision
from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade
from bojagi.storage.people import Person, Role

ODD: Final = {
    "content_packs/README.md": b"",
    "content_packs/warm/windows.md": "추위\r\n더위\r\n".encode(),
    "content_packs/warm/mark.md": "\ufeff안전모를 쓰십시오.\n".encode(),
    "content_packs/warm/taken-apart.md": unicodedata.normalize("NFD", "장갑과 양말").encode(),
    unicodedata.normalize("NFD", "content_packs/warm/images/장갑.png"): drawing(),
    "content_packs/warm/images/나.png": b"\x89PNG\0\xff\xfe no picture at all",
    "content_packs/warm/no end of line.md": "끝".encode(),
    "content_packs/warm/a/deep.md": "깊은 곳".encode(),
    "i18n/README.md": b"\n\n\n",
    "i18n/en/LC_MESSAGES/warm.po": b'msgid ""\nmsgstr ""\n',
    "i18n/zh_Hans/LC_MESSAGES/interface.po": "在\n".encode(),
}
"""Files that authors and their systems leave; what they hold, the checks judge, not the desk."""

Files = dict[str, bytes]


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return desk_on(database, tmp_path)


@pytest.fixture
def author(desk: Desk) -> Person:
    return add(desk, "버드나무", Role.AUTHOR)


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> Studio:
    return open_studio(database, tmp_path)


def lay_out(root: Path, files: Files) -> Path:
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return root


def revisions(desk: Desk) -> int:
    with desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


@pytest.mark.parametrize("what", ["the real content", "odd files"])
def test_what_was_imported_is_exported_as_the_same_bytes(
    desk: Desk, author: Person, tmp_path: Path, what: str
) -> None:
    root = PROJECT if what == "the real content" else lay_out(tmp_path / "in", ODD)
    files = folder_files(root)
    assert len(files) >= len(ODD)
    done = desk.import_folders(author, root, at(0))
    assert (sorted(done.taken), done.removed, done.newer) == (sorted(files), [], [])
    assert sorted(desk.export_folders(author, tmp_path / "out")) == sorted(files)
    assert folder_files(tmp_path / "out") == files
    assert desk.export_folders(author, tmp_path / "out") == []
    again = desk.import_folders(author, tmp_path / "out", at(1))
    assert (again.taken, again.removed, again.newer) == ([], [], [])
    assert revisions(desk) == len(files)


NAMES = st.text("가나다abc.- é", min_size=1, max_size=12).filter(
    lambda name: not name.startswith(".")
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=6))
def test_whatever_bytes_go_in_come_out(
    tmp_path_factory: pytest.TempPathFactory, files: Files
) -> None:
    folder = tmp_path_factory.mktemp("any")
    database = Database.in_folder(folder)
    upgrade(database)
    desk = desk_on(database, folder)
    author = add(desk, "버드나무", Role.AUTHOR)
    wanted = {f"{WARM}/{name}": content for name, content in files.items()}
    desk.import_folders(author, lay_out(folder / "in", wanted), at(0))
    desk.export_folders(author, folder / "out")
    database.close()
    assert folder_files(folder / "out") == wanted


def test_what_is_newer_in_the_folders_is_taken_and_what_is_newer_here_stays(
    studio: Studio,
) -> None:
    desk, root = studio.desk, studio.project.root
    studio.project.replace(COLD, "모자를", "안전모를")
    studio.replace(studio.author, HEAT, ("그늘", "서늘한 그늘"), at(1))
    done = desk.import_folders(studio.importer, root, at(2))
    assert (done.taken, done.removed, done.newer) == ([COLD], [], [HEAT])
    assert "안전모를" in studio.standing(COLD)[0].decode()
    assert "서늘한" in studio.standing(HEAT)[0].decode()
    assert desk.export_folders(studio.importer, root) == [HEAT]
    assert "서늘한" in studio.project.read(HEAT)


def test_the_same_change_on_both_sides_is_no_conflict(studio: Studio) -> None:
    studio.project.replace(COLD, "모자를", "안전모를")
    studio.save(studio.author, COLD, studio.project.read(COLD), at(1))
    before = revisions(studio.desk)
    done = studio.desk.import_folders(studio.importer, studio.project.root, at(2))
    assert (done.taken, done.newer, revisions(studio.desk)) == ([], [], before)
    studio.replace(studio.author, COLD, ("안전모를", "털모자를"), at(3))
    assert studio.desk.export_folders(studio.author, studio.project.root) == [COLD]


def test_a_conflict_is_shown_and_nothing_is_taken(studio: Studio) -> None:
    studio.project.replace(COLD, "모자를", "안전모를")
    studio.project.replace(HEAT, "그늘", "나무 그늘")
    studio.replace(studio.author, COLD, ("모자를", "털모자를"), at(1))
    before = revisions(studio.desk)
    with pytest.raises(ConflictError) as refused:
        studio.desk.import_folders(studio.importer, studio.project.root, at(2))
    said = str(refused.value)
    assert f"-{'- 헐렁한 옷을 여러벌 껴입고 털모자를 쓰십시오.'}" in said
    assert f"+{'- 헐렁한 옷을 여러벌 껴입고 안전모를 쓰십시오.'}" in said
    assert HEAT not in said
    assert revisions(studio.desk) == before
    with pytest.raises(ConflictError, match="in the folders since"):
        studio.desk.export_folders(studio.author, studio.project.root)
    assert "안전모를" in studio.project.read(COLD)


def test_a_difference_obeys_no_terminal_and_hides_nothing(studio: Studio) -> None:
    studio.project.write(COLD, "\x1b[2J\u202e거꾸로\n" + "가" * 10_000)
    studio.project.write(HEAT, studio.project.read(HEAT).replace("\n", "\r\n"))
    studio.project.write(f"{WARM}/images/gloves.png", drawing((9, 9)))
    studio.replace(studio.author, COLD, ("모자를", "털모자를"), at(1))
    studio.save(studio.author, HEAT, studio.project.read(HEAT).replace("\r", "") + "\n", at(1))
    studio.save(studio.author, f"{WARM}/images/gloves.png", drawing((8, 8)), at(1))
    with pytest.raises(ConflictError) as refused:
        studio.desk.import_folders(studio.importer, studio.project.root, at(2))
    said = str(refused.value)
    assert "\\x1b[2J\\u202e거꾸로" in said
    assert not any(sign in said for sign in "\x1b\u202e\r\0")
    assert max(map(len, said.splitlines())) < 1000
    assert "gloves.png:" in said
    assert "other" in said


def test_line_ends_alone_are_a_difference_that_is_named(studio: Studio) -> None:
    text = studio.project.read(COLD)
    studio.project.write(COLD, text.replace("\n", "\r\n"))
    studio.save(studio.author, COLD, text.replace("\n", "\r"), at(1))
    with pytest.raises(ConflictError, match="they differ in their line ends"):
        studio.desk.import_folders(studio.importer, studio.project.root, at(2))


def test_what_is_removed_on_one_side_is_removed_on_the_other(studio: Studio) -> None:
    root = studio.project.root
    (root / COLD).unlink()
    with pytest.raises(ConflictError, match="lack this"):
        studio.desk.import_folders(studio.importer, root, at(1))
    done = studio.desk.import_folders(studio.importer, root, at(1), reverts=True)
    assert done.removed == [COLD]
    with pytest.raises(NotThereError):
        studio.standing(COLD)
    number = studio.standing(HEAT)[1]
    assert studio.desk.save(studio.author, HEAT, None, number, at(2)) == number + 1
    assert studio.desk.import_folders(studio.importer, root, at(3)).newer == [HEAT]
    assert studio.desk.export_folders(studio.author, root) == [HEAT]
    assert not (root / HEAT).exists()
    assert studio.desk.import_folders(studio.importer, root, at(4)).newer == []


def test_folders_that_were_left_behind_bring_nothing_old_back_by_themselves(
    studio: Studio, tmp_path: Path
) -> None:
    root, other = studio.project.root, tmp_path / "of somebody else"
    shutil.copytree(root, other)
    studio.project.replace(COLD, "모자를", "안전모를")
    studio.project.write(f"{WARM}/notes.md", "적은 글\n")
    studio.desk.import_folders(studio.importer, root, at(1))
    before = revisions(studio.desk)
    with pytest.raises(ConflictError, match="as it was before") as refused:
        studio.desk.import_folders(studio.importer, other, at(2))
    assert str(refused.value).splitlines()[1:] == [COLD, f"{WARM}/notes.md"]
    assert revisions(studio.desk) == before
    done = studio.desk.import_folders(studio.importer, other, at(3), reverts=True)
    assert (done.taken, done.removed) == ([COLD], [f"{WARM}/notes.md"])


@pytest.mark.parametrize("where", ["here", "in the folders"])
def test_removed_on_one_side_and_changed_on_the_other_is_a_conflict(
    studio: Studio, where: str
) -> None:
    if where == "here":
        studio.desk.save(studio.author, COLD, None, 1, at(1))
        studio.project.replace(COLD, "모자를", "안전모를")
    else:
        (studio.project.root / COLD).unlink()
        studio.replace(studio.author, COLD, ("모자를", "안전모를"), at(1))
    before = revisions(studio.desk)
    with pytest.raises(ConflictError, match=f"01-cold.md: {where} it is gone"):
        studio.desk.import_folders(studio.importer, studio.project.root, at(2))
    assert revisions(studio.desk) == before


def test_a_text_that_was_taken_away_can_come_back(studio: Studio) -> None:
    content = studio.standing(COLD)[0]
    assert studio.desk.save(studio.author, COLD, None, 1, at(1)) == 2
    assert studio.desk.save(studio.author, COLD, content, 2, at(2)) == 3
    assert studio.standing(COLD) == (content, 3)


def test_a_folder_without_packs_takes_nothing_away(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()
    with pytest.raises(InvalidValueError, match="content_packs"):
        studio.desk.import_folders(studio.importer, tmp_path / "wrong", at(1))
    shutil.rmtree(studio.project.root / "content_packs")
    (studio.project.root / "content_packs").symlink_to(tmp_path / "wrong")
    with pytest.raises(InvalidValueError, match="content_packs"):
        studio.desk.import_folders(studio.importer, studio.project.root, at(1))
    assert studio.standing(COLD)[1] == 1


def test_links_and_dot_files_are_not_followed(desk: Desk, author: Person, tmp_path: Path) -> None:
    secret = lay_out(tmp_path / "elsewhere", {"secret.txt": "남의 글".encode()})
    root = lay_out(
        tmp_path / "in",
        {
            COLD: "추위".encode(),
            f"{WARM}/.swp": b"x",
            "content_packs/.git/config": b"x",
            f"{WARM}/.DS_Store": b"x",
        },
    )
    (root / WARM / "link.md").symlink_to(secret / "secret.txt")
    (root / WARM / "folder").symlink_to(secret)
    (root / WARM / "loop").symlink_to(root / WARM)
    (root / WARM / "nowhere").symlink_to(tmp_path / "nowhere")
    (root / "i18n").symlink_to(secret)
    assert desk.import_folders(author, root, at(0)).taken == [COLD]


def test_an_export_leads_through_no_link(desk: Desk, author: Person, tmp_path: Path) -> None:
    desk.save(author, f"{WARM}/images/a.png", drawing(), 0, at(0))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out" / "content_packs").mkdir(parents=True)
    (tmp_path / "out" / WARM).symlink_to(elsewhere)
    with pytest.raises(ConflictError, match="through a link"):
        desk.export_folders(author, tmp_path / "out")
    assert list(elsewhere.iterdir()) == []


def test_an_export_that_meets_a_folder_in_its_way_says_so(
    desk: Desk, author: Person, tmp_path: Path
) -> None:
    desk.save(author, COLD, b"a", 0, at(0))
    (tmp_path / "out" / COLD).mkdir(parents=True)
    with pytest.raises(ConflictError, match="can't be written"):
        desk.export_folders(author, tmp_path / "out")


STRANGE: Final = [
    "",
    "README.md",
    "content_packs",
    "content_packs/",
    "content_packs//a.md",
    "/content_packs/a.md",
    "content_packs/../etc/passwd",
    "content_packs/warm/..",
    "content_packs/./a.md",
    "content_packs/warm/.hidden",
    "content_packs\\warm\\a.md",
    "content_packs/warm/a\\..\\b.md",
    "content_packs/warm/a\0.md",
    "content_packs/warm/a\n.md",
    "content_packs/warm/\u202emd.a",
    "content_packs/warm/\u200fa.md",
    "content_packs/warm/a\u200b.md",
    "content_packs/warm/\ud800.md",
    "content_packs/a/b/c/d/e.md",
    "content_packs/Warm Clothes/a.md",
    f"content_packs/{'a' * 41}/a.md",
    f"content_packs/{'-'}/a.md",
    f"content_packs/warm/{'a' * 179}.md",
    f"content_packs/warm/{'가' * 41}.md",
    "i18n/no locale at all/LC_MESSAGES/warm.po",
    "i18n/en/LC_MESSAGES/Not A Pack.po",
    "templates/a.md",
]


@pytest.mark.parametrize("path", STRANGE, ids=range(len(STRANGE)))
def test_a_strange_path_is_refused(desk: Desk, author: Person, path: str) -> None:
    with pytest.raises(InvalidValueError):
        desk.save(author, path, b"a", 0, at(0))
    with desk.database.reading() as session:
        assert session.scalars(select(Document)).all() == []


@pytest.mark.parametrize("name", ["content_packs/a/b/c/d/e.md", "content_packs/a/b/c/d/e/f/g.md"])
def test_a_file_too_deep_is_refused_and_not_left_out(
    desk: Desk, author: Person, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidValueError, match=r"\.md"):
        desk.import_folders(author, lay_out(tmp_path / "in", {name: b"a"}), at(0))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    desk: Desk, author: Person, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValueError, match="size"):
        desk.save(author, COLD, b"a" * (limits.CATALOGUE_BYTES + 1), 0, at(0))
    assert desk.save(author, COLD, b"a" * limits.CATALOGUE_BYTES, 0, at(0)) == 1
    root = lay_out(tmp_path / "in", {COLD: b"", HEAT: b"a"})
    with (root / COLD).open("r+b") as file:
        file.truncate(1 << 40)  # sparse: a tebibyte that takes no room
    with pytest.raises(InvalidValueError, match=r"01-cold\.md"):
        desk.import_folders(author, root, at(0))


def test_a_file_can_not_stand_where_a_folder_does(
    desk: Desk, author: Person, tmp_path: Path
) -> None:
    desk.save(author, f"{WARM}/images/a.png", drawing(), 0, at(0))
    for path in (WARM, f"{WARM}/images", f"{WARM}/images/a.png/b.png"):
        with pytest.raises(InvalidValueError, match="beside"):
            desk.save(author, path, b"a", 0, at(1))
    root = lay_out(tmp_path / "in", {f"{WARM}/images": b"a"})
    with pytest.raises(InvalidValueError, match="beside"):
        desk.import_folders(author, root, at(1))
    desk.save(author, f"{WARM}/images/a.png", None, 1, at(2))
    assert desk.import_folders(author, root, at(3)).taken == [f"{WARM}/images"]


@pytest.mark.parametrize("before", [0, 1, 3, -1])
def test_a_save_made_from_another_revision_is_refused(
    desk: Desk, author: Person, before: int
) -> None:
    desk.save(author, COLD, "하나".encode(), 0, at(0))
    desk.save(author, COLD, "둘".encode(), 1, at(1))
    with pytest.raises(StaleError, match="is at revision 2"):
        desk.save(author, COLD, "셋".encode(), before, at(2))
    assert revisions(desk) == 2


def test_a_save_that_changes_nothing_makes_no_revision(desk: Desk, author: Person) -> None:
    assert desk.save(author, COLD, "하나".encode(), 0, at(0)) == 1
    assert desk.save(author, COLD, "하나".encode(), 1, at(1)) == 1
    assert revisions(desk) == 1


def test_every_revision_can_be_read_for_ever(desk: Desk, author: Person) -> None:
    texts: list[bytes | None] = ["하나".encode(), "둘".encode(), None, b"", "하나".encode()]
    for before, content in enumerate(texts):
        assert desk.save(author, COLD, content, before, at(before)) == before + 1
    with desk.database.reading() as session:
        for number, content in enumerate(texts, 1):
            if content is not None:
                assert read_document(session, desk.blobs, COLD, number) == (content, number)
        for number in (3, 6, -1):
            with pytest.raises(NotThereError):
                read_document(session, desk.blobs, COLD, number)
        found = session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(each.number, each.before) for each in found] == [(n, n - 1) for n in range(1, 6)]
