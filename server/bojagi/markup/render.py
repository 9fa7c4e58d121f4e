"""Tokens to the HTML that readers get: rendered once, sanitised behind the allow-list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bojagi.markup.parser import PLACEHOLDER, parse

if TYPE_CHECKING:
    from markdown_it.renderer import RendererProtocol
    from markdown_it.utils import OptionsDict

Fill = Callable[[str, str], str]
"""Kind ("fact", "hotline") and id of a placeholder in, plain text out; raises if unknown."""


@dataclass(frozen=True)
class Picture:
    """A rebuilt picture as it stands in HTML.

    Attributes:
        address: a `data:` URI.
        width, height: in CSS pixels.
    """

    address: str
    width: int
    height: int


_TAGS: Final = {
    *("p", "span", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "br", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": set(),  # or else nh3 keeps lang and title everywhere
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "span": {"lang"},
}
_ADDRESSES: Final = {
    ("a", "href"): "https://",
    ("img", "src"): "data:image/png;base64,",
}
"""How an address must begin, so that no link leads into a `data:` page or off by a relative way."""


def render(
    body: str,
    fill: Fill,
    pictures: Mapping[str, Picture],
    languages: Mapping[int, str] | None = None,
) -> str:
    """Render an article's body.

    Args:
        body: CommonMark of the allow-list.
        fill: says what stands in the place of a placeholder.
        pictures: the rebuilt pictures by the path the body names them with.
        languages: BCP 47 tags of the passages that are in another language than the rest, by
            their place among the passages.

    Raises:
        MarkupError: where the body leaves the allow-list.
        KeyError: for a picture that isn't there.
    """
    tokens = parse(body)
    if languages:
        _mark_languages(tokens, languages)
    markdown = _renderer()
    html = markdown.renderer.render(tokens, markdown.options, {"fill": fill, "pictures": pictures})
    return sanitise(html)


def _mark_languages(tokens: Sequence[Token], languages: Mapping[int, str]) -> None:
    """Put passages in another language into elements that say so (WCAG 3.1.2)."""
    passages = [token for token in tokens if token.type == "inline" and token.content.strip()]
    for index, tag in languages.items():
        start = Token("span_open", "span", 1)
        start.attrSet("lang", tag)
        inlines = passages[index].children or []
        passages[index].children = [start, *inlines, Token("span_close", "span", -1)]


def sanitise(html: str) -> str:
    """Return the HTML with nothing left that the allow-list doesn't name."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "data"},
        attribute_filter=_keep_address,
        link_rel="noopener noreferrer",
    ).strip()


def _keep_address(tag: str, attribute: str, value: str) -> str | None:
    return value if value.startswith(_ADDRESSES.get((tag, attribute), "")) else None


def fill_text(text: str, fill: Fill) -> str:
    """Put facts and hotlines into plain text: a title, a summary, a card."""
    return PLACEHOLDER.sub(lambda match: fill(match[1], match[2]), text)


@cache
def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table")
    markdown.add_render_rule("placeholder", _render_placeholder)
    markdown.add_render_rule("image", _render_picture)
    return markdown


def _render_placeholder(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    environment: Mapping[str, Any],
) -> str:
    meta = tokens[index].meta
    return escape(environment["fill"](meta["kind"], meta["id"]), quote=False)


def _render_picture(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    environment: Mapping[str, Any],
) -> str:
    token = tokens[index]
    picture: Picture = environment["pictures"][str(token.attrGet("src"))]
    words = "".join(_picture_words(child, environment["fill"]) for child in token.children or [])
    return (
        f'<img src="{escape(picture.address)}" alt="{escape(words)}"'
        f' width="{picture.width}" height="{picture.height}">'
    )


def _picture_words(token: Token, fill: Fill) -> str:
    if token.type == "placeholder":
        return fill(token.meta["kind"], token.meta["id"])
    return " " if token.type == "softbreak" else token.content
