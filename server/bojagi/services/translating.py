"""Keeping unit ids and catalogues in step with the articles; drafts in the other Korean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bojagi.authoring.catalogues import Catalogue, Entry, contexts, merge
from bojagi.authoring.files import write_atomically
from bojagi.authoring.library import CATALOGUES, Library
from bojagi.authoring.origin.drafting import draft
from bojagi.authoring.pack_folder import pack_files
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.locales import KO_KP, KO_KR
from bojagi.errors import InvalidValueError


@dataclass(frozen=True)
class Update:
    """What an update wrote: paths below the project's folder."""

    written: tuple[str, ...]


@dataclass(frozen=True)
class Drafted:
    """What was drafted.

    Attributes:
        file: the catalogue, below the project's folder.
        units: how many units got a draft; those that had a text kept it.
        unsure: how many words in them are marked for a person to decide.
    """

    file: str
    units: int
    unsure: int


def update(root: Path, library: Library, new: tuple[tuple[PackId, LocaleCode], ...] = ()) -> Update:
    """Write `units.yaml` and the catalogues of every pack anew, where they changed.

    Args:
        root: the project's folder.
        library: what was read of it.
        new: catalogues to begin, as (pack, locale).

    Raises:
        InvalidValueError: for a pack or locale that isn't there.
        SourceError: when something can't be written.
    """
    for pack, locale in new:
        if pack not in library.folders:
            raise InvalidValueError("pack", pack, ", ".join(library.folders))
        if locale not in library.locales:
            raise InvalidValueError("locale", locale, ", ".join(library.locales))
    written: list[str] = []

    def write(name: str, content: bytes) -> None:
        if write_atomically(root / name, content):
            written.append(name)

    for folder in library.folders.values():
        units = pack_files(folder.pack, folder.files)["units.yaml"]
        write(f"{folder.name}/units.yaml", units)
    for pack, locale in sorted({*library.catalogues, *new}):
        text = merge(library.folders[pack].pack, locale, library.catalogues.get((pack, locale)))
        write(f"{CATALOGUES}/{locale}/LC_MESSAGES/{pack}.po", text.encode("utf-8"))
    return Update(tuple(written))


def draft_pack(root: Path, library: Library, name: str, source: str, target: str) -> Drafted:
    """Draft a pack in the other Korean: every unit that has no text yet, marked fuzzy.

    Nothing that a person wrote is touched, and a fuzzy unit never counts as translated.

    Args:
        root: the project's folder.
        library: what was read of it.
        name: of the pack.
        source: the Korean it is written in.
        target: the other one.

    Raises:
        InvalidValueError: for a pack that isn't there or isn't written in the source.
        SourceError: when the catalogue can't be written.
    """
    folder = library.folders.get(PackId(name))
    if folder is None:
        raise InvalidValueError("pack", name, ", ".join(library.folders))
    pack, locale = folder.pack, other_korean(source, target)
    if pack.source_locale != source:
        raise InvalidValueError("source", source, f"{pack.source_locale}, which {name} is in")
    file = f"{CATALOGUES}/{locale}/LC_MESSAGES/{pack.id}.po"
    existing = library.catalogues.get((pack.id, locale))
    entries = dict(existing.entries) if existing else {}
    units = unsure = 0
    for context, _, text in contexts(pack):
        before = entries.get(context)
        if before is None or not before.text.strip():
            made = draft(text, locale)
            note = f"draft, {made.unsure} to decide" if made.unsure else "draft"
            entries[context] = Entry(text, made.text, is_fuzzy=True, line=0, note=note)
            units += 1
            unsure += made.unsure
    written = merge(pack, locale, Catalogue(file, locale, entries))
    write_atomically(root / file, written.encode("utf-8"))
    return Drafted(file, units, unsure)


def other_korean(source: str, target: str) -> LocaleCode:
    """Return the target of a draft; raises `InvalidValueError` unless it is the other Korean."""
    if {source, target} != {str(KO_KP), str(KO_KR)}:
        raise InvalidValueError("draft", f"{source} {target}", f"{KO_KR} {KO_KP}, or the reverse")
    return LocaleCode(target)
