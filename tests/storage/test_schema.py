"""The tables: what they can hold, what they refuse, and how they come to be."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text, update

from bojagi.errors import ConflictError, DatabaseUnusableError
from bojagi.storage.content import (
    Contributor,
    Document,
    GivenApproval,
    Revision,
    SubmittedEdition,
)
from bojagi.storage.database import Database
from bojagi.storage.migrating import newest, upgrade, version_of
from bojagi.storage.people import Person, PersonRole
from bojagi.storage.tables import METADATA

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
DIGEST = "a" * 64
READER = re.compile(
    r"addr|agent|\bip\b|ip_|host|place|country|locat|visit|view|reader|phone|mail|count"
)
"""What a column that holds a reader, or a trace of one, might be called."""


def people(database: Database, *names: str) -> list[int]:
    with database.transaction() as session:
        made = [Person(pseudonym=name, created=NOW) for name in names]
        session.add_all(made)
        session.flush()
        return [person.id for person in made]


def submitted(database: Database, author: int, digest: str = DIGEST) -> None:
    with database.transaction() as session:
        session.add(
            SubmittedEdition(
                digest=digest, pack="warm", locale="ko_KP", version=1, state="submitted",
                person_id=author, at=NOW,
            )
        )  # fmt: skip
        session.flush()
        session.add(Contributor(digest=digest, person_id=author))


def approve(database: Database, person: int, kind: str = "safety", name: str = "소나무") -> None:
    with database.transaction() as session:
        session.add(
            GivenApproval(digest=DIGEST, kind=kind, person_id=person, pseudonym=name, at=NOW)
        )


def test_migrations_make_just_the_tables_of_the_program(database: Database) -> None:
    assert version_of(database) == newest()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    upgrade(database)


def test_no_table_can_hold_a_reader() -> None:
    columns = [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
    ]
    assert len(columns) > 80
    assert [each for each in columns if READER.search(each.replace("state", ""))] == []
    assert READER.search("sessions.ip_address"), "the same look sees one that could"


def test_every_constraint_has_a_name(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        for each in (*inspector.get_unique_constraints(table), *inspector.get_foreign_keys(table)):
            assert each["name"], table


def test_nobody_approves_their_own_text(database: Database) -> None:
    author, other = people(database, "버드나무", "소나무")
    submitted(database, author)
    with pytest.raises(ConflictError, match="nobody approves their own text"):
        approve(database, author)
    approve(database, other)


def test_who_approved_a_text_can_not_become_its_author(database: Database) -> None:
    author, other = people(database, "버드나무", "소나무")
    submitted(database, author)
    approve(database, other)
    with (
        pytest.raises(ConflictError, match="nobody approves their own text"),
        database.transaction() as session,
    ):
        session.add(Contributor(digest=DIGEST, person_id=other))


def test_an_approval_can_not_be_turned_into_ones_own_by_hand(database: Database) -> None:
    author, other = people(database, "버드나무", "소나무")
    submitted(database, author)
    approve(database, other)
    with pytest.raises(ConflictError), database.transaction() as session:
        session.execute(update(GivenApproval).values(person_id=author))


def test_one_person_gives_one_of_the_sign_offs_a_text_needs(database: Database) -> None:
    author, other = people(database, "버드나무", "소나무")
    submitted(database, author)
    approve(database, other)
    with pytest.raises(ConflictError):
        approve(database, other, "northern_reader")


def test_a_revision_stands_for_ever(database: Database) -> None:
    [author] = people(database, "버드나무")
    with database.transaction() as session:
        document = Document(path="content_packs/warm/01-cold.md", pack="warm")
        session.add(document)
        session.flush()
        session.add(
            Revision(document_id=document.id, number=1, before=0, digest=DIGEST,
                     person_id=author, at=NOW)
        )  # fmt: skip
    for change in ("UPDATE revisions SET digest = 'b'", "DELETE FROM revisions"):
        with (
            pytest.raises(ConflictError, match="stands for ever"),
            database.transaction() as session,
        ):
            session.execute(text(change))


def test_a_revision_follows_the_one_before(database: Database) -> None:
    [author] = people(database, "버드나무")
    with database.transaction() as session:
        document = Document(path="a", pack="")
        session.add(document)
        session.flush()
        third = Revision(
            document_id=document.id, number=3, before=1, digest=DIGEST, person_id=author, at=NOW
        )
    with pytest.raises(ConflictError), database.transaction() as session:
        session.add(third)


@pytest.mark.parametrize("role", ["reader", "", "Author"])
def test_a_role_that_is_none_is_refused(database: Database, role: str) -> None:
    [somebody] = people(database, "버드나무")
    with pytest.raises(ConflictError), database.transaction() as session:
        session.add(PersonRole(person_id=somebody, role=role))


def test_a_pseudonym_is_somebody_s_alone(database: Database) -> None:
    people(database, "버드나무")
    with pytest.raises(ConflictError):
        people(database, "버드나무")


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    def half_a_verb() -> None:
        with database.transaction() as session:
            session.add(Person(pseudonym="버드나무", created=NOW))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_verb()
    with database.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_moment_comes_back_in_utc_and_one_without_a_zone_is_a_bug(database: Database) -> None:
    people(database, "버드나무")
    with database.reading() as session:
        [person] = session.scalars(select(Person)).all()
        assert person.created == NOW
    with pytest.raises(Exception, match="without a zone"), database.transaction() as session:
        session.add(Person(pseudonym="소나무", created=NOW.replace(tzinfo=None)))


def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusableError, match="newer program"):
        upgrade(database)


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://nobody:secret@127.0.0.1:1/x", "mysql://x"]
)
def test_a_url_that_leads_nowhere_says_so_without_its_secret(tmp_path: Path, url: str) -> None:
    with pytest.raises(DatabaseUnusableError) as refused:
        upgrade(Database.in_folder(tmp_path, url))
    assert "secret" not in str(refused.value)
