from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bojagi.domain import limits
from bojagi.errors import MarkupError
from bojagi.markup.parser import PLACEHOLDER, parse, row_cells, walk_inlines
from bojagi.markup.passages import split

TABLE = "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n"

FORBIDDEN = [
    ("가\n\n<div>나</div>", 3, "raw HTML"),
    ("가\n\n<script>alert(1)</script>", 3, "raw HTML"),
    ("가\n\n나 <b>다</b>", 3, "raw HTML"),
    ("가\n나\n다 <br> 라", 3, "raw HTML"),
    ("가\\\n나 <i>다</i>", 2, "raw HTML"),
    ("가\n\n<!-- 숨은 말 -->", 3, "raw HTML"),
    ("가\n나 <!-- 숨은 말 --> 다", 2, "raw HTML"),
    ("<?php 가 ?>", 1, "raw HTML"),
    ("가\n\n<!DOCTYPE html>", 3, "raw HTML"),
    ("가 <![CDATA[나]]>", 1, "raw HTML"),
    ("- 가\n- 나 </li> 다", 2, "raw HTML"),
    (TABLE + "| <b>3</b> | 4 |", 4, "raw HTML"),
    ("가\n\n```\n나\n```", 3, "code"),
    ("가\n\n~~~\n나", 3, "code"),
    ("> 가\n>\n> ```\n> 나\n> ```", 3, "code"),
    ("가\n\n    나", 3, "code"),
    ("가\n나 `다`", 2, "code"),
    ("가\n나 ``다``", 2, "code"),
    ("가\n\n---", 3, "rule"),
    ("***", 1, "rule"),
    ("가\n\n* * *", 3, "rule"),
    ("- 가\n\n  ___", 3, "rule"),
    ("# 가", 1, "headings are '##'"),
    ("가\n\n#### 나", 3, "headings are '##'"),
    ("###### 가", 1, "headings are '##'"),
    ("- # 가", 1, "headings are '##'"),
    ("가\n\n나\n===", 3, "headings are '##'"),
    ("가\n\n나\n---", 3, "a line of dashes"),
    ("> 가\n> -", 1, "a line of dashes"),
    ("가\n\n[나]: https://a.b\n\n다", 3, "link definitions"),
    ("[가][나]\n\n[나]: https://a.b '숨은 말'", 3, "link definitions"),
    ("가\n\n> [나]: javascript:1", 3, "link definitions"),
    ("- 가\n\n  [나]: /x\n\n[다]: /y", 3, "link definitions"),
    ("가\n<https://a.b>", 2, "a link must be"),
    ("<a@b.example>", 1, "a link must be"),
    ("가\n[나](javascript:alert(1))", 2, "a link must be"),
    ("[가](<javascript:alert(1)>)", 1, "a link must be"),
    ("[가](&#106;avascript:alert(1))", 1, "a link must be"),
    ("[가](JaVaScRiPt:alert(1))", 1, "a link must be"),
    ("[가](data:text/html;base64,PHNjcmlwdD4=)", 1, "a link must be"),
    ("[가](vbscript:x)", 1, "a link must be"),
    ("[가](http://a.b)", 1, "a link must be"),
    ("[가](HTTPS://a.b)", 1, "a link must be"),
    ("[가](//a.b)", 1, "a link must be"),
    ("[가](/2/1)", 1, "a link must be"),
    ("[가](#나)", 1, "a link must be"),
    ("[가]()", 1, "a link must be"),
    ("[가](mailto:a@b.example)", 1, "a link must be"),
    ("[가](tel:112)", 1, "a link must be"),
    ("[가](https://a.b/{fact:days})", 1, "a link must be"),
    ("- 가\n- [나](http://a.b)", 2, "a link must be"),
    ("| 가 | 나 |\n|---|---|\n| 1 | [2](http://a.b) |", 3, "a link must be"),
    ("가\n![나](https://a.b/c.png)", 2, "a picture must be"),
    ("![가](data:image/png;base64,AA)", 1, "a picture must be"),
    ("![가](/images/a.png)", 1, "a picture must be"),
    ("![가](images/../a.png)", 1, "a picture must be"),
    ("![가](../images/a.png)", 1, "a picture must be"),
    ("![가](images/a.svg)", 1, "a picture must be"),
    ("![가](images/a.png?b)", 1, "a picture must be"),
    ("![가](images/사다리.png)", 1, "a picture must be"),
    ("![가](pictures/a.png)", 1, "a picture must be"),
    ("![가]()", 1, "a picture must be"),
    ("가\n\n![](images/a.png)", 3, "needs words"),
    ("![ ](images/a.png)", 1, "needs words"),
    ("![**가**](images/a.png)", 1, "plain"),
    ("![가 <b>](images/a.png)", 1, "plain"),
    ("![[가](https://a.b)](images/a.png)", 1, "plain"),
    ("![![가](images/b.png)](images/a.png)", 1, "plain"),
    ("가\n\t나", 2, "tab"),
    ("가\n-\t나", 2, "tab"),
    ("가\n나 ", 2, "spaces at the end"),
    ("가  \n나", 1, "spaces at the end"),
    ("가\n나\u00a0", 2, "spaces at the end"),
    ("가\n\u3000\n나", 2, "spaces at the end"),
    ("가\r\n나", 1, "Windows"),
    ("가\n나\r다", 2, "Windows"),
    ("- 가\n\n  | 나 | 다 |\n  |---|---|\n  | 1 | 2 |", 3, "a table inside"),
    ("> | 가 | 나 |\n> |---|---|\n> | 1 | 2 |", 1, "a table inside"),
    (TABLE + "| 3 | 4 | 5 |", 4, "more cells"),
    (TABLE + "| 3 | 4 | |", 4, "more cells"),
    (TABLE + "| 3 | 4 \\| 5 | 6 |", 4, "more cells"),
    ("가\n\n" + TABLE + "바로 뒤", 6, "begins with '|'"),
    ("가 | 나\n---|---\n1 | 2", 1, "begins with '|'"),
    ("- 가 | 나\n|---|---|", 1, "begins with '|'"),
    ("가\\|\n---", 1, "begins with '|'"),
    ("가\n\n" + "> " * 13 + "나", 3, "too deeply"),
    ("가\n\n" + "- " * 7 + "나", 3, "too deeply"),
    ("".join("  " * depth + "- 가\n" for depth in range(12)), 6, "too deeply"),
]
CONTROLS = [
    *("\0", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1c", "\x1f", "\x7f", "\x80"),
    *("\x85", "\x9f", "\u2028", "\u2029", "\ud800", "\udbff", "\udfff"),
]
ALLOWED = [
    "로동안전",
    "가\\\n나",
    "## 가\n\n### 나 ###",
    "- 가\n  - 나\n    1. 다\n\n10) 라",
    "> 가\n나\n>\n> - 다",
    TABLE + "\n끝",
    "| 가 \\| 나 |\n|:-:|\n| |",
    "**가(나)**를 *다* _라_",
    "[가](https://a.b/c?d=e#f) [나](https://나라.example)",
    "![사다리, {fact:days}단 & 벽](images/ladder-2.png)",
    "{fact:days}일, {hotline:labour_line}",
    "{fact:} {fact:A} {else:a} {{fact:days}}",
    "1 < 2 > 0 & 3; AT&amp;T &nbsp; &#x41; \\< \\` ` [가] ![가] <가>",
    "가\n\n\n\n나\n",
    "\n가",
    "-\n\n1.",
    "".join("  " * depth + "- 가\n" for depth in range(5)),
]

BOMBS = {
    "10,000 quotes": ">" * 10_000 + "가",
    "10,000 spaced quotes": "> " * 10_000 + "가",
    "10,000 lists": "- " * 10_000 + "가",
    "10,000 numbered lists": "1. " * 10_000 + "가",
    "lists, each a line": "".join("  " * depth + "- 가\n" for depth in range(400)),
    "10,000 brackets": "[" * 10_000 + "가" + "]" * 10_000,
    "10,000 links in links": "[" * 10_000 + "가" + "](https://a.b)" * 10_000,
    "10,000 pictures in pictures": "![" * 10_000 + "가" + "](images/a.png)" * 10_000,
    "10,000 asterisks around": "가" + "*" * 10_000 + "나" + "*" * 10_000 + "다",
    "10,000 strong in strong": "**가" * 10_000 + "**" * 10_000,
    "wide and short table": "|가" * 500 + "|\n" + "|-" * 500 + "|\n" + "|\n" * 120,
    "200 KB of brackets": "[" * 200_000,
    "200 KB of links begun": "[a](" * 50_000,
    "200 KB of asterisks": "a*" * 100_000,
    "200 KB of Korean asterisks": "가**(" * 33_000,
    "200 KB of tags begun": "<" * 200_000,
    "200 KB of CDATA begun": "a <![CDATA[" * 18_000,
    "200 KB of backticks": "".join("`" * count + "가" for count in range(600)),
    "200 KB of placeholders begun": "{fact:" * 33_000,
    "200 KB of backslashes": "\\" * 200_000,
    "200 KB of spaces": " " * 199_999 + "가",
    "200 KB of spaces inside": "가" + " " * 199_990 + "나",
    "200 KB of items": "- 가\n" * 33_000,
    "200 KB of bars": TABLE + "|" * 200_000,
    "200 KB of lazy lines": "> 가\n" + "나\n" * 50_000,
    "200 KB of definitions": "[가]: x\n\n" * 18_000,
}


@pytest.mark.parametrize(("body", "line", "words"), FORBIDDEN)
def test_what_is_not_on_the_list_is_refused_with_its_line(body: str, line: int, words: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse(body)
    assert words in caught.value.message
    assert caught.value.line == line
    assert str(caught.value) == f"line {line}: {caught.value.message}"


@pytest.mark.parametrize(("body", "line", "words"), FORBIDDEN)
def test_a_refusal_names_the_line_of_the_whole_text(body: str, line: int, words: str) -> None:
    with pytest.raises(MarkupError, match=r"^line \d+: ") as caught:
        parse("머리글\n두번째 줄\n\n## 제목\n\n" + body)
    assert (caught.value.line, words in caught.value.message) == (line + 5, True)


@pytest.mark.parametrize("char", CONTROLS)
def test_a_control_character_is_refused_with_its_line(char: str) -> None:
    with pytest.raises(MarkupError, match="control character") as caught:
        parse(f"가\n나\n다{char}라\n마")
    assert caught.value.line == 3


@pytest.mark.parametrize("body", ALLOWED)
def test_what_is_on_the_list_is_read(body: str) -> None:
    assert parse(body)


def test_a_placeholder_is_one_token_wherever_it_stands() -> None:
    body = "## {fact:a}\n\n- **{fact:b}**일\n\n| {hotline:c} |\n|---|\n\n{fact:d\n}"
    found = [
        (token.meta["kind"], token.meta["id"], line)
        for token, line in walk_inlines(parse(body))
        if token.type == "placeholder"
    ]
    assert found == [("fact", "a", 1), ("fact", "b", 3), ("hotline", "c", 5)]
    assert PLACEHOLDER.findall(body) == [("fact", "a"), ("fact", "b"), ("hotline", "c")]


def test_inline_tokens_come_with_the_line_they_stand_on() -> None:
    body = "하나\n둘\\\n셋\n\n> 넷 ![ㄱ\nㄴ](images/a.png)\n여섯&#10;\n일곱"
    lines = {token.content: line for token, line in walk_inlines(parse(body)) if token.content}
    assert lines == {
        "하나": 1,
        "둘": 2,
        "셋": 3,
        "넷 ": 5,
        "ㄱ\nㄴ": 5,
        "여섯\n": 7,
        "일곱": 8,
    }


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| 가 | 나 |", ["가", "나"]),
        ("|가|나", ["가", "나"]),
        ("  | 가 |", ["가"]),
        ("| | 가 |", ["", "가"]),
        ("|| 가 ||", ["", "가", ""]),
        ("| 가 \\| 나 | 다 |", ["가 \\| 나", "다"]),
        ("| 가\\\\| 나 |", ["가\\\\| 나"]),
        ("|", []),
    ],
)
def test_a_row_is_cut_at_its_bars(row: str, cells: list[str]) -> None:
    assert [row[start:end] for start, end in row_cells(row)] == cells


@settings(max_examples=1000, deadline=None)
@given(st.text(alphabet=st.sampled_from("|||\\가나 a\u00a0"), max_size=20))
def test_a_row_has_as_many_cells_as_the_parser_shows(text: str) -> None:
    row = f"|{text}|x|".rstrip()
    columns = len(row_cells(row))
    table = f"{row}\n{'|-' * columns}|"
    tokens = MarkdownIt("commonmark").enable("table").parse(table)
    shown = [token.content for token in tokens if token.type == "inline"]
    written = [row[start:end].replace("\\|", "|") for start, end in row_cells(row)]
    assert [cell.strip() for cell in shown] == written


def test_our_limit_of_depth_is_below_the_parsers_own() -> None:
    assert MarkdownIt("commonmark").options["maxNesting"] > limits.MARKUP_LEVELS + 2


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_in_bounded_time(body: str) -> None:
    began = time.process_time()
    with suppress(MarkupError):
        split(body)
    assert time.process_time() - began < 30, "an ordinary machine needs five seconds"


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tokens = parse(text)
    except MarkupError as error:
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017 - only when it is raised
        return
    assert all(token.level < limits.MARKUP_LEVELS for token in tokens)
