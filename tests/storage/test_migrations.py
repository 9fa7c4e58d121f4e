"""A database that an earlier program wrote comes to this version with all that is in it.

`tests/vectors/databases/<version>.backup` was written by the program of that version, of a studio
as the tests of backups fill it; a new version adds its own file and changes none.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from tests.making import DAY
from tests.services.test_backups import files, rows
from tests.storage.postgres import new_database

from bojagi.domain.pack import SignOff
from bojagi.errors import BojagiError
from bojagi.services import backups
from bojagi.services.accounts import make_token, person_named
from bojagi.services.backup_file import opened
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.upkeep import status
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.migrating import newest, upgrade, version_of

RECORDED = sorted((Path(__file__).parents[1] / "vectors" / "databases").glob("*.backup"))


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without a single table."""
    is_postgres = request.param == "postgres"
    url = new_database(request.getfixturevalue("postgres")) if is_postgres else ""
    return Database.in_folder(tmp_path / "studio", url)


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_database_of_an_earlier_version_migrates_with_its_content_intact(
    recorded: Path, empty: Database, tmp_path: Path
) -> None:
    desk = Desk(empty, Blobs(tmp_path / "studio" / "blobs"), DataFolder(tmp_path / "studio"))
    with backups.read_backup(recorded) as backup:
        written = {name: len(list(backup.rows(name))) for name in _tables(backup.version, tmp_path)}
        backups.restore(backup, empty, desk.data)
    assert version_of(empty) == newest()
    after = rows(desk)
    assert {name: len(after[name]) for name in written} == written
    assert status(empty, desk.blobs).is_sound
    assert files(desk.data.path)
    _still_works(desk)
    empty.close()


def _tables(version: str, folder: Path) -> list[str]:
    """Return the tables of a version, made anew."""
    database = Database.in_folder(folder / "as it was")
    upgrade(database, version)
    with database.reading() as session:
        names = inspect(session.connection()).get_table_names()
    database.close()
    return [name for name in names if name != "alembic_version"]


def _still_works(desk: Desk) -> None:
    """The rules of the database hold as before, and what people do goes on."""
    with desk.database.reading() as session:
        digest = session.scalar(text("SELECT digest FROM editions WHERE state = 'approved'"))
        author = person_named(session, "버드나무")
    assert {each.kind for each in desk.counting_approvals(digest)} == {
        SignOff.SAFETY,
        SignOff.NORTHERN_READER,
    }
    with (
        pytest.raises(BojagiError, match="stands for ever"),
        desk.database.transaction() as session,
    ):
        session.execute(text("DELETE FROM revisions"))
    with pytest.raises(BojagiError), desk.database.transaction() as session:
        make_token(session, author, "글쓰기", ["write"], DAY)
    with desk.database.transaction() as session:
        session.execute(text("UPDATE tokens SET revoked = created"))
        make_token(session, author, "글쓰기", ["write"], DAY)


def test_every_version_but_this_one_was_recorded() -> None:
    versions = {path.stem for path in RECORDED}
    assert len(versions) == int(newest()) - 1
    for path in RECORDED:
        with opened(path) as backup:
            assert backup.version == path.stem


def _shape(database: Database) -> dict[str, set[str | None]]:
    """Return the names of a database's tables, and of what holds and finds their rows."""
    with database.reading() as session:
        found = inspect(session.connection())
        return {
            table: {
                *(each["name"] for each in found.get_unique_constraints(table)),
                *(each["name"] for each in found.get_indexes(table)),
            }
            for table in found.get_table_names()
        }


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    recorded: Path, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(empty, recorded.stem)
    before = _shape(empty)

    def stop(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.op.create_index", stop)
    with pytest.raises(ZeroDivisionError):
        upgrade(empty)
    assert version_of(empty) == recorded.stem
    assert _shape(empty) == before
    monkeypatch.undo()
    upgrade(empty)
    assert version_of(empty) == newest()
    empty.close()
