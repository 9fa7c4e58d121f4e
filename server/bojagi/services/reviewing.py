"""Review: an edition is submitted, returned with comments, approved by others, byte for byte.

What always holds:

- What is reviewed is the edition's bytes. Any later edit gives other bytes, which nobody has
  approved.
- A person some of whose words are new in an edition doesn't approve it, and nobody gives two of the
  sign-offs that a text needs; the database itself refuses both.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bojagi.domain.approval import Approval
from bojagi.domain.edition import Edition
from bojagi.domain.pack import Pack, SignOff
from bojagi.errors import ConflictError, ForbiddenError, InvalidValueError, SignInError
from bojagi.services.auditing import note
from bojagi.services.permissions import require, require_kind
from bojagi.storage.content import (
    OWN_TEXT,
    Comment,
    Contributor,
    Document,
    EditionState,
    GivenApproval,
    Revision,
    SignOffLink,
    SubmittedEdition,
    Waiver,
)
from bojagi.storage.people import Person

LINKED: Final = timedelta(days=14)
"""How long a link to sign off holds."""


@dataclass(frozen=True)
class Passage:
    """What a reviewer says of a passage: of which article and unit, and what."""

    article: str
    unit: str
    words: str


def submit(
    session: Session, person: Person, pack: Pack, edition: Edition, now: datetime
) -> SubmittedEdition:
    """Ask others to review an edition as it stands.

    Args:
        session: the transaction of the verb.
        person: who asks.
        pack: what the edition was built from.
        edition: the edition.
        now: the time.

    Raises:
        ForbiddenError: when their roles don't allow it.
    """
    require(person, "submit")
    found = session.get(SubmittedEdition, edition.digest)
    if found is not None:
        if found.state == EditionState.RETURNED:
            raise ConflictError("just these bytes were returned; mend them first")
        return found
    submitted = SubmittedEdition(
        digest=edition.digest,
        pack=str(pack.id),
        locale=str(edition.locale),
        version=edition.version,
        state=EditionState.SUBMITTED,
        person_id=person.id,
        at=now,
    )
    session.add(submitted)
    session.flush()
    writers = {person.id} | _writers(session, pack, str(edition.locale))
    session.add_all(
        Contributor(digest=edition.digest, person_id=writer) for writer in sorted(writers)
    )
    note(session, person.id, "submit", f"{pack.id} {edition.locale} {edition.digest[:16]}", now)
    return submitted


def give_back(
    session: Session, person: Person, digest: str, passages: Sequence[Passage], now: datetime
) -> None:
    """Return an edition for changes, with comments on its passages.

    Raises:
        ForbiddenError: when their roles don't allow it.
        InvalidValueError: when there is no such edition, or no comment.
    """
    require(person, "return")
    submitted = edition_named(session, digest)
    if not passages or not all(passage.words.strip() for passage in passages):
        raise InvalidValueError("comments", "", "at least one, so that its author knows what to do")
    submitted.state = EditionState.RETURNED
    session.add_all(
        Comment(
            digest=digest,
            article=passage.article,
            unit=passage.unit,
            words=passage.words,
            person_id=person.id,
            at=now,
        )
        for passage in passages
    )
    note(session, person.id, "return", digest[:16], now)


def approve(session: Session, person: Person, digest: str, kind: SignOff, now: datetime) -> None:
    """Sign off an edition's bytes.

    Raises:
        ForbiddenError: when their roles don't allow it, or some of the words are their own.
        ConflictError: when it was returned, or they gave another of its sign-offs.
        InvalidValueError: when there is no such edition.
    """
    require_kind(person, kind)
    submitted = edition_named(session, digest)
    _refuse_returned(submitted)
    if session.get(Contributor, (digest, person.id)) is not None:
        raise ForbiddenError(OWN_TEXT)
    _refuse_second(session, digest, kind, person.pseudonym)
    session.add(
        GivenApproval(
            digest=digest, kind=kind, person_id=person.id, pseudonym=person.pseudonym, at=now
        )
    )
    session.flush()
    note(session, person.id, "approve", f"{kind} {digest[:16]}", now)


def invite_sign_off(  # noqa: PLR0913, PLR0917 - who asks whom for what, when
    session: Session, person: Person, digest: str, kind: SignOff, pseudonym: str, now: datetime
) -> str:
    """Make a link by which somebody without an account reads an edition and signs it off, once.

    Raises:
        ForbiddenError: when their roles don't allow it.
        InvalidValueError: when there is no such edition, or no pseudonym.
    """
    require(person, "invite_sign_off")
    edition_named(session, digest)
    if not pseudonym.strip():
        raise InvalidValueError("pseudonym", pseudonym, "the pseudonym of who is asked")
    secret = secrets.token_urlsafe(32)
    session.add(
        SignOffLink(
            token=_digest(secret),
            digest=digest,
            kind=kind,
            pseudonym=pseudonym.strip(),
            person_id=person.id,
            expires=now + LINKED,
        )
    )
    note(session, person.id, "invite sign-off", f"{kind} {digest[:16]}", now)
    return secret


def link_named(session: Session, secret: str, now: datetime) -> SignOffLink:
    """Return a link that may still be used.

    Raises:
        SignInError: when it is none, was used, or has ended.
    """
    query = select(SignOffLink).where(SignOffLink.token == _digest(secret)).with_for_update()
    link = session.scalar(query)
    if link is None or link.used or link.expires <= now:
        raise SignInError("this link was used or has ended; ask for another")
    return link


def sign_off(session: Session, secret: str, now: datetime) -> SignOffLink:
    """Sign off an edition by a link, which then is used up.

    Raises:
        SignInError: when it is none, was used, or has ended.
        ConflictError: when the edition was returned, or has that sign-off.
    """
    link = link_named(session, secret, now)
    _refuse_returned(edition_named(session, link.digest))
    _refuse_second(session, link.digest, SignOff(link.kind), link.pseudonym)
    link.used = now
    session.add(
        GivenApproval(
            digest=link.digest,
            kind=link.kind,
            invited_by=link.person_id,
            pseudonym=link.pseudonym,
            at=now,
        )
    )
    session.flush()
    note(session, link.person_id, "signed off by link", f"{link.kind} {link.digest[:16]}", now)
    return link


def waive(  # noqa: PLR0913, PLR0917 - what, where, why, by whom, when
    session: Session,
    person: Person,
    path: str,
    rule: str,
    found: str,
    reason: str,
    now: datetime,
) -> None:
    """Let a warning stand on a document's present bytes, with a reason.

    Raises:
        ForbiddenError: when their roles don't allow it, or they wrote the document.
        InvalidValueError: for a document that isn't there, or without a reason.
    """
    require(person, "waive")
    document = session.scalar(select(Document).where(Document.path == path))
    current = _revision(session, document) if document else None
    if document is None or current is None or current.digest is None:
        raise InvalidValueError("document", path, "one that is there")
    if current.person_id == person.id:
        raise ForbiddenError("nobody waives a warning on their own text")
    if not reason.strip():
        raise InvalidValueError("reason", reason, "why the warning may stand")
    session.add(
        Waiver(
            document=path,
            digest=current.digest,
            rule=rule,
            found=found,
            reason=reason,
            person_id=person.id,
            at=now,
        )
    )
    session.flush()
    note(session, person.id, "waive", f"{rule} {path}", now)


def edition_named(session: Session, digest: str) -> SubmittedEdition:
    """Return a submitted edition by the digest of its bytes.

    Raises:
        InvalidValueError: when there is none.
    """
    found = session.get(SubmittedEdition, digest)
    if found is None:
        raise InvalidValueError("edition", digest, "the digest of one that was submitted")
    return found


def approvals_of(session: Session, digest: str) -> tuple[Approval, ...]:
    """Return the sign-offs of exactly an edition's bytes."""
    query = select(GivenApproval).where(GivenApproval.digest == digest)
    return tuple(
        Approval(each.digest, SignOff(each.kind), each.pseudonym, each.at.date())
        for each in session.scalars(query.order_by(GivenApproval.id))
    )


