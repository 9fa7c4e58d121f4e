"""Publishing: trees of what is signed, and the demo that signs by itself.

What always holds:

- A pack that can't be built is left out and said; it never takes another with it.
- A shelf for which people hold keys publishes what they signed, and nothing that only stands in the
  content folders. A shelf without a plan is a demo, and says so everywhere.
- A shelf's tree that holds something which may not be served any more doesn't stay served.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from securesystemslib.signer import CryptoSigner

from bojagi.authoring.library import SHELVES, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.building.artifact import weighed
from bojagi.building.tree import (
    current_tree,
    edition_of,
    read_apart,
    read_order,
    read_routes,
    take_down,
    write_order,
)
from bojagi.domain.approval import ApprovalsOf
from bojagi.domain.edition import Edition
from bojagi.domain.identifiers import LocaleCode, PackId, ShelfCode
from bojagi.domain.shelf import Shelf
from bojagi.errors import BojagiError, GateError, InvalidValueError
from bojagi.services.companions import companions_for
from bojagi.services.data_folder import DataFolder
from bojagi.services.edition_cache import EditionCache
from bojagi.services.editions import Built, Report, edition_bytes, editions_of
from bojagi.services.ledger import Ledger
from bojagi.services.releasing import Offer, lacking_approvals, make_offer, prepare_release
from bojagi.services.trees import (
    TreeWriter,
    kept_artifact,
    signed_targets,
    standing_editions,
    withdrawn_digests,
)
from bojagi.trust.demo import DemoKeys
from bojagi.trust.plan import Plan
from bojagi.trust.shelf_key import ShelfKey, opened_form
from bojagi.trust.signing import finish, sign

Refused = Mapping[tuple[PackId, LocaleCode], BojagiError]
"""Editions that may not be published, by pack and locale, with the reason."""


@dataclass(frozen=True)
class Gate:
    """What an edition passes before demo keys sign it.

    Attributes:
        refused: editions that checks block, with the reason.
        approvals: what was approved; an edition that lacks a sign-off is left out, and the one that
            was approved before it stays.
        approve: is handed each edition first, for a demo's people to approve.
    """

    refused: Refused
    approvals: ApprovalsOf
    approve: Callable[[Built], None] = lambda _: None


@dataclass(frozen=True)
class Failure:
    """An edition that couldn't be built."""

    pack: PackId
    locale: LocaleCode
    error: BojagiError

    def __str__(self) -> str:
        """Say which and why."""
        return f"{self.pack} in {self.locale}: {self.error}"


@dataclass(frozen=True)
class ShelfFailure:
    """A shelf whose tree couldn't be written; what it served before, it still serves."""

    shelf: ShelfCode
    error: BojagiError

    def __str__(self) -> str:
        """Say which and why."""
        return f"shelf {self.shelf}: {self.error}"


@dataclass
class Build:
    """What a build did.

    Attributes:
        built: editions built anew, as (pack, locale); the others were taken as they stood.
        trees: the name of each shelf's tree.
        failures: what could not be built and was left out.
    """

    built: list[tuple[PackId, LocaleCode]] = field(default_factory=list)
    kept: int = 0
    trees: dict[ShelfCode, str] = field(default_factory=dict)
    failures: list[Failure | ShelfFailure] = field(default_factory=list)


def publish_demo(
    library: Library, data: DataFolder, gate: Gate, now: datetime, report: Report
) -> Build:
    """Build every shelf's editions, sign them with demo keys, and serve the trees.

    A shelf with a plan of its own is left as its people published it.

    Args:
        library: the content.
        data: where ledgers and trees are kept.
        gate: what each edition has to pass.
        now: the time of signing.
        report: is told what is being built.

    Raises:
        DataFolderError: when another process is writing there.
    """
    with data.locked():
        cache = EditionCache(data.cache)
        run = _Demo(library, data, cache, gate, now, report)
        # Staff shelves last: they hold the companions of what stands on the others.
        shelves = sorted(library.shelves.values(), key=lambda shelf: shelf.is_for_staff)
        for shelf in shelves:
            run.publish_shelf(shelf)
        _write_order(library, data)
        run.build.failures += _homeless(library)
        cache.sweep()
    return run.build


