"""People: invited once, let in by password and code, slowed but not locked out, ended for good."""

from __future__ import annotations

import statistics
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pyotp
import pytest
from sqlalchemy import func, select
from tests.services.desks import START, at
from tests.stories.measured import MEASURED

from bojagi.errors import ConflictError, InvalidValueError, NotThereError, SignInError
from bojagi.services import accounts
from bojagi.services.accounts import SignedInPerson
from bojagi.storage.database import Database
from bojagi.storage.people import Device, Person, Role
from bojagi.storage.people import Session as SignedIn
from bojagi.storage.tables import METADATA

NAME: Final = "버드나무"
PASSWORD: Final = "겨울 강가의 버드나무 두 그루"  # noqa: S105 - an example
WRONG: Final = "여름 강가의 버드나무 두 그루"


@dataclass(frozen=True)
class Door:
    """Somebody's account, and the ways in."""

    database: Database
    secret: str
    codes: list[str]

    def sign_in(
        self,
        now: datetime,
        password: str = PASSWORD,
        *,
        code: str | None = None,
        device: str = "",
        name: str = NAME,
    ) -> SignedInPerson | None:
        given = pyotp.TOTP(self.secret).at(now) if code is None else code
        with self.database.transaction() as session:
            return accounts.sign_in(session, name, password, given, device, now)

    def let_in(self, now: datetime, *, code: str | None = None, device: str = "") -> SignedInPerson:
        found = self.sign_in(now, code=code, device=device)
        assert found is not None
        return found

    def is_signed_in(self, session_secret: str, now: datetime) -> bool:
        with self.database.transaction() as session:
            return accounts.person_of_session(session, session_secret, now) is not None

    def person(self) -> Person:
        with self.database.reading() as session:
            return accounts.person_named(session, NAME)

    def change(self, verb: Callable[..., object], *more: object) -> object:
        with self.database.transaction() as session:
            return verb(session, accounts.person_named(session, NAME), *more)


def invited(database: Database, name: str = NAME) -> str:
    with database.transaction() as session:
        return accounts.add_person(session, name, [Role.AUTHOR], None, START)[1]


def accept(database: Database, invitation: str, now: datetime = START) -> tuple[str, list[str]]:
    with database.transaction() as session:
        person, secret = accounts.accept(session, invitation, PASSWORD, now)
        return secret, accounts.recovery_codes(session, person)


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database, *accept(database, invited(database)))


def test_a_password_and_the_code_of_now_let_a_person_in(door: Door) -> None:
    found = door.let_in(at(1))
    assert found.person.pseudonym == NAME
    assert door.is_signed_in(found.session, at(2))


@pytest.mark.parametrize(
    ("name", "password"), [(NAME, WRONG), ("소나무", PASSWORD), ("", ""), ("버드\0나무", PASSWORD)]
)
def test_anything_wrong_lets_nobody_in(door: Door, name: str, password: str) -> None:
    try:
        assert door.sign_in(at(1), password, name=name) is None
    except InvalidValueError:
        assert "\0" in name, "PostgreSQL can't even be asked for it"


def test_hangul_typed_apart_is_the_same_name_and_password(door: Door) -> None:
    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert door.sign_in(at(1), apart, name=unicodedata.normalize("NFD", f" {NAME} ")) is not None


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)]
)
def test_a_code_holds_for_half_a_minute_either_way(
    door: Door, seconds: int, *, is_taken: bool
) -> None:
    code = pyotp.TOTP(door.secret).at(at(1) + timedelta(seconds=seconds))
    assert (door.sign_in(at(1), code=f" {code[:3]} {code[3:]} ") is not None) is is_taken


@pytest.mark.parametrize("code", ["", "000000 or", "１２３４５６", "🔑", "1" * 10_000])
def test_a_code_that_is_none_lets_nobody_in(door: Door, code: str) -> None:
    assert door.sign_in(at(1), code=code) is None


def test_a_code_is_taken_once_and_none_before_it(door: Door) -> None:
    totp = pyotp.TOTP(door.secret)
    door.let_in(at(1))
    assert door.sign_in(at(1)) is None, "the same again, as somebody saw it typed"
    assert door.sign_in(at(1), code=totp.at(at(0.5))) is None, "the one before, not used yet"
    door.let_in(at(1.5))


def test_a_recovery_code_stands_in_once_however_it_is_typed(door: Door) -> None:
    first, second, *_ = door.codes
    assert len(set(door.codes)) == 8
    door.let_in(at(1), code=first)
    assert door.sign_in(at(2), code=first) is None
    door.let_in(at(3), code=second.upper().replace("-", " "))
    door.change(accounts.recovery_codes)
    assert door.sign_in(at(4), code=door.codes[2]) is None, "new ones end the old"


