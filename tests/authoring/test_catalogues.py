"""PO catalogues: translations follow their passages, and the tools of gettext accept them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polib
import pytest
from tests.making import COLD, PROJECT, WARM, WARM_EN, Project

from bojagi.authoring.catalogues import (
    Catalogue,
    contexts,
    merge,
    read_catalogue,
    read_interface,
)
from bojagi.authoring.pack_folder import read_pack
from bojagi.authoring.standing import standings
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.pack import Pack
from bojagi.domain.translation import UnitState
from bojagi.errors import SourceError

EN = LocaleCode("en")
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def read(project: Project) -> Catalogue:
    return read_catalogue(project.root / WARM_EN, WARM_EN, EN)


def pack(project: Project) -> Pack:
    return read_pack(project.root / WARM, WARM).pack


def states(project: Project) -> dict[str, UnitState]:
    library = project.library()
    folder = library.folders[PackId("warm")]
    return {each.context: each.state for each in standings(folder, EN, library)}


def merged(project: Project) -> str:
    """Bring the catalogue in step, as `i18n update` does, and return it."""
    text = merge(pack(project), EN, read(project))
    project.write(WARM_EN, text)
    return text


def entry(text: str, words: str) -> polib.POEntry:
    """Return the entry whose translation is these words."""
    found = polib.pofile(text + "\n").find(words, by="msgstr")
    assert found is not None
    return found


def refusal(project: Project, content: str | bytes) -> str:
    project.write(WARM_EN, content)
    with pytest.raises(SourceError) as refused:
        read(project)
    return str(refused.value)


def interface(folder: Path, entries: str) -> Mapping[str, str]:
    path = folder / "interface.po"
    path.write_text(HEADER + entries, "utf-8")
    return read_interface(path, "interface.po", EN)


def test_a_catalogue_made_from_the_very_texts_is_translated(project: Project) -> None:
    assert set(states(project).values()) == {UnitState.TO_REVIEW}


def test_an_edited_passage_keeps_its_translation_and_says_that_it_is_stale(
    project: Project,
) -> None:
    before = [context for context, state in states(project).items() if state]
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    assert list(states(project)) == before
    text = merged(project)
    stale = entry(text, "words f")
    assert stale.fuzzy
    assert stale.previous_msgid == "헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오."
    assert stale.msgid == "헐렁한 옷을 여러벌 껴입고 털모자를 쓰십시오."
    assert list(states(project).values()).count(UnitState.STALE_MEANING) == 1


def test_merging_twice_changes_nothing_and_keeps_what_it_was_made_from(project: Project) -> None:
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    assert merged(project) == merged(project)
    project.replace(COLD, "털모자를", "가죽모자를")
    first = "헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오."
    assert entry(merged(project), "words f").previous_msgid == first


def test_a_source_changed_back_is_what_its_translation_was_made_from(project: Project) -> None:
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    merged(project)
    project.replace(COLD, "털모자를 쓰십시오", "모자를 쓰십시오")
    back = entry(merged(project), "words f")
    assert not back.fuzzy
    assert not back.previous_msgid


def test_a_draft_stays_one_whatever_its_source_becomes(project: Project) -> None:
    text = project.read(WARM_EN)
    drafted = polib.pofile(text)
    found = drafted.find("words f", by="msgstr")
    assert found
    found.flags.append("fuzzy")
    project.write(WARM_EN, str(drafted))
    project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    draft = entry(merged(project), "words f")
    assert draft.fuzzy
    assert not draft.previous_msgid
    assert list(states(project).values()).count(UnitState.DRAFT) == 1


def test_an_inserted_passage_is_missing_and_moves_no_translation(project: Project) -> None:
    project.replace(COLD, "- 마른 양말", "- 장화를 신으십시오.\n- 마른 양말")
    merged(project)
    assert sorted(states(project).values()).count(UnitState.MISSING) == 1
    assert list(states(project).values()).count(UnitState.STALE_MEANING) == 0


def test_a_deleted_passage_takes_its_translation_away(project: Project) -> None:
    project.replace(COLD, "\n- 마른 양말과 장갑을 한벌 더 갖추십시오.", "")
    assert "words g" not in merged(project)
    assert set(states(project).values()) == {UnitState.TO_REVIEW}


def test_moved_passages_take_their_translations_along(project: Project) -> None:
    hat = "- 헐렁한 옷을 여러벌 껴입고 모자를 쓰십시오.\n"
    socks = "- 마른 양말과 장갑을 한벌 더 갖추십시오.\n"
    project.replace(COLD, hat + socks, socks + hat)
    assert set(states(project).values()) == {UnitState.TO_REVIEW}
    text = merged(project)
    assert text.index("words g") < text.index("words f")


def test_one_text_in_two_places_may_be_translated_in_two_ways(project: Project) -> None:
    catalogue = read(project)
    texts = {
        catalogue.entries[context].text
        for context, _, source in contexts(pack(project))
        if source == "표시와 할 일"
    }
    assert texts == {"words c", "words k"}


def test_a_fuzzy_or_blank_translation_does_not_count(project: Project) -> None:
    project.replace(WARM_EN, "#. heading\n", "#. heading\n#, fuzzy\n")
    project.replace(WARM_EN, 'msgstr "words f"', 'msgstr "  "')
    counted = list(states(project).values())
    assert counted.count(UnitState.DRAFT) == 1
    assert counted.count(UnitState.MISSING) == 1


def test_what_translators_wrote_to_each_other_stays(project: Project) -> None:
    project.replace(WARM_EN, "#. heading\n", "# 제목은 짧게\n#. heading\n")
    assert "# 제목은 짧게\n#. heading\n" in merged(project)


def test_the_header_names_no_person_and_no_date(project: Project) -> None:
    header = merged(project).partition("\n\n")[0]
    fields = [line.partition(":")[0].strip('"') for line in header.splitlines() if ":" in line]
    assert fields == [
        "Project-Id-Version",
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Plural-Forms",
        "X-Source-Language",
    ]


@pytest.mark.parametrize("locale", ["en", "ko_KR", "ru", "zh_Hans", "ko_KP"])
def test_a_new_catalogue_holds_every_unit_untranslated(project: Project, locale: str) -> None:
    text = merge(pack(project), LocaleCode(locale), None)
    assert [each.msgctxt for each in polib.pofile(text)] == [
        context for context, _, _ in contexts(pack(project))
    ]
    assert all(not each.msgstr for each in polib.pofile(text))
    assert f'"Language: {locale}\\n"' in text


def gettext_takes(path: Path) -> None:
    """Hold a catalogue to `msgfmt -c` and to the form of `msgcat --no-wrap`."""
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], check=True, capture_output=True)
    canonical = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    assert canonical.stdout == path.read_bytes()


@pytest.mark.parametrize("change", ["none", "stale", "note", "quotes", "new"])
def test_gettext_accepts_what_is_written_and_would_write_it_so(
    project: Project, change: str
) -> None:
    known: Catalogue | None = read(project)
    if change == "stale":
        project.replace(COLD, "모자를 쓰십시오", "털모자를 쓰십시오")
    if change == "note":
        project.replace(WARM_EN, "#. heading\n", "# 제목은 짧게\n#. heading\n")
        known = read(project)
    if change == "quotes":
        project.replace(COLD, "모자를 쓰십시오.", '《모자》를 "쓰십시오" \\* 둘째\n  줄.')
    if change == "new":
        known = None
    gettext_takes(project.write(WARM_EN, merge(pack(project), EN, known)))


@pytest.mark.parametrize(
    "path",
    sorted(PROJECT.glob("i18n/*/LC_MESSAGES/*.po")),
    ids=lambda path: f"{path.parts[-3]}-{path.stem}",
)
def test_gettext_accepts_every_catalogue_of_ours(path: Path) -> None:
    gettext_takes(path)


def test_two_entries_of_one_context_are_refused_with_the_line(project: Project) -> None:
    twice = 'msgctxt "a#title"\nmsgid "가"\nmsgstr "a"\n\n'
    said = refusal(project, HEADER + twice + twice)
    assert said == f"{WARM_EN}:9: msgctxt: two entries for 'a#title'; expected one"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("rubbish\n", ":1: not a line of a PO file"),
        (HEADER + 'msgid "가\nmsgstr "a"\n', ":5: not a line of a PO file"),
        (HEADER + 'msgid "가"\nmsgstr "a" b\n', ":6: not a line of a PO file"),
        (HEADER + 'msgid "가"\nmsgid "나"\nmsgstr "a"\n', "not a PO file"),
        (HEADER + 'msgstr[a] "a"\n', ":5: not a line of a PO file"),
        (
            HEADER + 'msgid "가"\nmsgid_plural "가들"\nmsgstr[0] "a"\nmsgstr[1] "b"\n',
            ":5: msgid_plural: plural forms are not used here",
        ),
        ("\ufeff" + HEADER, ":1: begins with a byte order mark"),
        (HEADER.replace("\n", "\r\n"), ":1: Windows line ends; expected LF only"),
        (HEADER.encode() + b'msgid "\xff"\n', ":5: not UTF-8: byte 0xff"),
        (HEADER + 'msgid "\u1100\u1161"\nmsgstr "a"\n', ":5: decomposed letters (NFD)"),
        ("/etc/passwd", ":1: not a line of a PO file"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_its_place(
    project: Project, content: str | bytes, expected: str
) -> None:
    assert expected in refusal(project, content)


@pytest.mark.parametrize("content", ["", "\n", "# nothing yet\n", HEADER])
def test_an_empty_catalogue_translates_nothing(project: Project, content: str) -> None:
    project.write(WARM_EN, content)
    assert set(states(project).values()) == {UnitState.MISSING}


def test_a_catalogue_without_a_header_is_read_all_the_same(project: Project) -> None:
    project.write(WARM_EN, 'msgctxt "pack#title"\nmsgid "일터에서 몸을 지키기"\nmsgstr "a"\n')
    assert states(project)["pack#title"] is UnitState.TO_REVIEW


def test_a_catalogue_that_is_only_the_name_of_a_file_opens_no_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("secret.po", HEADER + 'msgctxt "pack#title"\nmsgid "x"\nmsgstr "leaked"\n')
    monkeypatch.chdir(project.root)
    assert "not a line of a PO file" in refusal(project, "secret.po")
    project.write("# secret.po", HEADER + 'msgctxt "pack#title"\nmsgid "x"\nmsgstr "leaked"\n')
    project.write(WARM_EN, "# secret.po")
    assert read(project).entries == {}


def test_the_words_of_the_programs_leave_out_what_nobody_has_approved(tmp_path: Path) -> None:
    words = interface(
        tmp_path,
        'msgid "List"\nmsgstr "차례"\n\n'
        '#, fuzzy\nmsgid "All"\nmsgstr "다"\n\n'
        'msgid "Go on"\nmsgstr ""\n',
    )
    assert words == {"List": "차례"}


@pytest.mark.parametrize(
    "translation", ["{dya}", "{", "}", "{0}", "{}", "{day.year}", "{day!r}", "{day:>99}", "", "날"]
)
def test_words_that_would_not_take_what_is_filled_in_are_refused(
    tmp_path: Path, translation: str
) -> None:
    entries = f'msgid "List"\nmsgstr "차례"\n\nmsgid "on {{day}}"\nmsgstr "{translation}"\n'
    if not translation:
        assert interface(tmp_path, entries) == {"List": "차례"}
        return
    with pytest.raises(SourceError, match=r"interface\.po:8: msgstr: expected the same"):
        interface(tmp_path, entries)


def test_a_replaced_source_with_another_kind_is_named_by_the_new_kind(project: Project) -> None:
    known = pack(project)
    renamed = replace(known, title="일터에서 몸 지키기")
    text = merge(renamed, EN, read(project))
    assert entry(text, "words a").previous_msgid == known.title
