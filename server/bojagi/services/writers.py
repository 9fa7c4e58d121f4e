"""Whose words are new: who wrote since a text was approved last doesn't judge it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bojagi.authoring.library import CATALOGUES, HOTLINES, INTERFACE
from bojagi.domain.pack import Pack
from bojagi.storage.content import Document, EditionState, Revision, SubmittedEdition

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def writers_of_edition(session: Session, pack: Pack, locale: str) -> set[int]:
    """Return whose words are new in an edition since one like it was approved last."""
    shared = [f"{CATALOGUES}/{locale}/LC_MESSAGES/{INTERFACE}.po"]
    if any("{hotline:" in article.body for article in pack.articles):
        shared.append(HOTLINES)
    query = (
        select(Revision.person_id)
        .join(Document, Document.id == Revision.document_id)
        .where(
            or_(
                and_(Document.pack == str(pack.id), Document.locale.in_(["", locale])),
                Document.path.in_(shared),
            ),
            Revision.at >= _approved_last(session, str(pack.id), locale),
        )
    )
    return set(session.scalars(query))


def writers_of_document(session: Session, document: Document) -> set[int]:
    """Return whose words are new in a document since an edition of its pack was approved last."""
    query = select(Revision.person_id).where(
        Revision.document_id == document.id,
        Revision.at >= _approved_last(session, document.pack, document.locale),
    )
    return set(session.scalars(query))


def _approved_last(session: Session, pack: str, locale: str) -> datetime:
    """Return when the edition of a pack that was approved last was submitted; long ago if none was.

    Args:
        session: the transaction of the verb.
        pack: the pack.
        locale: of the edition; empty for any.
    """
    query = select(func.max(SubmittedEdition.at)).where(
        SubmittedEdition.pack == pack, SubmittedEdition.state == EditionState.APPROVED
    )
    if locale:
        query = query.where(SubmittedEdition.locale == locale)
    return session.scalar(query) or _LONG_AGO