def test_an_invitation_works_once_and_for_a_week(database: Database) -> None:
    invitation = invited(database)
    with pytest.raises(SignInError, match="has ended"):
        accept(database, invitation, START + accounts.INVITED)
    with pytest.raises(InvalidValueError, match="at least 12"), database.transaction() as session:
        accounts.accept(session, invitation, "열한 글자 짜리다", at(0))
    accept(database, invitation, START + accounts.INVITED - timedelta(seconds=1))
    for secret in (invitation, "", "아무 말"):
        with pytest.raises(SignInError, match="was used or has ended"):
            accept(database, secret)


def test_a_newer_invitation_ends_the_older_and_all_that_was_let_in(door: Door) -> None:
    inside = door.let_in(at(1))
    token = str(door.change(accounts.make_token, "책상", ["read"], at(1)))
    first = str(door.change(accounts.invite, None, at(2)))
    second = str(door.change(accounts.invite, None, at(3)))
    assert not door.is_signed_in(inside.session, at(4))
    assert door.sign_in(at(4)) is None
    with door.database.reading() as session:
        assert accounts.person_of_token(session, token, at(4)) is None
    with pytest.raises(SignInError):
        accept(door.database, first)
    secret, codes = accept(door.database, second, at(5))
    assert door.sign_in(at(6), code=door.codes[0]) is None, "old recovery codes ended, too"
    assert Door(door.database, secret, codes).sign_in(at(6), device=inside.device) is not None


def test_a_session_ends_when_idle_and_in_any_case(door: Door) -> None:
    idle, busy = door.let_in(at(1)), door.let_in(at(2))
    assert not door.is_signed_in(idle.session, at(1) + accounts.IDLE)
    hours = timedelta(0)
    while hours < accounts.SIGNED_IN:
        assert door.is_signed_in(busy.session, at(2) + hours)
        hours += timedelta(hours=1)
    assert not door.is_signed_in(busy.session, at(2) + accounts.SIGNED_IN)
    assert not door.is_signed_in("", at(3))


def test_what_ended_is_forgotten_at_the_next_sign_in(door: Door) -> None:
    door.let_in(at(1))
    door.let_in(at(1) + accounts.DEVICE)
    with door.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignedIn)) == 1
        assert session.scalar(select(func.count()).select_from(Device)) == 1


def test_signing_out_ends_one_session_and_ending_everywhere_ends_all(door: Door) -> None:
    one, other, third = (door.let_in(at(minute)) for minute in (1, 2, 3))
    with door.database.transaction() as session:
        accounts.sign_out(session, one.session)
    assert not door.is_signed_in(one.session, at(4))
    assert door.is_signed_in(other.session, at(4))
    with door.database.transaction() as session:
        accounts.end_everywhere(session, other.person.id)
    assert not door.is_signed_in(other.session, at(4))
    assert not door.is_signed_in(third.session, at(4))
    again = door.let_in(at(5), device=third.device)
    assert again.device != third.device, "a device that was forgotten is a new one"


def test_who_was_disabled_comes_in_by_no_door(door: Door) -> None:
    inside = door.let_in(at(1))
    token = str(door.change(accounts.make_token, "책상", ["read"], at(1)))
    door.change(accounts.disable, None, at(2))
    assert not door.is_signed_in(inside.session, at(3))
    assert door.sign_in(at(3), device=inside.device) is None
    assert door.sign_in(at(3), code=door.codes[0]) is None
    with door.database.reading() as session:
        assert accounts.person_of_token(session, token, at(3)) is None
    invitation = str(door.change(accounts.invite, None, at(4)))
    with pytest.raises(SignInError):
        accept(door.database, invitation, at(5))


def test_a_token_opens_its_scopes_until_it_ends(door: Door) -> None:
    token = str(door.change(accounts.make_token, "책상", ["write", "read", "read"], at(0)))
    with pytest.raises(ConflictError):
        door.change(accounts.make_token, "책상", ["read"], at(1))
    with door.database.reading() as session:
        found = accounts.person_of_token(session, token, at(1))
        assert found is not None
        assert found[0].pseudonym == NAME
        assert found[1] == {"read", "write"}
        assert accounts.person_of_token(session, token, at(0) + accounts.TOKEN) is None
        assert accounts.person_of_token(session, token[:-1], at(1)) is None


def attack(door: Door, now: datetime, tries: int = 12) -> None:
    """Try passwords from devices nobody knows, as fast as the slowing lets them count."""
    for each in range(tries):
        assert door.sign_in(now + timedelta(minutes=6 * each), WRONG) is None


def test_wrong_tries_from_elsewhere_slow_no_device_that_signed_in_before(door: Door) -> None:
    known = door.let_in(at(1))
    attack(door, at(2))
    assert door.let_in(at(69), device=known.device).device == known.device