def publish_shelf(  # noqa: PLR0913 - clock and keys are arguments, as everywhere
    shelf: Shelf,
    library: Library,
    data: DataFolder,
    online: tuple[CryptoSigner, CryptoSigner],
    now: datetime,
    *,
    refresh: bool = False,
) -> str:
    """Serve what is signed of a shelf; the data folder is held by the caller.

    Args:
        shelf: the shelf.
        library: for the words that pages are written with.
        data: where ledgers and trees are kept.
        online: the keys of the snapshot and of the timestamp.
        now: the time of signing.
        refresh: sign a new timestamp in any case.

    Returns:
        The tree's name.

    Raises:
        GateError: when nothing is signed yet.
        BojagiError: when the tree can't be written.
    """
    ledger = Ledger(data.ledger / shelf.code)
    if not ledger.repository().roles:
        raise GateError(
            f"nothing of shelf {shelf.code} is signed yet; see 'bojagi release prepare'"
        )
    cache = EditionCache(data.cache)
    writer = TreeWriter(shelf, ledger, library, cache, online, demo=not ledger.has_plan)
    name = writer.write(data.shelves / shelf.code, now, refresh=refresh)
    _write_order(library, data)
    return name


@dataclass
class _Demo:
    """One run over the shelves."""

    library: Library
    data: DataFolder
    cache: EditionCache
    gate: Gate
    now: datetime
    report: Report
    build: Build = field(default_factory=Build)

    def publish_shelf(self, shelf: Shelf) -> None:
        """Build, sign and serve one shelf."""
        ledger = Ledger(self.data.ledger / shelf.code)
        if ledger.has_plan:
            return
        keys = DemoKeys(shelf.code)
        writer = TreeWriter(shelf, ledger, self.library, self.cache, keys.online, demo=True)
        try:
            offers = self._offers(shelf, ledger)
            self._sign(shelf, ledger, offers)
            name = writer.write(self.data.shelves / shelf.code, self.now)
        except BojagiError as error:
            self.build.failures.append(ShelfFailure(shelf.code, error))
            self._take_down_stale(shelf)
            return
        self.build.trees[shelf.code] = name
        repository = ledger.repository()
        ledger.sweep_targets(info.hashes["sha256"] for info in signed_targets(repository).values())

    def _offers(self, shelf: Shelf, ledger: Ledger) -> list[Offer]:
        """Build the editions of a shelf; what can't be built is said and left out."""
        plan = _demo_plan(shelf, self.library)
        key = DemoKeys(shelf.code).shelf_key if shelf.sealed else None
        withdrawn = withdrawn_digests(ledger.repository())
        offers: list[Offer] = []
        for folder, locale in editions_of(shelf, self.library):
            pack = folder.pack
            try:
                if (pack.id, locale) in self.gate.refused:
                    raise self.gate.refused[pack.id, locale]
                built = edition_bytes(folder, locale, self.library, self.cache, self.report)
                offer = make_offer(built, shelf, plan, key)
                if offer.info.hashes["sha256"] in withdrawn:
                    offers.append(offer)  # it stays signed, and called back; its companion too
                    raise GateError("just these bytes were called back; mend them first")
                if any(offer.path == other.path for other in offers):
                    raise InvalidValueError("pack number", pack.number, "one no other pack has")
                if shelf.sealed:
                    weighed(built.edition)
                else:
                    number = shelf.edition_number(pack.number, locale)
                    kept_artifact(number, built.edition, self.library, self.cache, demo=True)
                self.gate.approve(built)
            except BojagiError as error:
                self.build.failures.append(Failure(pack.id, locale, error))
                continue
            self._count(built)
            lacking = lacking_approvals(pack, built.raw, self.gate.approvals)
            if not lacking:
                offers.append(offer)
                continue
            said = GateError("not approved as it stands:", tuple(lacking))
            self.build.failures.append(Failure(pack.id, locale, said))
            before = self._approved_before(folder, locale, shelf, ledger, key)
            if before is not None:
                offers.append(make_offer(before, shelf, plan, key))
        companions = companions_for(
            shelf, self.library, self._ledgers(), self._keys(), self.gate.approvals
        )
        offers += [make_offer(built, shelf, plan, key) for built in companions]
        return offers

    def _approved_before(
        self,
        folder: PackFolder,
        locale: LocaleCode,
        shelf: Shelf,
        ledger: Ledger,
        key: ShelfKey | None,
    ) -> Built | None:
        """Return the edition of a pack that is signed already, if that one is approved."""
        place = shelf.locales.index(locale)
        for each in standing_editions(ledger, ledger.repository()):
            if (each.place, each.number) == (place, folder.pack.number) and each.content:
                raw = opened_form(each.content, key)
                built = Built(folder, locale, Edition.from_bytes(raw), raw, is_new=False)
                lacking = lacking_approvals(folder.pack, raw, self.gate.approvals)
                return None if lacking else built
        return None

    def _count(self, built: Built) -> None:
        if built.is_new:
            self.build.built.append((built.folder.pack.id, built.locale))
        else:
            self.build.kept += 1

    def _ledgers(self) -> dict[ShelfCode, Ledger]:
        return {code: Ledger(self.data.ledger / code) for code in self.library.shelves}

    def _keys(self) -> dict[ShelfCode, ShelfKey]:
        shelves = self.library.shelves.values()
        return {each.code: DemoKeys(each.code).shelf_key for each in shelves if each.sealed}

    def _sign(self, shelf: Shelf, ledger: Ledger, offers: Sequence[Offer]) -> None:
        plan = _demo_plan(shelf, self.library)
        request = prepare_release(shelf, ledger, plan, offers, self.now)
        files = [sign(request, signer) for signer in DemoKeys(shelf.code).offline]
        repository = ledger.repository()
        signed = finish(request, files, repository.signed("root"), repository.signed("targets"))
        for offer in offers:
            ledger.keep_target(offer.content)
        if signed:
            ledger.keep(repository.with_roles(signed))

    def _take_down_stale(self, shelf: Shelf) -> None:
        """Take a shelf down whose standing tree holds an edition that may not be served now."""
        folder = self.data.shelves / shelf.code
        tree = current_tree(folder)
        if tree is None:
            return
        standing = {edition_of(route.path) for route in read_routes(tree).values()} - {0}
        editions = list(editions_of(shelf, self.library))
        is_refused = any((each.pack.id, locale) in self.gate.refused for each, locale in editions)
        allowed = {shelf.edition_number(each.pack.number, locale) for each, locale in editions}
        if is_refused or not standing <= allowed:
            take_down(folder)


