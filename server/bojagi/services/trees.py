"""From a shelf's ledger to its tree: pages of what is signed, and the repository that signs it.

What always holds:

- Nothing stands in a tree that isn't signed: pages are made from the very bytes of the ledger.
- An edition that was called back has no page, no file and no bytes there; its addresses say that it
  is not used any more.
- A sealed shelf's tree holds no word of an edition: only sealed bytes and metadata of digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Snapshot, TargetFile, Targets

from bojagi.authoring.library import Library
from bojagi.building.artifact import (
    CARD_FILE,
    DOWNLOADS,
    EDITION_FILE,
    Download,
    EditionCard,
    build_artifact,
    neutral_name,
)
from bojagi.building.compression import SUFFIXES, with_compressed
from bojagi.building.pages import ERRORS, out
from bojagi.building.shelf_pages import LIBRARY, OUT, ShelfPages, withdrawn_page
from bojagi.building.tree import REPOSITORY, place_of, write_tree
from bojagi.domain.edition import Edition
from bojagi.domain.exposure import Exposure
from bojagi.domain.locales import EN
from bojagi.domain.shelf import Shelf
from bojagi.errors import GateError
from bojagi.services.edition_cache import EditionCache, program_digest
from bojagi.services.editions import digest_of, press_for, words_digest
from bojagi.services.ledger import Ledger
from bojagi.trust.bundle import make_bundle
from bojagi.trust.chain import chain_files
from bojagi.trust.page_list import MadeOf, PageList
from bojagi.trust.plan import WITHDRAWALS
from bojagi.trust.repository import TIMESTAMP_FILE, Repository, assemble, pages_name

Sources = dict[str, Path | bytes]
"""What stands at each path of a tree's public folder: bytes, or a file to link."""

BUNDLE_ENDING: Final = ".zip"


@dataclass(frozen=True)
class Standing:
    """An edition that is signed, as the ledger holds it.

    Attributes:
        path: its opaque path in the repository.
        place: of its locale on the shelf.
        number: of its pack, or of the edition it is the companion of.
        info: what was signed of it.
        content: the signed bytes; None when they are gone.
    """

    path: str
    place: int
    number: int
    info: TargetFile
    content: bytes | None = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return self.info.hashes["sha256"]

    @property
    def file(self) -> str:
        """Where the repository keeps it."""
        folder, _, name = self.path.rpartition("/")
        return f"targets/{folder}/{self.digest}.{name}"


def standing_editions(ledger: Ledger, repository: Repository) -> Iterator[Standing]:
    """Yield every edition that is signed, withdrawn ones too, in the order of their paths."""
    for path, info in sorted(
        signed_targets(repository).items(), key=lambda item: _numbers(item[0])
    ):
        _, place, number = _numbers(path)
        yield Standing(path, place, number, info, ledger.target(info.hashes["sha256"]))


def signed_targets(repository: Repository) -> dict[str, TargetFile]:
    """Return what the publishers' roles vouch for, by path."""
    targets = repository.signed(Targets.type)
    names = list(targets.delegations.roles or {}) if targets and targets.delegations else []
    found: dict[str, TargetFile] = {}
    for name in names:
        role = repository.signed(name)
        if name != WITHDRAWALS and role is not None:
            found.update(role.targets)
    return found


def withdrawn_digests(repository: Repository) -> dict[str, TargetFile]:
    """Return the digests that were called back."""
    role = repository.signed(WITHDRAWALS)
    targets = role.targets if role is not None else {}
    return {path.removeprefix(f"{WITHDRAWALS}/"): info for path, info in targets.items()}


def _numbers(path: str) -> tuple[int, int, int]:
    publisher, place, number = map(int, path.split("/"))
    return publisher, place, number


def kept_artifact(
    number: int, edition: Edition, library: Library, cache: EditionCache, *, demo: bool
) -> tuple[Path, list[str]]:
    """Return where the files of an edition are, built anew only where something changed.

    Raises:
        BojagiError: saying why they can't be built.
    """
    inputs = {
        "program": program_digest(),
        "edition": edition.digest,
        "number": number,
        "demo": demo,
        **words_digest(edition.locale, library),
    }
    key = digest_of(inputs)
    paths = cache.paths(key)
    if paths is None:
        press = press_for(edition.locale, library, demo=demo)
        paths = cache.keep(key, build_artifact(number, edition, press).files)
    return cache.folder / key, paths


