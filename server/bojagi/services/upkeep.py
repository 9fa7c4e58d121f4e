"""Upkeep: what the keeper of the studio's host does, who needs no account for it.

The first person is added here, and the only admin let in again when they lost their phone: nobody
else could. Everything else about people goes through `door`, by an admin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bojagi.errors import DatabaseUnusableError, ForbiddenError, InvalidValueError
from bojagi.services import accounts
from bojagi.services.auditing import KEPT, forget_old, note
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import Revision, SignOffLink, SubmittedEdition
from bojagi.storage.database import Database
from bojagi.storage.migrating import newest, version_of
from bojagi.storage.people import AuditEvent, Device, Invitation, Person, PersonRole, Role
from bojagi.storage.people import Session as SignedIn
from bojagi.storage.tables import METADATA

_ENDING: Final = (SignedIn, Device, Invitation, SignOffLink)
"""What ends by itself on a day of its own, and is of no use after it."""
_LONGEST: Final = timedelta(days=36500)
_UNDER_WAY: Final = timedelta(days=1)
"""How long a verb may have kept bytes before it names them."""


@dataclass(frozen=True)
class Status:
    """How a studio's database stands.

    Attributes:
        url: where it is, without its password.
        version: its version; empty where there is none yet.
        newest: the version this program works with.
        rows: how many, by table.
        damaged: what is wrong with bytes that a revision or an edition names.
    """

    url: str
    version: str
    newest: str
    rows: Mapping[str, int]
    damaged: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it is of this program's version and lacks nothing."""
        return self.version == self.newest and not self.damaged

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        return {**asdict(self), "sound": self.is_sound}


def status(database: Database, blobs: Blobs) -> Status:
    """Look at a database of any version, and at every blob it names."""
    url = make_url(database.url).render_as_string(hide_password=True)
    version = version_of(database) or ""
    with database.reading() as session:
        there = set(inspect(session.connection()).get_table_names())
        rows = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
            if table.name in there
        }
        damaged = _damaged(session, blobs) if version == newest() else []
    return Status(url, version, newest(), rows, tuple(damaged))


def is_empty(database: Database) -> bool:
    """Whether nobody was added yet."""
    with database.reading() as session:
        return session.scalar(select(Person.id).limit(1)) is None


def add_first(
    database: Database, pseudonym: str, roles: Iterable[Role], now: datetime
) -> tuple[Person, str]:
    """Add the first person, who has to be an admin: they add the others.

    Raises:
        ForbiddenError: when somebody is there already.
        InvalidValueError: for a pseudonym that is none, or roles without `admin`.
    """
    wanted = set(roles)
    if Role.ADMIN not in wanted:
        raise InvalidValueError(
            "role of the first person", ", ".join(sorted(wanted)), "admin, and any other beside it"
        )
    with database.transaction() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            raise ForbiddenError("somebody is there already: an admin adds the others")
        return accounts.add_person(session, pseudonym, wanted, None, now)


def reset_only_admin(database: Database, pseudonym: str, now: datetime) -> str:
    """Return the secret of a new invitation for the only admin, whom nobody else could reset.

    Raises:
        ForbiddenError: when they aren't the only one.
        NotThereError: when there is no such person.
    """
    with database.transaction() as session:
        person = accounts.person_named(session, pseudonym)
        query = (
            select(Person.id)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == Role.ADMIN, Person.disabled.is_(None))
        )
        if session.scalars(query).all() != [person.id]:
            raise ForbiddenError("nobody resets their own account; ask another admin")
        return accounts.invite(session, person, None, now)


def forget(database: Database, blobs: Blobs, now: datetime, kept: timedelta = KEPT) -> int:
    """Forget events older than the retention, and whatever has ended; return how many there were.

    Bytes that no revision and no edition names go as well, a day after they were kept.

    Raises:
        InvalidValueError: for a retention of less than a day or more than a hundred years.
    """
    if not timedelta(days=1) <= kept <= _LONGEST:
        raise InvalidValueError("retention", kept.days, f"1 to {_LONGEST.days} days")
    with database.transaction() as session:
        before = _count(session)
        forget_old(session, now, kept)
        for table in _ENDING:
            session.execute(delete(table).where(table.expires <= now))
        gone = before - _count(session)
        note(session, None, "retention", f"{gone} forgotten", now)
    with database.reading() as session:
        blobs.sweep(_named(session), now - _UNDER_WAY)
    return gone


def _count(session: Session) -> int:
    tables = (AuditEvent, *_ENDING)
    return sum(session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


def _named(session: Session) -> set[str]:
    """Return the digests of all bytes that must be there."""
    revisions = session.scalars(select(Revision.digest))
    return {each for each in revisions if each} | {
        *session.scalars(select(SubmittedEdition.digest))
    }


def _damaged(session: Session, blobs: Blobs) -> list[str]:
    wrong: list[str] = []
    for digest in sorted(_named(session)):
        try:
            blobs.read(digest)
        except DatabaseUnusableError as error:
            wrong.append(str(error))
    return wrong
