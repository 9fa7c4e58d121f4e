"""The studio's host: the verbs of releases on its data folder, with the keys that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.library import Library
from bojagi.building.artifact import weighed
from bojagi.domain.approval import ApprovalsOf
from bojagi.domain.identifiers import ShelfCode
from bojagi.domain.shelf import LOCALE_STEP, Shelf
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import GateError, UntranslatedError
from bojagi.services.checking import Waived, blocked, without_waived
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
from bojagi.services.trees import (
    Standing,
    kept_artifact,
    standing_editions,
    withdrawn_digests,
)
from bojagi.trust.demo import DemoKeys
from bojagi.trust.plan import LIFETIMES, WITHDRAWALS, Plan
from bojagi.trust.plan_file import plan_from
from bojagi.trust.repository import WARN_AHEAD, Repository, file_name
from bojagi.trust.shelf_key import ShelfKey
from bojagi.trust.signing import Request, finish, sign
from bojagi.trust.verifier import REASON

_DIGEST: Final = 64

Ask = Callable[[str], str]
"""What a passphrase is for, in; the passphrase out."""


@dataclass(frozen=True)
class Studio:
    """One verb's view of the studio's host; the caller holds the data folder.

    Args:
        keyring: the keys that are on this host: of snapshot and timestamp, and of sealed shelves.
        ask: asks for a passphrase.
        now: the time of signing.
        approvals: what was approved; nothing that a folder says of itself counts.
        waived: the warnings that were let stand; real keys refuse the others.
    """

    library: Library
    data: DataFolder
    keyring: Keyring
    ask: Ask
    now: datetime
    approvals: ApprovalsOf
    waived: Waived = frozenset()

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
        refuse_unready(offers, ledger, shelf, plan, self.approvals)
        request = prepare_release(shelf, ledger, plan, offers, self.now)
        if request.roles:
            ledger.keep_request(request.to_bytes())
        return request

    def finish(self, shelf: Shelf, files: Sequence[bytes]) -> list[str]:
        """Take signatures that came back; raises as `releasing.finish_release` does."""
        key = self.shelf_key(shelf)
        ledger = self.ledger(shelf)
        return finish_release(shelf, ledger, files, self.library, key, self.approvals)

    def publish(self, shelf: Shelf, *, refresh: bool = False) -> str:
        """Serve what is signed of a shelf; raises as `publishing.publish_shelf` does."""
        online = self._online(shelf)
        return publish_shelf(shelf, self.library, self.data, online, self.now, refresh=refresh)

    def withdraw(
        self,
        shelf: Shelf,
        which: str,
        reason: WithdrawalReason,
        signer: CryptoSigner | None,
        *,
        all_locales: bool = False,
    ) -> Withdrawn:
        """Call an edition back, and serve that at once.

        Args:
            shelf: where it stands.
            which: the edition's number, as its address has it; or the SHA-256 of signed bytes,
                for a forgery that stands nowhere here.
            reason: why.
            signer: a safety reviewer's key; None for a demo shelf, whose keys everybody has.
            all_locales: call back every translation of the same pack, too.

        Raises:
            GateError: when there is no such edition, it was called back already, or the key has
                no say in withdrawals.
        """
        ledger = self.ledger(shelf)
        repository = ledger.repository()
        reviewer = signer or DemoKeys(shelf.code).reviewer
        _refuse_stranger(repository, reviewer, shelf)
        known = withdrawn_digests(repository)
        standing = [
            each for each in standing_editions(ledger, repository) if each.digest not in known
        ]
        chosen = [each for each in standing if which in {str(_address(each)), each.digest}]
        packs = {each.number for each in chosen}
        kin = [each for each in standing if each.number in packs and each not in chosen]
        if all_locales:
            chosen, kin = chosen + kin, []
        digests = [each.digest for each in chosen]
        if not digests and len(which) == _DIGEST and which not in known:
            digests = [which]
        if not digests:
            raise GateError(f"shelf {shelf.code} serves no edition {which}, or it was called back")
        online = self._online(shelf)
        signed = _sign_withdrawals(shelf, repository, digests, reason, reviewer, self.now)
        ledger.keep(repository.with_roles(signed))
        publish_shelf(shelf, self.library, self.data, online, self.now)
        names = tuple(str(_address(each)) for each in chosen) or (which,)
        return Withdrawn(names, tuple(str(_address(each)) for each in kin))

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
        packs = {folder.pack.id for folder, _ in editions_of(shelf, self.library)}
        every = check_library(self.library, self.now.date(), packs)
        findings = without_waived(every, self.waived)
        refused = blocked(self.library, findings, demo=False)
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
            companions = companions_for(shelf, self.library, ledgers, keys, self.approvals)
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


@dataclass(frozen=True)
class Withdrawn:
    """What was called back, by the numbers of editions.

    Attributes:
        standing: of the same pack in other languages, what is still served.
    """

    withdrawn: tuple[str, ...]
    standing: tuple[str, ...]


def _address(standing: Standing) -> int:
    return standing.place * LOCALE_STEP + standing.number


def _refuse_stranger(repository: Repository, signer: CryptoSigner, shelf: Shelf) -> None:
    targets = repository.signed(Targets.type)
    if targets is None:
        raise GateError(f"nothing of shelf {shelf.code} is signed yet")
    if signer.public_key.keyid not in targets.get_delegated_role(WITHDRAWALS).keyids:
        raise GateError(f"this key isn't a safety reviewer's of shelf {shelf.code}")


def _sign_withdrawals(  # noqa: PLR0913, PLR0917 - what, why, by whom, when
    shelf: Shelf,
    repository: Repository,
    digests: Sequence[str],
    reason: WithdrawalReason,
    signer: CryptoSigner,
    now: datetime,
) -> dict[str, bytes]:
    """Sign the list of withdrawals with more on it, and nothing else."""
    role = repository.roles[WITHDRAWALS]
    targets = dict(role.signed.targets)
    for digest in digests:
        info = TargetFile.from_data(f"{WITHDRAWALS}/{digest}", b"", ["sha256"])
        info.unrecognized_fields["custom"] = {REASON: reason.value}
        targets[info.path] = info
    fresh = Targets(
        version=role.signed.version + 1, expires=now + LIFETIMES[WITHDRAWALS], targets=targets
    )
    known = {
        name: repository.files[file_name(name, repository.roles[name].signed.version)]
        for name in (Root.type, Targets.type, WITHDRAWALS)
    }
    request = Request(shelf.code, {WITHDRAWALS: Metadata(fresh)}, known)
    root, top = repository.signed(Root.type), repository.signed(Targets.type)
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
