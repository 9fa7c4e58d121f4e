"""Review: an edition is submitted, returned with comments, approved by others, byte for byte.

What always holds:

- What is reviewed is the edition's bytes. Any later edit gives other bytes, which nobody has
  approved.
- A person some of whose words are new in an edition doesn't approve it, and nobody gives two of the
  sign-offs that a text needs; the database itself refuses both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bojagi.authoring.checks.rules import RULES
from bojagi.domain.approval import Approval
from bojagi.domain.edition import Edition
from bojagi.domain.finding import Severity
from bojagi.domain.pack import Pack, SignOff
from bojagi.errors import (
    ConflictError,
    ForbiddenError,
    InvalidValueError,
    NotThereError,
    SignInError,
)
from bojagi.services.accounts import new_secret, pseudonym_of
from bojagi.services.auditing import note
from bojagi.services.permissions import require, require_kind
from bojagi.services.writers import writers_of_document, writers_of_edition
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
WORDS: Final = 4000
"""Characters of one comment."""
REASON: Final = 400
"""Characters of the reason of a waiver, and of what was found."""
_NAME: Final = 40


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
    found = session.get(SubmittedEdition, edition.digest, with_for_update=True)
    if found is not None:
        if found.state == EditionState.RETURNED:
            raise ConflictError("just these bytes were returned; mend them first")
        more = [kind for kind in pack.needed_sign_offs if kind not in found.needed.split()]
        found.needed = " ".join([*found.needed.split(), *more])
        return found
    submitted = SubmittedEdition(
        digest=edition.digest,
        pack=str(pack.id),
        locale=str(edition.locale),
        version=edition.version,
        needed=" ".join(pack.needed_sign_offs),
        state=EditionState.SUBMITTED,
        person_id=person.id,
        at=now,
    )
    session.add(submitted)
    session.flush()
    writers = {person.id} | writers_of_edition(session, pack, str(edition.locale))
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
    submitted = edition_named(session, digest, to_change=True)
    if not passages or not all(passage.words.strip() for passage in passages):
        raise InvalidValueError("comments", "", "at least one, so that its author knows what to do")
    for passage in passages:
        _refuse_unfit("comment", passage.words, WORDS)
        _refuse_unfit("article", passage.article, _NAME)
        _refuse_unfit("unit", passage.unit, _NAME)
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
    _refuse_returned(edition_named(session, digest, to_change=True))
    _refuse_own(session, digest, person)
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
        ForbiddenError: when their roles don't allow it, or some of the words are their own: they
            hold the link first.
        ConflictError: when it was returned.
        InvalidValueError: when there is no such edition, for the safety sign-off, which takes an
            account, or for a pseudonym that is none or is somebody's who has an account.
    """
    require(person, "invite_sign_off")
    _refuse_returned(edition_named(session, digest))
    _refuse_own(session, digest, person)
    if kind is SignOff.SAFETY:
        raise InvalidValueError("sign-off by a link", kind, "one that takes no safety reviewer")
    name = pseudonym_of(pseudonym)
    if session.scalar(select(Person.id).where(Person.pseudonym == name)) is not None:
        raise InvalidValueError("pseudonym", name, "that of somebody without an account")
    secret = new_secret()
    session.add(
        SignOffLink(
            token=_digest(secret),
            digest=digest,
            kind=kind,
            pseudonym=name,
            person_id=person.id,
            expires=now + LINKED,
        )
    )
    note(session, person.id, "invite sign-off", f"{kind} {digest[:16]}", now)
    return secret


def link_named(session: Session, secret: str, now: datetime) -> SignOffLink:
    """Return a link that may still be used.

    Raises:
        SignInError: when it is none, was used, has ended, or who made it was disabled.
    """
    query = select(SignOffLink).where(SignOffLink.token == _digest(secret)).with_for_update()
    link = session.scalar(query)
    if (
        link is None
        or link.used
        or link.expires <= now
        or session.get_one(Person, link.person_id).disabled
    ):
        raise SignInError("this link was used or has ended; ask for another")
    return link


