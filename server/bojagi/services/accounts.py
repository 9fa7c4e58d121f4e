"""People: added, invited, signed in, ended; and the tokens their programs carry.

What always holds:

- No password, code or token is kept as it was given: passwords by argon2id, everything else, which
  is random, by its digest.
- Who tries passwords from outside slows down only devices that never signed in; nobody can be
  locked out on purpose.
- Nothing tells a stranger whether a pseudonym exists.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bojagi.errors import InvalidValueError, SignInError
from bojagi.services.auditing import note
from bojagi.storage.people import (
    Device,
    Invitation,
    Person,
    PersonRole,
    RecoveryCode,
    Role,
    Token,
)
from bojagi.storage.people import Session as SignedIn

PASSWORD_CHARACTERS: Final = 12
INVITED: Final = timedelta(days=7)
SIGNED_IN: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
DEVICE: Final = timedelta(days=180)
TOKEN: Final = timedelta(days=365)
RECOVERY_CODES: Final = 8
SLOWED_AFTER: Final = 5
"""Wrong passwords in a row before the next try has to wait."""
SLOWED_MOST: Final = timedelta(minutes=5)
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
"""argon2id: about 60 ms here; OWASP asks for 19 MiB and two rounds at least."""
_NOBODY: Final = _HASHER.hash(secrets.token_hex())
"""Checked for a pseudonym that doesn't exist, so that it takes as long."""
_REFUSED: Final = "the pseudonym, the password or the code is wrong"


@dataclass(frozen=True)
class SignedInPerson:
    """Who is signed in, with what the browser keeps: secrets that stand nowhere else."""

    person: Person
    session: str
    device: str


def add_person(
    session: Session, pseudonym: str, roles: Iterable[Role], by: int | None, now: datetime
) -> tuple[Person, str]:
    """Add a person and return them with the secret of their invitation.

    Raises:
        InvalidValueError: for a pseudonym that is none.
        ConflictError: when it is somebody's already.
    """
    name = pseudonym.strip()
    if not name or not name.isprintable() or len(name) > 80:  # noqa: PLR2004 - the column's length
        raise InvalidValueError("pseudonym", pseudonym, "1 to 80 letters of any script")
    person = Person(
        pseudonym=name, created=now, roles=[PersonRole(role=role) for role in set(roles)]
    )
    session.add(person)
    session.flush()
    note(session, by, "add person", name, now)
    return person, invite(session, person, by, now)


def invite(session: Session, person: Person, by: int | None, now: datetime) -> str:
    """Make a link that lets a person choose a password, once; older ones stop working.

    A person who had a password loses it, their one-time code and every session: it is how an
    account is reset.
    """
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    secret = _secret()
    session.add(Invitation(person_id=person.id, token=_digest(secret), expires=now + INVITED))
    person.password = person.secret = None
    end_everywhere(session, person.id)
    note(session, by, "invite", person.pseudonym, now)
    return secret


def accept(session: Session, secret: str, password: str, now: datetime) -> tuple[Person, str]:
    """Choose a password by an invitation; return the person and the one-time code's shared secret.

    Raises:
        SignInError: when the invitation is none, was used, or has ended.
        InvalidValueError: when the password is too short.
    """
    query = select(Invitation).where(Invitation.token == _digest(secret)).with_for_update()
    invitation = session.scalar(query)
    if invitation is None or invitation.used or invitation.expires <= now:
        raise SignInError("this invitation was used or has ended; ask for another")
    if len(password) < PASSWORD_CHARACTERS:
        raise InvalidValueError(
            "password", f"of {len(password)} characters", f"at least {PASSWORD_CHARACTERS}"
        )
    person = session.get_one(Person, invitation.person_id)
    invitation.used = now
    person.password = _HASHER.hash(password)
    person.secret = pyotp.random_base32()
    note(session, person.id, "accept invitation", person.pseudonym, now)
    return person, person.secret


