"""PO catalogues: the translations of a pack, and the words of the programs (polib).

What always holds:

- The context of an entry is its article and unit id (`cold#k3v9x2`), so a translation follows its
  unit through edits and moves; the pack's own title is `pack#title`.
- An entry says which text it was made from: its `msgid`, or, where that was brought up to a newer
  one, its `#| msgid`. How far it has come follows from that (`standing`).
- Files are in the form of `msgcat --no-wrap`, and their headers name no person and no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Final

import polib
from babel import Locale as CldrLocale
from babel.core import UnknownLocaleError

from bojagi.authoring.files import read_text
from bojagi.authoring.risk import risk_of
from bojagi.domain import limits
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import EN
from bojagi.domain.pack import UnitKind
from bojagi.errors import Problem, SourceError

if TYPE_CHECKING:
    from bojagi.domain.pack import Pack

PACK_TITLE: Final = "pack#title"
PACK: Final = "Project-Id-Version"
"""The header that names the pack; tools keep it."""
SOURCE_LANGUAGE: Final = "X-Source-Language"
RISK: Final = "risk: "
BEFORE: Final = "began from: "
"""What comments begin with: why a wrong word can harm, and what a translator was given."""
HEADERS: Final = frozenset(
    {
        *(PACK, "Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
        *("Plural-Forms", SOURCE_LANGUAGE),
    }
)
"""All the headers a catalogue has; any other could tell who worked on it, when or with what."""
UNSAYABLE: Final = "can't be said safely"
"""What a translator's comment begins with, beside an empty translation."""
_PO_LINE: Final = re.compile(
    r"[ \t]*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])[ \t]*)?"
    r'"(?:[^"\\]|\\.)*+"[ \t]*)?'
)
"""polib reads a line whose quote is never closed as if it were."""


@dataclass(frozen=True)
class Entry:
    """One entry of a catalogue.

    Attributes:
        source: the text it was made from.
        previous: of a stale one, the text it was made from before its source was brought up.
        note: what translators wrote beside it for each other.
        comment: what the tools wrote beside it for translators.
    """

    source: str
    text: str
    is_fuzzy: bool
    line: int
    previous: str = ""
    note: str = ""
    comment: str = field(default="", repr=False)

    @property
    def made_from(self) -> str:
        """The source it was really made from."""
        return (self.is_fuzzy and self.previous) or self.source

    @property
    def is_draft(self) -> bool:
        """Whether it was begun and isn't called finished; one that went stale was finished once."""
        return self.is_fuzzy and self.made_from == self.source

    @property
    def is_unsayable(self) -> bool:
        """Whether its translator says that it can't be said safely in this language."""
        return self.note.casefold().startswith(UNSAYABLE) and not self.text.strip()


@dataclass(frozen=True)
class Catalogue:
    """The translations of one pack into one locale.

    Attributes:
        file: path below the project's folder.
        entries: by context.
        headers: as they stand in the file.
    """

    file: str
    locale: LocaleCode
    entries: Mapping[str, Entry] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


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
    return parse_catalogue(text, name, locale)


def parse_catalogue(text: str, name: str, locale: LocaleCode) -> Catalogue:
    """Read the text of a PO file; raises as `read_catalogue` does."""
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
            comment=each.comment,
        )
    if problems:
        raise SourceError(tuple(problems))
    return Catalogue(name, locale, entries, dict(parsed.metadata))


def merge(pack: Pack, locale: LocaleCode, existing: Catalogue | None) -> str:
    """Write a pack's catalogue anew: every unit in reading order, what was translated kept.

    A translation made from another text stays beside it, marked fuzzy, with the text it was made
    from as `#| msgid`; a draft stays a draft, and a text that came back is no longer stale. Entries
    whose unit is gone are dropped; the history keeps them.
    """
    known = existing.entries if existing else {}
    file = polib.POFile(wrapwidth=0)
    file.metadata = _header(str(pack.id), locale, pack.source_locale)
    for context, kind, source in contexts(pack):
        before = known.get(context)
        risk = risk_of(source)
        entry = polib.POEntry(
            msgctxt=context,
            msgid=source,
            comment=f"{kind}\n{RISK}{risk}" if risk else str(kind),
            occurrences=[(_place_of(pack, context), "")],
        )
        if before:
            entry.msgstr, entry.tcomment = before.text, before.note
            is_stale = not before.is_draft and before.made_from != source
            if before.text and (is_stale or before.is_draft):
                entry.flags.append("fuzzy")
                entry.previous_msgid = before.made_from if is_stale else None
        file.append(entry)
    return str(file)


def _place_of(pack: Pack, context: str) -> str:
    """Return where a unit stands: its article's file, without a line, which would move."""
    for article in pack.articles:
        if context.startswith(f"{article.id}#"):
            return f"{pack.id}/{article.number:02d}-{article.id}.md"
    return f"{pack.id}/pack.yaml"


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


def interface_header(locale: LocaleCode) -> dict[str, str]:
    """Return the headers of a catalogue of the programs' words."""
    return _header("bojagi", locale, EN)


def _header(name: str, locale: LocaleCode, source_locale: LocaleCode) -> dict[str, str]:
    return {
        PACK: name,
        "Language": str(locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(locale),
        SOURCE_LANGUAGE: str(source_locale),
    }


def _plural_forms(locale: LocaleCode) -> str:
    try:
        cldr = CldrLocale.parse(str(locale))
    except (UnknownLocaleError, ValueError):
        return "nplurals=1; plural=0;"
    from babel.messages.plurals import get_plural

    plural = get_plural(cldr)
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"
