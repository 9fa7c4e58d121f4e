"""XLIFF 2.0 (OASIS Standard, 5 August 2014): one file, a group an article, a unit a unit.

What always holds: what is written is of the core alone, and valid by its schema. What is read may
come from any tool: a document type, an entity or a text with inline elements is refused, since our
texts have none and nothing of them may be lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bojagi.authoring.exchange import Row, Sheet
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import InvalidValueError, SourceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PREFIX: Final = "bojagi"
_INITIAL: Final = "initial"
_FINISHED: Final = {"to review": "translated", "approved": "final"}
"""Our states to XLIFF's; all the others are `initial`, with ours beside it."""
_INVALID: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 can't hold; `cp` stands for it."""
_NOTES: Final = ("kind", "risk", "before", "translator")

ET.register_namespace("", _NAMESPACE)


def xliff_text(sheet: Sheet) -> str:
    """Write an XLIFF file."""
    root = _element(None, "xliff", version="2.0")
    root.set("srcLang", _tag(sheet.source_locale))
    root.set("trgLang", _tag(sheet.locale))
    file = _element(root, "file", id=str(sheet.pack), original=str(sheet.pack))
    groups: dict[str, Element] = {}
    words: list[tuple[Element, str]] = []
    for row in sheet.rows:
        article, _, unit = row.context.partition("#")
        if article not in groups:
            groups[article] = _element(file, "group", id=f"group.{article}", name=article)
        words += _add_unit(groups[article], f"{article}.{unit}", row)
    ET.indent(root)
    for element, text in words:  # not before: an indent inside them would be part of them
        element.set(_SPACE, "preserve")
        _write_words(element, text)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def read_xliff(text: str, name: str) -> Sheet:
    """Read an XLIFF file.

    Raises:
        SourceError: when it is none, isn't of one pack and locale, holds a document type or an
            entity, or a text with inline elements.
    """
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        message = "holds a document type or entities; expected plain XLIFF"
        raise SourceError.at(name, message) from error
    except ET.ParseError as error:
        line, _ = error.position
        raise SourceError.at(name, f"not XML: {error}", line=line) from error
    if root.tag != _name("xliff") or root.get("version", "") not in {"2.0", "2.1", "2.2"}:
        raise SourceError.at(name, f"expected XLIFF 2, <xliff xmlns={_NAMESPACE!r}>")
    files = root.findall(_name("file"))
    if len(files) != 1:
        raise SourceError.at(name, f"{len(files)} files inside; expected one, of one pack")
    try:
        return Sheet(
            PackId(files[0].get("original") or files[0].get("id") or ""),
            _code(root.get("srcLang", "")),
            _code(root.get("trgLang", "")),
            tuple(_row(unit, name) for unit in files[0].iter(_name("unit"))),
        )
    except InvalidValueError as error:
        raise SourceError.at(name, str(error), name=error.what) from error


def _add_unit(group: Element, identifier: str, row: Row) -> Iterator[tuple[Element, str]]:
    """Add a unit; yield where its words go."""
    unit = _element(group, "unit", id=identifier, name=row.context)
    values = dict(zip(_NOTES, (row.kind, row.risk, row.before, row.note), strict=True))
    if any(values.values()):
        notes = _element(unit, "notes")
        for category, words in values.items():
            if words:
                _element(notes, "note", category=category).text = _INVALID.sub("\ufffd", words)
    segment = _element(unit, "segment", state=_FINISHED.get(row.state, _INITIAL))
    if row.state not in _FINISHED:
        segment.set("subState", f"{_PREFIX}:{_slug(row.state)}")
    yield _element(segment, "source"), row.source
    if row.text:
        yield _element(segment, "target"), row.text


def _row(unit: Element, name: str) -> Row:
    context = unit.get("name") or (unit.get("id") or "").replace(".", "#", 1)
    segments = unit.findall(_name("segment"))
    if len(segments) != 1:
        message = f"{len(segments)} segments; expected one, with the whole text"
        raise SourceError.at(name, message, name=context)
    notes = {note.get("category", ""): note.text or "" for note in unit.iter(_name("note"))}
    segment = segments[0]
    return Row(
        context=context,
        source=_read_words(segment.find(_name("source")), name, context),
        text=_read_words(segment.find(_name("target")), name, context),
        is_draft=segment.get("state", _INITIAL) == _INITIAL,
        note=notes.get("translator", ""),
        before=notes.get("before", ""),
        kind=notes.get("kind", ""),
        risk=notes.get("risk", ""),
        state=segment.get("state", _INITIAL),
    )


def _write_words(element: Element, words: str) -> None:
    """Write words; what XML can't hold becomes `cp`."""
    position, last = 0, None
    for match in _INVALID.finditer(words):
        before = words[position : match.start()]
        if last is None:
            element.text = before
        else:
            last.tail = before
        last = _element(element, "cp", hex=f"{ord(match[0]):04X}")
        position = match.end()
    if last is None:
        element.text = words
    else:
        last.tail = words[position:]


def _read_words(element: Element | None, name: str, context: str) -> str:
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if child.tag != _name("cp"):
            tag = str(child.tag).rpartition("}")[2]
            message = f"<{tag}> inside a text; expected words alone, Markdown marks and all"
            raise SourceError.at(name, message, name=context)
        try:
            parts.append(chr(int(child.get("hex", ""), 16)))
        except (ValueError, OverflowError) as error:
            message = "<cp> without the number of a character"
            raise SourceError.at(name, message, name=context) from error
        parts.append(child.tail or "")
    return "".join(parts)


def _element(parent: Element | None, tag: str, **attributes: str) -> Element:
    if parent is None:
        return ET.Element(_name(tag), attributes)
    return ET.SubElement(parent, _name(tag), attributes)


def _name(tag: str) -> str:
    return f"{{{_NAMESPACE}}}{tag}"


def _slug(state: str) -> str:
    return re.sub(r"[^a-z]+", "-", state).strip("-")


def _tag(locale: LocaleCode) -> str:
    """Return a locale as BCP 47 writes it."""
    return locale.replace("_", "-")


def _code(tag: str) -> LocaleCode:
    return LocaleCode(tag.replace("-", "_"))
