"""Companions: what only staff may hold about an edition, as editions of the staff shelf.

A companion names sources, publisher, sign-offs, and what to say to people who saw the edition if it
is called back. It stands on the sealed shelf for staff alone, under a number that tells nobody who
lacks that shelf's key which shelf or pack it belongs to.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from typing import Final

from bojagi.authoring.library import Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.building.companion import build_companion
from bojagi.domain.approval import ApprovalsOf
from bojagi.domain.edition import Edition
from bojagi.domain.identifiers import ShelfCode
from bojagi.domain.shelf import Shelf
from bojagi.errors import AnotherKeyError, GateError
from bojagi.services.editions import Built, words_for
from bojagi.services.ledger import Ledger
from bojagi.services.releasing import LEAST_COMPANION
from bojagi.services.trees import standing_editions, withdrawn_digests
from bojagi.trust.shelf_key import ShelfKey, opened_form

_NUMBERS: Final = 10**9


def companions_for(
    shelf: Shelf,
    library: Library,
    ledgers: Mapping[ShelfCode, Ledger],
    keys: Mapping[ShelfCode, ShelfKey],
    approvals: ApprovalsOf,
) -> Iterator[Built]:
    """Yield the companions that belong on a shelf: on one for staff, of all that stands elsewhere.

    Args:
        shelf: where they would stand.
        library: for packs, sources and words.
        ledgers: what is signed of every shelf.
        approvals: what was approved.
        keys: of the sealed shelves. What isn't sealed, or can't be opened, has no companion here.
    """
    key = keys.get(shelf.code)
    if not shelf.is_for_staff or key is None:
        return
    packs = {(folder.pack.shelf, folder.pack.number): folder for folder in library.folders.values()}
    words = words_for(shelf.locales[0], library)
    for other in library.shelves.values():
        if other.is_for_staff or (other.sealed and other.code not in keys):
            continue
        if ledgers[other.code].has_plan != ledgers[shelf.code].has_plan:
            continue  # a demo's has no place among what people signed
        repository = ledgers[other.code].repository()
        withdrawn = withdrawn_digests(repository)
        for standing in standing_editions(ledgers[other.code], repository):
            folder = packs.get((other.code, standing.number))
            if folder is None or standing.content is None:
                continue
            raw = _opened(standing.content, other, keys)
            edition = Edition.from_bytes(raw)
            reader_words = words_for(folder.pack.source_locale, library)
            number = _number(key, other, standing.path)
            companion = build_companion(
                folder.pack,
                edition,
                number,
                approvals(edition.digest),
                words,
                reader_words,
                is_withdrawn=standing.digest in withdrawn,
            )
            yield _built(folder, companion)


def _opened(content: bytes, shelf: Shelf, keys: Mapping[ShelfCode, ShelfKey]) -> bytes:
    try:
        return opened_form(content, keys.get(shelf.code))
    except AnotherKeyError as error:
        raise GateError(
            f"shelf {shelf.code} is still sealed under an earlier key: release it first"
        ) from error


def _number(key: ShelfKey, shelf: Shelf, path: str) -> int:
    """Return a companion's number: the same each time, and telling only to who has the key."""
    digest = hmac.digest(key.secret, f"companion {shelf.code} {path}".encode(), "sha256")
    return LEAST_COMPANION + int.from_bytes(digest[:8]) % (_NUMBERS - LEAST_COMPANION)


def _built(folder: PackFolder, companion: Edition) -> Built:
    return Built(
        folder, companion.locale, companion, companion.to_bytes(), is_new=False, is_companion=True
    )
