"""The one parser: CommonMark with tables, held to a strict allow-list.

What an article may hold: paragraphs, headings of level 2 and 3, lists, quotes, tables, strong and
emphasised text, line breaks, pictures, links to https addresses, and placeholders for facts and
hotlines. Everything else is refused with its line: raw HTML above all, code, rules, text nobody
would see (link definitions, cells beyond a table's columns, what is nested deeper than the parser
looks), tabs and spaces at the end of a line.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from markdown_it import MarkdownIt

from bojagi.domain import limits
from bojagi.errors import MarkupError
from bojagi.markup.emphasis import tokenize_korean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

PLACEHOLDER: Final = re.compile(r"\{(fact|hotline):([a-z0-9_]+)\}")
"""`{fact:minimum_wage_2026}`, `{hotline:labour_line}`."""

_ALLOWED_BLOCKS: Final = {
    "paragraph",
    "heading",
    "bullet_list",
    "ordered_list",
    "list_item",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "inline",
}
_ALLOWED_INLINES: Final = {
    "text",
    "text_special",
    "strong",
    "em",
    "softbreak",
    "hardbreak",
    "image",
    "link",
    "placeholder",
}
_IN_PICTURE_WORDS: Final = {"text", "text_special", "softbreak", "placeholder"}
_HEADINGS: Final = {"h2", "h3"}
_LINK_ADDRESS: Final = re.compile(r"https://[^{]+")
_PICTURE_ADDRESS: Final = re.compile(r"images/[a-z0-9-]+\.png")
_BAR: Final = re.compile(r"(?<!\\)\|")
_WHAT_IT_IS: Final = {
    "html_block": "raw HTML",
    "html_inline": "raw HTML",
    "code_block": "text indented by four spaces (code)",
    "fence": "code",
    "code_inline": "code",
    "hr": "a horizontal rule",
}
_KEPT_BODIES: Final = 256
_STRAY_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.inline.ruler.at("emphasis", tokenize_korean)
    parser.inline.ruler.before("emphasis", "placeholder", _tokenize_placeholder)
    # Every address becomes a token, so that a bad one is refused and not shown as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return parser


def _tokenize_placeholder(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if state.src[state.pos] != "{":
        return False
    match = PLACEHOLDER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("placeholder", "", 0)
        token.content = match[0]
        token.meta = {"kind": match[1], "id": match[2]}
    state.pos = match.end()
    return True


@lru_cache(maxsize=_KEPT_BODIES)
def parse(text: str) -> list[Token]:
    """Parse an article's body into tokens of the allow-list.

    Reading, checking and building each ask for the same body; its tokens are kept, and are not to
    be changed.

    Raises:
        MarkupError: for anything outside it, with the line counted from 1.
    """
    _refuse_bad_characters(text)
    environment: dict[str, Any] = {}
    tokens = _markdown().parse(text, environment)
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        _refuse_block(token, line)
    for inline, line in walk_inlines(tokens):
        _refuse_inline(inline, line)
    _refuse_definitions(environment)
    _refuse_rows(tokens, text.split("\n"))
    return tokens


def walk_inlines(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Yield every inline token with its line, counted from 1."""
    for token in tokens:
        if token.type == "inline" and token.map:
            line = token.map[0] + 1
            for child in token.children or []:
                yield child, line
                # A text may hold a line end that was written as an entity; it counts for none.
                line += child.type in {"softbreak", "hardbreak"}
                line += child.content.count("\n") if child.type == "image" else 0


def row_cells(line: str) -> list[tuple[int, int]]:
    """Find the cells of a table row, as start and end in its line, without the space around."""
    edges = [-1, *(bar.start() for bar in _BAR.finditer(line)), len(line)]
    cells = [(left + 1, right) for left, right in pairwise(edges)]
    if cells and not line[slice(*cells[0])].strip():
        cells.pop(0)
    if cells and not line[slice(*cells[-1])].strip():
        cells.pop()
    spans: list[tuple[int, int]] = []
    for start, end in cells:
        raw = line[start:end]
        left = start + len(raw) - len(raw.lstrip())
        spans.append((left, left + len(raw.strip())))
    return spans


def _refuse_bad_characters(text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            raise MarkupError("a tab; use spaces", number)
        if "\r" in line:
            raise MarkupError("a Windows line end; expected LF only", number)
        if line != line.rstrip():
            raise MarkupError("spaces at the end of the line; use '\\' for a line break", number)
        if _STRAY_CONTROL.search(line) or _SURROGATE.search(line):
            raise MarkupError("a control character", number)


def _refuse_block(token: Token, line: int) -> None:
    name = token.type.removesuffix("_open").removesuffix("_close")
    if name not in _ALLOWED_BLOCKS:
        raise MarkupError(f"{_WHAT_IT_IS.get(name, name)} is not allowed here", line)
    if token.level >= limits.MARKUP_LEVELS:
        raise MarkupError("lists and quotes inside each other too deeply", line)
    if name == "heading" and token.tag not in _HEADINGS:
        raise MarkupError("headings are '##' or '###'; the title is in the front matter", line)
    if name == "heading" and not token.markup.startswith("#"):
        raise MarkupError("a line of dashes makes the text above it a heading; use '##'", line)
    if name == "table" and token.level > 0:
        raise MarkupError("a table inside a list or quote is not allowed", line)


def _refuse_inline(token: Token, line: int) -> None:
    name = token.type.removesuffix("_open").removesuffix("_close")
    if name not in _ALLOWED_INLINES:
        raise MarkupError(f"{_WHAT_IT_IS.get(name, name)} is not allowed here", line)
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        if token.markup == "autolink" or not _LINK_ADDRESS.fullmatch(unquote(address)):
            raise MarkupError(f"a link must be [words](https://…), not {address!r}", line)
    if token.type == "image":
        _refuse_picture(token, line)


def _refuse_picture(token: Token, line: int) -> None:
    if not _PICTURE_ADDRESS.fullmatch(str(token.attrGet("src") or "")):
        raise MarkupError("a picture must be ![what it shows](images/name.png)", line)
    if not token.content.strip():
        raise MarkupError("a picture needs words for those who don't see it: ![words](…)", line)
    if any(child.type not in _IN_PICTURE_WORDS for child in token.children or []):
        raise MarkupError("the words of a picture are plain, without markup", line)


def _refuse_definitions(environment: dict[str, Any]) -> None:
    references = environment.get("references", {}).values()
    if references:
        line = min(reference["map"][0] for reference in references) + 1
        raise MarkupError("link definitions are not shown to readers; write the text itself", line)


def _refuse_rows(tokens: list[Token], lines: list[str]) -> None:
    columns = 0
    for token in tokens:
        columns = 0 if token.type == "table_open" else columns + (token.type == "th_open")
        if token.type == "tr_open" and token.map:
            number = token.map[0]
            row = lines[number]
            # Without the bar, the words of the first cell could make a list or a heading of it.
            if not row.lstrip().startswith("|"):
                raise MarkupError(
                    "every row of a table begins with '|'; leave an empty line after the table",
                    number + 1,
                )
            if columns and len(row_cells(row)) > columns:
                raise MarkupError("a row with more cells than its table has columns", number + 1)
