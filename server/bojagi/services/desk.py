"""The desk: every verb on the studio's content, each one transaction, whichever door it came in by.

The command line and the API call these and nothing below them, so that the same gate stands before
both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import PACKS, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.standing import Standing
from bojagi.domain.approval import Approval
from bojagi.domain.edition import Edition
from bojagi.domain.finding import Finding
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import SignOff
from bojagi.domain.shelf import Shelf
from bojagi.errors import BojagiError, ConflictError, GateError, InvalidValueError, NotThereError
from bojagi.services import documents, facts, reviewing, units
from bojagi.services.auditing import forget_old, note
from bojagi.services.checking import Waived, blocked, without_waived
from bojagi.services.data_folder import DataFolder
from bojagi.services.edition_cache import EditionCache
from bojagi.services.editions import Built, edition_bytes, press_for
from bojagi.services.permissions import require
from bojagi.storage.blobs import Blobs
from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade
from bojagi.storage.people import Person

_DATES: Final = re.compile(
    r"(?m)^(checked_on|review_by)(: +)([0-9]{4}-[0-9]{2}-[0-9]{2})(?=[ \t]*(?:#.*)?$)"
)


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
    def open(cls, data: DataFolder, url: str = "", folder: Path | None = None) -> Desk:
        """Open a studio, its database brought to this version.

        Args:
            data: where editions are built.
            url: of the database; empty for a file in the folder.
            folder: where its database and blobs are; the data folder, if not another.
        """
        place = folder or data.path
        database = Database.in_folder(place, url)
        upgrade(database)
        return cls(database, Blobs(place / "blobs"), data)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def has_people(self) -> bool:
        """Whether somebody was added here."""
        with self.database.reading() as session:
            return session.scalar(select(Person.id).limit(1)) is not None

    def import_folders(
        self, person: Person, root: Path, now: datetime, *, reverts: bool = False
    ) -> documents.Imported:
        """Take the content folders in; raises as `documents.import_folders` does."""
        require(person, "import")
        with self.database.transaction() as session:
            return documents.import_folders(
                session, self.blobs, root, person.id, now, reverts=reverts
            )

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

    def check(self, today: date, instead: Mapping[str, bytes] | None = None) -> tuple[Finding, ...]:
        """Return every finding on the content as it stands, those that were waived left out.

        Args:
            today: the day that reviews and readings are held against.
            instead: unsaved bytes in the place of what stands, by path; nothing of them is kept.

        Raises:
            InvalidValueError: for unsaved bytes that could never be saved.
        """
        with self.database.reading() as session:
            for path, content in (instead or {}).items():
                documents.refuse_unfit(session, path, content)
            with documents.library_of(session, self.blobs, instead) as library:
                return without_waived(check_library(library, today), documents.waived(session))

    def submit(self, person: Person, pack: str, locale: str, now: datetime) -> Submitted:
        """Build an edition as it stands now, and ask others to review just those bytes.

        Raises:
            GateError: when a check stops it.
            ForbiddenError: when their roles don't allow it.
            InvalidValueError: when there is no such pack or locale.
        """
        require(person, "submit")
        with self.library() as library:  # what takes long is known then, before anybody waits
            check_library(library, now.date(), [pack])
        with self.database.transaction() as session, self._standing(session) as library:
            folder = _folder(library, pack)
            code = LocaleCode(locale)
            found = check_library(library, now.date(), [pack])
            findings = without_waived(found, documents.waived(session))
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
            reviewing.approve(session, person, digest, kind, now)
            return self._mark_approved(session, library, digest, now)

    def sign_off(self, secret: str, now: datetime) -> bool:
        """Sign off an edition by a link; return whether it has all it needs now."""
        with self.database.transaction() as session, self._standing(session) as library:
            link = reviewing.sign_off(session, secret, now)
            return self._mark_approved(session, library, link.digest, now)

    def units(self, pack: str, locale: str) -> list[Standing]:
        """Return how far every unit of a pack has come in a locale.

        Raises:
            InvalidValueError: when there is no such pack, or no catalogue of it in the locale.
        """
        with self.library() as library:
            return units.units_of(_folder(library, pack), LocaleCode(locale), library)

    def approve_units(
        self, person: Person, pack: str, locale: str, contexts: Sequence[str], now: datetime
    ) -> list[str]:
        """Approve translations as they stand; raises as `units.approve_units` does."""
        with self.database.transaction() as session, self._standing(session) as library:
            folder, code = _folder(library, pack), LocaleCode(locale)
            return units.approve_units(
                session, self.blobs, person, folder, code, library, contexts, now
            )

    def invite_sign_off(
        self, person: Person, digest: str, kind: SignOff, pseudonym: str, now: datetime
    ) -> str:
        """Make a link to sign off; raises as `reviewing.invite_sign_off` does."""
        with self.database.transaction() as session:
            return reviewing.invite_sign_off(session, person, digest, kind, pseudonym, now)

    def change_fact(  # noqa: PLR0913, PLR0917 - which, what of it, from what, by whom, when
        self,
        person: Person,
        pack: str,
        fact: str,
        changes: Mapping[str, str],
        before: int,
        now: datetime,
    ) -> int:
        """Change a fact of a pack; return the revision of its facts. Raises as `facts` does."""
        require(person, "change_fact")
        with self.database.transaction() as session:
            return facts.change_fact(
                session, self.blobs, (pack, fact), changes, before, person.id, now
            )

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
            InvalidValueError: for a path that is no article, or a day that one of them can't wait
                for. Then none is renewed.
        """
        require(person, "still_true")
        renewed_paths = list(dict.fromkeys(paths))
        with self.database.transaction() as session:
            for path in renewed_paths:
                content, number = documents.read_document(session, self.blobs, path)
                renewed = _renewed(path, content, now.date(), review_by)
                documents.save(session, self.blobs, path, renewed, number, person.id, now)
            with self._standing(session) as library:
                problems = [str(each) for each in library.problems if each.file in renewed_paths]
            if problems:
                raise InvalidValueError("renewal", review_by.isoformat(), "; ".join(problems))
            note(session, person.id, "still true", f"{len(renewed_paths)} articles", now)
        return renewed_paths

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

    def preview_by_link(self, secret: str, now: datetime) -> str:
        """Return the edition that a link is for, as one page; raises as `reviewing.link_named`."""
        with self.database.transaction() as session:
            digest = reviewing.link_named(session, secret, now).digest
        return self.preview(digest)

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        """Return the sign-offs of exactly an edition's bytes."""
        with self.database.reading() as session:
            return reviewing.approvals_of(session, digest)

    def counting_approvals(self, digest: str) -> tuple[Approval, ...]:
        """Return the sign-offs that count at the gate: none until an edition has all it needs."""
        with self.database.reading() as session:
            return reviewing.counting_approvals(session, digest)

    def waived(self) -> Waived:
        """Return the warnings that a second person let stand on what stands."""
        with self.database.reading() as session:
            return documents.waived(session)

    def _mark_approved(
        self, session: Session, library: Library, digest: str, now: datetime
    ) -> bool:
        """Note that an edition has every sign-off, if it has, and each pair of its texts too."""
        submitted = reviewing.edition_named(session, digest)
        folder = _folder(library, submitted.pack)
        if not reviewing.mark_approved(session, folder.pack, digest):
            return False
        with suppress(BojagiError):  # it can't be built any more: the content has moved on
            built = self._built(folder, LocaleCode(submitted.locale), library)
            if built.edition.digest == digest:
                units.approve_with_edition(session, built, library, now)
        return True

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
        # The cache of the data folder is for one build at a time; many may submit at once.
        with self.blobs.room() as room:
            cache = EditionCache(room)
            return edition_bytes(folder, locale, library, cache, lambda _: None)


