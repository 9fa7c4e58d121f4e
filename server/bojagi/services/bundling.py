"""Bundles of a shelf: made from its ledger, and shown to who holds one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tuf.api.metadata import Targets

from bojagi.building.words import Words, mark
from bojagi.domain.edition import Edition
from bojagi.domain.exposure import Exposure
from bojagi.domain.shelf import LOCALE_STEP, Shelf
from bojagi.domain.verdicts import TrustError
from bojagi.errors import AnotherKeyError, GateError, InvalidValueError
from bojagi.services.ledger import Ledger
from bojagi.services.trees import bundle_of, standing_editions, withdrawn_digests
from bojagi.services.verifying import Verifier
from bojagi.trust.bundle import BundleSource
from bojagi.trust.keys import refuse_short
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.repository import SIGNED_ON, TIMESTAMP_FILE, Repository
from bojagi.trust.sealing import is_sealed, seal, seal_with_passphrase
from bojagi.trust.shelf_key import ShelfKey, opened_form

HOLDS: Final = mark("{count} editions, signed on {day}; {withdrawn} withdrawals")
HELD: Final = mark("{path}: {title} ({locale}), version {version}, check again by {day}")
CLOSED: Final = mark("{path}: sealed; the shelf's key isn't here")
SHOWN_ONLY: Final = mark(
    "This says what it claims to hold. 'bojagi verify' says whether to believe it."
)


def make_shelf_bundle(  # noqa: PLR0913 - each is a choice of the person's
    shelf: Shelf,
    ledger: Ledger,
    *,
    places: frozenset[int],
    numbers: frozenset[int],
    key: ShelfKey | None,
    passphrase: str | None,
    salt: bytes,
) -> bytes:
    """Return a bundle of a shelf's editions, sealed from `sensitive` up.

    Args:
        shelf: the shelf.
        ledger: what is signed of it.
        places: of the locales that are wanted; empty for all.
        numbers: of the editions that are wanted, as addresses have them; empty for all.
        key: the key of a sealed shelf.
        passphrase: seals it instead of the shelf's key.
        salt: random bytes beside the passphrase.

    Raises:
        GateError: when nothing is chosen, or it would travel unsealed and may not.
        KeyFileError: when the passphrase is too short.
    """
    repository = ledger.repository()
    if TIMESTAMP_FILE not in repository.files:
        raise GateError(f"nothing of shelf {shelf.code} is published yet")
    withdrawn = withdrawn_digests(repository)
    chosen = [
        standing
        for standing in standing_editions(ledger, repository)
        if standing.digest not in withdrawn
        and (not places or standing.place in places)
        and (not numbers or standing.place * LOCALE_STEP + standing.number in numbers)
    ]
    if not chosen:
        raise GateError(f"shelf {shelf.code} holds none of the editions that were asked for")
    plain = bundle_of(repository, chosen)
    if passphrase is not None:
        refuse_short(passphrase)
        return seal_with_passphrase(plain, passphrase, salt)
    if key is not None:
        return seal(plain, key.secret)
    if shelf.ceiling.exceeds(Exposure.ORDINARY):
        raise GateError(
            f"a bundle of shelf {shelf.code} may not travel unsealed; --with-passphrase seals it"
        )
    return plain


@dataclass(frozen=True)
class Held:
    """What a bundle claims to hold.

    Attributes:
        editions: path to edition; None for one that is sealed and can't be opened here.
    """

    signed_on: str
    withdrawn: int
    editions: dict[str, Edition | None]


def read_shelf_bundle(raw: bytes, verifier: Verifier) -> Held:
    """Read what a bundle claims to hold; nothing of it is believed by that.

    Raises:
        TrustError: when it isn't a bundle.
        AnotherKeyError: when it is sealed under a key that isn't here.
    """
    source = BundleSource.from_bytes(verifier.opened(raw))
    metadata = {
        name.removeprefix("metadata/"): data
        for name, data in source.files.items()
        if name.startswith("metadata/")
    }
    repository = Repository.load(metadata)
    timestamp = repository.signed("timestamp")
    withdrawals = repository.signed(WITHDRAWALS)
    editions: dict[str, Edition | None] = {}
    for name, content in sorted(source.files.items()):
        if name.startswith("targets/") and not name.startswith(f"targets/{WITHDRAWALS}/"):
            folder, _, file = name.removeprefix("targets/").rpartition("/")
            path = f"{folder}/{file.partition('.')[2]}"
            editions[path] = _opened(content, verifier)
    signed_on = str(timestamp.unrecognized_fields.get(SIGNED_ON, "")) if timestamp else ""
    withdrawn = len(withdrawals.targets) if isinstance(withdrawals, Targets) else 0
    return Held(signed_on, withdrawn, editions)


def _opened(content: bytes, verifier: Verifier) -> Edition | None:
    keys: tuple[ShelfKey | None, ...] = (None,)
    if is_sealed(content):
        keys = verifier.keys.shelf_keys()
    for key in keys:
        try:
            return Edition.from_bytes(opened_form(content, key))
        except (AnotherKeyError, TrustError, InvalidValueError):
            continue
    return None


def bundle_lines(held: Held, words: Words) -> Iterator[str]:
    """Say what a bundle claims to hold, a line each."""
    yield words(HOLDS, count=len(held.editions), day=held.signed_on, withdrawn=held.withdrawn)
    for path, edition in held.editions.items():
        if edition is None:
            yield f"  {words(CLOSED, path=path)}"
            continue
        line = words(
            HELD,
            path=path,
            title=edition.title,
            locale=str(edition.locale),
            version=edition.version,
            day=words.day(edition.review_by),
        )
        yield f"  {line}"
    yield words(SHOWN_ONLY)


def bundle_as_json(held: Held) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "signed_on": held.signed_on,
        "withdrawals": held.withdrawn,
        "editions": [
            {"path": path, "title": None}
            if edition is None
            else {
                "path": path,
                "title": edition.title,
                "locale": str(edition.locale),
                "version": edition.version,
                "exposure": str(edition.exposure),
                "review_by": edition.review_by.isoformat(),
            }
            for path, edition in held.editions.items()
        ],
    }
