"""Documents: folders in and out byte for byte, and every save a revision that stands for ever.

What always holds:

- What was imported is exported as the same bytes.
- Nobody's work is overwritten: who saves says which revision they began from, and an import that
  meets work newer than the folders had is refused, with the difference shown.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bojagi.authoring.library import CATALOGUES, INTERFACE, PACKS, Library, read_library
from bojagi.disk import write_whole
from bojagi.domain import limits
from bojagi.domain.identifiers import PackId
from bojagi.errors import ConflictError, InvalidValueError
from bojagi.services.auditing import note
from bojagi.storage.blobs import Blobs
from bojagi.storage.content import Document, Revision, Waiver

_LEVELS: Final = 5
_DIFFERENCE_LINES: Final = 60


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


def import_folders(
    session: Session, blobs: Blobs, root: Path, person_id: int, now: datetime
) -> Imported:
    """Take the content folders in, as new revisions of what changed there.

    Args:
        session: the transaction of the verb.
        blobs: where bytes are kept.
        root: the folder of `content_packs/` and `i18n/`.
        person_id: whose work it is.
        now: the time.

    Raises:
        ConflictError: naming every document that changed on both sides, with the difference. Then
            nothing was taken.
        InvalidValueError: for a file that could never be of the content folders.
    """
    found = folder_files(root)
    documents = _documents(session)
    done = Imported()
    conflicts: list[str] = []
    for path in sorted({*found, *documents}):
        document, content = documents.get(path), found.get(path)
        if document is None:
            document = _new(session, path)
        here, there = (
            _current(session, document),
            blobs.keep(content) if content is not None else None,
        )
        synced = _digest_at(session, document, document.synced)
        if there == here:
            document.synced = document.current
        elif here == synced:
            _add(session, document, there, person_id, now)
            document.synced = document.current
            (done.taken if there else done.removed).append(path)
        elif there == synced:
            done.newer.append(path)
        else:
            conflicts += _difference(path, here, there, blobs)
    if conflicts:
        raise ConflictError("changed in the folders and here as well:\n" + "\n".join(conflicts))
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
    kept = {path: blobs.keep(content) for path, content in found.items()}
    for path, document in documents.items():
        here, there = _current(session, document), kept.get(path)
        if here != there and there != _digest_at(session, document, document.synced):
            conflicts += _difference(path, here, there, blobs)
    if conflicts:
        raise ConflictError("changed in the folders since:\n" + "\n".join(conflicts))
    for path, document in documents.items():
        here = _current(session, document)
        if here != kept.get(path):
            changed.append(path)
            if here is None:
                (root / path).unlink(missing_ok=True)
            else:
                write_whole(root / path, blobs.read(here))
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
        ConflictError: when somebody else saved meanwhile.
        InvalidValueError: for a path or content that could never be of the content folders.
    """
    _refuse_strange(path, content)
    document = _documents(session).get(path) or _new(session, path)
    if document.current != before:
        raise ConflictError(
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
        InvalidValueError: when it isn't there.
    """
    document = _documents(session).get(path)
    digest = _digest_at(session, document, number or document.current) if document else None
    if document is None or digest is None:
        raise InvalidValueError("document", path, "one that is there")
    return blobs.read(digest), number or document.current


@contextmanager
def library_of(session: Session, blobs: Blobs) -> Iterator[Library]:
    """Read the whole content as it stands here, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bojagi-") as name:
        root = Path(name)
        for folder in (PACKS, CATALOGUES):
            (root / folder).mkdir()
        for path, content in current_files(session, blobs).items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield read_library(root)


def current_files(session: Session, blobs: Blobs) -> dict[str, bytes]:
    """Return the bytes of every document that stands here, by path."""
    found = {path: _current(session, document) for path, document in _documents(session).items()}
    return {path: blobs.read(digest) for path, digest in found.items() if digest}


def folder_files(root: Path) -> dict[str, bytes]:
    """Return every file of the content folders by its path; nothing outside them, no link followed.

    Raises:
        InvalidValueError: for a file that is too large.
    """
    found: dict[str, bytes] = {}
    for top in (PACKS, CATALOGUES):
        waiting = [root / top] if (root / top).is_dir() else []
        while waiting:
            for entry in sorted(waiting.pop().iterdir()):
                path = entry.relative_to(root).as_posix()
                if entry.is_symlink() or entry.name.startswith("."):
                    continue
                if entry.is_dir() and path.count("/") < _LEVELS:
                    waiting.append(entry)
                elif entry.is_file():
                    content = entry.read_bytes()
                    _refuse_strange(path, content)
                    found[path] = content
    return found


def _refuse_strange(path: str, content: bytes | None) -> None:
    parts = path.split("/")
    is_ours = (
        parts[0] in {PACKS, CATALOGUES}
        and 1 < len(parts) <= _LEVELS
        and all(part and not part.startswith(".") and part.isprintable() for part in parts)
        and "\\" not in path
        and len(path) <= 200  # noqa: PLR2004 - the column's length
    )
    if not is_ours:
        raise InvalidValueError("path", path, f"a file below {PACKS}/ or {CATALOGUES}/")
    if content is not None and len(content) > limits.CATALOGUE_BYTES:
        raise InvalidValueError("size", len(content), f"at most {limits.CATALOGUE_BYTES} bytes")


def _documents(session: Session) -> Mapping[str, Document]:
    found = session.scalars(select(Document).order_by(Document.path).with_for_update())
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


def _current(session: Session, document: Document) -> str | None:
    return _digest_at(session, document, document.current)


def _digest_at(session: Session, document: Document, number: int) -> str | None:
    query = select(Revision.digest).where(
        Revision.document_id == document.id, Revision.number == number
    )
    return session.scalar(query)


def _difference(path: str, here: str | None, there: str | None, blobs: Blobs) -> list[str]:
    def lines(digest: str | None) -> list[str]:
        return blobs.read(digest).decode("utf-8", "replace").splitlines() if digest else []

    found = difflib.unified_diff(
        lines(here), lines(there), f"here/{path}", f"folders/{path}", lineterm="", n=1
    )
    shown = list(found)[:_DIFFERENCE_LINES]
    return shown or [f"{path}: one of them is gone"]


def waived(session: Session) -> set[tuple[str, str, str]]:
    """Return the warnings that may stand: document, rule and what was found, on present bytes."""
    standing = {path: _current(session, document) for path, document in _documents(session).items()}
    return {
        (each.document, each.rule, each.found)
        for each in session.scalars(select(Waiver))
        if standing.get(each.document) == each.digest
    }