def test_a_new_device_is_slowed_and_told_the_same_as_anybody(door: Door) -> None:
    attack(door, at(2))
    assert door.sign_in(at(69)) is None, "even the right password doesn't count yet"
    assert door.sign_in(at(2 + 6 * 11) + accounts.SLOWED_MOST) is not None


def test_nobody_is_locked_out_on_purpose(door: Door) -> None:
    attack(door, at(2))
    busy = at(69)
    assert door.sign_in(busy, WRONG) is None
    door.let_in(busy, code=door.codes[0])


def test_a_recovery_code_opens_one_try_and_not_many(door: Door) -> None:
    attack(door, at(2))
    assert door.sign_in(at(69), WRONG, code=door.codes[0]) is None
    assert door.sign_in(at(69), code=door.codes[0]) is None, "it was used up by the wrong one"


def test_a_known_device_is_slowed_by_its_own_wrong_tries_and_told_how_long(door: Door) -> None:
    known = door.let_in(at(1))
    for _ in range(accounts.SLOWED_AFTER):
        assert door.sign_in(at(2), WRONG, device=known.device) is None
    with pytest.raises(SignInError, match="wait") as refused:
        door.sign_in(at(2), device=known.device)
    assert refused.value.wait == 2
    assert door.let_in(at(3), device=known.device).device == known.device


def test_somebody_elses_device_is_an_unknown_one(door: Door) -> None:
    other = Door(door.database, *accept(door.database, invited(door.database, "소나무")))
    theirs = other.sign_in(at(1), name="소나무")
    assert theirs is not None
    attack(door, at(2))
    assert door.sign_in(at(69), device=theirs.device) is None


def seconds_of(verb: Callable[[], object]) -> float:
    began = time.process_time()  # other tests run beside this one
    verb()
    return time.process_time() - began


@pytest.mark.usefixtures("real_hashes")
def test_a_pseudonym_that_nobody_has_takes_as_long(
    door: Door, capsys: pytest.CaptureFixture[str], record_property: Callable[..., None]
) -> None:
    moments = [at(minute * 10) for minute in range(1, 8)]
    ways: dict[str, Callable[[datetime], object]] = {
        "wrong password": lambda now: door.sign_in(now, WRONG),
        "wrong code": lambda now: door.sign_in(now, code="no"),
        "nobody's name": lambda now: door.sign_in(now, name="없는 사람"),
    }
    found = {
        name: statistics.median(seconds_of(lambda m=now, w=way: w(m)) for now in moments)  # type: ignore[misc]
        for name, way in ways.items()
    }
    found["slowed"] = statistics.median(
        seconds_of(lambda: door.sign_in(moments[-1], WRONG)) for _ in moments
    )
    told = ", ".join(f"{name} {each * 1000:.0f} ms" for name, each in found.items())
    record_property(MEASURED, f"  signing in, argon2id twice: {told}")
    with capsys.disabled():
        sys.stdout.write(f"\n  signing in: {told}\n")
    assert min(found.values()) > max(found.values()) / 2, told


def test_what_is_said_tells_nothing_of_what_was_wrong() -> None:
    assert "pseudonym, the password or the code" in accounts.refused_words()


@pytest.mark.parametrize(
    "name", ["", " ", "가" * 81, "가\n나", "가\u202e", "가\u200b", "ㅤ", "\ud800"]
)
def test_a_pseudonym_nobody_could_read_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidValueError):
        invited(database, name)


def test_two_people_never_have_names_that_look_the_same(database: Database) -> None:
    invited(database)
    for name in (NAME, f" {NAME}", unicodedata.normalize("NFD", NAME)):
        with pytest.raises(ConflictError):
            invited(database, name)
    with database.reading() as session, pytest.raises(NotThereError):
        accounts.person_named(session, "소나무")


def test_no_secret_stands_anywhere_as_it_is(door: Door, tmp_path: Path) -> None:
    inside = door.let_in(at(1))
    token = str(door.change(accounts.make_token, "책상", ["read"], at(2)))
    invitation = invited(door.database, "소나무")
    raw = pyotp.TOTP(door.secret).byte_secret()
    secrets = [PASSWORD, door.secret, *door.codes, inside.session, inside.device, token, invitation]
    searched = [each.encode() for each in secrets] + [raw, raw.hex().encode()]
    with door.database.reading() as session:
        dump = "\n".join(
            str(tuple(row))
            for table in METADATA.sorted_tables
            for row in session.execute(select(table))
        ).encode()
    assert NAME.encode() in dump, "the same search finds what does stand there"
    files = {"dump": dump} | {
        path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    if not door.database.is_postgres:
        assert any(NAME.encode() in content for name, content in files.items() if "sqlite" in name)
    for name, content in files.items():
        assert [each for each in searched if each in content] == [], name
