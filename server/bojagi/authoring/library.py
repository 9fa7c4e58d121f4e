"""The whole content of a publisher: shelves, locales, hotlines, packs and catalogues.

One bad file never hides the good ones: what can't be read stands in `problems`, and everything
else is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale as CldrLocale
from babel.core import UnknownLocaleError
from marshmallow import Schema

from bojagi.authoring import yaml_text
from bojagi.authoring.catalogues import Catalogue, read_catalogue, read_interface
from bojagi.authoring.files import entries, read_text, refuse_odd_name
from bojagi.authoring.pack_folder import PackFolder, read_pack
from bojagi.authoring.schemas import HotlineSchema, LocaleSchema, ShelfSchema, load
from bojagi.authoring.yaml_text import Document
from bojagi.domain.identifiers import FactId, LocaleCode, PackId, ShelfCode
from bojagi.domain.locales import Locale
from bojagi.domain.shelf import Shelf
from bojagi.domain.sources import Hotline
from bojagi.errors import InvalidValueError, Problem, SourceError

PACKS = "content_packs"
SHELVES = f"{PACKS}/shelves.yaml"
HOTLINES = f"{PACKS}/hotlines.yaml"
CATALOGUES = "i18n"
INTERFACE = "interface"
_NOT_PACKS = {"README.md", "shelves.yaml", "hotlines.yaml"}
_NOT_LOCALES = {"README.md", "locales.yaml", "babel.cfg", "glossary.csv"}

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Library:
    """What could be read of a publisher's folders, and what could not.

    Attributes:
        shelves: in file order.
        catalogues: by pack and locale.
        interface: the words of the programs by locale: English to theirs.
        problems: everything that could not be read, in file order.
        approved: the pairs of source and translation that a second person approved; None in plain
            folders, where nobody can be told from anybody.
    """

    shelves: Mapping[ShelfCode, Shelf] = field(default_factory=dict)
    locales: Mapping[LocaleCode, Locale] = field(default_factory=dict)
    hotlines: Mapping[FactId, Hotline] = field(default_factory=dict)
    folders: Mapping[PackId, PackFolder] = field(default_factory=dict)
    catalogues: Mapping[tuple[PackId, LocaleCode], Catalogue] = field(default_factory=dict)
    interface: Mapping[LocaleCode, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    approved: AbstractSet[str] | None = None


def read_library(root: Path) -> Library:
    """Read `content_packs/` and `i18n/` below a folder."""
    reading = _Reading(root)
    locales = reading.locales()
    shelves = reading.shelves(locales)
    hotlines = reading.hotlines()
    folders = reading.packs(shelves, locales)
    catalogues, interface = reading.catalogues(folders, locales)
    return Library(
        shelves,
        locales,
        hotlines,
        folders,
        catalogues,
        interface,
        tuple(sorted(set(reading.problems))),
    )


def read_program_words(
    root: Path,
) -> tuple[Mapping[LocaleCode, Locale], Mapping[LocaleCode, Mapping[str, str]]]:
    """Read only the locales below a folder, and the programs' own words in each."""
    reading = _Reading(root)
    locales = reading.locales()
    return locales, reading.catalogues({}, locales)[1]


