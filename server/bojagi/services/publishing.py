"""Building every shelf's tree from the content folders, and making it the one that is served.

What an edition adds is kept by the digest of everything it was built from, so that after a changed
article only its pack's editions are built again. A pack that can't be built is left out and said;
it never takes another with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bojagi.authoring.catalogues import UnitState, contexts
from bojagi.authoring.library import SHELVES, Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.building.artifact import CARD_FILE, EDITION_FILE, Artifact, EditionCard, build_artifact
from bojagi.building.compression import with_compressed
from bojagi.building.edition import Texts, build_edition, source_texts
from bojagi.building.pages import Press
from bojagi.building.shelf_pages import shelf_pages
from bojagi.building.tree import (
    current_tree,
    edition_of,
    place_of,
    read_order,
    read_routes,
    take_down,
    write_order,
    write_tree,
)
from bojagi.building.words import Words
from bojagi.domain.identifiers import LocaleCode, PackId, ShelfCode, UnitId
from bojagi.domain.locales import EN
from bojagi.domain.pack import Pack
from bojagi.domain.shelf import Shelf
from bojagi.errors import BojagiError, InvalidValueError, UntranslatedError
from bojagi.services.data_folder import DataFolder
from bojagi.services.edition_cache import EditionCache, program_digest

Report = Callable[[str], None]
"""Takes one line of progress."""


Refused = Mapping[tuple[PackId, LocaleCode], BojagiError]
"""Editions that may not be published, by pack and locale, with the reason."""


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
    """A shelf whose own pages couldn't be written; what it served before, it still serves."""

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


def publish(
    library: Library, data: DataFolder, refused: Refused, *, demo: bool, report: Report
) -> Build:
    """Build the tree of every open shelf and make it the one that is served.

    Args:
        library: what was read of the content folders.
        data: where the trees are kept.
        refused: editions that checks block, with the reason.
        demo: every page says that nobody has approved it.
        report: is told what is being built.

    Raises:
        DataFolderError: when another process is writing there.
    """
    with data.locked():
        cache = EditionCache(data.cache)
        publishing = _Publishing(library, data, cache, refused, demo, report)
        shelves = [shelf for shelf in library.shelves.values() if not shelf.sealed]
        for shelf in shelves:
            publishing.publish_shelf(shelf)
        write_order(data.shelves, _order(library, data, [shelf.code for shelf in shelves]))
        publishing.build.failures += _homeless(library)
        cache.sweep()
    return publishing.build


def editions_of(shelf: Shelf, library: Library) -> Iterator[tuple[PackFolder, LocaleCode]]:
    """Yield what could stand on a shelf: each pack in its own locale and in those translated."""
    for folder in sorted(library.folders.values(), key=lambda each: each.pack.number):
        if folder.pack.shelf != shelf.code or not shelf.takes(folder.pack):
            continue
        for locale in shelf.locales:
            if (
                locale == folder.pack.source_locale
                or (folder.pack.id, locale) in library.catalogues
            ):
                yield folder, locale


def translated_texts(folder: PackFolder, locale: LocaleCode, library: Library) -> Texts:
    """Return the texts of a pack in a locale.

    Raises:
        UntranslatedError: when a unit has no translation made from the text that stands there now.
    """
    pack = folder.pack
    if locale == pack.source_locale:
        return source_texts(pack)
    catalogue = library.catalogues[pack.id, locale]
    texts: dict[tuple[str, UnitId], str] = {}
    missing: list[str] = []
    for context, _, source in contexts(pack):
        if catalogue.state(context, source) is not UnitState.TRANSLATED:
            missing.append(context)
            continue
        article, _, unit = context.partition("#")
        texts[article, UnitId(unit)] = catalogue.entries[context].text
    if missing:
        raise UntranslatedError(locale, tuple(missing))
    return texts


def press_for(locale: LocaleCode, library: Library, *, demo: bool) -> Press:
    """Return what pages of a locale are made with."""
    words = Words(library.locales[locale], library.interface.get(locale, {}))
    tags = {code: each.language_tag for code, each in library.locales.items()}
    return Press(words, tags, demo)


def build_one(
    folder: PackFolder, locale: LocaleCode, shelf: Shelf, library: Library, *, demo: bool
) -> Artifact:
    """Build one edition and all it adds to its shelf.

    Raises:
        BojagiError: saying why it can't be built.
    """
    press = press_for(locale, library, demo=demo)
    texts = translated_texts(folder, locale, library)
    edition = build_edition(folder.pack, press.words, texts, library.hotlines)
    return build_artifact(shelf.edition_number(folder.pack.number, locale), edition, press)


