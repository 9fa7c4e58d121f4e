"""Releases: what people are asked to sign, and what their signatures make of it.

    prepare     the content folders -> editions -> the gate -> a request that travels
    finish      signatures that came back -> thresholds and approvals once more -> the ledger
    publish     the ledger -> snapshot and timestamp -> the tree  (`publishing`)
    refresh     a new timestamp, and the tree as it stands

What always holds: real keys refuse drafts. An edition goes into a request only with every sign-off
its pack needs for exactly its bytes, no check that blocks, and a version that was raised; and
finishing looks at the approvals again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from tuf.api.metadata import Root, TargetFile, Targets

from bojagi.authoring.library import Library
from bojagi.domain.approval import ApprovalsOf, missing_sign_offs
from bojagi.domain.edition import Edition
from bojagi.domain.exposure import Exposure
from bojagi.domain.pack import Pack
from bojagi.domain.shelf import Shelf
from bojagi.errors import GateError
from bojagi.services.editions import Built
from bojagi.services.ledger import Ledger
from bojagi.services.trees import signed_targets, withdrawn_digests
from bojagi.trust.plan import WITHDRAWALS, Plan, role_name, target_path
from bojagi.trust.repository import Offered, Repository, prepare
from bojagi.trust.sealing import is_same_key
from bojagi.trust.shelf_key import ShelfKey, opened_form, published_form
from bojagi.trust.signing import Request, finish
from bojagi.trust.verifier import REVIEW_BY, VERSION

LEAST_COMPANION: Final = 1000
"""The least number of a companion; those below are packs' own."""


@dataclass(frozen=True)
class Offer:
    """An edition that a release is to vouch for.

    Attributes:
        path: its opaque path.
        role: whose word it needs.
        content: its bytes as they are published: sealed on a sealed shelf.
    """

    built: Built
    path: str
    role: str
    content: bytes = field(repr=False)

    @property
    def info(self) -> TargetFile:
        """What is signed of it."""
        info = TargetFile.from_data(self.path, self.content, ["sha256"])
        edition = self.built.edition
        info.unrecognized_fields["custom"] = {
            REVIEW_BY: edition.review_by.isoformat(),
            VERSION: edition.version,
        }
        return info


def make_offer(built: Built, shelf: Shelf, plan: Plan, key: ShelfKey | None) -> Offer:
    """Return an edition as its shelf would publish it.

    Raises:
        GateError: when its publisher has no keys on the shelf.
    """
    pack = built.folder.pack
    publishers = {publisher.name: publisher.number for publisher in plan.publishers}
    if pack.publisher not in publishers:
        raise GateError(
            f"{pack.publisher!r} has no keys on shelf {shelf.code}; "
            f"see 'bojagi keys add {shelf.code} publisher:{pack.publisher}'"
        )
    number, place = publishers[pack.publisher], shelf.locales.index(built.locale)
    return Offer(
        built,
        target_path(number, place, built.edition.pack),
        role_name(number, place),
        published_form(built.raw, key),
    )


def prepare_release(
    shelf: Shelf, ledger: Ledger, plan: Plan, offers: Sequence[Offer], now: datetime
) -> Request:
    """Return what people have to sign so that a shelf holds just these editions.

    What was called back is left as it stands: its digest is signed in the list of withdrawals.
    """
    repository = ledger.repository()
    offered: dict[str, dict[str, TargetFile]] = {}
    for offer in offers:
        offered.setdefault(offer.role, {})[offer.path] = offer.info
    offered[WITHDRAWALS] = dict(_withdrawals(repository))
    request = prepare(shelf.code, repository, plan, offered, now)
    contents = {sha256(offer.content).hexdigest(): offer.content for offer in offers}
    return _with_contents(request, repository, ledger, contents, offered)


def _withdrawals(repository: Repository) -> Mapping[str, TargetFile]:
    role = repository.signed(WITHDRAWALS)
    return role.targets if role is not None else {}


def _with_contents(
    request: Request,
    repository: Repository,
    ledger: Ledger,
    contents: Mapping[str, bytes],
    offered: Offered,
) -> Request:
    """Add the editions that change, old and new, so that who signs can see what changes."""
    known = signed_targets(repository)
    needed: dict[str, bytes] = {}
    for name in request.roles:
        for path, info in offered.get(name, {}).items():
            before = known.get(path)
            if name == WITHDRAWALS or before == info:
                continue
            digest = info.hashes["sha256"]
            needed[digest] = contents[digest]
            old = ledger.target(before.hashes["sha256"]) if before else None
            if before and old is not None:
                needed[before.hashes["sha256"]] = old
    return Request(request.shelf, request.roles, request.known, needed)