def recovery_codes(session: Session, person: Person) -> list[str]:
    """Make new recovery codes; older ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [f"{secrets.token_hex(2)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person.id, code=_digest(code)) for code in codes)
    return codes


def sign_in(  # noqa: PLR0913, PLR0917 - what a person types, and when
    session: Session, pseudonym: str, password: str, code: str, device: str, now: datetime
) -> SignedInPerson | None:
    """Sign a person in; None when something is wrong, and what was tried is counted.

    The caller commits in either case, and says the same whatever was wrong.

    Args:
        session: the transaction of the verb.
        pseudonym: as typed.
        password: as typed.
        code: the one-time code, or a recovery code.
        device: the secret of a device that signed in before; empty for a new one.
        now: the time.

    Raises:
        SignInError: when too many tries came before; says how long to wait.
    """
    query = select(Person).where(Person.pseudonym == pseudonym.strip()).with_for_update()
    person = session.scalar(query)
    known = _device(session, person, device, now) if person else None
    counter: Person | Device | None = known or person
    if counter is not None:
        _refuse_fast(counter, now)
    is_right = _verify(person.password if person and person.password else _NOBODY, password)
    if person is None or counter is None or person.disabled or not is_right:
        if counter is not None:
            counter.failures, counter.failed = counter.failures + 1, now
        return None
    if not _is_code(session, person, code, now):
        counter.failures, counter.failed = counter.failures + 1, now
        return None
    counter.failures, counter.failed = 0, None
    secret, remembered = _secret(), device if known else _secret()
    session.add(
        SignedIn(
            person_id=person.id,
            token=_digest(secret),
            created=now,
            used=now,
            expires=now + SIGNED_IN,
        )
    )
    if known is None:
        session.add(Device(person_id=person.id, token=_digest(remembered), expires=now + DEVICE))
    note(session, person.id, "sign in", "", now)
    return SignedInPerson(person, secret, remembered)


def refused_words() -> str:
    """Return what is said when signing in fails, whatever was wrong."""
    return _REFUSED


def person_of_session(session: Session, secret: str, now: datetime) -> Person | None:
    """Return who is signed in by a session's secret; None when it has ended."""
    found = session.scalar(select(SignedIn).where(SignedIn.token == _digest(secret)))
    if found is None or found.expires <= now or found.used + IDLE <= now:
        return None
    person = session.get_one(Person, found.person_id)
    if person.disabled:
        return None
    found.used = now
    return person


def sign_out(session: Session, secret: str) -> None:
    """End one session."""
    session.execute(delete(SignedIn).where(SignedIn.token == _digest(secret)))


def end_everywhere(session: Session, person_id: int) -> None:
    """End every session of a person, forget their devices, and revoke no token."""
    session.execute(delete(SignedIn).where(SignedIn.person_id == person_id))
    session.execute(delete(Device).where(Device.person_id == person_id))


def disable(session: Session, person: Person, by: int | None, now: datetime) -> None:
    """Let a person in no more, by no door; what they wrote and approved stays."""
    person.disabled = now
    end_everywhere(session, person.id)
    session.execute(update(Token).where(Token.person_id == person.id).values(revoked=now))
    note(session, by, "disable", person.pseudonym, now)


def make_token(
    session: Session, person: Person, name: str, scopes: Iterable[str], now: datetime
) -> str:
    """Make a personal token and return it; it is shown once.

    Raises:
        ConflictError: when the person has one of that name.
    """
    secret = _secret()
    session.add(
        Token(
            person_id=person.id,
            name=name,
            token=_digest(secret),
            scopes=" ".join(sorted(set(scopes))),
            created=now,
            expires=now + TOKEN,
        )
    )
    session.flush()
    note(session, person.id, "make token", name, now)
    return secret


def person_of_token(
    session: Session, secret: str, now: datetime
) -> tuple[Person, frozenset[str]] | None:
    """Return whose token it is and its scopes; None when it has ended."""
    found = session.scalar(select(Token).where(Token.token == _digest(secret)))
    if found is None or found.revoked or found.expires <= now:
        return None
    person = session.get_one(Person, found.person_id)
    return None if person.disabled else (person, frozenset(found.scopes.split()))


def person_named(session: Session, pseudonym: str) -> Person:
    """Return a person by their pseudonym.

    Raises:
        InvalidValueError: when there is none.
    """
    person = session.scalar(select(Person).where(Person.pseudonym == pseudonym))
    if person is None:
        raise InvalidValueError("pseudonym", pseudonym, "somebody who was added")
    return person


def _device(session: Session, person: Person, secret: str, now: datetime) -> Device | None:
    found = (
        session.scalar(select(Device).where(Device.token == _digest(secret))) if secret else None
    )
    is_theirs = found is not None and found.person_id == person.id and found.expires > now
    return found if is_theirs else None


def _refuse_fast(counter: Person | Device, now: datetime) -> None:
    over = counter.failures - SLOWED_AFTER
    if over < 0 or counter.failed is None:
        return
    wait = min(timedelta(seconds=2.0 ** min(over, 20)), SLOWED_MOST)
    left = counter.failed + wait - now
    if left > timedelta(0):
        raise SignInError(f"too many tries; wait {int(left.total_seconds()) + 1} seconds")


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except VerificationError:
        return False


def _is_code(session: Session, person: Person, code: str, now: datetime) -> bool:
    """Whether a code is the one of now, or a recovery code that wasn't used."""
    given = "".join(code.split())
    if person.secret and pyotp.TOTP(person.secret).verify(given, for_time=now, valid_window=1):
        return True
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.code == _digest(given)
    )
    found = session.scalar(query.with_for_update())
    if found is None or found.used:
        return False
    found.used = now
    return True


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8")).hexdigest()
