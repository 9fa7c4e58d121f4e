"""Backups: of one moment while people write; restored to the same bytes, or refused whole."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from sqlalchemy import func, select, text
from tests.making import COLD, DAY, Project
from tests.storage.postgres import new_database

from bojagi.domain.pack import SignOff
from bojagi.errors import BackupError, BojagiError, DatabaseUnusableError, DataFolderError
from bojagi.services import accounts, backups
from bojagi.services.backup_file import MANIFEST, seal
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.reviewing import Passage
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import Revision
from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade
from bojagi.storage.people import Person, Role
from bojagi.storage.tables import METADATA

Change = Callable[[dict[str, bytes], dict[str, Any]], None]
"""Spoils the files of a backup and its manifest."""


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """An empty studio, on SQLite and then on PostgreSQL."""
    data = DataFolder(tmp_path / "studio")
    return Desk(database, Blobs(data.path / "blobs"), data)


@pytest.fixture
def full(desk: Desk, project: Project) -> Desk:
    """The same with people, content, a returned and an approved edition, links, and a ledger."""
    author, reviewer, second = (add(desk, name) for name in ("버드나무", "소나무", "느티나무"))
    desk.import_folders(author, project.root, DAY)
    first = desk.submit(author, "warm", "ko_KP", DAY)
    desk.give_back(reviewer, first.digest, [Passage("cold", "a1", "더 쉬운 말로")], DAY)
    content = project.read(COLD).replace("모자를", "털모자를").encode()
    desk.save(author, COLD, content, 1, DAY)
    again = desk.submit(author, "warm", "ko_KP", DAY)
    desk.approve(reviewer, again.digest, SignOff.SAFETY, DAY)
    secret = desk.invite_sign_off(second, again.digest, SignOff.NORTHERN_READER, "진달래", DAY)
    assert desk.sign_off(secret, DAY)
    desk.save(author, "content_packs/README.md", None, 1, DAY)
    with desk.database.transaction() as session:
        accounts.make_token(session, author, "글쓰기", ["write"], DAY)
    for name in ("plan.json", "metadata/1.root.json", f"targets/{'a' * 64}"):
        path = desk.data.ledger / "a3" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    (desk.data.ledger / "a3" / ".part-request.json").write_text("half", "utf-8")
    return desk


def add(desk: Desk, name: str, *roles: Role) -> Person:
    with desk.database.transaction() as session:
        return accounts.add_person(session, name, roles or list(Role), None, DAY)[0]


def back_up(desk: Desk, target: Path) -> Path:
    backups.back_up(desk.database, desk.data, target, lambda _: None)
    return target


@contextmanager
def new_place(folder: Path, url: str = "") -> Iterator[Desk]:
    data = DataFolder(folder)
    database = Database.in_folder(folder, url)
    yield Desk(database, Blobs(folder / "blobs"), data)
    database.close()


def restore(file: Path, place: Desk) -> None:
    with backups.read_backup(file) as backup:
        backups.restore(backup, place.database, place.data)


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    with desk.database.reading() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in METADATA.sorted_tables
        }


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for top in ("blobs", "ledger")
        for path in (folder / top).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_what_is_restored_equals_the_original_on_either_database(
    full: Desk, tmp_path: Path, to: str, postgres: str
) -> None:
    file = back_up(full, tmp_path / "kept" / "backup.zip")
    assert file.stat().st_mode & 0o077 == 0, "it holds every draft: nobody else reads it"
    url = new_database(postgres) if to == "postgres" else ""
    with new_place(tmp_path / "new", url) as place:
        restore(file, place)
        before, after = rows(full), rows(place)
        assert before == after
        assert len(after["approvals"]) == 2
        assert len(after["comments"]) == 1
        assert all(after[name] for name in ("revisions", "invitations", "tokens", "audit_events"))
        assert files(place.data.path) == files(full.data.path)
        assert "ledger/a3/metadata/1.root.json" in files(place.data.path)
        again = back_up(place, tmp_path / "again.zip")
        assert again.read_bytes() == file.read_bytes()
        author = add(place, "민들레")
        content, number = b"# \xea\xbf\xb8\xeb\x9f\xac\xeb\xaf\xb8\n", 2
        assert place.save(author, "content_packs/README.md", content, number, DAY) == 3
        with pytest.raises(BojagiError, match="stands for ever"), place.database.transaction() as s:
            s.execute(text("DELETE FROM revisions"))


def test_a_backup_taken_while_five_people_save_is_of_one_moment(full: Desk, tmp_path: Path) -> None:
    person = add(full, "민들레")
    acknowledged: dict[str, int] = {}
    stop, began = threading.Event(), threading.Barrier(6)
    failed: list[BaseException] = []

    def keep_saving(number: int) -> None:
        path = f"content_packs/warm/images/{number}.txt"
        try:
            began.wait()
            while not stop.is_set():
                before = acknowledged.get(path, 0)
                content = f"{number}: {before + 1} 번째".encode()
                acknowledged[path] = full.save(person, path, content, before, DAY)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=keep_saving, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    began.wait()
    taken: list[tuple[dict[str, int], Path]] = []
    for number in range(4):
        stop.wait(0.2)
        known = dict(acknowledged)
        taken.append((known, back_up(full, tmp_path / f"{number}.zip")))
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(acknowledged) == 5
    assert sum(acknowledged.values()) > 15
    for number, (known, file) in enumerate(taken):
        with new_place(tmp_path / f"place-{number}") as place:
            restore(file, place)
            with place.database.reading() as session:
                standing = session.execute(text("SELECT path, current FROM documents"))
                documents = {str(path): int(current) for path, current in standing}
                newest = session.execute(
                    select(Revision.document_id, func.max(Revision.number)).group_by(
                        Revision.document_id
                    )
                )
                assert sorted(count for _, count in newest) == sorted(
                    current for current in documents.values() if current
                )
            assert all(documents[path] >= at for path, at in known.items())
    counts = [sum(known.values()) for known, _ in taken]
    assert counts[0] < counts[-1], "they went on saving meanwhile"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_waits_for_a_release_and_gives_up_after_a_while(
    full: Desk, tmp_path: Path
) -> None:
    waited: list[float] = []
    with full.data.locked(), pytest.raises(DataFolderError, match="in use"):
        backups.back_up(full.database, full.data, tmp_path / "b.zip", waited.append)
    assert round(sum(waited)) == 120
    assert list(tmp_path.glob("*b.zip*")) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_is_refused_where_pages_are_served(full: Desk, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="where pages are served"):
        back_up(full, full.data.shelves / "a3" / "backup.zip")
    with pytest.raises(BackupError, match="among what is backed up"):
        back_up(full, full.data.ledger / "backup.zip")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BackupError, match="can't be written"):
        back_up(full, tmp_path / "file" / "backup.zip")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_studio_that_lacks_a_blob_is_not_backed_up_as_if_it_were_whole(
    full: Desk, tmp_path: Path
) -> None:
    older = back_up(full, tmp_path / "backup.zip").read_bytes()
    path = next(each for each in (full.data.path / "blobs").rglob("*") if each.is_file())
    content = path.read_bytes()
    path.write_bytes(content + b" ")
    with pytest.raises(DatabaseUnusableError, match="was changed; restore a backup"):
        back_up(full, tmp_path / "backup.zip")
    path.unlink()
    with pytest.raises(DatabaseUnusableError, match="is gone; restore a backup"):
        back_up(full, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_bytes() == older, "the older backup is still there"


def test_nothing_is_restored_over_anything(full: Desk, tmp_path: Path) -> None:
    file = back_up(full, tmp_path / "backup.zip")
    before = rows(full)
    with pytest.raises(BackupError, match="the database isn't empty"):
        restore(file, full)
    assert rows(full) == before
    with new_place(tmp_path / "new") as place:
        for folder in ("blobs", "ledger", "shelves"):
            (place.data.path / folder).mkdir()
            (place.data.path / folder / "something").write_bytes(b"")
            with pytest.raises(BackupError, match=f"{folder} isn't empty"):
                restore(file, place)
            shutil.rmtree(place.data.path / folder)
        restore(file, place)
        assert rows(place) == before


def test_a_restore_that_was_cut_short_is_run_again(
    full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = back_up(full, tmp_path / "backup.zip")
    with new_place(tmp_path / "new") as place:
        (place.data.path / "restoring" / "blobs").mkdir(parents=True)
        (place.data.path / "ledger" / "a3").mkdir(parents=True)
        (place.data.path / "ledger" / "a3" / "half").write_bytes(b"")
        with monkeypatch.context() as patch:
            patch.setattr(backups, "sync_folder", _no_room)
            with pytest.raises(DataFolderError, match="No space"):
                restore(file, place)
        assert files(place.data.path) == {}
        assert not any(rows(place).values())
        restore(file, place)
        assert rows(place) == rows(full)
        assert files(place.data.path) == files(full.data.path)


def _no_room(_: Path) -> None:
    raise OSError(28, "No space left on device")


def rewritten(file: Path, change: Change) -> Path:
    """Write a backup anew with other files in it, its manifest told of them."""
    with ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop(MANIFEST))
    change(content, manifest)
    told = manifest["files"]
    for name, raw in content.items():
        if name in told and told[name]["sha256"] != "0" * 64:
            told[name] = {"size": len(raw), "sha256": sha256(raw).hexdigest()}
    target = file.with_name("spoilt.zip")
    with ZipFile(target, "w") as archive:
        for name, raw in {**content, MANIFEST: json.dumps(manifest).encode()}.items():
            archive.writestr(info(name), raw)
    return sealed(target)


def sealed(file: Path) -> Path:
    with ZipFile(file, "a") as archive:
        archive.comment = b"0" * 64
    with file.open("r+b") as opened:
        seal(opened)
    return file


def info(name: str, *, stored: bool = False) -> ZipInfo:
    made = ZipInfo(name)
    made.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    made.external_attr, made.create_system = 0o100600 << 16, 3
    return made


def add_file(name: str) -> Change:
    def change(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
        content[name] = b"x"
        manifest["files"][name] = {"size": 1, "sha256": "1" * 64}

    return change


def extra(content: dict[str, bytes], _: dict[str, Any]) -> None:
    content["ledger/a3/more.json"] = b"{}"


def lacking(content: dict[str, bytes], _: dict[str, Any]) -> None:
    del content["ledger/a3/plan.json"]


def without_a_blob(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    name = next(name for name in content if name.startswith("blobs/"))
    del content[name], manifest["files"][name]


def other_bytes(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    content["ledger/a3/plan.json"] = b"other"
    manifest["files"]["ledger/a3/plan.json"]["sha256"] = "0" * 64


def other_blob(content: dict[str, bytes], _: dict[str, Any]) -> None:
    content[next(name for name in content if name.startswith("blobs/"))] = b"other"


def newer_format(_: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = "bojagi-backup/2"


def newer_database(_: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["version"] = "9999"


def another_program(_: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = "something"
    manifest["more"] = 1


def without_a_table(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del content["tables/comments.jsonl"], manifest["files"]["tables/comments.jsonl"]


def in_table(name: str, old: str, new: str) -> Change:
    def change(content: dict[str, bytes], _: dict[str, Any]) -> None:
        rows = content[f"tables/{name}.jsonl"].decode()
        assert old in rows
        content[f"tables/{name}.jsonl"] = rows.replace(old, new, 1).encode()

    return change


SPOILT: dict[str, tuple[Change, str]] = {
    "an extra file": (extra, "in the file or in its manifest, but not in both"),
    "a file less": (lacking, "in the file or in its manifest, but not in both"),
    "a blob less": (without_a_blob, "it lacks blobs/"),
    "other bytes": (other_bytes, "plan.json was changed or spoilt"),
    "another blob": (other_blob, "holds other bytes"),
    "a newer form": (newer_format, "a newer program wrote"),
    "a newer database": (newer_database, "a newer program wrote"),
    "another program's": (another_program, "manifest can't be read"),
    "a table less": (without_a_table, "hasn't just the tables"),
    "a way out": (add_file("ledger/../../outside"), "which no backup does"),
    "a way from the root": (add_file("/etc/outside"), "which no backup does"),
    "a way on Windows": (add_file("ledger/a3/..\\..\\outside"), "which no backup does"),
    "a hidden file": (add_file("ledger/a3/.part-x"), "which no backup does"),
    "a line that is no row": (in_table("people", "{", "["), "spoilt one"),
    "a list": (in_table("people", "{", "[]\n{"), "holds a line that is no row"),
    "a column more": (in_table("people", "{", '{"address": "x", '), "hasn't just its columns"),
    "a word for a number": (in_table("people", '"id": 1', '"id": "1"'), "of another kind"),
    "a number too large": (in_table("people", '"id": 1,', f'"id": {2**70},'), "of another kind"),
    "no moment": (in_table("people", "2026-11-26T09:00", "2026-99-26T09:00"), "is no moment"),
    "nobody's revision": (in_table("revisions", '"person_id": 1', '"person_id": 99'), "fit"),
    "an unknown role": (in_table("person_roles", '"admin"', '"reader"'), "don't fit together"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", list(SPOILT))
def test_a_spoilt_backup_is_refused_and_nothing_is_written(
    full: Desk, tmp_path: Path, name: str
) -> None:
    change, words = SPOILT[name]
    file = rewritten(back_up(full, tmp_path / "backup.zip"), change)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupError, match=words), backups.read_backup(file):
        pass
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_approval_of_ones_own_text_does_not_come_in_by_a_backup(
    full: Desk, tmp_path: Path
) -> None:
    def own(content: dict[str, bytes], _: dict[str, Any]) -> None:
        given = content["tables/approvals.jsonl"].decode()
        content["tables/approvals.jsonl"] = given.replace(
            '"person_id": 2', '"person_id": 1'
        ).encode()

    file = rewritten(back_up(full, tmp_path / "backup.zip"), own)
    words = "nobody approves their own text"
    with pytest.raises(BackupError, match=words), backups.read_backup(file):
        pass


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_with_a_file_twice_or_in_another_form_is_refused(
    full: Desk, tmp_path: Path
) -> None:
    whole, file = back_up(full, tmp_path / "backup.zip"), tmp_path / "spoilt.zip"
    shutil.copy(whole, file)
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(file, "a") as archive:
        archive.writestr(info(MANIFEST), b"{}")
    sealed(file)
    with pytest.raises(BackupError, match="twice"), backups.read_backup(file):
        pass
    shutil.copy(whole, file)
    with ZipFile(file, "a") as archive:
        archive.writestr(info("ledger/a", stored=True), b"{}")
    sealed(file)
    with pytest.raises(BackupError, match="isn't as"), backups.read_backup(file):
        pass


@pytest.mark.parametrize("words", ["", "not a ZIP", "PK\x05\x06" + "\0" * 18])
def test_what_is_no_backup_is_refused(tmp_path: Path, words: str) -> None:
    file = tmp_path / "backup.zip"
    with pytest.raises(BackupError, match="isn't there"), backups.read_backup(file):
        pass
    file.write_text(words, "utf-8")
    with pytest.raises(BackupError), backups.read_backup(file):
        pass
    with pytest.raises(BackupError), backups.read_backup(tmp_path):
        pass


def test_no_flipped_bit_and_no_cut_goes_unseen(tmp_path: Path, project: Project) -> None:
    with new_place(tmp_path / "studio") as desk:
        upgrade(desk.database)
        desk.save(add(desk, "버드나무"), COLD, project.read(COLD).encode(), 0, DAY)
        raw = back_up(desk, tmp_path / "backup.zip").read_bytes()
    random = Random(4)  # noqa: S311 - no secret
    file = tmp_path / "spoilt.zip"
    for number in range(1200):
        spoilt = bytearray(raw)
        place = random.randrange(len(raw))
        if number % 3 == 0:
            del spoilt[place:]
        else:
            spoilt[place] ^= 1 << random.randrange(8)
        file.write_bytes(spoilt)
        with pytest.raises(BackupError), backups.read_backup(file):
            pass
    file.write_bytes(raw + b"\n")
    with pytest.raises(BackupError), backups.read_backup(file):
        pass


def test_only_a_database_that_this_program_knows_is_backed_up(tmp_path: Path) -> None:
    with new_place(tmp_path / "studio") as desk:
        with pytest.raises(DatabaseUnusableError, match="nothing in the database yet"):
            back_up(desk, tmp_path / "backup.zip")
        upgrade(desk.database)
        with desk.database.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(DatabaseUnusableError, match="a newer program wrote"):
            back_up(desk, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()
