"""A pack's folder, there and back, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.making import (
    COLD,
    COLD_BODY,
    FACTS,
    HEAT,
    PAY,
    PROJECT,
    WAGE,
    WARM,
    WARM_PACK,
    Project,
    article,
    drawing,
)

from bojagi.authoring.article_file import article_text, read_article
from bojagi.authoring.pack_folder import PackFolder, pack_files, read_pack, write_pack
from bojagi.domain.identifiers import FactId
from bojagi.domain.pack import Pack
from bojagi.errors import SourceError

REAL_PACKS = sorted(path.parent for path in PROJECT.glob("content_packs/*/pack.yaml"))


def read(folder: Path) -> PackFolder:
    return read_pack(folder, f"content_packs/{folder.name}")


def written(folder: Path, pack: Pack, previous: Mapping[str, bytes]) -> Path:
    write_pack(folder, pack, previous)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def problem(project: Project, pack: str = WARM) -> str:
    """Return what is said of a pack that can't be read."""
    with pytest.raises(SourceError) as refusal:
        read(project.root / pack)
    return str(refusal.value)


def test_there_are_real_packs_to_try() -> None:
    assert len(REAL_PACKS) >= 3


@pytest.mark.parametrize("folder", REAL_PACKS, ids=lambda path: path.name)
def test_a_real_pack_is_written_back_byte_for_byte(folder: Path) -> None:
    known = read(folder)
    assert pack_files(known.pack, known.files) == bytes_of(folder)


@pytest.mark.parametrize("folder", REAL_PACKS, ids=lambda path: path.name)
def test_the_canonical_form_of_a_real_pack_says_the_same_and_stays(
    folder: Path, tmp_path: Path
) -> None:
    pack = read(folder).pack
    copy = read(written(tmp_path / folder.name, pack, {}))
    assert copy.pack == pack
    assert pack_files(copy.pack, {}) == bytes_of(tmp_path / folder.name)


def test_the_small_packs_stay_too(project: Project) -> None:
    for name in (WARM, PAY):
        folder = project.root / name
        known = read(folder)
        assert pack_files(known.pack, known.files) == bytes_of(folder)


@pytest.mark.parametrize(
    ("pack", "file", "old", "new"),
    [
        (WARM, "01-cold.md", "time_critical: false", "time_critical: false\ncards: []"),
        (WARM, "01-cold.md", "issuer: NHS", 'issuer: NHS\n    address: ""'),
        (WARM, "01-cold.md", "jurisdictions: [any]", "jurisdictions:\n- any"),
        (WARM, "pack.yaml", "sign_offs: [safety, northern_reader]", "sign_offs:\n- safety"),
        (PAY, "facts.yaml", "value: 10320", "value: '0010'"),
        (PAY, "facts.yaml", "value: 10320", "value: 10,320"),
        (PAY, "facts.yaml", "value: 10320", "value: 0"),
    ],
)
def test_another_way_to_say_the_same_keeps_its_bytes(
    project: Project, pack: str, file: str, old: str, new: str
) -> None:
    project.replace(f"{pack}/{file}", old, new)
    known = read(project.root / pack)
    assert pack_files(known.pack, known.files) == known.files


def test_a_fact_keeps_the_zeros_it_begins_with(project: Project) -> None:
    project.replace(f"{PAY}/facts.yaml", "value: 10320", "value: '0010'")
    assert read(project.root / PAY).pack.facts[FactId("minimum_wage_2026")].value == "0010"


def test_a_changed_title_rewrites_only_its_own_file(project: Project) -> None:
    known = read(project.root / WARM)
    first, *others = known.pack.articles
    unit = replace(first.units[0], text="추위")
    changed = replace(first, title="추위", units=(unit, *first.units[1:]))
    files = pack_files(replace(known.pack, articles=(changed, *others)), known.files)
    assert [name for name in files if files[name] != known.files[name]] == ["01-cold.md"]
    assert "title: 추위\n".encode() in files["01-cold.md"]


