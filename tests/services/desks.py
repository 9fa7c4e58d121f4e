"""A desk with its people and a small project, for tests of the verbs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.making import Project, make_project

from bojagi.services.accounts import add_person
from bojagi.services.data_folder import DataFolder
from bojagi.services.desk import Desk
from bojagi.services.documents import read_document
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.people import Person, Role

START: Final = datetime(2026, 11, 26, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return a moment after the start."""
    return START + timedelta(minutes=minutes)


def desk_on(database: Database, folder: Path) -> Desk:
    """Return a desk with nothing on it."""
    return Desk(database, Blobs(folder / "blobs"), DataFolder(folder / "var"))


def add(desk: Desk, pseudonym: str, *roles: Role) -> Person:
    """Add a person."""
    with desk.database.transaction() as session:
        return add_person(session, pseudonym, roles, None, START)[0]


@dataclass(frozen=True)
class Studio:
    """A desk with people at it, and a project that was imported by nobody who writes.

    Attributes:
        project: the folders it came from.
        importer: who imported.
    """

    desk: Desk
    project: Project
    importer: Person
    author: Person
    translator: Person
    safety: Person
    reader: Person
    publisher: Person

    def save(self, person: Person, path: str, content: str | bytes, now: datetime) -> int:
        """Save a document as one made from the revision that stands."""
        before = self.standing(path)[1]
        raw = content.encode("utf-8") if isinstance(content, str) else content
        return self.desk.save(person, path, raw, before, now)

    def replace(self, person: Person, path: str, words: tuple[str, str], now: datetime) -> int:
        """Save a document with some words replaced, which must be there."""
        text = self.standing(path)[0].decode("utf-8")
        assert words[0] in text
        return self.save(person, path, text.replace(*words), now)

    def standing(self, path: str) -> tuple[bytes, int]:
        """Return the bytes of a document and the number of its revision."""
        with self.desk.database.reading() as session:
            return read_document(session, self.desk.blobs, path)


def open_studio(database: Database, folder: Path) -> Studio:
    """Make a studio with the small project in it."""
    desk = desk_on(database, folder)
    project = make_project(folder / "project")
    studio = Studio(
        desk,
        project,
        importer=add(desk, "전나무", Role.AUTHOR),
        author=add(desk, "버드나무", Role.AUTHOR),
        translator=add(desk, "느티나무", Role.TRANSLATOR),
        safety=add(desk, "소나무", Role.SAFETY_REVIEWER),
        reader=add(desk, "잣나무", Role.SAFETY_REVIEWER),
        publisher=add(desk, "밤나무", Role.PUBLISHER),
    )
    desk.import_folders(studio.importer, project.root, START)
    return studio