def refuse_unready(
    offers: Iterable[Offer], ledger: Ledger, shelf: Shelf, plan: Plan, approvals: ApprovalsOf
) -> None:
    """Raise `GateError` naming everything that real keys refuse to sign."""
    repository = ledger.repository()
    known = signed_targets(repository)
    withdrawn = withdrawn_digests(repository)
    lacking: list[str] = [*_weak_roles(shelf, plan)]
    for offer in offers:
        before, info = known.get(offer.path), offer.info
        name = f"{offer.built.folder.pack.id} in {offer.built.locale}"
        if before is not None and before.hashes == info.hashes:
            continue
        if info.hashes["sha256"] in withdrawn:
            lacking.append(f"{name}: just these bytes were called back")
        if offer.built.is_companion:
            continue
        custom = (before.custom or {}) if before else {}
        is_sealed_anew = before is not None and not is_same_key(
            ledger.target(before.hashes["sha256"]) or b"", offer.content
        )
        is_raised = offer.built.edition.version > int(custom.get(VERSION, 0))
        if before is not None and not (is_raised or is_sealed_anew):
            lacking.append(f"{name}: changed, but still version {offer.built.edition.version}")
        pack, raw = offer.built.folder.pack, offer.built.raw
        lacking += [f"{name}: {line}" for line in lacking_approvals(pack, raw, approvals)]
    if lacking:
        raise GateError(f"nothing is prepared for shelf {shelf.code}:", tuple(lacking))


def lacking_approvals(pack: Pack, raw: bytes, approvals: ApprovalsOf) -> list[str]:
    """Return a line for each sign-off that an edition's bytes still need."""
    digest = sha256(raw).hexdigest()
    missing = missing_sign_offs(pack, digest, approvals(digest))
    return [f"no approval of {digest} by {kind}" for kind in missing]


def _weak_roles(shelf: Shelf, plan: Plan) -> Iterable[str]:
    """Name each role that fewer people hold than the design asks for."""
    for name, role in (("root", plan.root), ("targets", plan.targets)):
        if role.threshold < 2 or len(role.keys) < 3:  # noqa: PLR2004 - 2 of 3
            yield f"{name}: {role.threshold} of {len(role.keys)} keys; expected 2 of 3 or more"
    least = 2 if shelf.ceiling.exceeds(Exposure.SENSITIVE) else 1
    for publisher in plan.publishers:
        if publisher.keys.threshold < least:
            yield (
                f"publisher {publisher.name}: {publisher.keys.threshold} signature; "
                f"expected {least} on a shelf above sensitive"
            )


def finish_release(  # noqa: PLR0913, PLR0917 - the gate asks for everything once more
    shelf: Shelf,
    ledger: Ledger,
    files: Sequence[bytes],
    library: Library,
    key: ShelfKey | None,
    approvals: ApprovalsOf,
) -> list[str]:
    """Take signatures that came back, and keep what they vouch for in the ledger.

    Returns:
        The names of the roles that are signed now.

    Raises:
        GateError: when nothing waits, or an edition has lost an approval since.
        TrustError: naming the role that lacks signatures.
        InvalidValueError: for a file that holds no signatures for this shelf.
    """
    raw = ledger.request
    if raw is None:
        raise GateError(f"nothing of shelf {shelf.code} waits for signatures")
    request = Request.from_bytes(raw)
    repository = ledger.repository()
    _refuse_overtaken(request, repository)
    signed = finish(request, files, repository.signed(Root.type), repository.signed(Targets.type))
    refuse_unapproved(request, repository, shelf, library, key, approvals)
    for content in request.contents.values():
        ledger.keep_target(content)
    ledger.keep(repository.with_roles(signed))
    ledger.drop_request()
    return list(signed)


def _refuse_overtaken(request: Request, repository: Repository) -> None:
    """Refuse a request that something signed since stands before: it would undo that."""
    for name, role in request.roles.items():
        known = repository.signed(name)
        if role.signed.version != (known.version + 1 if known else 1):
            raise GateError(f"{name} was signed anew since this was prepared; prepare it again")


def refuse_unapproved(  # noqa: PLR0913, PLR0917 - the same
    request: Request,
    repository: Repository,
    shelf: Shelf,
    library: Library,
    key: ShelfKey | None,
    approvals: ApprovalsOf,
) -> None:
    """Raise `GateError` unless every edition that is new in a request is approved as it stands."""
    packs = {
        folder.pack.number: folder
        for folder in library.folders.values()
        if folder.pack.shelf == shelf.code
    }
    known = signed_targets(repository)
    lacking: list[str] = []
    for name, role in request.roles.items():
        targets = role.signed.targets if isinstance(role.signed, Targets) else {}
        for path, info in targets.items():
            if name == WITHDRAWALS or (path in known and known[path].hashes == info.hashes):
                continue
            content = request.contents.get(info.hashes["sha256"])
            if content is None:
                lacking.append(f"{path}: the request doesn't hold its bytes")
                continue
            raw = opened_form(content, key)
            edition = Edition.from_bytes(raw)
            if shelf.is_for_staff and edition.pack >= LEAST_COMPANION:
                continue
            folder = packs.get(edition.pack)
            lines = ["no pack of this number on the shelf"]
            if folder:
                lines = lacking_approvals(folder.pack, raw, approvals)
            lacking += [f"{edition.title} in {edition.locale}: {line}" for line in lines]
    if lacking:
        raise GateError("the release is signed, but not approved:", tuple(lacking))
