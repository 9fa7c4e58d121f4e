"""The one parser: CommonMark with tables, held to a strict allow-list.

What an article may hold: paragraphs, headings of level 2 and 3, lists, quotes, tables, strong and
emphasised text, line breaks, pictures, links to https addresses, and placeholders for facts and
hotlines. Everything else is refused with its line: raw HTML above all, code, rules, link
definitions (text nobody would see), tabs and spaces at the end of a line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

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
_HEADINGS: Final = {"h2", "h3"}
_WHAT_IT_IS: Final = {
    "html_block": "raw HTML",
    "html_inline": "raw HTML",
    "code_block": "text indented by four spaces (code)",
    "fence": "code",
    "code_inline": "code",
    "hr": "a horizontal rule",
}
_STRAY_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
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


def parse(text: str) -> list[Token]:
    """Parse an article's body into tokens of the allow-list.

    Raises:
        MarkupError: for anything outside it, with the line counted from 1.
    """
    _refuse_bad_characters(text)
    environment: dict[str, object] = {}
    tokens = _markdown().parse(text, environment)
    if environment.get("references"):
        raise MarkupError("link definitions are not shown to readers; write the text itself")
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        _refuse_block(token, line)
        for child in token.children or []:
            _refuse_inline(child, line)
    return tokens


def walk_inlines(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Yield every inline token with its line, counted from 1."""
    for token in tokens:
        if token.type == "inline" and token.map:
            for child in token.children or []:
                yield child, token.map[0] + 1


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
        if token.markup == "autolink" or not address.startswith("https://"):
            raise MarkupError(f"a link must be [words](https://…), not {address!r}", line)
    if token.type == "image" and not str(token.attrGet("src") or "").startswith("images/"):
        raise MarkupError("a picture must be ![what it shows](images/name.png)", line)
    if token.type == "image" and not token.content.strip():
        raise MarkupError("a picture needs words for those who don't see it: ![words](…)", line)