def test_a_changed_body_keeps_the_words_of_its_front_matter(project: Project) -> None:
    known = read(project.root / WARM)
    cold = replace(known.pack.articles[0], body="새 글.\n")
    text = article_text(cold, project.read(COLD))
    assert text == project.read(COLD).replace(COLD_BODY, "새 글.\n")
    assert "# read twice" in text


def test_a_changed_version_rewrites_only_pack_yaml(project: Project) -> None:
    known = read(project.root / WARM)
    files = pack_files(replace(known.pack, version=2), known.files)
    assert [name for name in files if files[name] != known.files[name]] == ["pack.yaml"]


def test_a_changed_fact_rewrites_only_facts_yaml(project: Project) -> None:
    known = read(project.root / PAY)
    key = FactId("minimum_wage_2026")
    facts = {key: replace(known.pack.facts[key], value=10700)}
    files = pack_files(replace(known.pack, facts=facts), known.files)
    assert [name for name in files if files[name] != known.files[name]] == ["facts.yaml"]


def test_a_pack_without_an_article_it_had_is_written_without_its_file(project: Project) -> None:
    folder = project.root / WARM
    known = read(folder)
    smaller = replace(known.pack, articles=known.pack.articles[:1])
    assert read(written(folder, smaller, known.files)).pack == smaller
    assert not (project.root / HEAT).exists()


def test_comments_stay_in_files_that_did_not_change(project: Project) -> None:
    known = read(project.root / WARM)
    files = pack_files(known.pack, known.files)
    assert b"# the order readers see" in files["pack.yaml"]
    assert b"# read twice" in files["01-cold.md"]


def test_units_yaml_that_fits_is_told_from_one_that_does_not(project: Project) -> None:
    assert read(project.root / WARM).keeps_units
    project.replace(COLD, "모자를 쓰십시오", "모자를 꼭 쓰십시오")
    assert not read(project.root / WARM).keeps_units


