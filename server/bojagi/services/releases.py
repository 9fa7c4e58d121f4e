"""Releases of the desk's content, by its approvals alone, one shelf at a time.

What always holds:

- What is released is what stands in the database; an approval counts only when it was given there.
  A file of approvals that somebody imported says nothing here.
- No passphrase is ever asked for over a network: what needs a key that people hold is refused, and
  is done on the studio's host with the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NoReturn

from tuf.api.metadata import Snapshot

from bojagi.authoring.checks.checking import check_library
from bojagi.domain.shelf import LOCALE_STEP, Shelf
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import ConflictError, GateError, NotThereError
from bojagi.services.auditing import note
from bojagi.services.checking import blocked
from bojagi.services.desk import Desk
from bojagi.services.keyring import Keyring
from bojagi.services.permissions import require
from bojagi.services.publishing import Gate, publish_demo
from bojagi.services.studio import Studio
from bojagi.services.trees import standing_editions, withdrawn_digests
from bojagi.storage.people import Person
from bojagi.trust.signing import Request
from bojagi.trust.verifier import REASON

KEYS_ELSEWHERE: Final = (
    "people hold the keys of this shelf, on the studio's host: do it there with the command line"
)


@dataclass(frozen=True)
class ReleasedShelf:
    """What is signed of a shelf, and what waits for signatures.

    Attributes:
        demo: everybody has the keys that sign it.
        number: of the signed state; 0 before the first.
        editions: the numbers of the editions that are signed and were not called back.
        waiting: the roles that a prepared release needs signatures of.
    """

    shelf: str
    sealed: bool
    demo: bool
    number: int
    editions: tuple[int, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class ListedWithdrawal:
    """An edition that was called back: the digest of its signed bytes, and why."""

    shelf: str
    digest: str
    reason: str


@dataclass(frozen=True)
class Releases:
    """The verbs of releases on the desk's content."""

    desk: Desk

    def all(self) -> list[ReleasedShelf]:
        """Return every shelf as it is signed."""
        with self._studio(_no_time()) as studio:
            return [_released(studio, shelf) for shelf in studio.library.shelves.values()]

    def one(self, code: str) -> ReleasedShelf:
        """Return one shelf as it is signed; raises `NotThereError`."""
        with self._studio(_no_time()) as studio:
            return _released(studio, _shelf(studio, code))

    def withdrawals(self) -> list[ListedWithdrawal]:
        """Return what was called back, on every shelf."""
        with self._studio(_no_time()) as studio:
            return [
                ListedWithdrawal(shelf.code, digest, _reason(info.custom or {}))
                for shelf in studio.library.shelves.values()
                for digest, info in withdrawn_digests(studio.ledger(shelf).repository()).items()
            ]

    def prepare(self, person: Person, code: str, now: datetime) -> Request:
        """Write down what people have to sign so that a shelf holds what stands and is approved.

        Raises:
            GateError: naming everything that real keys refuse; and for a demo shelf.
            ConflictError: when it takes a key that people hold.
            ForbiddenError: when their roles don't allow it.
        """
        require(person, "release")
        with self._studio(now) as studio, self.desk.data.locked():
            request = studio.prepare(_shelf(studio, code), lambda _: None)
        self._note(person, "prepare release", code, now)
        return request

    def finish(
        self, person: Person, code: str, signatures: Sequence[bytes], now: datetime
    ) -> list[str]:
        """Take signatures that came back; return the roles that are signed now.

        Raises:
            GateError: when nothing waits, or an approval is gone.
            TrustError: when signatures are missing or wrong.
            ForbiddenError: when their roles don't allow it.
        """
        require(person, "release")
        with self._studio(now) as studio, self.desk.data.locked():
            roles = studio.finish(_shelf(studio, code), signatures)
        self._note(person, "finish release", code, now)
        return roles

    def publish(self, person: Person, code: str, now: datetime) -> ReleasedShelf:
        """Serve a demo shelf: every demo shelf is built of what stands and is approved.

        Raises:
            ConflictError: for a shelf of which people hold the keys.
            GateError: when the shelf couldn't be published, with the reason.
            ForbiddenError: when their roles don't allow it.
        """
        require(person, "publish")
        with self._studio(now) as studio:
            shelf = _shelf(studio, code)
            if studio.has_plan(shelf):
                raise ConflictError(KEYS_ELSEWHERE)
            library = studio.library
            refused = blocked(library, check_library(library, now.date()), demo=True)
            gate = Gate(refused, self.desk.counting_approvals)
            build = publish_demo(library, self.desk.data, gate, now, lambda _: None)
            if shelf.code not in build.trees:
                raise GateError(f"shelf {code} was not published:", tuple(map(str, build.failures)))
            released = _released(studio, shelf)
        self._note(person, "publish", code, now)
        return released

    def withdraw(
        self, person: Person, code: str, which: str, reason: WithdrawalReason, now: datetime
    ) -> tuple[str, ...]:
        """Call an edition of a demo shelf back, and serve that at once.

        Returns:
            The numbers of the editions that are called back.

        Raises:
            ConflictError: for a shelf of which people hold the keys.
            GateError: when it holds no such edition.
            ForbiddenError: when their roles don't allow it.
        """
        require(person, "withdraw")
        with self._studio(now) as studio, self.desk.data.locked():
            shelf = _shelf(studio, code)
            if studio.has_plan(shelf):
                raise ConflictError(KEYS_ELSEWHERE)
            if not studio.ledger(shelf).repository().roles:
                raise GateError(f"nothing of shelf {code} is signed yet")
            done = studio.withdraw(shelf, which, reason, None)
        self._note(person, "withdraw", f"{code} {', '.join(done.withdrawn)}", now)
        return done.withdrawn

    def _note(self, person: Person, verb: str, what: str, now: datetime) -> None:
        with self.desk.database.transaction() as session:
            note(session, person.id, verb, what, now)

    @contextmanager
    def _studio(self, now: datetime) -> Iterator[Studio]:
        desk, no_keys = self.desk, Keyring(self.desk.data.path / "no-keys")
        with desk.library() as library:
            yield Studio(
                library,
                desk.data,
                no_keys,
                _refuse_to_ask,
                now,
                desk.counting_approvals,
                desk.waived(),
            )


def _no_time() -> datetime:
    """Return a time for who only reads: nothing is signed at it."""
    return datetime.min.replace(tzinfo=UTC)


def _refuse_to_ask(_: str) -> NoReturn:
    raise ConflictError(KEYS_ELSEWHERE)


def _shelf(studio: Studio, code: str) -> Shelf:
    found = {str(each): shelf for each, shelf in studio.library.shelves.items()}
    if code not in found:
        raise NotThereError("shelf", code, ", ".join(sorted(found)) or "one that is there")
    return found[code]


def _released(studio: Studio, shelf: Shelf) -> ReleasedShelf:
    ledger = studio.ledger(shelf)
    repository = ledger.repository()
    snapshot = repository.signed(Snapshot.type)
    gone = withdrawn_digests(repository)
    editions = sorted(
        each.place * LOCALE_STEP + each.number
        for each in standing_editions(ledger, repository)
        if each.digest not in gone
    )
    raw = ledger.request
    waiting = tuple(sorted(Request.from_bytes(raw).roles)) if raw else ()
    return ReleasedShelf(
        str(shelf.code),
        shelf.sealed,
        not ledger.has_plan,
        snapshot.version if snapshot else 0,
        tuple(editions),
        waiting,
    )


def _reason(custom: Mapping[str, object]) -> str:
    reason = WithdrawalReason.from_code(str(custom.get(REASON, "")))
    return reason.name.lower() if reason else ""
