"""PO catalogues: the translations of a pack, and the words of the programs (polib).

What always holds:

- The context of an entry is its article and unit id (`cold#k3v9x2`), so a translation follows its
  unit through edits and moves; the pack's own title is `pack#title`.
- A translation counts only when it was made from the very text that stands there now. Anything
  else is missing or stale, and says so.
- Files are in the form of `msgcat --no-wrap`, and their headers name no person and no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Final

import polib
from babel import Locale as CldrLocale
from babel.core import UnknownLocaleError

from bojagi.authoring.files import read_text
from bojagi.domain import limits
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.pack import UnitKind
from bojagi.errors import Problem, SourceError

if TYPE_CHECKING:
    from bojagi.domain.pack import Pack

PACK_TITLE: Final = "pack#title"
_PO_LINE: Final = re.compile(
    r"[ \t]*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])[ \t]*)?"
    r'"(?:[^"\\]|\\.)*+"[ \t]*)?'
)
"""polib reads a line whose quote is never closed as if it were."""


class UnitState(StrEnum):
    """What a catalogue has for one unit."""

    TRANSLATED = "translated"
    MISSING = "missing"
    STALE = "stale"
    """Translated from another text than the one that stands there now."""


@dataclass(frozen=True)
class Entry:
    """One entry of a catalogue.

    Attributes:
        source: the text it was made from.
        previous: of a stale one, the text it was made from before its source was brought up.
        note: what translators wrote beside it for each other.
    """

    source: str
    text: str
    is_fuzzy: bool
    line: int
    previous: str = ""
    note: str = ""


@dataclass(frozen=True)
class Catalogue:
    """The translations of one pack into one locale.

    Attributes:
        file: path below the project's folder.
        entries: by context.
    """

    file: str
    locale: LocaleCode
    entries: Mapping[str, Entry] = field(repr=False)

    def state(self, context: str, source: str) -> UnitState:
        """Say what there is for a unit whose text is now `source`."""
        entry = self.entries.get(context)
        if entry is None or not entry.text.strip():
            return UnitState.MISSING
        if entry.is_fuzzy or entry.source != source:
            return UnitState.STALE
        return UnitState.TRANSLATED


def contexts(pack: Pack) -> Iterator[tuple[str, UnitKind, str]]:
    """Yield the context, kind and text of every unit of a pack, in reading order."""
    yield PACK_TITLE, UnitKind.TITLE, pack.title
    for article in pack.articles:
        for unit in article.units:
            yield f"{article.id}#{unit.id}", unit.kind, unit.text


def read_catalogue(path: Path, name: str, locale: LocaleCode) -> Catalogue:
    """Read a PO file.

    Raises:
        SourceError: when it isn't one, or two entries share a context.
    """
    text = read_text(path, name, limit=limits.CATALOGUE_BYTES)
    for number, line_text in enumerate(text.split("\n"), start=1):
        if not _PO_LINE.fullmatch(line_text):
            message = "not a line of a PO file; expected a keyword and words in quotes"
            raise SourceError.at(name, message, line=number)
    try:
        # polib opens a file when all it gets is the name of one; no name ends in a line.
        parsed = polib.pofile(text + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        message = "not a PO file; expected msgctxt, msgid and msgstr, each in quotes"
        raise SourceError.at(name, message, line=int(line[1]) if line else 0) from error
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for each in parsed:
        if each.obsolete:
            continue
        context = each.msgctxt or ""
        key = context or each.msgid
        if key in entries:
            message = f"two entries for {key!r}; expected one"
            problems.append(Problem(name, each.linenum or 0, "msgctxt", message))
        if each.msgid_plural:
            message = "plural forms are not used here; expected one msgstr"
            problems.append(Problem(name, each.linenum or 0, "msgid_plural", message))
        entries[key] = Entry(
            source=each.msgid,
            text=each.msgstr,
            is_fuzzy=each.fuzzy,
            line=each.linenum or 0,
            previous=each.previous_msgid or "",
            note=each.tcomment,
        )
    if problems:
        raise SourceError(tuple(problems))
    return Catalogue(name, locale, entries)


def merge(pack: Pack, locale: LocaleCode, existing: Catalogue | None) -> str:
    """Write a pack's catalogue anew: every unit in reading order, what was translated kept.

    A translation made from another text stays beside it, marked fuzzy, with the text it was made
    from as `#| msgid`. Entries whose unit is gone are dropped; the history keeps them.
    """
    known = existing.entries if existing else {}
    file = polib.POFile(wrapwidth=0)
    file.metadata = _header(pack, locale)
    for context, kind, source in contexts(pack):
        before = known.get(context)
        entry = polib.POEntry(msgctxt=context, msgid=source, comment=str(kind))
        if before:
            entry.msgstr, entry.tcomment = before.text, before.note
            if before.text and (before.source != source or before.is_fuzzy):
                entry.flags.append("fuzzy")
                # What was already stale stays compared with the text it was really made from.
                made_from = (before.is_fuzzy and before.previous) or before.source
                entry.previous_msgid = made_from if made_from != source else None
        file.append(entry)
    return str(file)


def read_interface(path: Path, name: str, locale: LocaleCode) -> Mapping[str, str]:
    """Read the words of the programs in one locale: what they are called in English, to theirs.

    Raises:
        SourceError: when it isn't a PO file, or words lack a `{name}` that is to be filled in.
    """
    catalogue = read_catalogue(path, name, locale)
    problems = [
        Problem(name, entry.line, "msgstr", f"expected the same {{names}} as in {entry.source!r}")
        for entry in catalogue.entries.values()
        if entry.text and not entry.is_fuzzy and _names(entry.text) != _names(entry.source)
    ]
    if problems:
        raise SourceError(tuple(problems))
    return {
        entry.source: entry.text
        for entry in catalogue.entries.values()
        if entry.text and not entry.is_fuzzy
    }


def _names(message: str) -> set[tuple[str, str, str]] | None:
    """Return what is filled into a message; None when its braces don't fit together."""
    try:
        fields = list(Formatter().parse(message))
    except ValueError:
        return None
    return {
        (name, form or "", conversion or "")
        for _, name, form, conversion in fields
        if name is not None
    }


def _header(pack: Pack, locale: LocaleCode) -> dict[str, str]:
    return {
        "Project-Id-Version": str(pack.id),
        "Language": str(locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(locale),
        "X-Source-Language": str(pack.source_locale),
    }


def _plural_forms(locale: LocaleCode) -> str:
    try:
        cldr = CldrLocale.parse(str(locale))
    except (UnknownLocaleError, ValueError):
        return "nplurals=1; plural=0;"
    from babel.messages.plurals import get_plural

    plural = get_plural(cldr)
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"
