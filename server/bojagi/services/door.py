"""The door: signing in and out, invitations, tokens, people; each one transaction, for any surface.

The rules are those of `accounts`; who opens the door knows nothing of tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from bojagi.errors import ConflictError, ForbiddenError, NotThereError
from bojagi.services import accounts
from bojagi.services.auditing import note
from bojagi.services.permissions import require
from bojagi.storage.database import Database
from bojagi.storage.people import Person, PersonRole, Role, Token


@dataclass(frozen=True)
class Accepted:
    """What a new person needs once: their one-time code's secret, and codes for a lost phone."""

    person: Person
    secret: str
    recovery_codes: list[str]


@dataclass(frozen=True)
class Door:
    """Who comes in, and with what."""

    database: Database

    def sign_in(
        self, given: tuple[str, str, str], device: str, now: datetime
    ) -> accounts.SignedInPerson | None:
        """Sign in with pseudonym, password and code; None when any of them is wrong.

        Raises:
            SignInError: when too many tries came before; says how long to wait.
        """
        with self.database.transaction() as session:
            return accounts.sign_in(session, *given, device, now)

    def person_of_session(self, secret: str, now: datetime) -> Person | None:
        """Return who is signed in by a session's secret."""
        with self.database.transaction() as session:
            return accounts.person_of_session(session, secret, now)

    def person_of_token(self, secret: str, now: datetime) -> tuple[Person, frozenset[str]] | None:
        """Return whose token it is, and its scopes."""
        with self.database.reading() as session:
            return accounts.person_of_token(session, secret, now)

    def sign_out(self, secret: str) -> None:
        """End one session."""
        with self.database.transaction() as session:
            accounts.sign_out(session, secret)

    def end_everywhere(self, person: Person, now: datetime) -> None:
        """End every session of a person, and forget their devices."""
        with self.database.transaction() as session:
            accounts.end_everywhere(session, person.id)
            note(session, person.id, "end everywhere", "", now)

    def accept(self, secret: str, password: str, now: datetime) -> Accepted:
        """Choose a password by an invitation; raises as `accounts.accept` does."""
        with self.database.transaction() as session:
            person, shared = accounts.accept(session, secret, password, now)
            return Accepted(person, shared, accounts.recovery_codes(session, person))

    def make_token(self, person: Person, name: str, scopes: Iterable[str], now: datetime) -> str:
        """Make a personal token; it is shown once.

        Raises:
            ConflictError: when the person had one of that name.
        """
        with self.database.transaction() as session:
            if session.scalar(_standing_token(person, name)) is not None:
                raise ConflictError(f"you have a token {name!r}; choose another name")
            return accounts.make_token(session, person, name, scopes, now)

    def revoke_token(self, person: Person, name: str, now: datetime) -> None:
        """End a token of one's own; raises `NotThereError`."""
        with self.database.transaction() as session:
            token = session.scalar(_standing_token(person, name))
            if token is None:
                raise NotThereError("token", name, "one of yours that holds")
            token.revoked = now
            note(session, person.id, "revoke token", name, now)

    def add(
        self, by: Person, pseudonym: str, roles: Iterable[Role], now: datetime
    ) -> tuple[Person, str]:
        """Add a person, and return them with the secret of their invitation.

        Raises:
            ForbiddenError: when the adder's roles don't allow it.
            ConflictError: when the pseudonym is somebody's.
        """
        require(by, "people")
        with self.database.transaction() as session:
            if session.scalar(select(Person).where(Person.pseudonym == pseudonym.strip())):
                raise ConflictError(f"{pseudonym.strip()} is somebody's pseudonym already")
            return accounts.add_person(session, pseudonym, roles, by.id, now)

    def person(self, pseudonym: str) -> Person:
        """Return a person; raises `NotThereError`."""
        with self.database.reading() as session:
            return accounts.person_named(session, pseudonym)

    def change_roles(
        self, by: Person, pseudonym: str, roles: Iterable[Role], now: datetime
    ) -> Person:
        """Give a person other roles; nobody changes their own.

        Raises:
            ForbiddenError: when the changer's roles don't allow it, or it is they themselves.
            NotThereError: when there is no such person.
        """
        require(by, "people")
        with self.database.transaction() as session:
            person = _other(accounts.person_named(session, pseudonym), by)
            wanted = set(roles)
            person.roles = [each for each in person.roles if each.role in wanted]
            kept = {each.role for each in person.roles}
            person.roles += [PersonRole(role=role) for role in sorted(wanted - kept)]
            note(session, by.id, "roles", f"{pseudonym}: {', '.join(sorted(wanted))}", now)
        return person

    def invite(self, by: Person, pseudonym: str, now: datetime) -> str:
        """Reset an account: return the secret of a new invitation; raises as `change_roles`."""
        require(by, "people")
        with self.database.transaction() as session:
            person = _other(accounts.person_named(session, pseudonym), by)
            return accounts.invite(session, person, by.id, now)

    def disable(self, by: Person, pseudonym: str, now: datetime) -> None:
        """Let a person in no more; raises as `change_roles`."""
        require(by, "people")
        with self.database.transaction() as session:
            person = _other(accounts.person_named(session, pseudonym), by)
            accounts.disable(session, person, by.id, now)


def _standing_token(person: Person, name: str) -> Select[Token]:
    return select(Token).where(
        Token.person_id == person.id, Token.name == name, Token.revoked.is_(None)
    )


def _other(person: Person, by: Person) -> Person:
    if person.id == by.id:
        raise ForbiddenError("nobody changes their own account; ask another admin")
    return person