@dataclass
class TreeWriter:
    """Writes the tree of one shelf from its ledger.

    Args:
        online: the keys of the snapshot and of the timestamp.
    """

    shelf: Shelf
    ledger: Ledger
    library: Library
    cache: EditionCache
    online: tuple[CryptoSigner, CryptoSigner]
    demo: bool

    def write(self, folder: Path, now: datetime, *, refresh: bool = False) -> str:
        """Sign the tree's snapshot and timestamp where needed, and make the tree the one served.

        Args:
            folder: the shelf's folder of trees.
            now: the time of signing.
            refresh: sign a new timestamp in any case.

        Returns:
            The tree's name.

        Raises:
            BojagiError: when its pages can't be written, or signed bytes are missing.
        """
        repository = self.ledger.repository()
        editions = list(standing_editions(self.ledger, repository))
        withdrawn = withdrawn_digests(repository)
        missing = [
            each.path for each in editions if each.content is None and each.digest not in withdrawn
        ]
        if missing:
            raise GateError("the ledger lacks bytes that were signed", tuple(missing))
        alive = [each for each in editions if each.digest not in withdrawn]
        public = self._public(alive, [each for each in editions if each.digest in withdrawn])
        pages = _page_list(public.sources, public.files)
        repository = assemble(repository, self.online, now, pages, refresh=refresh)
        self.ledger.keep(repository)
        sources = public.sources
        sources |= self._repository(repository, alive, withdrawn, pages)
        sources |= self._bundles(repository, alive)
        return write_tree(folder, sources, sealed=self.shelf.sealed)

    def _artifact(self, number: int, edition: Edition) -> tuple[Path, list[str]]:
        return kept_artifact(number, edition, self.library, self.cache, demo=self.demo)

    def _public(self, alive: list[Standing], withdrawn: list[Standing]) -> _Public:
        """Write everything of the tree but its repository and its bundles."""
        public = _Public()
        if self.shelf.sealed:
            press = press_for(self.shelf.locales[0], self.library, demo=self.demo)
            texts = {f"errors/{status}.html": press.error(status) for status in ERRORS}
            public.add_texts({**texts, f"{OUT}.html": out()})
            return public
        for standing in alive:
            edition = Edition.from_bytes(standing.content or b"")
            number = self.shelf.edition_number(standing.number, edition.locale)
            entry, paths = self._artifact(number, edition)
            public.add_edition(standing, entry, paths)
        for standing in withdrawn:
            if standing.content is not None:
                self._add_withdrawn(public, standing)
        public.cards = self._with_bundles(public.cards, alive)
        locales = dict.fromkeys((self.shelf.library_locale, EN))
        own = ShelfPages(
            press_for(self.shelf.locales[0], self.library, demo=self.demo),
            [press_for(locale, self.library, demo=self.demo) for locale in locales],
            self.library.locales,
        )
        cards = sorted(public.cards, key=lambda card: card.number)
        public.add_texts(own.write(cards))
        return public

    def _add_withdrawn(self, public: _Public, standing: Standing) -> None:
        """Let the addresses of a withdrawn edition say that it is not used any more."""
        edition = Edition.from_bytes(standing.content or b"")
        number = self.shelf.edition_number(standing.number, edition.locale)
        press = press_for(edition.locale, self.library, demo=self.demo)
        entry, paths = self._artifact(number, edition)
        del entry
        addresses = [place_of(path) for path in paths if path.endswith(".html")]
        pages = [address for address in addresses if not address.startswith(LIBRARY)]
        public.add_texts({page: withdrawn_page(press, page) for page in pages})

    def _with_bundles(self, cards: list[EditionCard], alive: list[Standing]) -> list[EditionCard]:
        """Offer on each card the bundle of its locale, where it may travel unsealed."""
        names = {place: name for place, name, _ in self._bundle_choices(alive)}
        sizes = {
            place: sum(len(each.content or b"") for each in chosen)
            for place, _, chosen in self._bundle_choices(alive)
        }
        return [
            card.with_bundle(Download(names[place], "", sizes[place]))
            if (place := self.shelf.locales.index(card.locale)) in names
            else card
            for card in cards
        ]

    def _bundle_choices(self, alive: list[Standing]) -> list[tuple[int, str, list[Standing]]]:
        """Return place, file name and editions of each bundle that the shelf offers unsealed."""
        if self.shelf.sealed or self.shelf.ceiling is not Exposure.ORDINARY:
            return []
        choices = []
        for place in range(len(self.shelf.locales)):
            chosen = [each for each in alive if each.place == place]
            digests = "".join(f"{each.digest}\n" for each in chosen)
            if chosen:
                name = neutral_name(f"{place}\n{digests}".encode(), BUNDLE_ENDING)
                choices.append((place, name, chosen))
        return choices

    def _bundles(self, repository: Repository, alive: list[Standing]) -> Sources:
        return dict(
            with_compressed(
                {
                    f"{LIBRARY}{DOWNLOADS}{name}": bundle_of(repository, chosen)
                    for _, name, chosen in self._bundle_choices(alive)
                }
            )
        )

    def _repository(
        self,
        repository: Repository,
        alive: list[Standing],
        withdrawn: Mapping[str, TargetFile],
        pages: bytes,
    ) -> Sources:
        """Return the files of the repository by their paths in the tree."""
        metadata = {
            **repository.files,
            **chain_files(repository, len(self.shelf.locales)),
            pages_name(repository.roles[Snapshot.type].signed.version): pages,
        }
        texts = {f"{REPOSITORY}metadata/{name}": data for name, data in metadata.items()}
        sources: Sources = dict(with_compressed(texts))
        for digest in withdrawn:
            empty = sha256(b"").hexdigest()
            sources[f"{REPOSITORY}targets/{WITHDRAWALS}/{empty}.{digest}"] = b""
        for standing in alive:
            path = f"{REPOSITORY}{standing.file}"
            sources[path] = standing.content or b""
            if not self.shelf.sealed:
                edition = Edition.from_bytes(standing.content or b"")
                number = self.shelf.edition_number(standing.number, edition.locale)
                entry, paths = self._artifact(number, edition)
                for suffix in SUFFIXES.values():
                    if EDITION_FILE + suffix in paths:
                        sources[path + suffix] = entry / (EDITION_FILE + suffix)
        return sources


