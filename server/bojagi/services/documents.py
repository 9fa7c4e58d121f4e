"""Documents: folders in and out byte for byte, and every save a revision that stands for ever.

What always holds:

- What was imported is exported as the same bytes.
- Nobody's work is overwritten: who saves says which revision they began from, and an import that
  meets work newer than the folders had is refused, with the difference shown.
- Several people may each have the folders: what one of them lacks, or has as it was before, is
  taken for old and not for a change, until they say that it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bojagi.authoring.library import CATALOGUES, INTERFACE, PACKS, Library, read_library
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import ConflictError, InvalidValueError, NotThereError, StaleError
from bojagi.services.auditing import note
from bojagi.services.content_folders import (
    difference,
    folder_files,
    put,
    refuse_inside,
    refuse_strange,
)
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import ApprovedPair, Document, Revision, Waiver

OLDER: Final = (
    "the folders lack this, or have it as it was before. Where they are older than the studio, "
    "export into them first; where that is what you want, import with --revert:\n"
)


@dataclass
class Imported:
    """What an import did.

    Attributes:
        taken: paths of which a new revision was made.
        removed: paths that are gone from the folders, and so from here.
        newer: paths that are newer here than in the folders; export brings them there.
    """

    taken: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)


def import_folders(  # noqa: PLR0913, PLR0917 - what, into what, by whom, when
    session: Session,
    blobs: Blobs,
    root: Path,
    person_id: int,
    now: datetime,
    left_out: list[str] | None = None,
    *,
    reverts: bool = False,
) -> Imported:
    """Take the content folders in, as new revisions of what changed there.

    Args:
        session: the transaction of the verb.
        blobs: where bytes are kept.
        root: the folder of `content_packs/` and `i18n/`.
        person_id: whose work it is.
        now: the time.
        left_out: takes what is wrong with a file that could never be of the content folders;
            without it such a file is refused, and everything with it.
        reverts: whether what the folders lack is taken away, and what they have as it was before
            is taken back.

    Raises:
        ConflictError: naming every document that changed on both sides, with the difference, or
            that the folders lack or have as it was before. Then nothing was taken.
        InvalidValueError: for a file that could never be of the content folders, or when they
            aren't there.
    """
    if not (root / PACKS).is_dir() or (root / PACKS).is_symlink():
        raise InvalidValueError("folder", str(root), f"one with {PACKS}/ in it")
    found = folder_files(root, left_out)
    documents = _documents(session)
    done = Imported()
    conflicts: list[str] = []
    older: list[str] = []
    for path in sorted({*found, *documents}):
        document, content = documents.get(path) or _new(session, path), found.get(path)
        there = _digest(content)
        match _who_changed(session, document, there, reverts=reverts):
            case "nobody":
                document.synced = document.current
            case "they":
                _add(session, document, there and blobs.keep(content or b""), person_id, now)
                document.synced = document.current
                (done.taken if there else done.removed).append(path)
            case "they did not":
                older.append(path)
            case "we":
                done.newer.append(path)
            case "both":
                here = _current(session, document)
                conflicts += difference(path, blobs.read(here) if here else None, content)
    if conflicts:
        raise ConflictError("changed in the folders and here as well:\n" + "\n".join(conflicts))
    if older:
        raise ConflictError(OLDER + "\n".join(older))
    refuse_inside(current_files(session, blobs))
    note(session, person_id, "import", f"{len(done.taken)} documents", now)
    return done


def export_folders(session: Session, blobs: Blobs, root: Path) -> list[str]:
    """Write every document into the content folders, and take away what is gone here.

    Returns:
        The paths that were written or taken away.

    Raises:
        ConflictError: naming every file that changed in the folders since they were last in step.
    """
    found = folder_files(root)
    changed: list[str] = []
    conflicts: list[str] = []
    documents = _documents(session)
    for path, document in documents.items():
        here, there = _current(session, document), _digest(found.get(path))
        is_theirs = there != _digest_at(session, document, document.synced)
        if here != there and is_theirs and found:  # an empty folder has nothing to lose
            conflicts += difference(path, blobs.read(here) if here else None, found.get(path))
    if conflicts:
        raise ConflictError("changed in the folders since:\n" + "\n".join(conflicts))
    for path, document in documents.items():
        here = _current(session, document)
        if here != _digest(found.get(path)):
            changed.append(path)
            put(root, path, blobs.read(here) if here else None)
        document.synced = document.current
    return changed


def save(  # noqa: PLR0913, PLR0917 - what, where, from what, by whom, when
    session: Session,
    blobs: Blobs,
    path: str,
    content: bytes | None,
    before: int,
    person_id: int,
    now: datetime,
) -> int:
    """Save a document, or take it away, as a new revision.

    Args:
        session: the transaction of the verb.
        blobs: where bytes are kept.
        path: of the document; a new one is begun.
        content: its bytes; None takes it away.
        before: the number of the revision this was made from; 0 for a new document.
        person_id: whose work it is.
        now: the time.

    Returns:
        The number of the revision that stands now.

    Raises:
        StaleError: when somebody else saved meanwhile.
        InvalidValueError: for a path or content that could never be of the content folders.
    """
    refuse_unfit(session, path, content)
    document = _documents(session).get(path) or _new(session, path)
    if document.current != before:
        raise StaleError(
            f"{path} is at revision {document.current}; this was made from {before}. Read it again"
        )
    digest = blobs.keep(content) if content is not None else None
    if digest != _current(session, document):
        _add(session, document, digest, person_id, now)
        note(session, person_id, "save", f"{path} {document.current}", now)
    return document.current


def read_document(session: Session, blobs: Blobs, path: str, number: int = 0) -> tuple[bytes, int]:
    """Return a document's bytes and the number of their revision.

    Args:
        session: a reading of the database.
        blobs: where bytes are kept.
        path: of the document.
        number: of the revision; 0 for the one that stands.

    Raises:
        NotThereError: when it isn't there.
    """
    document = _documents(session, to_write=False).get(path)
    digest = _digest_at(session, document, number or document.current) if document else None
    if document is None or digest is None:
        raise NotThereError("document", path, "one that is there")
    return blobs.read(digest), number or document.current


@contextmanager
def library_of(
    session: Session, blobs: Blobs, instead: Mapping[str, bytes] | None = None
) -> Iterator[Library]:
    """Read the whole content as it stands here, in a folder that is gone afterwards.

    Args:
        session: a reading of the database.
        blobs: where bytes are kept.
        instead: bytes that are read in the place of what stands, by path.
    """
    with blobs.room() as root:
        for folder in (PACKS, CATALOGUES):
            (root / folder).mkdir()
        for path, content in {**current_files(session, blobs), **(instead or {})}.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield replace(read_library(root), approved=approved_pairs(session))


def approved_pairs(session: Session) -> frozenset[str]:
    """Return the pairs of source and translation that a second person approved."""
    return frozenset(session.scalars(select(ApprovedPair.digest)))


def revisions_of(session: Session, blobs: Blobs, path: str) -> Iterator[tuple[int, bytes]]:
    """Yield who wrote each revision of a document, and its bytes, the newest first."""
    query = (
        select(Revision.person_id, Revision.digest)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.path == path)
        .order_by(Revision.number.desc())
    )
    for person_id, digest in session.execute(query):
        yield person_id, blobs.read(digest) if digest else b""


def current_files(session: Session, blobs: Blobs) -> dict[str, bytes]:
    """Return the bytes of every document that stands here, by path."""
    documents = _documents(session, to_write=False)
    found = {path: _current(session, document) for path, document in documents.items()}
    return {path: blobs.read(digest) for path, digest in found.items() if digest}


def refuse_unfit(session: Session, path: str, content: bytes | None) -> None:
    """Raise `InvalidValueError` for what could never be a file of the content folders.

    A file can't be where a folder stands, nor a folder where a file stands.
    """
    refuse_strange(path, len(content or b""))
    for other, document in _documents(session, to_write=False).items():
        is_around = other.startswith(f"{path}/") or path.startswith(f"{other}/")
        if content is not None and is_around and _current(session, document) is not None:
            raise InvalidValueError("path", path, f"a name beside {other}, not one inside another")


def _documents(session: Session, *, to_write: bool = True) -> Mapping[str, Document]:
    """Return every document by its path; who is to write waits for whoever is writing them."""
    query = select(Document).order_by(Document.path)
    found = session.scalars(query.with_for_update() if to_write else query)
    return {document.path: document for document in found}


def _new(session: Session, path: str) -> Document:
    """Begin a document; what it belongs to stands in its path."""
    parts = path.split("/")
    pack, locale = "", ""
    if parts[0] == PACKS and len(parts) > 2:  # noqa: PLR2004 - folder, pack, file
        pack = parts[1]
    elif parts[0] == CATALOGUES and parts[-1].endswith(".po"):
        locale, stem = parts[1], parts[-1].removesuffix(".po")
        pack = stem if stem != INTERFACE else ""
    if locale:
        locale = str(LocaleCode(locale))
    document = Document(path=path, pack=_pack_name(pack), locale=locale, current=0, synced=0)
    session.add(document)
    session.flush()
    return document


def _pack_name(name: str) -> str:
    return str(PackId(name)) if name else ""


def _add(
    session: Session, document: Document, digest: str | None, person_id: int, now: datetime
) -> None:
    number = document.current + 1
    session.add(
        Revision(
            document_id=document.id,
            number=number,
            before=document.current,
            digest=digest,
            person_id=person_id,
            at=now,
        )
    )
    document.current = number
    session.flush()


def _who_changed(
    session: Session, document: Document, there: str | None, *, reverts: bool
) -> Literal["nobody", "they", "they did not", "we", "both"]:
    """Say who changed a document since folders and studio were last in step.

    Args:
        session: the transaction of the verb.
        document: as it stands here.
        there: the digest it has in the folders; None where it isn't.
        reverts: whether the folders may take back what they lack, or have as it was before.
    """
    here, synced = _current(session, document), _digest_at(session, document, document.synced)
    if there == here:
        return "nobody"
    if here != synced:
        return "we" if there == synced else "both"
    past = select(Revision.id).where(Revision.document_id == document.id, Revision.digest == there)
    is_old = document.current and (there is None or session.scalar(past.limit(1)) is not None)
    return "they did not" if is_old and not reverts else "they"


def _digest(content: bytes | None) -> str | None:
    return sha256(content).hexdigest() if content is not None else None


def _current(session: Session, document: Document) -> str | None:
    return _digest_at(session, document, document.current)


def _digest_at(session: Session, document: Document, number: int) -> str | None:
    query = select(Revision.digest).where(
        Revision.document_id == document.id, Revision.number == number
    )
    return session.scalar(query)


def waived(session: Session) -> set[tuple[str, str, str]]:
    """Return the warnings that may stand: document, rule and what was found, on present bytes."""
    documents = _documents(session, to_write=False)
    standing = {path: _current(session, document) for path, document in documents.items()}
    return {
        (each.document, each.rule, each.found)
        for each in session.scalars(select(Waiver))
        if standing.get(each.document) == each.digest
    }
