"""The desk: every verb on the studio's content, each one transaction, whichever door it came in by.

The command line and the API call these and nothing below them, so that the same gate stands before
both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import PACKS, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.domain.approval import Approval
from bojagi.domain.edition import Edition
from bojagi.domain.finding import Finding, Severity
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import SignOff
from bojagi.domain.shelf import Shelf
from bojagi.errors import ConflictError, GateError, InvalidValueError
from bojagi.services import documents, reviewing
from bojagi.services.auditing import forget_old, note
from bojagi.services.checking import blocked
from bojagi.services.data_folder import DataFolder
from bojagi.services.edition_cache import EditionCache
from bojagi.services.editions import Built, edition_bytes, press_for
from bojagi.services.permissions import require
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade
from bojagi.storage.people import Person

_DATES: Final = re.compile(r"(?m)^(checked_on|review_by): *\S+ *$")


@dataclass(frozen=True)
class Submitted:
    """An edition that waits for review.

    Attributes:
        digest: of its bytes.
        needed: the sign-offs it needs.
    """

    digest: str
    pack: PackId
    locale: LocaleCode
    version: int
    needed: tuple[SignOff, ...]


@dataclass(frozen=True)
class Desk:
    """The verbs of one studio."""

    database: Database
    blobs: Blobs
    data: DataFolder

    @classmethod
    def open(cls, data: DataFolder, url: str = "") -> Desk:
        """Open the studio of a data folder, its database brought to this version."""
        database = Database.in_folder(data.path, url)
        upgrade(database)
        return cls(database, Blobs(data.path / "blobs"), data)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def import_folders(self, person: Person, root: Path, now: datetime) -> documents.Imported:
        """Take the content folders in; raises as `documents.import_folders` does."""
        require(person, "import")
        with self.database.transaction() as session:
            return documents.import_folders(session, self.blobs, root, person.id, now)

    def export_folders(self, person: Person, root: Path) -> list[str]:
        """Write the content folders; raises as `documents.export_folders` does."""
        require(person, "export")
        with self.database.transaction() as session:
            return documents.export_folders(session, self.blobs, root)

    def save(
        self, person: Person, path: str, content: bytes | None, before: int, now: datetime
    ) -> int:
        """Save a document as a new revision; raises as `documents.save` does."""
        require(person, "save")
        with self.database.transaction() as session:
            forget_old(session, now)
            return documents.save(session, self.blobs, path, content, before, person.id, now)

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Read the whole content as it stands."""
        with (
            self.database.reading() as session,
            documents.library_of(session, self.blobs) as library,
        ):
            yield library

    def check(self, today: date) -> tuple[Finding, ...]:
        """Return every finding on the content as it stands, those that were waived left out."""
        with (
            self.database.reading() as session,
            documents.library_of(session, self.blobs) as library,
        ):
            return _without_waived(session, check_library(library, today))

    def submit(self, person: Person, pack: str, locale: str, now: datetime) -> Submitted:
        """Build an edition as it stands now, and ask others to review just those bytes.

        Raises:
            GateError: when a check stops it.
            ForbiddenError: when their roles don't allow it.
            InvalidValueError: when there is no such pack or locale.
        """
        require(person, "submit")
        with self.database.transaction() as session, self._standing(session) as library:
            folder = _folder(library, pack)
            code = LocaleCode(locale)
            findings = _without_waived(session, check_library(library, now.date()))
            refused = blocked(library, findings, demo=True)
            if (folder.pack.id, code) in refused:
                raise GateError(f"{pack} in {locale}: {refused[folder.pack.id, code]}")
            built = self._built(folder, code, library)
            self.blobs.keep(built.raw)
            reviewing.submit(session, person, folder.pack, built.edition, now)
        return Submitted(
            built.edition.digest,
            folder.pack.id,
            code,
            built.edition.version,
            folder.pack.needed_sign_offs,
        )

    def give_back(
        self, person: Person, digest: str, passages: Sequence[reviewing.Passage], now: datetime
    ) -> None:
        """Return an edition with comments; raises as `reviewing.give_back` does."""
        with self.database.transaction() as session:
            reviewing.give_back(session, person, digest, passages, now)

    def approve(self, person: Person, digest: str, kind: SignOff, now: datetime) -> bool:
        """Sign off an edition; return whether it has all it needs now. Raises as `reviewing`."""
        with self.database.transaction() as session, self._standing(session) as library:
            submitted = reviewing.edition_named(session, digest)
            reviewing.approve(session, person, digest, kind, now)
            return reviewing.mark_approved(session, _folder(library, submitted.pack).pack, digest)

    def sign_off(self, secret: str, now: datetime) -> bool:
        """Sign off an edition by a link; return whether it has all it needs now."""
        with self.database.transaction() as session, self._standing(session) as library:
            link = reviewing.sign_off(session, secret, now)
            submitted = reviewing.edition_named(session, link.digest)
            return reviewing.mark_approved(
                session, _folder(library, submitted.pack).pack, link.digest
            )

    def invite_sign_off(
        self, person: Person, digest: str, kind: SignOff, pseudonym: str, now: datetime
    ) -> str:
        """Make a link to sign off; raises as `reviewing.invite_sign_off` does."""
        with self.database.transaction() as session:
            return reviewing.invite_sign_off(session, person, digest, kind, pseudonym, now)

    def waive(  # noqa: PLR0913, PLR0917 - what, where, why, by whom, when
        self, person: Person, path: str, rule: str, found: str, reason: str, now: datetime
    ) -> None:
        """Let a warning stand; raises as `reviewing.waive` does."""
        with self.database.transaction() as session:
            reviewing.waive(session, person, path, rule, found, reason, now)

    def still_true(
        self, person: Person, paths: Sequence[str], review_by: date, now: datetime
    ) -> list[str]:
        """Renew the dates of many articles that somebody has checked again; nothing else changes.

        Returns:
            The paths that were renewed.

        Raises:
            ForbiddenError: when their roles don't allow it.
            InvalidValueError: for a path that is no article.
        """
        require(person, "still_true")
        with self.database.transaction() as session:
            for path in paths:
                content, number = documents.read_document(session, self.blobs, path)
                renewed = _renewed(path, content, now.date(), review_by)
                documents.save(session, self.blobs, path, renewed, number, person.id, now)
            note(session, person.id, "still true", f"{len(paths)} articles", now)
        return list(paths)

    def preview(self, digest: str) -> str:
        """Return an edition's very bytes as one page to read.

        Raises:
            InvalidValueError: when there is no such edition.
        """
        with self.database.reading() as session, self._standing(session) as library:
            reviewing.edition_named(session, digest)
            edition = Edition.from_bytes(self.blobs.read(digest))
            press = press_for(edition.locale, library, demo=True)
            return press.file(edition, edition.articles)

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        """Return the sign-offs of exactly an edition's bytes."""
        with self.database.reading() as session:
            return reviewing.approvals_of(session, digest)

    @contextmanager
    def _standing(self, session: Session) -> Iterator[Library]:
        with documents.library_of(session, self.blobs) as library:
            yield library

    def _built(self, folder: PackFolder, locale: LocaleCode, library: Library) -> Built:
        shelf = _shelf(library, folder)
        if locale not in shelf.locales:
            raise InvalidValueError("locale", locale, ", ".join(shelf.locales))
        is_source = locale == folder.pack.source_locale
        if not is_source and (folder.pack.id, locale) not in library.catalogues:
            raise InvalidValueError("locale", locale, "one that the pack has a catalogue in")
        cache = EditionCache(self.data.cache)
        return edition_bytes(folder, locale, library, cache, lambda _: None)


