"""What there is: packs, documents, revisions, editions, waivers, people. Reading alone, no verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bojagi.authoring.pack_folder import PackFolder
from bojagi.domain.approval import Approval
from bojagi.domain.identifiers import PackId
from bojagi.domain.pack import SignOff
from bojagi.domain.sources import Fact
from bojagi.errors import NotThereError
from bojagi.services import documents, reviewing
from bojagi.services.facts import facts_path
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import Comment, Document, Revision, SubmittedEdition, Waiver
from bojagi.storage.database import Database
from bojagi.storage.people import AuditEvent, Person, Token

LARGEST: Final = 2**31 - 1
"""The largest number a database column of ours takes."""


@dataclass(frozen=True)
class Page:
    """Which part of a long list: from which place, counted from 0, and how many."""

    first: int
    size: int


@dataclass(frozen=True)
class Listed:
    """One part of a list, and how long the whole is."""

    items: Sequence[object]
    total: int


@dataclass(frozen=True)
class StandingDocument:
    """A document as it stands.

    Attributes:
        number: of the revision that stands.
        digest: of its bytes.
    """

    path: str
    pack: str
    locale: str
    number: int
    digest: str


@dataclass(frozen=True)
class ListedRevision:
    """A revision, and who made it."""

    number: int
    digest: str | None
    by: str
    at: datetime


@dataclass(frozen=True)
class ListedEdition:
    """An edition that was submitted, with the sign-offs it has and those it still needs."""

    digest: str
    pack: str
    locale: str
    version: int
    state: str
    by: str
    at: datetime
    approvals: Sequence[Approval]
    missing: Sequence[SignOff]
    comments: Sequence[Said]


@dataclass(frozen=True)
class Said:
    """What a reviewer said of a passage."""

    article: str
    unit: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ListedFact:
    """A fact and the pack it stands in."""

    pack: str
    fact: Fact


@dataclass(frozen=True)
class ListedPerson:
    """Somebody with an account.

    Attributes:
        signs_in: whether they have accepted their invitation.
    """

    pseudonym: str
    roles: Sequence[str]
    disabled: bool
    signs_in: bool


@dataclass(frozen=True)
class ListedToken:
    """A token that wasn't revoked."""

    name: str
    scopes: Sequence[str]
    created: datetime
    expires: datetime


