"""The studio's host: the verbs of releases on its data folder, with the keys that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import Library
from bojagi.building.artifact import weighed
from bojagi.domain.identifiers import ShelfCode
from bojagi.domain.shelf import LOCALE_STEP, Shelf
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import GateError, UntranslatedError
from bojagi.services.checking import blocked
from bojagi.services.companions import companions_for
from bojagi.services.data_folder import DataFolder
from bojagi.services.edition_cache import EditionCache
from bojagi.services.editions import Report, edition_bytes, editions_of
from bojagi.services.keyring import Keyring
from bojagi.services.ledger import Ledger
from bojagi.services.publishing import publish_shelf
from bojagi.services.releasing import (
    Offer,
    finish_release,
    make_offer,
    prepare_release,
    refuse_unready,
)
from bojagi.services.trees import kept_artifact, standing_editions
from bojagi.trust.demo import DemoKeys
from bojagi.trust.plan import LIFETIMES, WITHDRAWALS, Plan
from bojagi.trust.plan_file import plan_from
from bojagi.trust.repository import WARN_AHEAD, Repository, file_name
from bojagi.trust.shelf_key import ShelfKey
from bojagi.trust.signing import Request, finish, sign
from bojagi.trust.verifier import REASON

Ask = Callable[[str], str]
"""What a passphrase is for, in; the passphrase out."""


@dataclass(frozen=True)
class Studio:
    """One verb's view of the studio's host; the caller holds the data folder.

    Args:
        keyring: the keys that are on this host: those of snapshot and timestamp, and of sealed
        shelves. ask: asks for a passphrase. now: the time of signing.
    """

    library: Library
    data: DataFolder
    keyring: Keyring
    ask: Ask
    now: datetime

    def ledger(self, shelf: Shelf) -> Ledger:
        """Return what is signed of a shelf."""
        return Ledger(self.data.ledger / shelf.code)

    def has_plan(self, shelf: Shelf) -> bool:
        """Whether people's keys sign for a shelf; the others are demos."""
        return self.ledger(shelf).has_plan

    def signed_shelves(self) -> list[ShelfCode]:
        """Return the codes of the shelves of which something is signed."""
        shelves = self.library.shelves.values()
        return [each.code for each in shelves if self.ledger(each).repository().roles]

    def prepare(self, shelf: Shelf, report: Report) -> Request:
        """Build what a shelf is to hold, and write down what people have to sign for it.

        Raises:
            GateError: naming everything that real keys refuse.
            BojagiError: when an edition can't be built.
        """
        ledger = self.ledger(shelf)
        if not ledger.has_plan:
            raise GateError(
                f"nobody holds keys for shelf {shelf.code}: it is a demo. "
                f"'bojagi keys add {shelf.code} root FILE' begins its plan"
            )
        plan = plan_from(ledger.draft, len(shelf.locales))
        offers = self._offers(shelf, plan, report)
        refuse_unready(offers, ledger, shelf, plan)
        request = prepare_release(shelf, ledger, plan, offers, self.now)
        if request.roles:
            ledger.keep_request(request.to_bytes())
        return request

    def finish(self, shelf: Shelf, files: Sequence[bytes]) -> list[str]:
        """Take signatures that came back; raises as `releasing.finish_release` does."""
        key = self.shelf_key(shelf)
        return finish_release(shelf, self.ledger(shelf), files, self.library, key)

    def publish(self, shelf: Shelf, *, refresh: bool = False) -> str:
        """Serve what is signed of a shelf; raises as `publishing.publish_shelf` does."""
        online = self._online(shelf)
        return publish_shelf(shelf, self.library, self.data, online, self.now, refresh=refresh)

    def withdraw(
        self, shelf: Shelf, number: int, reason: WithdrawalReason, signer: CryptoSigner | None
    ) -> str:
        """Call an edition back, and serve that at once.

        Args:
            shelf: where it stands.
            number: the edition's, as its address has it.
            reason: why.
            signer: a safety reviewer's key; None for a demo shelf, whose keys everybody has.

        Returns:
            The digest that is called back.

        Raises:
            GateError: when there is no such edition.
            TrustError: when the key has no say in withdrawals.
        """
        ledger = self.ledger(shelf)
        repository = ledger.repository()
        found = [
            standing
            for standing in standing_editions(ledger, repository)
            if standing.place * LOCALE_STEP + standing.number == number
        ]
        if not found:
            raise GateError(f"shelf {shelf.code} holds no signed edition {number}")
        online = self._online(shelf)
        known = repository.signed(WITHDRAWALS)
        targets = dict(known.targets) if known is not None else {}
        for standing in found:
            path = f"{WITHDRAWALS}/{standing.digest}"
            info = TargetFile.from_data(path, b"", ["sha256"])
            info.unrecognized_fields["custom"] = {REASON: reason.value}
            targets[path] = info
        reviewer = signer or DemoKeys(shelf.code).reviewer
        signed = _sign_withdrawals(shelf, repository, targets, reviewer, self.now)
        ledger.keep(repository.with_roles(signed))
        publish_shelf(shelf, self.library, self.data, online, self.now)
        return found[0].digest

    def shelf_key(self, shelf: Shelf) -> ShelfKey | None:
        """Return the key of a sealed shelf; None for an open one.

        Raises:
            KeyFileError: when it isn't on this host, or the passphrase is wrong.
        """
        if not shelf.sealed:
            return None
        if not self.has_plan(shelf):
            return DemoKeys(shelf.code).shelf_key
        return self.keyring.shelf_key(shelf.code, self.ask(f"the key of shelf {shelf.code}"))

    def _offers(self, shelf: Shelf, plan: Plan, report: Report) -> list[Offer]:
        """Build every edition of a shelf; what can't be built stops the release, and says so."""
        cache = EditionCache(self.data.cache)
        refused = blocked(self.library, check_library(self.library, self.now.date()), demo=False)
        key = self.shelf_key(shelf)
        offers: list[Offer] = []
        lacking: list[str] = []
        for folder, locale in editions_of(shelf, self.library):
            if (folder.pack.id, locale) in refused:
                lacking.append(f"{folder.pack.id} in {locale}: {refused[folder.pack.id, locale]}")
                continue
            try:
                built = edition_bytes(folder, locale, self.library, cache, report)
            except UntranslatedError as error:
                report(f"left out: {folder.pack.id}: {error}")  # stale words must not stay served
                continue
            if shelf.sealed:
                weighed(built.edition)
            else:
                number = shelf.edition_number(folder.pack.number, locale)
                kept_artifact(number, built.edition, self.library, cache, demo=False)
            offers.append(make_offer(built, shelf, plan, key))
        if lacking:
            raise GateError(f"nothing is prepared for shelf {shelf.code}:", tuple(lacking))
        ledgers = {each.code: self.ledger(each) for each in self.library.shelves.values()}
        if shelf.is_for_staff:
            keys = {
                each.code: found
                for each in self.library.shelves.values()
                if each.sealed and (found := self.shelf_key(each))
            }
            companions = companions_for(shelf, self.library, ledgers, keys)
            offers += [make_offer(built, shelf, plan, key) for built in companions]
        return offers

    def _online(self, shelf: Shelf) -> tuple[CryptoSigner, CryptoSigner]:
        """Return the keys of snapshot and timestamp that count for a shelf."""
        if not self.has_plan(shelf):
            return DemoKeys(shelf.code).online
        root = self.ledger(shelf).repository().signed(Root.type)
        if root is None:
            raise GateError(f"shelf {shelf.code} has no signed root yet")
        return self._one_of(root, "snapshot"), self._one_of(root, "timestamp")

    def _one_of(self, root: Root, role: str) -> CryptoSigner:
        allowed = set(root.roles[role].keyids)
        for name in self.keyring.names():
            if self.keyring.public(name).keyid in allowed:
                return self.keyring.signer(name, self.ask(name))
        raise GateError(f"no key in {self.keyring.folder} signs {role}s")