@given(st.text("가나다 .!?《》-#*|>1", min_size=1, max_size=30).filter(str.strip))
def test_any_title_is_written_and_read_again(title: str) -> None:
    known = read_article(article("cold", "추위", COLD_BODY), "a.md", 1, {})
    unit = replace(known.article.units[0], text=title)
    changed = replace(known.article, title=title, units=(unit, *known.article.units[1:]))
    assert read_article(article_text(changed, None), "a.md", 1, {}).article == changed


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (COLD, "title: 추위", "titel: 추위", r"01-cold\.md:\d+: titel: this field is unknown here"),
        (COLD, "summary: 표시와 할 일\n", "", r"01-cold\.md:\d+: summary: this field is missing"),
        (
            COLD,
            "checked_on: 2026-11-23",
            "checked_on: 23.11.2026",
            r":12: checked_on: .*2026-11-23",
        ),
        (COLD, "checked_on: 2026-11-23", "checked_on: 2026-02-30", r":12: checked_on: there is no"),
        (COLD, "checked_on: 2026-11-23", "checked_on: 9999-12-31", r":12: checked_on: .*our time"),
        (
            COLD,
            "seen_on: 2026-11-23",
            "seen_on: 0001-01-01",
            r":8: sources\.0\.seen_on: .*our time",
        ),
        (COLD, "review_by: 2027-05-23", "review_by: 2030-05-23", r":13: review_by: .*2027-11-23"),
        (COLD, "time_critical: false", "time_critical: no", r":16: time_critical: .*true or false"),
        (COLD, "review_class: guidance", "review_class: law", r":14: review_class: .*statute"),
        (COLD, "id: cold", "id: [cold]", r":2: id: expected lower-case words"),
        (COLD, "id: cold", "id: frost", r":2: id: expected the name of its file, 'cold'"),
        (COLD, "[any]", "[[any]]", r":15: jurisdictions\.0: expected an ISO 3166 code"),
        (COLD, "title: 추위에서 몸을 지키기", 'title: "가\\n나"', r":3: title: .*one line"),
        (COLD, "title: 추위에서 몸을 지키기", 'title: "가\\N나"', r":3: title: .*one line"),
        (COLD, "    issuer: NHS\n", "", r":9: sources\.1\.issuer: this field is missing"),
        (COLD, "    to_check: 의사를 찾는 기준\n", "", r":9: sources\.1: .*seen_on"),
        (COLD, "## 일하기", "# 일하기", r":20: headings are"),
        (COLD, "- 마른", "<b>마른</b>", r":23: raw HTML is not allowed"),
        (COLD, "---\n낮은", "낮은", r":1: the front matter isn't closed"),
        (COLD, "---\nid", "id", r":1: expected front matter"),
        (f"{WARM}/pack.yaml", "number: 1 ", "number: 1.0 ", r":2: number: expected a whole number"),
        (f"{WARM}/pack.yaml", "number: 1 ", "number: 0 ", r"pack\.yaml:\d+: .*1-99"),
        (f"{WARM}/pack.yaml", "number: 1 ", f"number: {'9' * 5000} ", r":2: number: expected"),
        (f"{WARM}/pack.yaml", "id: warm", "id: warmer", r":1: id: expected the folder's name"),
        (f"{WARM}/pack.yaml", "[cold, heat]", "[cold]", r":14: articles: .*02-heat\.md is not in"),
        (f"{WARM}/pack.yaml", "[cold, heat]", "[cold, heat, ice]", r":14: articles: .*'ice'"),
        (f"{WARM}/pack.yaml", "[cold, heat]", "[cold, heat, cold]", r":14: articles: .*twice"),
        (f"{WARM}/pack.yaml", "[cold, heat]", "cold", r":14: articles: expected a list"),
        (f"{WARM}/pack.yaml", "ko_KP", "ko_KR", r":6: source_locale: .*expected ko_KP for packs"),
        (f"{WARM}/units.yaml", "itlyk5:", "title:", r"units\.yaml:\d+: cold: .*six characters"),
        (f"{WARM}/units.yaml", "itlyk5:", "ITLYK5:", r"units\.yaml:\d+: cold: .*six characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_what_was_expected(
    project: Project, file: str, old: str, new: str, expected: str
) -> None:
    project.replace(file, old, new)
    said = problem(project)
    assert re.search(expected, said), said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value: 10320", "value: [1]", r"facts\.yaml:2: minimum_wage_2026\.value: expected words"),
        ("value: 10320", "value:", r"facts\.yaml:2: minimum_wage_2026\.value: expected words"),
        ("seen_on: 2026-11-23", "seen_on: gestern", r"facts\.yaml:5: .*seen_on: .*2026-11-23"),
        ("review_by: 2026-12-31", "review_by: 2026-01-01", r"facts\.yaml:.*2026-11-23"),
        ("minimum_wage_2026:", "Minimum Wage:", r"facts\.yaml:1: Minimum Wage: .*a-z"),
        (FACTS, "- a\n", r"facts\.yaml:1: expected facts by their ids"),
        (FACTS, "a: b\n", r"facts\.yaml:1: a: expected fields"),
    ],
)
def test_facts_with_the_wrong_shape_are_named(
    project: Project, old: str, new: str, expected: str
) -> None:
    project.replace(f"{PAY}/facts.yaml", old, new)
    said = problem(project, PAY)
    assert re.search(expected, said), said


@pytest.mark.parametrize("digits", ["9" * 15, "9" * 16, "9" * 5000])
def test_a_number_too_long_to_count_with_stays_text(project: Project, digits: str) -> None:
    project.replace(f"{PAY}/facts.yaml", "value: 10320", f"value: {digits}")
    value = read(project.root / PAY).pack.facts[FactId("minimum_wage_2026")].value
    assert value == (int(digits) if len(digits) == 15 else digits)


