"""Translations out to tools and back: nothing newer is overwritten, nothing half-taken."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.making import COLD, WARM_EN, Project

from bojagi.authoring.exchange import Format, Row, Sheet
from bojagi.authoring.exchange.table import read_table, table_text
from bojagi.authoring.exchange.xliff import read_xliff, xliff_text
from bojagi.domain import limits
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.translation import UnitState
from bojagi.errors import InvalidValueError, SourceError
from bojagi.services.exchanging import Incoming, Outcome, export_sheet, look_at, take

HAT: Final = "헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오."
ENDINGS: Final = {Format.PO: "po", Format.XLIFF: "xlf", Format.CSV: "csv"}
XLIFF: Final = "{urn:oasis:names:tc:xliff:document:2.0}"


@pytest.fixture(params=sorted(Format))
def kind(request: pytest.FixtureRequest) -> Format:
    return Format(request.param)


def exported(project: Project, kind: Format) -> Path:
    text = export_sheet(project.library(), "warm", "en", kind)
    path = project.root.parent / f"warm.{ENDINGS[kind]}"
    path.write_bytes(text.encode("utf-8"))
    return path


def translated(path: Path, source: str, text: str) -> None:
    """Put a translation into a file, as somebody does in a tool for files of its kind."""
    raw = path.read_text("utf-8")
    if path.suffix == ".po":
        catalogue = polib.pofile(raw, wrapwidth=0)
        for entry in catalogue:
            if entry.msgid == source:
                entry.msgstr = text
        path.write_text(str(catalogue), "utf-8")
    elif path.suffix == ".xlf":
        root = ET.fromstring(raw)  # noqa: S314 - our own
        for segment in root.iter(f"{XLIFF}segment"):
            if segment.findtext(f"{XLIFF}source") == source:
                target = segment.find(f"{XLIFF}target")
                if target is None:
                    target = ET.SubElement(segment, f"{XLIFF}target")
                target.text = text
                segment.set("state", "translated")
        path.write_text(ET.tostring(root, "unicode"), "utf-8")
    else:
        raw = raw.removeprefix("\ufeff")
        delimiter = max(",;", key=raw.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter))
        column, words = rows[0].index("source"), rows[0].index("translation")
        for row in rows[1:]:
            if row[column] == source:
                row[words] = text
        target_file = io.StringIO()
        csv.writer(target_file, delimiter=";").writerows(rows)
        path.write_text(target_file.getvalue(), "utf-8")


def outcomes(incoming: Incoming) -> Counter[Outcome]:
    return incoming.counts


def state(project: Project, context: str) -> UnitState:
    from bojagi.authoring.standing import standings

    library = project.library()
    units = standings(library.folders[PackId("warm")], LocaleCode("en"), library)
    return next(each.state for each in units if each.context == context)


def test_what_comes_back_untouched_changes_nothing(project: Project, kind: Format) -> None:
    incoming = look_at(project.library(), exported(project, kind))
    assert set(outcomes(incoming)) == {Outcome.UNCHANGED}
    before = project.read(WARM_EN)
    take(project.root, incoming)
    assert polib.pofile(project.read(WARM_EN)) == polib.pofile(before)


def test_one_changed_unit_is_one_taken_unit_to_be_reviewed(project: Project, kind: Format) -> None:
    path = exported(project, kind)
    translated(path, HAT, "Wear a hat.")
    incoming = look_at(project.library(), path)
    assert outcomes(incoming)[Outcome.TAKEN] == 1
    assert incoming.is_clean
    assert take(project.root, incoming)
    assert 'msgstr "Wear a hat."' in project.read(WARM_EN)
    (judged,) = [each for each in incoming.judged if each.outcome is Outcome.TAKEN]
    assert state(project, judged.row.context) is UnitState.TO_REVIEW


def test_newer_work_is_never_overwritten(project: Project, kind: Format) -> None:
    touched, untouched = exported(project, kind), project.root.parent / f"u.{ENDINGS[kind]}"
    untouched.write_bytes(touched.read_bytes())
    translated(touched, HAT, "Wear a hat.")
    project.replace(WARM_EN, '"words f"', '"A hat, newer."')
    incoming = look_at(project.library(), touched)
    assert outcomes(incoming)[Outcome.CONFLICTING] == 1
    assert not incoming.is_clean
    take(project.root, incoming)
    assert "A hat, newer." in project.read(WARM_EN)
    late = look_at(project.library(), untouched)
    assert outcomes(late)[Outcome.CONFLICTING] == 0
    take(project.root, late)
    assert "A hat, newer." in project.read(WARM_EN)


def test_what_was_made_from_an_older_source_is_left(project: Project, kind: Format) -> None:
    path = exported(project, kind)
    translated(path, HAT, "Wear a hat.")
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    incoming = look_at(project.library(), path)
    assert outcomes(incoming)[Outcome.STALE] == 1
    take(project.root, incoming)
    assert "Wear a hat." not in project.read(WARM_EN)


def test_a_unit_that_is_gone_is_said_to_be_unknown(project: Project, kind: Format) -> None:
    path = exported(project, kind)
    project.replace(COLD, "\n- 마른 양말과 장갑을 한벌 더 갖추십시오.", "")
    assert outcomes(look_at(project.library(), path))[Outcome.UNKNOWN] == 1


@pytest.mark.parametrize(
    "text", ["- one\n- two", "# a heading", "a\u202eb", "> quoted", "<b>bold</b>"]
)
def test_one_text_that_can_not_stand_refuses_the_whole_file(
    project: Project, kind: Format, text: str
) -> None:
    path = exported(project, kind)
    translated(path, HAT, text)
    translated(path, "일하기 전에", "Before work")
    before = project.read(WARM_EN)
    incoming = look_at(project.library(), path)
    assert outcomes(incoming)[Outcome.REFUSED] == 1
    with pytest.raises(InvalidValueError, match="can all stand"):
        take(project.root, incoming)
    assert project.read(WARM_EN) == before


def test_other_numbers_are_taken_and_said(project: Project, kind: Format) -> None:
    path = exported(project, kind)
    translated(path, HAT, "Wear 3 hats.")
    (judged,) = [
        each for each in look_at(project.library(), path).judged if each.outcome is Outcome.TAKEN
    ]
    assert judged.why == "other numbers: - / 3"


def test_a_catalogue_rewrapped_and_reordered_is_one_changed_unit(project: Project) -> None:
    path = exported(project, Format.PO)
    translated(path, HAT, "Wear several layers of loose clothing, and a hat that covers the ears.")
    text = subprocess.run(
        ["msgcat", "--width=40", "--sort-output", str(path)], check=True, capture_output=True
    ).stdout.decode("utf-8")
    text = text.replace(
        '"Language: en\\n"',
        '"Last-Translator: Somebody <a@b>\\n"\n"PO-Revision-Date: 2026-11-26 10:00+0900\\n"\n'
        '"X-Generator: Poedit 3.6\\n"\n"Language: en\\n"',
    )
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    incoming = look_at(project.library(), path)
    assert outcomes(incoming)[Outcome.TAKEN] == 1
    assert incoming.is_clean
    take(project.root, incoming)
    after = project.read(WARM_EN)
    assert not re.search(r"Last-Translator|PO-Revision|X-Generator|Somebody|began from", after)
    assert len(after.splitlines()) == len(export_sheet_as_kept(project).splitlines())


def export_sheet_as_kept(project: Project) -> str:
    from bojagi.authoring.catalogues import merge

    library = project.library()
    pack, locale = PackId("warm"), LocaleCode("en")
    return merge(library.folders[pack].pack, locale, library.catalogues[pack, locale])


def test_msgmerge_marks_the_same_units_as_our_merge(project: Project) -> None:
    before = exported(project, Format.PO)
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    project.replace(COLD, "장갑을 한벌 더", "장갑을 두벌 더")
    ran = project.run("i18n", "update", "--root", project.root)
    assert ran.code == 0
    ours = polib.pofile(project.read(WARM_EN) + "\n")
    template = project.root.parent / "warm.pot"
    for entry in (pot := polib.pofile(project.read(WARM_EN) + "\n")):
        entry.msgstr, entry.previous_msgid = "", None
        entry.flags = []
    pot.save(str(template))
    theirs = polib.pofile(
        subprocess.run(
            ["msgmerge", "--previous", "--quiet", "-o", "-", str(before), str(template)],
            check=True,
            capture_output=True,
        ).stdout.decode("utf-8")
        + "\n"
    )
    assert {each.msgctxt for each in ours if each.fuzzy} == {
        each.msgctxt for each in theirs if each.fuzzy
    }
    assert {each.previous_msgid for each in ours if each.fuzzy} == {
        each.previous_msgid for each in theirs if each.fuzzy
    }


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.po", b"\xff\xfe", "not UTF-8: byte 0xff; save it as UTF-8"),
        ("a.po", b"rubbish", ":1: not a line of a PO file"),
        ("a.po", b'msgid "a"\nmsgstr "b"\n', "expected headers"),
        ("a.xlf", b"<xliff", "not XML"),
        ("a.xlf", b"<a/>", "expected XLIFF 2"),
        (
            "a.xlf",
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
            "a document type or entities",
        ),
        (
            "a.xlf",
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
            "a document type or entities",
        ),
        ("a.csv", b"", "no column"),
        ("a.csv", b"a,b\n1,2\n", "no column pack"),
        ("a.csv", "팩".encode("cp949"), "not UTF-8"),
        ("a.csv", b"\x00\x00", "no column"),
    ],
)
def test_what_can_not_be_read_whole_is_refused_with_its_place(
    project: Project, name: str, content: bytes, expected: str
) -> None:
    path = project.root.parent / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        look_at(project.library(), path)
    assert expected in str(refused.value)
    assert str(refused.value).startswith(name)


def test_a_file_with_a_unit_twice_or_of_a_million_units_is_refused(
    project: Project, kind: Format
) -> None:
    path = exported(project, kind)
    text = path.read_text("utf-8")
    huge = path.with_name(f"huge.{ENDINGS[kind]}")
    raw = text.encode("utf-8")
    huge.write_bytes(raw * (limits.EXCHANGE_BYTES // len(raw) + 1))
    with pytest.raises(SourceError, match=f"expected at most {limits.EXCHANGE_BYTES}"):
        look_at(project.library(), huge)
    if kind is Format.PO:
        text += "\n" + text.rpartition("\n\n")[2]
    elif kind is Format.CSV:
        text += text.splitlines()[-1] + "\r\n"
    else:
        unit = text[text.rindex("<unit") : text.rindex("</unit>") + len("</unit>")]
        text = text.replace(unit, unit * 2)
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"two entries for|2 entries for"):
        look_at(project.library(), path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("warm", "nothing", "pack"),
        ('trgLang="en"', 'trgLang="ko-KP"', "locale"),
        ('trgLang="en"', 'trgLang="fr"', "locale"),
        ('srcLang="ko-KP"', 'srcLang="ko-KR"', "source locale"),
    ],
)
def test_a_file_of_another_pack_or_language_is_refused(
    project: Project, old: str, new: str, expected: str
) -> None:
    path = exported(project, Format.XLIFF)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InvalidValueError) as refused:
        look_at(project.library(), path)
    assert refused.value.what == expected


def test_inline_elements_of_a_tool_are_refused_and_named(project: Project) -> None:
    path = exported(project, Format.XLIFF)
    text = path.read_text("utf-8").replace("words f", 'words <pc id="1">f</pc>')
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match="<pc> inside a text"):
        look_at(project.library(), path)


def test_an_xliff_file_tells_each_unit_its_state_risk_and_place(project: Project) -> None:
    project.replace(WARM_EN, '"words f"', '""')
    root = ET.fromstring(exported(project, Format.XLIFF).read_text("utf-8"))  # noqa: S314
    assert root.attrib == {"version": "2.0", "srcLang": "ko-KP", "trgLang": "en"}
    (file,) = root
    assert [group.get("name") for group in file] == ["pack", "cold", "heat"]
    ids = [unit.get("id") for unit in file.iter(f"{XLIFF}unit")]
    assert len(set(ids)) == len(ids)
    states = Counter(segment.get("state") for segment in file.iter(f"{XLIFF}segment"))
    assert states == {"translated": len(ids) - 1, "initial": 1}
    assert 'category="risk"' not in ET.tostring(root, "unicode")
    assert len([note for note in file.iter(f"{XLIFF}note") if note.get("category") == "kind"]) > 5


def test_a_translator_says_that_something_can_not_be_said_safely(project: Project) -> None:
    path = exported(project, Format.PO)
    catalogue = polib.pofile(path.read_text("utf-8"), wrapwidth=0)
    entry = next(each for each in catalogue if each.msgid == HAT)
    entry.msgstr, entry.tcomment = "", "can't be said safely: there is no such word"
    path.write_text(str(catalogue), "utf-8")
    incoming = look_at(project.library(), path)
    assert outcomes(incoming)[Outcome.TAKEN] == 1
    take(project.root, incoming)
    assert state(project, entry.msgctxt) is UnitState.UNSAYABLE
    build = project.run("build")
    assert "can't be said safely" in build.err


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)
ROWS = st.lists(
    st.builds(
        Row,
        context=st.from_regex(r"[a-z]{3}#[a-z2-7]{6}", fullmatch=True),
        source=TEXT,
        text=TEXT,
        is_draft=st.booleans(),
        note=TEXT,
        before=st.sampled_from(["new", "0123456789ab"]),
        state=st.just("to review"),
    ),
    min_size=1,
    unique_by=lambda row: row.context,
)


@given(ROWS)
def test_any_words_come_back_from_a_table_as_they_went(rows: list[Row]) -> None:
    sheet = Sheet(PackId("warm"), LocaleCode("ko_KP"), LocaleCode("en"), tuple(rows))
    back = read_table(table_text(sheet), "a.csv")
    assert [
        (row.context, row.source, row.text, row.is_draft, row.note, row.before) for row in rows
    ] == [
        (row.context, row.source, row.text, row.is_draft, row.note, row.before) for row in back.rows
    ]
    for line in csv.reader(io.StringIO(table_text(sheet), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


@given(ROWS)
def test_any_words_come_back_from_xliff_as_they_went(rows: list[Row]) -> None:
    sheet = Sheet(PackId("warm"), LocaleCode("ko_KP"), LocaleCode("en"), tuple(rows))
    back = read_xliff(xliff_text(sheet), "a.xlf")
    groups = list(dict.fromkeys(row.context.partition("#")[0] for row in rows))
    ordered = sorted(rows, key=lambda row: groups.index(row.context.partition("#")[0]))
    assert [(row.context, row.source, row.text) for row in ordered] == [
        (row.context, row.source, row.text) for row in back.rows
    ]