@dataclass(frozen=True)
class Listing:
    """The lists of one studio."""

    database: Database
    blobs: Blobs

    def packs(self) -> list[PackFolder]:
        """Return the packs that can be read; what is wrong with others the findings tell."""
        with (
            self.database.reading() as session,
            documents.library_of(session, self.blobs) as library,
        ):
            return list(library.folders.values())

    def pack(self, name: str) -> PackFolder:
        """Return one pack; raises `NotThereError`."""
        found = {str(folder.pack.id): folder for folder in self.packs()}
        if name not in found:
            raise NotThereError("pack", name, "one that is there and can be read")
        return found[name]

    def facts(self, pack: str) -> tuple[list[ListedFact], int]:
        """Return the facts of a pack and the revision of their file; raises `NotThereError`."""
        folder = self.pack(PackId(pack))
        listed = [ListedFact(pack, fact) for fact in folder.pack.facts.values()]
        return listed, self.standing(facts_path(pack))[0]

    def documents(self, pack: str, page: Page) -> Listed:
        """Return the documents that stand, of one pack or all."""
        query = (
            select(Document.path, Document.pack, Document.locale, Document.current, Revision.digest)
            .join(Revision, Revision.document_id == Document.id)
            .where(Revision.number == Document.current, Revision.digest.is_not(None))
            .order_by(Document.path)
        )
        if pack:
            query = query.where(Document.pack == pack)
        with self.database.reading() as session:
            rows, total = _part(session, query, page)
        return Listed([StandingDocument(*row) for row in rows], total)

    def document(self, path: str, number: int = 0) -> tuple[bytes, int]:
        """Return a document's bytes and the number of their revision; raises `NotThereError`."""
        with self.database.reading() as session:
            return documents.read_document(session, self.blobs, path, number)

    def standing(self, path: str) -> tuple[int, bool]:
        """Return the newest revision of a document, 0 for none, and whether it stands there."""
        with self.database.reading() as session:
            query = (
                select(Document.current, Revision.digest)
                .join(Revision, Revision.document_id == Document.id)
                .where(Document.path == path, Revision.number == Document.current)
            )
            row = session.execute(query).one_or_none()
        return (row[0], row[1] is not None) if row else (0, False)

    def revisions(self, path: str, page: Page) -> Listed:
        """Return the revisions of a document, newest first; raises `NotThereError`."""
        query = (
            select(Revision.number, Revision.digest, Person.pseudonym, Revision.at)
            .join(Document, Document.id == Revision.document_id)
            .join(Person, Person.id == Revision.person_id)
            .where(Document.path == path)
            .order_by(Revision.number.desc())
        )
        with self.database.reading() as session:
            rows, total = _part(session, query, page)
        if not total:
            raise NotThereError("document", path, "one that is there")
        return Listed([ListedRevision(*row) for row in rows], total)

    def editions(self, state: str, page: Page) -> Listed:
        """Return submitted editions, newest first, in one state or any."""
        query = (
            select(SubmittedEdition, Person.pseudonym)
            .join(Person, Person.id == SubmittedEdition.person_id)
            .order_by(SubmittedEdition.at.desc(), SubmittedEdition.digest)
        )
        if state:
            query = query.where(SubmittedEdition.state == state)
        with (
            self.database.reading() as session,
            documents.library_of(session, self.blobs) as library,
        ):
            rows, total = _part(session, query, page)
            return Listed([_listed(session, library.folders, *row) for row in rows], total)

    def edition(self, digest: str) -> ListedEdition:
        """Return one submitted edition; raises `NotThereError`."""
        with (
            self.database.reading() as session,
            documents.library_of(session, self.blobs) as library,
        ):
            edition = reviewing.edition_named(session, digest)
            by = session.get_one(Person, edition.person_id).pseudonym
            return _listed(session, library.folders, edition, by)

    def waivers(self, page: Page) -> Listed:
        """Return the warnings that were let stand, newest first."""
        query = (
            select(Waiver, Person.pseudonym)
            .join(Person, Person.id == Waiver.person_id)
            .order_by(Waiver.id.desc())
        )
        with self.database.reading() as session:
            rows, total = _part(session, query, page)
        return Listed([{**vars(waiver), "by": by} for waiver, by in rows], total)

    def people(self, page: Page) -> Listed:
        """Return everybody with an account, by pseudonym."""
        with self.database.reading() as session:
            rows, total = _part(session, select(Person).order_by(Person.pseudonym), page)
            return Listed([person_listed(row[0]) for row in rows], total)

    def tokens(self, person: Person) -> list[ListedToken]:
        """Return a person's tokens that weren't revoked."""
        query = select(Token).where(Token.person_id == person.id, Token.revoked.is_(None))
        with self.database.reading() as session:
            found = session.scalars(query.order_by(Token.name)).all()
        return [
            ListedToken(each.name, each.scopes.split(), each.created, each.expires)
            for each in found
        ]

    def events(self, page: Page) -> Listed:
        """Return what people did, newest first."""
        query = (
            select(AuditEvent.at, Person.pseudonym, AuditEvent.verb, AuditEvent.what)
            .outerjoin(Person, Person.id == AuditEvent.person_id)
            .order_by(AuditEvent.id.desc())
        )
        with self.database.reading() as session:
            rows, total = _part(session, query, page)
        return Listed(
            [dict(zip(("at", "by", "verb", "what"), row, strict=True)) for row in rows], total
        )


def person_listed(person: Person) -> ListedPerson:
    """Return what is told of a person."""
    roles = sorted(str(role) for role in person.role_names)
    is_set_up = person.password is not None
    return ListedPerson(person.pseudonym, roles, person.disabled is not None, is_set_up)


def _part(
    session: Session, query: Select[*tuple[object, ...]], page: Page
) -> tuple[Sequence[Any], int]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.execute(query.limit(page.size).offset(min(page.first, LARGEST))).all()
    return rows, total


def _listed(
    session: Session, folders: Mapping[PackId, PackFolder], edition: SubmittedEdition, by: str
) -> ListedEdition:
    approvals = reviewing.approvals_of(session, edition.digest)
    given = {approval.kind for approval in approvals}
    folder = next((each for key, each in folders.items() if str(key) == edition.pack), None)
    needed = reviewing.needed_of(edition, folder.pack if folder else None)
    said = [
        Said(each.article, each.unit, each.words, _name(session, each), each.at)
        for each in reviewing.comments_of(session, edition.digest)
    ]
    return ListedEdition(
        edition.digest,
        edition.pack,
        edition.locale,
        edition.version,
        edition.state,
        by,
        edition.at,
        approvals,
        [kind for kind in needed if kind not in given],
        said,
    )


def _name(session: Session, comment: Comment) -> str:
    return session.get_one(Person, comment.person_id).pseudonym