def _shelf(library: Library, folder: PackFolder) -> Shelf:
    return library.shelves[folder.pack.shelf]


def _folder(library: Library, pack: str) -> PackFolder:
    try:
        return library.folders[PackId(pack)]
    except KeyError as error:
        where = f"{PACKS}/{pack}/"
        problems = [str(each) for each in library.problems if each.file.startswith(where)]
        if problems:
            raise ConflictError("\n".join(problems)) from error
        raise InvalidValueError("pack", pack, "one that is there") from error


def _without_waived(session: Session, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out the warnings that a second person let stand on just these bytes."""
    waived = documents.waived(session)
    return tuple(
        finding
        for finding in findings
        if (finding.place.file, finding.rule, finding.found) not in waived
        or finding.severity is Severity.BLOCK  # that nobody can waive
    )


def _renewed(path: str, content: bytes, checked_on: date, review_by: date) -> bytes:
    """Return an article with new dates in its front matter, every other byte as it was."""
    text = content.decode("utf-8")
    head, mark, body = text.partition("\n---\n")
    dates: Mapping[str, date] = {"checked_on": checked_on, "review_by": review_by}
    if not path.endswith(".md") or not mark or len(_DATES.findall(head)) != len(dates):
        raise InvalidValueError("article", path, "an article with checked_on and review_by")
    fresh = _DATES.sub(lambda match: f"{match[1]}: {dates[match[1]].isoformat()}", head)
    return f"{fresh}{mark}{body}".encode()
