from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.markup.bodies import bodies, inlines, raw_bodies

from bojagi.domain.pack import UnitKind
from bojagi.errors import MarkupError
from bojagi.markup.parser import parse
from bojagi.markup.passages import Passage, join, split

PROJECT: Final = Path(__file__).resolve().parents[2]
ARTICLES: Final = sorted((PROJECT / "content_packs").glob("*/[0-9][0-9]-*.md"))

thorough = settings(max_examples=3000, deadline=None)
ordinary = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXAMPLES = [
    ("가\n", [("paragraph", "가")]),
    ("\n\n가\n나\n\n\n다", [("paragraph", "가\n나"), ("paragraph", "다")]),
    ("가\\\n나", [("paragraph", "가\\\n나")]),
    ("## 가\n### 나 ###\n", [("heading", "가"), ("heading", "나")]),
    ("##   # 가 #", [("heading", "# 가")]),
    ("## ## ##", [("heading", "##")]),
    ("- 첫째\n- 둘째\n", [("item", "첫째"), ("item", "둘째")]),
    ("1. 1\n2. 2\n", [("item", "1"), ("item", "2")]),
    ("1. 1. 1\n", [("item", "1")]),
    ("1) 1. 1", [("item", "1")]),
    ("- - -1\n", [("item", "-1")]),
    ("> > >1", [("notice", "1")]),
    ("- 가\n  - 나\n\n    다\n", [("item", "가"), ("item", "나"), ("item", "다")]),
    ("> 가\n나\n> 다", [("notice", "가\n나\n다")]),
    ("> - 가\n나", [("item", "가\n나")]),
    ("- > 가\n나", [("item", "가\n나")]),
    ("- ## 가\n\n  나", [("heading", "가"), ("item", "나")]),
    ("| 가 | 나 |\n|---|---|\n|1|  |\n", [("cell", "가"), ("cell", "나"), ("cell", "1")]),
    ("| | 가 |\n|-|-|\n| 1 |", [("cell", "가"), ("cell", "1")]),
    ("| 가 \\| 나 |\n|:-:|", [("cell", "가 \\| 나")]),
    ("| 1. 1 | - |\n|-|-|\n| 1. |", [("cell", "1. 1"), ("cell", "-"), ("cell", "1.")]),
    ("{fact:a}일 **난민(F-2)**을", [("paragraph", "{fact:a}일 **난민(F-2)**을")]),
    ("![가](images/a.png)", [("paragraph", "![가](images/a.png)")]),
    ("-\n\n##\n\n>\n", []),
    ("\n", []),
    ("", []),
]
"""A body, and the kinds and texts of its passages."""

FRAME_CHANGERS = [
    ("가", "- 나"),
    ("가", "1. 나"),
    ("가", "1) 나"),
    ("가", "## 나"),
    ("가", "> 나"),
    ("가", ""),
    ("가", "\u3000"),
    ("가", " 나"),
    ("가", "나 "),
    ("가", "    나"),
    ("가", "---"),
    ("가", "```"),
    ("가", "<div>"),
    ("가", "[나]: https://a.b"),
    ("가", "나\t다"),
    ("가", "나\r다"),
    ("가\n나", "| 가 | 나 |\n|---|---|"),
    ("가\n나", "다\n---"),
    ("가\n나", "다\n- 라"),
    ("가\n나", "\n다"),
    ("가\n나\n다", "라\n\n마"),
    ("가\n나", "다\\\n라\n마"),
    ("- 가", "- 나"),
    ("- 가", "  나"),
    ("- 가\n\n끝", "```"),
    ("1. 가", "1. 나"),
    ("> 가", "> 나"),
    ("## 가", "나 #"),
    ("## 가", "#"),
    ("## 가", "나\\\n다\n라"),
    ("| 가 | 나 |\n|---|---|", "다 | 라"),
    ("| 가 | 나 |\n|---|---|", "다 |"),
    ("| 가 | 나 |\n|---|---|", "|"),
    ("|가|나|\n|-|-|", "다\\"),
    ("| 가 | 나 |\n|---|---|", "다\\\n라"),
]
"""A body, and a text that can't stand in the place of its first passage."""


