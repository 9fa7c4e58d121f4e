"""What waits for review: how far the newest edition of each pack and locale has come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bojagi.authoring.catalogues import contexts
from bojagi.authoring.library import Library
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import SignOff
from bojagi.errors import BojagiError, InvalidValueError, NotThereError
from bojagi.services import documents, reviewing
from bojagi.services.desk import Desk
from bojagi.services.edition_cache import EditionCache
from bojagi.services.editions import edition_bytes, wording_of
from bojagi.storage.content import EditionState, SubmittedEdition
from bojagi.storage.people import Person

_PREFIX: Final = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True)
class Waiting:
    """The newest edition that was submitted of a pack in a locale.

    Attributes:
        state: submitted, returned or approved.
        by: who submitted it.
        given: the kinds of its sign-offs, each with the pseudonym that stands for it.
        missing: the sign-offs it still needs.
        stands: whether the pack would still give just these bytes; an edit ends that, and with it
            every sign-off.
    """

    digest: str
    pack: str
    locale: str
    version: int
    state: str
    by: str
    at: datetime
    given: dict[SignOff, str]
    missing: Sequence[SignOff]
    stands: bool

    @property
    def is_done(self) -> bool:
        """Whether nobody has to do anything about it before a release."""
        return self.state == EditionState.APPROVED and self.stands

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        return {**asdict(self), "at": self.at.isoformat()}


@dataclass(frozen=True)
class Linked:
    """What a link to sign off is for."""

    digest: str
    kind: SignOff
    pseudonym: str


def waiting(desk: Desk) -> list[Waiting]:
    """Return the newest edition of each pack and locale that was submitted, the oldest first."""
    query = (
        select(SubmittedEdition, Person.pseudonym)
        .join(Person, Person.id == SubmittedEdition.person_id)
        .order_by(SubmittedEdition.at, SubmittedEdition.version)
    )
    with (
        desk.database.reading() as session,
        documents.library_of(session, desk.blobs) as library,
    ):
        newest: dict[tuple[str, str], tuple[SubmittedEdition, str, bool]] = {}
        standing: dict[tuple[str, str], str] = {}
        for edition, by in session.execute(query):
            key = edition.pack, edition.locale
            if key not in standing:
                standing[key] = _standing(desk, library, *key)
            stands = edition.digest == standing[key]
            if stands or not newest.get(key, (None, "", False))[2]:
                newest[key] = (edition, by, stands)
        return [_waiting(session, library, *each) for each in newest.values()]


def digest_from(desk: Desk, digits: str) -> str:
    """Return the whole digest of a submitted edition, from its first eight digits or more.

    Raises:
        InvalidValueError: for what can't be a digest's beginning, or is that of several.
        NotThereError: when there is none.
    """
    if not _PREFIX.fullmatch(digits):
        raise InvalidValueError("digest", digits, "its first 8 hexadecimal digits, or more")
    query = select(SubmittedEdition.digest).where(SubmittedEdition.digest.startswith(digits))
    with desk.database.reading() as session:
        found = session.scalars(query).all()
    if not found:
        raise NotThereError("edition", digits, "the digest of one that was submitted")
    if len(found) > 1:
        raise InvalidValueError("digest", digits, f"more digits: {len(found)} editions begin so")
    return found[0]


def passages(desk: Desk, pack: str, locale: str) -> dict[str, str]:
    """Return the words of every passage of a pack as it stands, by `article/unit`.

    Empty where the pack can't be read or translated as it stands.
    """
    with desk.library() as library:
        try:
            folder, code = library.folders[PackId(pack)], LocaleCode(locale)
            texts = wording_of(folder, code, library).texts
        except (KeyError, BojagiError):
            return {}
        names = [context.partition("#") for context, _, _ in contexts(folder.pack)]
        words = {(article, str(unit)): text for (article, unit), text in texts.items()}
        return {
            f"{article}/{unit}": words.get((article, unit), "")
            for article, _, unit in names
            if unit
        }


def linked(desk: Desk, secret: str, now: datetime) -> Linked:
    """Return what a link is for that may still be used.

    Raises:
        SignInError: when it is none, was used, or has ended.
    """
    with desk.database.transaction() as session:
        link = reviewing.link_named(session, secret, now)
        return Linked(link.digest, SignOff(link.kind), link.pseudonym)


def _standing(desk: Desk, library: Library, pack: str, locale: str) -> str:
    """Return the digest of an edition as it would be built now; empty where it can't be."""
    try:
        folder, cache = library.folders[PackId(pack)], EditionCache(desk.data.cache)
        built = edition_bytes(folder, LocaleCode(locale), library, cache, lambda _: None)
    except (KeyError, BojagiError):
        return ""
    return built.edition.digest


def _waiting(
    session: Session,
    library: Library,
    edition: SubmittedEdition,
    by: str,
    stands: bool,  # noqa: FBT001 - a row of three
) -> Waiting:
    folder = library.folders.get(PackId(edition.pack))
    given = {each.kind: each.by for each in reviewing.approvals_of(session, edition.digest)}
    needed = reviewing.needed_of(edition, folder.pack if folder else None)
    return Waiting(
        edition.digest,
        edition.pack,
        edition.locale,
        edition.version,
        edition.state,
        by,
        edition.at,
        given,
        [kind for kind in needed if kind not in given],
        stands,
    )