class _Reading:
    """One pass over the folders that collects what can't be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def attempt(self, read: Callable[[], T], otherwise: U) -> T | U:
        """Read one thing; what is wrong with it is kept and hides nothing else."""
        try:
            return read()
        except SourceError as error:
            self.problems += error.problems
            return otherwise

    def made(self, document: Document, key: str, make: Callable[[], T]) -> T | None:
        """Make a domain object of an entry; what is wrong with it is kept."""
        try:
            return make()
        except InvalidValueError as error:
            self.problem(document, (key,), str(error))
            return None

    def problem(self, document: Document, path: tuple[str, ...], message: str) -> None:
        """Keep a problem with a value of a document."""
        line = document.line_of(path)
        self.problems.append(Problem(document.file, line, ".".join(path), message))

    def entries(self, name: str) -> list[str]:
        """List a folder's names; an odd one is kept as a problem and left out."""
        return [
            entry
            for entry in self.attempt(partial(entries, self.root / name, name), [])
            if self.attempt(partial(_has_plain_name, name, entry), otherwise=False)
        ]

    def mapping(self, name: str, schema: Schema) -> tuple[Document, dict[str, Any]]:
        """Load a YAML file of entries by key; entries that are wrong are left out."""
        document = self.attempt(partial(_load_yaml, self.root / name, name), Document(name, {}))
        if not isinstance(document.data, dict):
            self.problem(document, (), "expected entries by their names")
            return document, {}
        loaded: dict[str, Any] = {}
        for key in document.data:
            data = self.attempt(partial(load, schema, document, (key,)), None)
            if data is not None:
                loaded[key] = data
        return document, loaded

    def locales(self) -> dict[LocaleCode, Locale]:
        """Read the locales."""
        document, loaded = self.mapping(f"{CATALOGUES}/locales.yaml", LocaleSchema())
        made = [
            self.made(document, key, partial(_make_locale, key, data))
            for key, data in loaded.items()
        ]
        return {locale.code: locale for locale in made if locale}

    def shelves(self, locales: Mapping[LocaleCode, Locale]) -> dict[ShelfCode, Shelf]:
        """Read the shelves; one with an unknown locale is left out."""
        document, loaded = self.mapping(SHELVES, ShelfSchema())
        shelves: dict[ShelfCode, Shelf] = {}
        for key, data in loaded.items():
            unknown = [c for c in (*data["locales"], data["library_locale"]) if c not in locales]
            for code in unknown:
                self.problem(document, (key, "locales"), _unknown(code, locales))
            shelf = self.made(document, key, partial(_make_shelf, key, data))
            if shelf and not unknown:
                shelves[shelf.code] = shelf
        return shelves

    def hotlines(self) -> dict[FactId, Hotline]:
        """Read the public telephone numbers."""
        document, loaded = self.mapping(HOTLINES, HotlineSchema())
        made = [
            self.made(document, key, partial(_make_hotline, key, data))
            for key, data in loaded.items()
        ]
        return {hotline.id: hotline for hotline in made if hotline}

    def packs(
        self, shelves: Mapping[ShelfCode, Shelf], locales: Mapping[LocaleCode, Locale]
    ) -> dict[PackId, PackFolder]:
        """Read the packs; two may not have one number on one shelf."""
        folders: dict[PackId, PackFolder] = {}
        taken: dict[tuple[ShelfCode, int], PackId] = {}
        for entry in self.pack_names():
            name = f"{PACKS}/{entry}"
            read = self.attempt(partial(read_pack, self.root / PACKS / entry, name), None)
            if read is None:
                continue
            shelf, number = read.pack.shelf, read.pack.number
            unknown = list(_unknown_card_locales(read, locales))
            if unknown:
                self.problems += unknown
            elif shelf not in shelves:
                message = f"no shelf {shelf!r}; expected one of {', '.join(shelves)}"
                self.problem(read.settings, ("shelf",), message)
            elif (shelf, number) in taken:
                message = f"{taken[shelf, number]} has number {number} on shelf {shelf} already"
                self.problem(read.settings, ("number",), message)
            else:
                taken[shelf, number] = read.pack.id
                folders[read.pack.id] = read
        return folders

    def pack_names(self) -> list[str]:
        """List the folders that are packs, or should be."""
        return [entry for entry in self.entries(PACKS) if entry not in _NOT_PACKS]

    def catalogues(
        self, folders: Mapping[PackId, PackFolder], locales: Mapping[LocaleCode, Locale]
    ) -> tuple[dict[tuple[PackId, LocaleCode], Catalogue], dict[LocaleCode, Mapping[str, str]]]:
        """Read the catalogues of packs, and the words of the programs."""
        catalogues: dict[tuple[PackId, LocaleCode], Catalogue] = {}
        interface: dict[LocaleCode, Mapping[str, str]] = {}
        packs = set(self.pack_names())
        for locale, stem, name in self.catalogue_files(locales):
            path = self.root / name
            if stem == INTERFACE:
                words = self.attempt(partial(read_interface, path, name, locale), None)
                interface[locale] = words or {}
            elif stem not in packs:
                message = "a catalogue for no pack; expected <pack-id>.po of a pack that is there"
                self.problems.append(Problem(name, 0, "", message))
            elif stem in folders:
                read = self.attempt(partial(read_catalogue, path, name, locale), None)
                if read:
                    catalogues[PackId(stem), locale] = read
        return catalogues, interface

    def catalogue_files(
        self, locales: Mapping[LocaleCode, Locale]
    ) -> Iterator[tuple[LocaleCode, str, str]]:
        """Yield every catalogue as its locale, what it is for, and its path."""
        for entry in self.entries(CATALOGUES):
            if entry in _NOT_LOCALES:
                continue
            if entry not in locales:
                problem = Problem(f"{CATALOGUES}/{entry}", 0, "", _unknown(entry, locales))
                self.problems.append(problem)
                continue
            folder = f"{CATALOGUES}/{entry}/LC_MESSAGES"
            for file in self.entries(folder):
                if file.endswith(".po"):
                    yield LocaleCode(entry), file.removesuffix(".po"), f"{folder}/{file}"
                else:
                    message = "expected catalogues only, <pack-id>.po"
                    self.problems.append(Problem(f"{folder}/{file}", 0, "", message))


def _load_yaml(path: Path, name: str) -> Document:
    return yaml_text.load(read_text(path, name), name)


def _has_plain_name(folder: str, entry: str) -> bool:
    refuse_odd_name(folder, entry)
    return True


def _make_locale(key: str, data: dict[str, Any]) -> Locale:
    code = LocaleCode(key)
    try:
        CldrLocale.parse(key)
    except (UnknownLocaleError, ValueError) as error:
        expected = "a locale of CLDR, which says how dates and numbers are written"
        raise InvalidValueError(code.what, key, expected) from error
    return Locale(code, **data)


def _unknown_card_locales(
    folder: PackFolder, locales: Mapping[LocaleCode, Locale]
) -> Iterator[Problem]:
    for article in folder.pack.articles:
        file = folder.articles[article.id]
        for index, card in enumerate(article.cards):
            for place, line in enumerate(card.lines):
                if line.locale not in locales:
                    path = ("cards", index, "lines", place, "locale")
                    number = file.front_matter.line_of(path)
                    yield Problem(file.name, number, "cards", _unknown(line.locale, locales))


def _make_shelf(key: str, data: dict[str, Any]) -> Shelf:
    return Shelf(
        **{
            **data,
            "code": ShelfCode(key),
            "audiences": tuple(data["audiences"]),
            "locales": tuple(data["locales"]),
        }
    )


def _unknown(code: str, locales: Mapping[LocaleCode, Locale]) -> str:
    return f"unknown locale {code!r}; expected one of i18n/locales.yaml: {', '.join(locales)}"


def _make_hotline(key: str, data: dict[str, Any]) -> Hotline:
    dialled_on: date = data["dialled_on"]
    return Hotline(
        **{**data, "id": FactId(key), "dialled_on": None if dialled_on == date.min else dialled_on}
    )