def _sign_withdrawals(
    shelf: Shelf,
    repository: Repository,
    targets: dict[str, TargetFile],
    signer: CryptoSigner,
    now: datetime,
) -> dict[str, bytes]:
    """Sign a new list of withdrawals, and nothing else."""
    role = repository.roles[WITHDRAWALS]
    fresh = Targets(
        version=role.signed.version + 1,
        expires=now + LIFETIMES[WITHDRAWALS],
        targets=targets,
    )
    known = {
        name: repository.files[file_name(name, repository.roles[name].signed.version)]
        for name in (Root.type, Targets.type, WITHDRAWALS)
    }
    request = Request(shelf.code, {WITHDRAWALS: Metadata(fresh)}, known)
    root, top = repository.signed("root"), repository.signed("targets")
    return finish(request, [sign(request, signer)], root, top)


@dataclass(frozen=True)
class RoleEnd:
    """When a role of a shelf ends.

    Attributes:
        days: from now on; negative once it has ended.
    """

    shelf: str
    role: str
    version: int
    ends: str
    days: int

    @property
    def ends_soon(self) -> bool:
        """Whether it is to be signed anew."""
        return self.days <= WARN_AHEAD.days

    def as_json(self) -> dict[str, str | int | bool]:
        """Return it for a script."""
        return {**vars(self), "ends_soon": self.ends_soon}


def role_ends(ledger: Ledger, now: datetime) -> list[RoleEnd]:
    """Say when each role of a shelf ends, the first to end first."""
    repository = ledger.repository()
    ends = [
        RoleEnd(
            ledger.folder.name,
            role,
            repository.roles[role].signed.version,
            day.date().isoformat(),
            (day - now).days,
        )
        for role, day in repository.ends().items()
    ]
    return sorted(ends, key=lambda each: (each.days, each.role))
