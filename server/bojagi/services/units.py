"""Units under review: a second person approves a translation, one pair of texts at a time.

What always holds:

- What is approved is a pair: with another byte on either side, or another value of a fact in it, it
  is another pair, which nobody has approved.
- Nobody approves words of their own, and the database itself refuses it. Whose words they are is
  told by the revisions of the catalogue: who saved them first, however often it was saved since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bojagi.authoring.catalogues import parse_catalogue
from bojagi.authoring.library import CATALOGUES, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.standing import Standing, standings
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.translation import UnitState
from bojagi.errors import ForbiddenError, InvalidValueError, SourceError
from bojagi.services import documents
from bojagi.services.auditing import note
from bojagi.services.editions import Built
from bojagi.services.permissions import require
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import OWN_TEXT, ApprovedPair
from bojagi.storage.people import Person


def units_of(folder: PackFolder, locale: LocaleCode, library: Library) -> list[Standing]:
    """Return how far every unit of a pack has come in a locale.

    Raises:
        InvalidValueError: for the pack's own locale, or one it has no catalogue in.
    """
    if (folder.pack.id, locale) not in library.catalogues:
        there = [str(code) for pack, code in library.catalogues if pack == folder.pack.id]
        raise InvalidValueError("locale", locale, ", ".join(there) or "one with a catalogue")
    return standings(folder, locale, library)


def approve_units(  # noqa: PLR0913, PLR0917 - which, of what, by whom, when
    session: Session,
    blobs: Blobs,
    person: Person,
    folder: PackFolder,
    locale: LocaleCode,
    library: Library,
    contexts: Collection[str],
    now: datetime,
) -> list[str]:
    """Approve translations as they stand, one pair of texts each; all of them or none.

    Args:
        session: the transaction of the verb.
        blobs: where bytes are kept.
        person: who has compared both texts.
        folder: the pack.
        locale: of the translations.
        library: the content as it stands.
        contexts: the units; none means all that wait for review and aren't the person's own.
        now: the time.

    Returns:
        The units that were approved; one that was approved before isn't among them.

    Raises:
        ForbiddenError: when their roles don't allow it, or one of the texts is their own.
        InvalidValueError: for a unit that isn't there, or has no finished text.
    """
    require(person, "approve_units")
    units = {each.context: each for each in units_of(folder, locale, library)}
    for context in contexts:
        if context not in units or not units[context].pair:
            raise InvalidValueError("unit", context, "one of the pack, with a finished text")
    waiting = [each for each in units.values() if each.state is UnitState.TO_REVIEW]
    chosen = [units[each] for each in dict.fromkeys(contexts)] or waiting
    chosen = [each for each in chosen if each.state is not UnitState.APPROVED]
    path = f"{CATALOGUES}/{locale}/LC_MESSAGES/{folder.pack.id}.po"
    writers = _writers(session, blobs, path, {each.context: each.text for each in chosen})
    own = [each.context for each in chosen if writers[each.context] == person.id]
    if own and contexts:
        raise ForbiddenError(f"{OWN_TEXT}: {', '.join(own)}")
    chosen = [each for each in chosen if each.context not in own]
    session.add_all(
        _pair(folder, locale, each, now, person_id=person.id, writer_id=writers[each.context])
        for each in chosen
    )
    session.flush()
    if chosen:
        what = f"{folder.pack.id} {locale} {len(chosen)} units"
        note(session, person.id, "approve units", what, now)
    return [each.context for each in chosen]


def approve_with_edition(session: Session, built: Built, library: Library, now: datetime) -> None:
    """Approve the pairs of an edition that got every sign-off: others read just these words.

    Args:
        session: the transaction of the verb.
        built: the edition as it stands now.
        library: the content it was built from.
        now: the time.
    """
    folder, locale = built.folder, built.locale
    if locale == folder.pack.source_locale:
        return
    for each in standings(folder, locale, library):
        if each.state is UnitState.TO_REVIEW:
            session.add(_pair(folder, locale, each, now, edition=built.edition.digest))
    session.flush()


def _pair(  # noqa: PLR0913 - a row
    folder: PackFolder,
    locale: LocaleCode,
    unit: Standing,
    now: datetime,
    *,
    person_id: int | None = None,
    writer_id: int | None = None,
    edition: str | None = None,
) -> ApprovedPair:
    return ApprovedPair(
        digest=unit.pair,
        pack=str(folder.pack.id),
        locale=str(locale),
        unit=unit.context,
        person_id=person_id,
        writer_id=writer_id,
        edition=edition,
        at=now,
    )


def _writers(session: Session, blobs: Blobs, path: str, texts: Mapping[str, str]) -> dict[str, int]:
    """Return who first saved each text that stands in a catalogue, by its unit."""
    writers: dict[str, int] = {}
    left = dict(texts)
    for person_id, raw in documents.revisions_of(session, blobs, path):
        if not left:
            break
        try:
            entries = parse_catalogue(raw.decode("utf-8"), path, LocaleCode("en")).entries
        except (SourceError, UnicodeDecodeError):
            entries = {}
        same = {each for each in left if each in entries and entries[each].text == left[each]}
        writers |= dict.fromkeys(same, person_id)
        left = {each: left[each] for each in same}
    return writers