def sign_off(session: Session, secret: str, now: datetime) -> SignOffLink:
    """Sign off an edition by a link, which then is used up.

    Raises:
        SignInError: when it is none, was used, or has ended.
        ConflictError: when the edition was returned, or has that sign-off.
    """
    link = link_named(session, secret, now)
    _refuse_returned(edition_named(session, link.digest, to_change=True))
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
        ForbiddenError: when their roles don't allow it, or some of the document is their own.
        ConflictError: when it was waived already.
        InvalidValueError: for a document that isn't there, a rule that doesn't warn, or without a
            reason.
    """
    require(person, "waive")
    if rule not in RULES or RULES[rule].severity is not Severity.WARN:
        raise InvalidValueError("rule", rule, "one that warns; what blocks can't be waived")
    document = session.scalar(select(Document).where(Document.path == path))
    current = _revision(session, document) if document else None
    if document is None or current is None or current.digest is None:
        raise InvalidValueError("document", path, "one that is there")
    if person.id in {current.person_id} | writers_of_document(session, document):
        raise ForbiddenError("nobody waives a warning on their own text")
    if not reason.strip():
        raise InvalidValueError("reason", reason, "why the warning may stand")
    _refuse_unfit("reason", reason, REASON)
    _refuse_unfit("found", found, REASON)
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


def edition_named(session: Session, digest: str, *, to_change: bool = False) -> SubmittedEdition:
    """Return a submitted edition by the digest of its bytes.

    Args:
        session: the transaction of the verb, or a reading.
        digest: of its bytes.
        to_change: wait for whoever is approving or returning it, and see what they did.

    Raises:
        NotThereError: when there is none.
    """
    found = session.get(SubmittedEdition, digest, with_for_update=to_change)
    if found is None:
        raise NotThereError("edition", digest, "the digest of one that was submitted")
    return found


def approvals_of(session: Session, digest: str) -> tuple[Approval, ...]:
    """Return the sign-offs of exactly an edition's bytes that count: none once it was returned."""
    query = (
        select(GivenApproval)
        .join(SubmittedEdition, SubmittedEdition.digest == GivenApproval.digest)
        .where(GivenApproval.digest == digest, SubmittedEdition.state != EditionState.RETURNED)
    )
    return tuple(
        Approval(each.digest, SignOff(each.kind), each.pseudonym, each.at.date())
        for each in session.scalars(query.order_by(GivenApproval.id))
    )


def needed_of(edition: SubmittedEdition, pack: Pack | None) -> tuple[SignOff, ...]:
    """Return the sign-offs an edition needs: what it was submitted with, and what is asked now.

    Who edits a pack's settings can ask for more sign-offs, never for fewer: no byte of the edition
    would tell.
    """
    needed = dict.fromkeys(SignOff(kind) for kind in edition.needed.split())
    return tuple(needed | dict.fromkeys(pack.needed_sign_offs if pack else ()))


def counting_approvals(session: Session, digest: str) -> tuple[Approval, ...]:
    """Return the sign-offs that count at the gate: none until all are there."""
    edition = session.get(SubmittedEdition, digest)
    given = approvals_of(session, digest)
    if edition is None or {*needed_of(edition, None)} - {approval.kind for approval in given}:
        return ()
    return given


def comments_of(session: Session, digest: str) -> Sequence[Comment]:
    """Return what reviewers said of an edition."""
    query = select(Comment).where(Comment.digest == digest).order_by(Comment.id)
    return session.scalars(query).all()


def mark_approved(session: Session, pack: Pack, digest: str) -> bool:
    """Note that an edition has every sign-off it needs; return whether it has."""
    edition = edition_named(session, digest)
    if {*needed_of(edition, pack)} <= {each.kind for each in approvals_of(session, digest)}:
        edition.state = EditionState.APPROVED
        return True
    return False


def _revision(session: Session, document: Document) -> Revision | None:
    query = select(Revision).where(
        Revision.document_id == document.id, Revision.number == document.current
    )
    return session.scalar(query)


def _refuse_own(session: Session, digest: str, person: Person) -> None:
    if session.get(Contributor, (digest, person.id)) is not None:
        raise ForbiddenError(OWN_TEXT)


def _refuse_unfit(what: str, words: str, most: int) -> None:
    """Say in words what only one of the databases would refuse."""
    if len(words) > most or "\0" in words:
        raise InvalidValueError(what, words[:_NAME], f"at most {most} characters of any script")


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
