"""People: added, invited, signed in, ended; and the tokens their programs carry.

What always holds:

- No password, code or token is kept as it was given: passwords by argon2id, what a phone shares for
  one-time codes sealed under the password, everything else, which is random, by its digest.
- Who tries passwords from outside slows down only devices that never signed in; nobody can be
  locked out on purpose. A new device with a recovery code doesn't wait either.
- Nothing tells a stranger whether a pseudonym exists: who is made to wait hears, and waits for,
  what everybody does whose password is wrong.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bojagi.authoring.checks.folding import is_invisible
from bojagi.errors import InvalidValueError, NotThereError, SignInError
from bojagi.services import one_time
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
PSEUDONYM_CHARACTERS: Final = 80
SLOWED_AFTER: Final = 5
"""Wrong passwords in a row before the next try has to wait."""
SLOWED_MOST: Final = timedelta(minutes=5)
_HASHER: Final = PasswordHasher(one_time.ROUNDS, one_time.MEMORY_KIB, parallelism=1)
_NOBODY: Final = _HASHER.hash(secrets.token_hex())
"""Checked for a pseudonym that doesn't exist, so that it takes as long."""
_REFUSED: Final = (
    "the pseudonym, the password or the code is wrong; after five wrong tries, wait five minutes "
    "before the next, or give a recovery code"
)


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
    name = pseudonym_of(pseudonym)
    person = Person(
        pseudonym=name, created=now, roles=[PersonRole(role=role) for role in set(roles)]
    )
    session.add(person)
    session.flush()
    note(session, by, "add person", name, now)
    return person, invite(session, person, by, now)


def pseudonym_of(text: str) -> str:
    """Return a pseudonym as it is kept: composed (NFC), so that no two look the same.

    Raises:
        InvalidValueError: for a text that is none.
    """
    name = _composed(text).strip()
    is_plain = name.isprintable() and not any(map(is_invisible, name))
    if not name or not is_plain or len(name) > PSEUDONYM_CHARACTERS:
        raise InvalidValueError("pseudonym", text, "1 to 80 letters of any script")
    return name


def invite(session: Session, person: Person, by: int | None, now: datetime) -> str:
    """Make a link that lets a person choose a password, once; older ones stop working.

    A person who had a password loses it, their one-time and recovery codes, every session and
    every token: it is how an account is reset that somebody else may have got into.
    """
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    _revoke_tokens(session, person, now)
    secret = new_secret()
    session.add(Invitation(person_id=person.id, token=_digest(secret), expires=now + INVITED))
    person.password = person.secret = person.step = person.failed = None
    person.failures = 0
    end_everywhere(session, person.id)
    note(session, by, "invite", person.pseudonym, now)
    return secret


def accept(session: Session, secret: str, password: str, now: datetime) -> tuple[Person, str]:
    """Choose a password by an invitation; return the person and the one-time code's shared secret.

    Raises:
        SignInError: when the invitation is none, was used, or has ended, or they were disabled.
        InvalidValueError: when the password is too short.
    """
    query = select(Invitation).where(Invitation.token == _digest(secret)).with_for_update()
    invitation = session.scalar(query)
    person = session.get_one(Person, invitation.person_id) if invitation else None
    if (
        invitation is None
        or person is None
        or person.disabled
        or invitation.used
        or invitation.expires <= now
    ):
        raise SignInError("this invitation was used or has ended; ask for another")
    if len(password) < PASSWORD_CHARACTERS:
        raise InvalidValueError(
            "password", f"of {len(password)} characters", f"at least {PASSWORD_CHARACTERS}"
        )
    invitation.used = now
    secret = one_time.new_secret()
    person.password = _HASHER.hash(_composed(password))
    person.secret = one_time.seal(secret, _composed(password))
    note(session, person.id, "accept invitation", person.pseudonym, now)
    return person, secret


