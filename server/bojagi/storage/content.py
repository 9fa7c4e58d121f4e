"""Content as the studio keeps it: documents, their revisions for ever, what was said of editions.

A document is a file of the content folders: an article, a pack's settings, facts, units or
approvals, a picture, a catalogue of translations, the list of shelves. Its revisions are bytes by
digest, so that import then export is the same bytes; articles, facts, units and translations are
read from them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bojagi.storage.schema import Digest, Key, Name, Row, Words


class Document(Row):
    """A file of the content folders.

    Attributes:
        path: below the project's folder, e.g. `content_packs/site-safety/01-cold.md`.
        pack: the pack it belongs to; empty for what all packs share.
        locale: of a catalogue; empty for everything else.
        current: the number of the revision that stands; 0 before the first.
        synced: the number of the revision that the folders had when they were last imported or
            exported; when both sides moved on from it, that is a conflict.
    """

    __tablename__ = "documents"

    id: Mapped[Key]
    path: Mapped[str] = mapped_column(String(200), unique=True)
    pack: Mapped[str] = mapped_column(String(40), index=True, default="")
    locale: Mapped[str] = mapped_column(String(20), default="")
    current: Mapped[int] = mapped_column(default=0)
    synced: Mapped[int] = mapped_column(default=0)
    revisions: Mapped[list[Revision]] = relationship(order_by="Revision.number")


class Revision(Row):
    """One state of a document; none is ever changed or removed.

    Attributes:
        digest: of its bytes; none where the document was taken away.
        before: the number of the revision it was made from.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number >= 1 AND before = number - 1", "follows"),
    )

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    before: Mapped[int]
    digest: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class EditionState(StrEnum):
    """How far an edition has come."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class SubmittedEdition(Row):
    """An edition that somebody asked others to review: exactly these bytes.

    Attributes:
        digest: of the edition's bytes.
        needed: the sign-offs it needs, parted by spaces; none is ever taken away.
    """

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'returned', 'approved')", "known_state"),
    )

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(40), index=True)
    locale: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    needed: Mapped[str] = mapped_column(String(200), server_default="")
    state: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Contributor(Row):
    """A person some of whose words are in an edition; they can't approve it."""

    __tablename__ = "contributors"

    digest: Mapped[Digest] = mapped_column(ForeignKey("editions.digest"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


class GivenApproval(Row):
    """A sign-off of exactly an edition's bytes.

    Attributes:
        person_id: who gave it; none for somebody without an account, who stands by a pseudonym.
        invited_by: who made the link, for somebody without an account.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        UniqueConstraint("digest", "kind"),
        UniqueConstraint("digest", "person_id"),
        UniqueConstraint("digest", "pseudonym"),
        CheckConstraint("(person_id IS NULL) <> (invited_by IS NULL)", "somebody"),
    )

    id: Mapped[Key]
    digest: Mapped[Digest] = mapped_column(ForeignKey("editions.digest"))
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    pseudonym: Mapped[Name]
    at: Mapped[datetime]


class Comment(Row):
    """What a reviewer says of a passage when they return an edition."""

    __tablename__ = "comments"

    id: Mapped[Key]
    digest: Mapped[Digest] = mapped_column(ForeignKey("editions.digest"), index=True)
    article: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    words: Mapped[Words]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Waiver(Row):
    """A warning of the checks that a second person lets stand, with a reason.

    Attributes:
        document: the path of the document it is about.
        digest: of the document's bytes; with any other byte the warning is there again.
        found: what the rule found.
    """

    __tablename__ = "waivers"
    __table_args__ = (UniqueConstraint("document", "digest", "rule", "found"),)

    id: Mapped[Key]
    document: Mapped[str] = mapped_column(String(200))
    digest: Mapped[Digest]
    rule: Mapped[str] = mapped_column(String(40))
    found: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(400))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class ApprovedPair(Row):
    """A translation of a unit that a second person approved: exactly one pair of texts.

    Attributes:
        digest: the name of the pair (`domain.translation.pair_digest`).
        unit: its context, as `cold#k3v9x2`.
        person_id: who approved it; none where an edition that holds it got all its sign-offs.
        writer_id: whose words they are; never who approves them.
        edition: the digest of that edition.
    """

    __tablename__ = "approved_pairs"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (edition IS NULL)", "somebody"),
        CheckConstraint(
            "person_id IS NULL OR (writer_id IS NOT NULL AND writer_id <> person_id)", "by_another"
        ),
        Index(None, "pack", "locale"),
    )

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(20))
    unit: Mapped[Name]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    edition: Mapped[str | None] = mapped_column(ForeignKey("editions.digest"))
    at: Mapped[datetime]


class SignOffLink(Row):
    """A link by which somebody without an account reads one edition and signs it off, once."""

    __tablename__ = "sign_off_links"

    id: Mapped[Key]
    token: Mapped[Digest] = mapped_column(unique=True)
    digest: Mapped[Digest] = mapped_column(ForeignKey("editions.digest"))
    kind: Mapped[str] = mapped_column(String(20))
    pseudonym: Mapped[Name]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    expires: Mapped[datetime]
    used: Mapped[datetime | None]


OWN_TEXT = "nobody approves their own text"
"""What the database itself says when somebody tries."""
FOR_EVER = "a revision stands for ever"
"""The same, when one is to be changed or removed."""
