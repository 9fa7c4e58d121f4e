"""Keeping unit ids and catalogues in step with the articles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bojagi.authoring.catalogues import merge
from bojagi.authoring.files import write_atomically
from bojagi.authoring.library import CATALOGUES, Library
from bojagi.authoring.pack_folder import pack_files
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import InvalidValueError


@dataclass(frozen=True)
class Update:
    """What an update wrote: paths below the project's folder."""

    written: tuple[str, ...]


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
