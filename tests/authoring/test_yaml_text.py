"""YAML without guesses: every scalar is the text that stands there."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bojagi.authoring import yaml_text
from bojagi.errors import SourceError

KEYS = st.text(st.sampled_from("abcz_-09가힣ㄱ"), min_size=1, max_size=8)
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.text(st.sampled_from("한글 몸 #:-'\"[]{}&*!|>%@`,?\\~가각 \n"), max_size=20),
)
DATA = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=4).filter(bool)
        | st.dictionaries(KEYS, inner, max_size=4).filter(bool)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "scalar",
    ["no", "Yes", "on", "~", "null", "1:30", "0o7", "010", "1e3", ".5", "2026-11-23", "1_000", "="],
)
def test_no_scalar_is_guessed_at(scalar: str) -> None:
    assert yaml_text.load(f"a: {scalar}\n", "f.yaml").data == {"a": scalar}


def test_a_value_left_out_is_no_words() -> None:
    assert yaml_text.load("a:\nb: 1\n", "f.yaml").data == {"a": "", "b": "1"}


def test_an_empty_text_holds_nothing() -> None:
    assert yaml_text.load("", "f.yaml").data == {}
    assert yaml_text.load("# 아무것도 없다\n", "f.yaml").data == {}


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a:\n  b: 1\n  b: 1\n", 3, "twice"),
        ("a: &x 1\n", 1, "anchors"),
        ("a: 1\nb: *x\n", 2, "anchors"),
        ("a: &x\n  b: 1\nc:\n  <<: *x\n", 1, "anchors"),
        ("a: 1\nb: !!int 2\n", 2, "tags"),
        ("a: !x 1\n", 1, "tags"),
        ("? [a]\n: b\n", 1, "a key must be a word"),
        ("a: 1\n  b: 2\n", 2, "not valid YAML"),
        ("a: [1,\n2\n", 3, "not valid YAML"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", 1, "nested too deeply"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, line: int, expected: str) -> None:
    with pytest.raises(SourceError, match=expected) as refusal:
        yaml_text.load(text, "f.yaml")
    assert (refusal.value.problems[0].file, refusal.value.problems[0].line) == ("f.yaml", line)


@pytest.mark.parametrize("text", ["a: \0\n", "a: \ufffe\n", 'a: "\\ud800"\n'])
def test_characters_that_yaml_forbids_are_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"f\.yaml"):
        yaml_text.load(text, "f.yaml")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000, "? " * 100_000])
def test_deep_nesting_is_refused_before_it_breaks_anything(text: str) -> None:
    with pytest.raises(SourceError):
        yaml_text.load(text, "f.yaml")


def test_every_value_knows_its_line() -> None:
    document = yaml_text.load("a: 1\nb:\n  - c: 2\n    d: 3\n  - e\n", "f.yaml", first_line=10)
    assert document.line_of(("a",)) == 10
    assert document.line_of(("b", 0, "d")) == 13
    assert document.line_of(("b", 1)) == 14
    assert document.line_of(("b", 0, "missing")) == 12
    assert document.line_of(("nowhere",)) == 10


@given(DATA)
@example("")
@example({"제목": "몸: 지키기 # 아님", "나": ["- 목록", "'따옴'", '"따옴"', " 앞 빈칸", "뒤 "]})
@example({"a": ["다음\x85줄", "줄\u2028줄", "\ufeff머리", "|", ">", "---", "...", "? 물음"]})
@example({"a": "가\n나\n", "b": {"c": "\n가"}, "d": "x" * 5000 + " y"})
def test_what_is_dumped_is_loaded_again(data: object) -> None:
    text = yaml_text.dump(data)
    assert yaml_text.load(text, "f.yaml").data == data
    assert yaml_text.dump(yaml_text.load(text, "f.yaml").data) == text