def texts_of(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def frame_of(body: str) -> list[str]:
    """Everything that is no passage's text."""
    position = 0
    gaps: list[str] = []
    for passage in split(body):
        for start, end in passage.spans:
            gaps.append(body[position:start])
            position = end
    return [*gaps, body[position:]]


def pseudo_translated(text: str) -> str:
    return "\n".join(f"번역 {line}" for line in text.split("\n"))


@pytest.mark.parametrize(("body", "expected"), EXAMPLES)
def test_a_body_splits_into_what_a_translator_works_on(
    body: str, expected: list[tuple[str, str]]
) -> None:
    passages = split(body)
    assert [(str(passage.kind), passage.text) for passage in passages] == expected
    assert join(body, texts_of(passages)) == body


def test_the_packs_are_there_to_be_split() -> None:
    assert len(ARTICLES) > 20


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_article_of_ours_comes_back_byte_for_byte(path: Path) -> None:
    _, _, body = path.read_text("utf-8").partition("\n---\n")
    passages = split(body)
    assert len(passages) > 3
    assert join(body, texts_of(passages)).encode() == body.encode()
    translated = [pseudo_translated(text) for text in texts_of(passages)]
    assert texts_of(split(join(body, translated))) == translated
    assert frame_of(join(body, translated)) == frame_of(body)


@ordinary
@given(bodies())
def test_every_well_formed_body_is_accepted_and_comes_back(body: str) -> None:
    assert join(body, texts_of(split(body))) == body


@thorough
@given(raw_bodies)
def test_any_text_comes_back_or_is_refused(body: str) -> None:
    try:
        passages = split(body)
    except MarkupError:
        return
    assert join(body, texts_of(passages)) == body


@ordinary
@given(bodies())
def test_passages_stand_where_they_say_and_never_overlap(body: str) -> None:
    position = 0
    for passage in split(body):
        assert passage.text == "\n".join(body[start:end] for start, end in passage.spans)
        assert passage.text.strip()
        assert passage.line == body.count("\n", 0, passage.spans[0][0]) + 1
        for start, end in passage.spans:
            assert position <= start < end
            position = end


@ordinary
@given(bodies())
def test_no_word_of_a_body_stands_outside_its_passages(body: str) -> None:
    assert not any(char.isalpha() for gap in frame_of(body) for char in gap)


@ordinary
@given(bodies())
def test_a_pseudo_translation_changes_the_texts_and_nothing_else(body: str) -> None:
    passages = split(body)
    translated = [pseudo_translated(text) for text in texts_of(passages)]
    joined = join(body, translated)
    again = split(joined)
    assert texts_of(again) == translated
    assert [passage.kind for passage in again] == [passage.kind for passage in passages]
    assert [passage.line for passage in again] == [passage.line for passage in passages]
    assert frame_of(joined) == frame_of(body)
    assert join(joined, texts_of(passages)) == body


@thorough
@given(raw_bodies)
def test_one_word_fits_wherever_a_passage_stood(body: str) -> None:
    try:
        passages = split(body)
    except MarkupError:
        return
    joined = join(body, ["말"] * len(passages))
    assert [(each.kind, each.text) for each in split(joined)] == [
        (passage.kind, "말") for passage in passages
    ]


@ordinary
@given(bodies(), st.data())
def test_whatever_translators_write_keeps_the_shape_or_is_refused(
    body: str, data: st.DataObject
) -> None:
    passages = split(body)
    place = data.draw(st.integers(0, len(passages) - 1))
    text = data.draw(st.one_of(st.lists(inlines, max_size=4).map(" ".join), raw_bodies))
    texts = texts_of(passages)
    texts[place] = text
    try:
        joined = join(body, texts)
    except MarkupError:
        return
    again = split(joined)
    assert [passage.kind for passage in again] == [passage.kind for passage in passages]
    assert [each.split() for each in texts_of(again)] == [each.split() for each in texts]
    blocks, blocks_again = (
        [(token.type, token.tag, token.level) for token in parse(each)] for each in (body, joined)
    )
    assert blocks_again == blocks


@pytest.mark.parametrize(("body", "text"), FRAME_CHANGERS)
def test_a_text_that_would_change_the_frame_is_refused(body: str, text: str) -> None:
    texts = [text, *texts_of(split(body))[1:]]
    with pytest.raises(MarkupError):
        join(body, texts)


def test_the_refusal_names_the_line_of_the_passage() -> None:
    with pytest.raises(MarkupError, match="'- 다' would change the shape of the page") as caught:
        join("## 가\n\n나\n", ["가", "- 다"])
    assert caught.value.line == 3


@pytest.mark.parametrize("texts", [[], ["가"], ["가", "나", "다"]])
def test_as_many_texts_are_wanted_as_there_are_passages(texts: list[str]) -> None:
    with pytest.raises(MarkupError, match=f"2 passages, but {len(texts)} texts") as caught:
        join("가\n\n나", texts)
    assert caught.value.line == 0


@pytest.mark.parametrize(
    ("body", "text", "joined"),
    [
        ("가\n나\n다\n", "라", "라\n"),
        ("가\n나\n다\n", "라\n마", "라 마\n"),
        ("가\n", "라\n마\n바", "라 마 바\n"),
        ("> 가\n> 나\n> 다\n\n끝", "라\n마", "> 라 마\n\n끝"),
        ("> 가\n나\n", "라", "> 라\n"),
        ("- 가\n  나\n- 끝", "라", "- 라\n- 끝"),
        ("- 가\n- 끝", "라\n마", "- 라 마\n- 끝"),
        ("## 가\n", "라\n마", "## 라 마\n"),
        ("| 가 |\n|---|\n", "라\n마", "| 라 마 |\n|---|\n"),
        ("가\\\n나\n", "라", "라\n"),
        ("가\\\n나\n", "라\n마", "라\n마\n"),
        ("가\n나\n", "라\\\n마", "라\\\n마\n"),
    ],
)
def test_a_text_with_fewer_or_more_lines_stands_on_one(body: str, text: str, joined: str) -> None:
    texts = [text, *texts_of(split(body))[1:]]
    assert join(body, texts) == joined


def test_decomposed_hangul_comes_back_as_it_was() -> None:
    body = unicodedata.normalize("NFD", "- **난민(F-2)**을\n- 체류증\n\n| 가 | 나 |\n|---|---|\n")
    assert join(body, texts_of(split(body))) == body
    assert {passage.kind for passage in split(body)} == {UnitKind.ITEM, UnitKind.CELL}