def _demo_plan(shelf: Shelf, library: Library) -> Plan:
    """Return the demo's plan: every organisation that has a pack somewhere, numbered by name."""
    names = {folder.pack.publisher for folder in library.folders.values()}
    return DemoKeys(shelf.code).plan(tuple(sorted(names)) or ("demo",), len(shelf.locales))


def _write_order(library: Library, data: DataFolder) -> None:
    """Say which shelves are served, the first open one first.

    A slip in the list of shelves must not take down what is served: a shelf whose own entry
    couldn't be read stays.
    """
    shelves = sorted(library.shelves.values(), key=lambda shelf: shelf.sealed)
    codes = [str(shelf.code) for shelf in shelves]
    apart = {str(shelf.code) for shelf in shelves if shelf.needs_own_host}
    if any(problem.file == SHELVES for problem in library.problems):
        staying = [code for code in read_order(data.shelves) if code not in codes]
        apart |= read_apart(data.shelves).intersection(staying)
        codes += staying
    write_order(data.shelves, codes, apart)


def _homeless(library: Library) -> list[Failure | ShelfFailure]:
    """Return a failure for each pack that its shelf doesn't take."""
    return [
        Failure(
            folder.pack.id,
            folder.pack.source_locale,
            InvalidValueError("pack of this shelf", folder.pack.shelf, "a shelf that takes it"),
        )
        for folder in library.folders.values()
        if not library.shelves[folder.pack.shelf].takes(folder.pack)
    ]