def test_no_article_may_take_the_name_catalogues_have_for_the_pack(project: Project) -> None:
    project.replace(COLD, "id: cold", "id: pack")
    (project.root / COLD).rename(project.root / WARM / "01-pack.md")
    project.write(f"{WARM}/pack.yaml", WARM_PACK.replace("[cold,", "[pack,"))
    assert "01-pack.md:2: id: 'pack' is how catalogues name the pack itself" in problem(project)


def test_two_articles_of_one_name_are_refused_with_both_their_files(project: Project) -> None:
    project.write(f"{WARM}/03-cold.md", project.read(COLD))
    said = problem(project)
    assert "03-cold.md:2: id: 'cold' is the id of content_packs/warm/01-cold.md too" in said


def test_two_articles_of_one_number_are_refused(project: Project) -> None:
    (project.root / HEAT).rename(project.root / WARM / "01-heat.md")
    assert re.search(
        r"pack\.yaml:\d+: article number: 1 is not valid|each article number once", problem(project)
    )


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("- a\n", "units.yaml:1: expected unit ids by article"),
        ("cold: [a]\n", "units.yaml:1: cold: expected unit ids"),
        ("cold:\n  short: a\n", "units.yaml:2: cold: 'short' is not a valid unit id"),
        ("cold:\n  abcdef: 1\n  abcdef: 2\n", "units.yaml:3: abcdef: this key stands here twice"),
    ],
)
def test_rubbish_in_units_yaml_is_named(project: Project, units: str, expected: str) -> None:
    project.write(f"{WARM}/units.yaml", units)
    assert expected in problem(project)


def test_units_of_articles_that_are_gone_do_no_harm(project: Project) -> None:
    path = f"{WARM}/units.yaml"
    project.write(path, project.read(path) + "gone:\n  abcdef: 0123456789ab\n")
    known = read(project.root / WARM)
    assert not known.keeps_units
    assert b"gone" not in pack_files(known.pack, known.files)["units.yaml"]


@pytest.mark.parametrize("name", ["notes.txt", "3-ice.md", "03-얼음.md", "03-Ice.md", "ice.md"])
def test_a_file_that_is_no_part_of_a_pack_is_named(project: Project, name: str) -> None:
    project.write(f"{WARM}/{name}", "x")
    assert f"content_packs/warm/{name}: a pack holds" in problem(project)


@pytest.mark.parametrize("name", ["gloves.jpg", "장갑.png", "Gloves.png", "gloves"])
def test_a_picture_of_another_name_is_refused(project: Project, name: str) -> None:
    project.write(f"{WARM}/images/{name}", drawing())
    assert f"images/{name}: expected a picture named in a-z" in problem(project)


def test_a_body_far_over_its_weight_is_refused_before_it_is_parsed(project: Project) -> None:
    project.write(COLD, article("cold", "추위", "![" * 60_000))
    assert re.search(r"01-cold\.md:18: .*weighs 120000 bytes; at most 6144", problem(project))


def test_every_broken_article_is_told_at_once(project: Project) -> None:
    project.replace(COLD, "id: cold", "id: [x]")
    project.replace(HEAT, "title: 더위", "titel: 더위")
    said = problem(project)
    assert "01-cold.md:2" in said
    assert "02-heat.md" in said


def test_a_pack_without_pack_yaml_says_so(project: Project) -> None:
    (project.root / WARM / "pack.yaml").unlink()
    assert "content_packs/warm/pack.yaml: missing; expected a file here" in problem(project)


def test_an_article_may_end_without_a_line_end_and_keeps_it_so(project: Project) -> None:
    project.write(WAGE, project.read(WAGE).rstrip("\n"))
    known = read(project.root / PAY)
    assert pack_files(known.pack, known.files)["01-wage.md"] == known.files["01-wage.md"]
