"""From the content folders to editions: which there could be, and the bytes of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from bojagi.authoring.approvals import APPROVALS
from bojagi.authoring.library import Library
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.standing import Standing, standings
from bojagi.building.artifact import EDITION_FILE
from bojagi.building.edition import Wording, build_edition, source_wording
from bojagi.building.pages import Press
from bojagi.building.words import Words
from bojagi.domain.edition import Edition
from bojagi.domain.identifiers import LocaleCode, UnitId
from bojagi.domain.locales import Locale
from bojagi.domain.pack import Pack
from bojagi.domain.shelf import Shelf
from bojagi.domain.translation import Showing
from bojagi.errors import UntranslatedError
from bojagi.services.edition_cache import EditionCache, program_digest

Report = Callable[[str], None]
"""Takes one line of progress."""


@dataclass(frozen=True)
class Built:
    """An edition as it was built from the content folders.

    Attributes:
        raw: its bytes, which are what is approved.
        is_new: something of it changed since it was built last.
        is_companion: it is made of a pack's own sources and fixed sentences, for staff alone, so
            that nobody signs it off; its publisher's keys vouch for it.
    """

    folder: PackFolder
    locale: LocaleCode
    edition: Edition
    raw: bytes
    is_new: bool
    is_companion: bool = False


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


def wording_of(folder: PackFolder, locale: LocaleCode, library: Library) -> Wording:
    """Return the words of a pack in a locale, decided unit by unit.

    Raises:
        UntranslatedError: naming the units of which no reader may get anything.
    """
    pack = folder.pack
    if locale == pack.source_locale:
        return source_wording(pack)
    texts: dict[tuple[str, UnitId], str] = {}
    changed_on: dict[str, date] = {}
    foreign: dict[tuple[str, UnitId], Locale] = {}
    missing: list[str] = []
    for each in standings(folder, locale, library):
        article, _, name = each.context.partition("#")
        unit = article, UnitId(name)
        match each.showing:
            case Showing.NOTHING:
                missing.append(f"{each.context} ({each.state})")
            case Showing.FALLBACK:
                foreign[unit] = library.locales[pack.fallbacks[locale]]
                texts[unit] = _text_in(pack.fallbacks[locale], each, pack, library)
            case Showing.TEXT | Showing.WITH_NOTE:
                texts[unit] = each.text
        if each.showing is Showing.WITH_NOTE and each.changed_on:
            changed_on[article] = max(each.changed_on, changed_on.get(article, date.min))
    if missing:
        raise UntranslatedError(locale, tuple(missing))
    return Wording(texts, changed_on, foreign)


def _text_in(locale: LocaleCode, unit: Standing, pack: Pack, library: Library) -> str:
    if locale == pack.source_locale:
        return unit.source
    return library.catalogues[pack.id, locale].entries[unit.context].text


def words_for(locale: LocaleCode, library: Library) -> Words:
    """Return the programs' words in a locale."""
    return Words(library.locales[locale], library.interface.get(locale, {}))


def press_for(locale: LocaleCode, library: Library, *, demo: bool) -> Press:
    """Return what pages of a locale are made with."""
    tags = {code: each.language_tag for code, each in library.locales.items()}
    return Press(words_for(locale, library), tags, demo)


def edition_bytes(
    folder: PackFolder, locale: LocaleCode, library: Library, cache: EditionCache, report: Report
) -> Built:
    """Build an edition, or take it as it was built from just the same.

    Raises:
        BojagiError: saying why it can't be built.
    """
    key = _inputs_digest(folder, locale, library)
    paths = cache.paths(key)
    if paths is None:
        wording = wording_of(folder, locale, library)
        words = words_for(locale, library)
        raw = build_edition(folder.pack, words, wording, library.hotlines).to_bytes()
        report(f"{folder.pack.id} in {locale}")
        cache.keep(key, {EDITION_FILE: raw})
    else:
        raw = (cache.folder / key / EDITION_FILE).read_bytes()
    return Built(folder, locale, Edition.from_bytes(raw), raw, is_new=paths is None)


def words_digest(locale: LocaleCode, library: Library) -> Mapping[str, object]:
    """Return everything of the programs' words that a page of a locale is made with."""
    return {
        "words": dict(library.interface.get(locale, {})),
        "locales": {code: vars(each) for code, each in library.locales.items()},
        "locale": locale,
    }


def _inputs_digest(folder: PackFolder, locale: LocaleCode, library: Library) -> str:
    """Return the digest of everything an edition is built from, the program included."""
    translated = locale != folder.pack.source_locale
    inputs = {
        "program": program_digest(),
        "files": {
            name: sha256(raw).hexdigest()
            for name, raw in folder.files.items()
            if name != APPROVALS  # they are of an edition, and stand outside it
        },
        "units": translated
        and [(each.text, each.showing) for each in standings(folder, locale, library)],
        "fallback": [
            {context: each.text for context, each in catalogue.entries.items()}
            for (pack, other), catalogue in library.catalogues.items()
            if (pack, other) == (folder.pack.id, folder.pack.fallbacks.get(locale))
        ],
        "hotlines": {key: repr(each) for key, each in library.hotlines.items()},
        **words_digest(locale, library),
    }
    return digest_of(inputs)


def digest_of(inputs: Mapping[str, object]) -> str:
    """Return the name that the cache keeps something under, by everything it was made from."""
    return sha256(json.dumps(inputs, sort_keys=True).encode("utf-8")).hexdigest()[:32]