def comments_of(session: Session, digest: str) -> Sequence[Comment]:
    """Return what reviewers said of an edition."""
    query = select(Comment).where(Comment.digest == digest).order_by(Comment.id)
    return session.scalars(query).all()


def _writers(session: Session, pack: Pack, locale: str) -> set[int]:
    """Return whose words are new in an edition since one like it was approved last."""
    since = session.scalar(
        select(func.max(SubmittedEdition.at))
        .where(SubmittedEdition.pack == str(pack.id), SubmittedEdition.locale == locale)
        .where(SubmittedEdition.state == EditionState.APPROVED)
    )
    locales: Iterable[str] = ["", locale] if locale != pack.source_locale else [""]
    query = (
        select(Revision.person_id)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.pack == str(pack.id), Document.locale.in_(locales))
    )
    if since is not None:
        query = query.where(Revision.at > since)
    return set(session.scalars(query))


def mark_approved(session: Session, pack: Pack, digest: str) -> bool:
    """Note that an edition has every sign-off it needs; return whether it has."""
    given = {approval.kind for approval in approvals_of(session, digest)}
    if set(pack.needed_sign_offs) <= given:
        edition_named(session, digest).state = EditionState.APPROVED
        return True
    return False


def _revision(session: Session, document: Document) -> Revision | None:
    query = select(Revision).where(
        Revision.document_id == document.id, Revision.number == document.current
    )
    return session.scalar(query)


def _refuse_returned(submitted: SubmittedEdition) -> None:
    if submitted.state == EditionState.RETURNED:
        raise ConflictError("it was returned for changes; what is mended has other bytes")


def _refuse_second(session: Session, digest: str, kind: SignOff, pseudonym: str) -> None:
    """Say in words what the database would refuse."""
    for approval in approvals_of(session, digest):
        if approval.kind is kind:
            raise ConflictError(f"{approval.by} has signed it off for {kind} already")
        if approval.by == pseudonym:
            raise ConflictError(f"{pseudonym} has given another of its sign-offs: {approval.kind}")


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8")).hexdigest()