def _shelf(library: Library, folder: PackFolder) -> Shelf:
    return library.shelves[folder.pack.shelf]


def _folder(library: Library, pack: str) -> PackFolder:
    try:
        return library.folders[PackId(pack)]
    except (KeyError, InvalidValueError) as error:
        where = f"{PACKS}/{pack}/"
        problems = [str(each) for each in library.problems if each.file.startswith(where)]
        if problems:
            raise ConflictError("\n".join(problems)) from error
        raise NotThereError("pack", pack, "one that is there") from error


def _renewed(path: str, content: bytes, checked_on: date, review_by: date) -> bytes:
    """Return an article with new dates in its front matter, every other byte as it was."""
    text = content.decode("utf-8", "surrogateescape")
    head, mark, body = text.partition("\n---\n")
    dates: Mapping[str, date] = {"checked_on": checked_on, "review_by": review_by}
    found = sorted(name for name, _, _ in _DATES.findall(head))
    if not path.endswith(".md") or not mark or found != sorted(dates):
        raise InvalidValueError("article", path, "an article with checked_on and review_by")
    fresh = _DATES.sub(lambda match: f"{match[1]}{match[2]}{dates[match[1]].isoformat()}", head)
    return f"{fresh}{mark}{body}".encode("utf-8", "surrogateescape")