def recovery_codes(session: Session, person: Person) -> list[str]:
    """Make new recovery codes; older ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = one_time.new_recovery_codes()
    session.add_all(
        RecoveryCode(person_id=person.id, code=one_time.recovery_digest(code)) for code in codes
    )
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
        SignInError: when too many tries came before from this very device; says how long to wait.
    """
    name = _composed(pseudonym).strip()
    person = session.scalar(select(Person).where(Person.pseudonym == name).with_for_update())
    known = _device(session, person, device, now) if person else None
    if known is not None and (left := _left_to_wait(known, now)) > timedelta(0):
        seconds = int(left.total_seconds()) + 1
        raise SignInError(f"too many tries; wait {seconds} seconds", wait=seconds)
    recovery = _recovery_code(session, person, code) if person else None
    is_slowed = person is not None and known is None and _left_to_wait(person, now) > timedelta(0)
    if is_slowed and recovery is not None:
        recovery.used, is_slowed = now, False  # used up, so that it opens one try and no more
    who = person if person and not person.disabled and not is_slowed else None
    is_right = _is_right(who, _composed(password), code, recovery, now)
    counter = known or person
    if counter is not None and not is_slowed:
        counter.failures, counter.failed = (0, None) if is_right else (counter.failures + 1, now)
    return _let_in(session, who, device if known else "", now) if who and is_right else None


def _is_right(
    person: Person | None, password: str, code: str, recovery: RecoveryCode | None, now: datetime
) -> bool:
    """Whether both are a person's; the code is used up then. It takes as long for nobody."""
    is_password = _verify(person.password if person and person.password else _NOBODY, password)
    shared = one_time.unseal(person.secret if person else None, password)
    if person is None or not is_password:
        return False
    typed = "".join(code.split())
    step = one_time.step_of(shared, typed, now, person.step) if shared else None
    if step is not None:
        person.step = step
    elif recovery is not None:
        recovery.used = now
    return step is not None or recovery is not None


def _let_in(session: Session, person: Person, device: str, now: datetime) -> SignedInPerson:
    _forget_ended(session, person, now)
    secret, remembered = new_secret(), device or new_secret()
    session.add(
        SignedIn(
            person_id=person.id,
            token=_digest(secret),
            created=now,
            used=now,
            expires=now + SIGNED_IN,
        )
    )
    if not device:
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
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    _revoke_tokens(session, person, now)
    note(session, by, "disable", person.pseudonym, now)


def make_token(
    session: Session, person: Person, name: str, scopes: Iterable[str], now: datetime
) -> str:
    """Make a personal token and return it; it is shown once.

    Raises:
        ConflictError: when the person has one of that name.
    """
    secret = new_secret()
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
        NotThereError: when there is none.
    """
    query = select(Person).where(Person.pseudonym == _composed(pseudonym).strip())
    person = session.scalar(query)
    if person is None:
        raise NotThereError("pseudonym", pseudonym, "somebody who was added")
    return person


def _device(session: Session, person: Person, secret: str, now: datetime) -> Device | None:
    found = (
        session.scalar(select(Device).where(Device.token == _digest(secret))) if secret else None
    )
    is_theirs = found is not None and found.person_id == person.id and found.expires > now
    return found if is_theirs else None


def _left_to_wait(counter: Person | Device, now: datetime) -> timedelta:
    over = counter.failures - SLOWED_AFTER
    if over < 0 or counter.failed is None:
        return timedelta(0)
    wait = min(timedelta(seconds=2.0 ** min(over, 20)), SLOWED_MOST)
    return counter.failed + wait - now


def _forget_ended(session: Session, person: Person, now: datetime) -> None:
    for ended in (SignedIn, Device):
        session.execute(delete(ended).where(ended.person_id == person.id, ended.expires <= now))


def _revoke_tokens(session: Session, person: Person, now: datetime) -> None:
    query = update(Token).where(Token.person_id == person.id, Token.revoked.is_(None))
    session.execute(query.values(revoked=now))


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except VerificationError:
        return False


def _recovery_code(session: Session, person: Person, code: str) -> RecoveryCode | None:
    """Return a recovery code that wasn't used."""
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person.id,
        RecoveryCode.code == one_time.recovery_digest(code),
        RecoveryCode.used.is_(None),
    )
    return session.scalar(query.with_for_update())


def _composed(text: str) -> str:
    """Return a text composed (NFC): keyboards and systems write Hangul either way (RFC 8265)."""
    return unicodedata.normalize("NFC", text)


def new_secret() -> str:
    """Return a secret for a link, a token or a session: 192 bits that no shell takes for more."""
    return secrets.token_hex(24)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8")).hexdigest()
