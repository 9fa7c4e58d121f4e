"""Keeping unit ids and catalogues in step with the articles; drafts in the other Korean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bojagi.authoring.catalogues import Catalogue, Entry, contexts, merge
from bojagi.authoring.edit_file import EDITS, Edits, edits_text
from bojagi.authoring.edits import why_meaning
from bojagi.authoring.files import write_atomically
from bojagi.authoring.library import CATALOGUES, Library
from bojagi.authoring.origin.drafting import draft
from bojagi.authoring.pack_folder import pack_files
from bojagi.authoring.standing import standings
from bojagi.authoring.units import text_digest
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.locales import KO_KP, KO_KR
from bojagi.domain.translation import Change, Edit, UnitState
from bojagi.errors import InvalidValueError


@dataclass(frozen=True)
class Update:
    """What an update did.

    Attributes:
        written: paths below the project's folder.
        stale: the units that are stale now, each as `site-safety/cold#k3v9x2`, with the locales
            and how much their source changed.
    """

    written: tuple[str, ...]
    stale: Mapping[str, Mapping[LocaleCode, UnitState]]


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


def update(
    root: Path,
    library: Library,
    today: date,
    new: Iterable[tuple[PackId, LocaleCode]] = (),
    said: Mapping[str, Change] | None = None,
) -> Update:
    """Write `units.yaml` and the catalogues of every pack anew, where they changed.

    Args:
        root: the project's folder.
        library: what was read of it.
        today: the day on which something is said of an edit.
        new: catalogues to begin, as (pack, locale).
        said: what the edits of units changed, by `site-safety/cold#k3v9x2`.

    Raises:
        InvalidValueError: for a pack, locale or unit that isn't there, or an edit that changed more
            than is said of it. Then nothing is written.
        SourceError: when something can't be written.
    """
    for pack, locale in new:
        if pack not in library.folders:
            raise InvalidValueError("pack", pack, ", ".join(library.folders))
        if locale not in library.locales:
            raise InvalidValueError("locale", locale, ", ".join(library.locales))
    edits = _edits_said(library, today, said or {})
    written: list[str] = []

    def write(name: str, content: bytes) -> None:
        if write_atomically(root / name, content):
            written.append(name)

    for folder in library.folders.values():
        units = pack_files(folder.pack, folder.files)["units.yaml"]
        write(f"{folder.name}/units.yaml", units)
        if folder.pack.id in edits:
            text = edits_text(edits[folder.pack.id])
            write(f"{folder.name}/{EDITS}", text.encode("utf-8"))
    for pack, locale in sorted({*library.catalogues, *new}):
        text = merge(library.folders[pack].pack, locale, library.catalogues.get((pack, locale)))
        write(f"{CATALOGUES}/{locale}/LC_MESSAGES/{pack}.po", text.encode("utf-8"))
    return Update(tuple(written), _stale(library, edits))


def _edits_said(
    library: Library, today: date, said: Mapping[str, Change]
) -> dict[PackId, dict[str, list[Edit]]]:
    """Return the edits of each pack of which something new is said."""
    edits: dict[PackId, dict[str, list[Edit]]] = {}
    for name, change in said.items():
        pack, _, context = name.partition("/")
        folder = library.folders.get(PackId(pack))
        if folder is None:
            raise InvalidValueError("pack", pack, ", ".join(library.folders))
        source = {each: text for each, _, text in contexts(folder.pack)}.get(context)
        made_from = {
            catalogue.entries[context].made_from
            for (other, _), catalogue in library.catalogues.items()
            if other == folder.pack.id and context in catalogue.entries
        } - {source}
        if source is None or not made_from:
            expected = "one whose source changed since it was translated"
            raise InvalidValueError("unit", name, expected)
        before_now = {key: [*made] for key, made in folder.edits.items()}
        known = edits.setdefault(folder.pack.id, before_now)
        for before in sorted(made_from):
            why = why_meaning(before, source)
            if why and change is not Change.MEANING:
                raise InvalidValueError("edit", f"{name}: {change}", f"meaning, since {why}")
            known.setdefault(context, []).append(
                Edit(text_digest(before), text_digest(source), change, today)
            )
    return edits


def _stale(
    library: Library, edits: Mapping[PackId, Edits]
) -> dict[str, dict[LocaleCode, UnitState]]:
    found: dict[str, dict[LocaleCode, UnitState]] = {}
    for pack, locale in library.catalogues:
        folder = library.folders[pack]
        folder = replace(folder, edits=edits.get(pack, folder.edits))
        for each in standings(folder, locale, library):
            if each.state.is_stale:
                found.setdefault(f"{pack}/{each.context}", {})[locale] = each.state
    return found


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