@dataclass
class _Public:
    """The pages and files of a tree, as they are gathered."""

    sources: Sources = field(default_factory=dict)
    cards: list[EditionCard] = field(default_factory=list)
    files: dict[str, MadeOf] = field(default_factory=dict)

    def add_edition(self, standing: Standing, entry: Path, paths: list[str]) -> None:
        for path in paths:
            if path == CARD_FILE or path.startswith(EDITION_FILE):
                continue
            place = place_of(path)
            taken = self.sources.get(place)
            if isinstance(taken, Path) and taken.read_bytes() != (entry / path).read_bytes():
                raise GateError(f"two editions have a file named {place}")
            self.sources[place] = entry / path
        card = EditionCard.from_bytes((entry / CARD_FILE).read_bytes())
        self.cards.append(card)
        for download in card.downloads:
            digest = sha256((entry / DOWNLOADS / download.name).read_bytes()).hexdigest()
            self.files[digest] = MadeOf(standing.path, card.version, standing.digest)

    def add_texts(self, texts: Mapping[str, str]) -> None:
        encoded = {path: html.encode("utf-8") for path, html in texts.items()}
        self.sources.update(with_compressed(encoded))


def bundle_of(repository: Repository, chosen: list[Standing]) -> bytes:
    """Return a bundle of editions: every root, the metadata that vouches for them, their bytes."""
    vouching = {each.path.rpartition("/")[0].replace("/", "-") for each in chosen}
    needed = {*TOP_LEVEL_ROLE_NAMES, WITHDRAWALS, *vouching}
    files = {
        f"metadata/{name}": data
        for name, data in repository.files.items()
        if name == TIMESTAMP_FILE or name.removesuffix(".json").partition(".")[2] in needed
    }
    for standing in chosen:
        files[standing.file] = standing.content or b""
    return make_bundle(files)


def _page_list(sources: Sources, files: Mapping[str, MadeOf]) -> bytes:
    """Return the list of what stands in a tree beside its repository; compressed forms apart."""
    pages = {
        path: sha256(source if isinstance(source, bytes) else source.read_bytes()).hexdigest()
        for path, source in sources.items()
        if not path.endswith(tuple(SUFFIXES.values()))
    }
    return PageList(pages, files).to_bytes()
