"""What people did, kept for as long as the publisher set, and then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bojagi.storage.people import AuditEvent

KEPT: Final = timedelta(days=400)
"""A year and a month: long enough for the yearly review of who may do what."""
_WORDS: Final = 300


def note(session: Session, person_id: int | None, verb: str, what: str, now: datetime) -> None:
    """Note what a person did, in the same transaction that does it."""
    session.add(AuditEvent(at=now, person_id=person_id, verb=verb, what=what[:_WORDS]))


def forget_old(session: Session, now: datetime, kept: timedelta = KEPT) -> None:
    """Forget what is older than the retention."""
    session.execute(delete(AuditEvent).where(AuditEvent.at < now - kept))


def events(session: Session, most: int = 200) -> list[AuditEvent]:
    """Return the newest events, the newest first."""
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(most)))