@dataclass
class _Publishing:
    """One run over the shelves."""

    library: Library
    data: DataFolder
    cache: EditionCache
    refused: Refused
    demo: bool
    report: Report
    build: Build = field(default_factory=Build)

    def publish_shelf(self, shelf: Shelf) -> None:
        """Build a shelf's tree and make it the one that is served."""
        cards: list[EditionCard] = []
        sources: dict[str, Path | bytes] = {}
        for folder, locale in editions_of(shelf, self.library):
            try:
                entry, paths = self.edition(folder, locale, shelf)
                files = {
                    place_of(path): entry / path
                    for path in paths
                    if path not in {CARD_FILE, EDITION_FILE}
                }
                _refuse_taken(sources, files)
            except BojagiError as error:
                self.build.failures.append(Failure(folder.pack.id, locale, error))
                continue
            cards.append(EditionCard.from_bytes((entry / CARD_FILE).read_bytes()))
            sources.update(files)
        try:
            own_pages = self.own_pages(shelf, cards)
        except BojagiError as error:
            self.build.failures.append(ShelfFailure(shelf.code, error))
            self._withdraw_stale(shelf)
            return
        texts = {path: html.encode("utf-8") for path, html in own_pages.items()}
        sources.update(with_compressed(texts))
        self.build.trees[shelf.code] = write_tree(self.data.shelves / shelf.code, sources)

    def _withdraw_stale(self, shelf: Shelf) -> None:
        """Take a shelf down whose standing tree holds an edition that may not be served now."""
        folder = self.data.shelves / shelf.code
        tree = current_tree(folder)
        if tree is None:
            return
        standing = {edition_of(route.path) for route in read_routes(tree).values()} - {0}
        editions = list(editions_of(shelf, self.library))
        is_refused = any((each.pack.id, locale) in self.refused for each, locale in editions)
        allowed = {shelf.edition_number(each.pack.number, locale) for each, locale in editions}
        if is_refused or not standing <= allowed:
            take_down(folder)

    def edition(
        self, folder: PackFolder, locale: LocaleCode, shelf: Shelf
    ) -> tuple[Path, list[str]]:
        """Return where an edition's files are, built anew only where something changed."""
        pack = folder.pack
        if (pack.id, locale) in self.refused:
            raise self.refused[pack.id, locale]
        key = _inputs_digest(folder, locale, shelf, self.library, demo=self.demo)
        paths = self.cache.paths(key)
        if paths is None:
            artifact = build_one(folder, locale, shelf, self.library, demo=self.demo)
            self.report(f"{pack.id} in {locale}")
            paths = self.cache.keep(key, artifact)
            self.build.built.append((pack.id, locale))
        else:
            self.build.kept += 1
        return self.cache.folder / key, paths

    def own_pages(self, shelf: Shelf, cards: list[EditionCard]) -> dict[str, str]:
        """Write the pages a shelf has beside its editions."""
        library = dict.fromkeys((shelf.library_locale, EN))
        return shelf_pages(
            sorted(cards, key=lambda card: card.number),
            press_for(shelf.locales[0], self.library, demo=self.demo),
            [press_for(locale, self.library, demo=self.demo) for locale in library],
            self.library.locales,
        )


def _refuse_taken(sources: Mapping[str, Path | bytes], files: Mapping[str, Path]) -> None:
    """Refuse files whose place another edition has taken with different bytes."""
    for place, file in files.items():
        taken = sources.get(place)
        if isinstance(taken, Path) and taken.read_bytes() != file.read_bytes():
            raise InvalidValueError("file name", place, "a name that no other file has")


def _order(library: Library, data: DataFolder, built: list[str]) -> list[str]:
    """Return the shelves that are served, the first one first.

    A slip in the list of shelves must not take down what is served: a shelf whose own entry
    couldn't be read stays. One that was read, and is sealed now, goes.
    """
    if not any(problem.file == SHELVES for problem in library.problems):
        return built
    unread = [code for code in read_order(data.shelves) if code not in library.shelves]
    return built + unread


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


def _inputs_digest(
    folder: PackFolder, locale: LocaleCode, shelf: Shelf, library: Library, *, demo: bool
) -> str:
    """Return the digest of everything an edition is built from, the program included."""
    pack: Pack = folder.pack
    catalogue = library.catalogues.get((pack.id, locale))
    inputs = {
        "program": program_digest(),
        "files": {name: sha256(raw).hexdigest() for name, raw in folder.files.items()},
        "catalogue": catalogue
        and {c: (e.source, e.text, e.is_fuzzy) for c, e in catalogue.entries.items()},
        "words": dict(library.interface.get(locale, {})),
        "locales": {code: vars(each) for code, each in library.locales.items()},
        "hotlines": {key: repr(each) for key, each in library.hotlines.items()},
        "number": shelf.edition_number(pack.number, locale),
        "locale": locale,
        "demo": demo,
    }
    return sha256(json.dumps(inputs, sort_keys=True).encode("utf-8")).hexdigest()[:32]
