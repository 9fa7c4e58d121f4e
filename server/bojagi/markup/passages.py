r"""Splitting a body into passages and putting them back, byte for byte.

What always holds:

- `join(body, [p.text for p in split(body)]) == body`, whatever the body.
- Only the text of a passage ever changes; markers, numbers, indents and blank lines between
  passages are the frame, and stay.
- A text that would change the frame (a paragraph that begins with `- `, a cell with a bar) is
  refused: after joining, the result is split again and must give the same blocks and passages.

Example: `- 첫째\n- 둘째\n` has the passages `첫째` and `둘째`; its frame is `- …\n- …\n`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bojagi.domain.pack import UnitKind
from bojagi.errors import MarkupError
from bojagi.markup.parser import parse, row_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token


@dataclass(frozen=True)
class Passage:
    """A stretch of text a translator works on.

    Attributes:
        text: its lines without their markers, joined by LF.
        line: where it begins in the body, counted from 1.
        spans: start and end of each of its lines, as offsets in the body.
    """

    kind: UnitKind
    text: str
    line: int
    spans: tuple[tuple[int, int], ...]


def split(body: str) -> list[Passage]:
    """Split a body into its passages, in reading order.

    Raises:
        MarkupError: where the body leaves the allow-list.
    """
    return _split(body, parse(body))


def join(body: str, texts: Sequence[str]) -> str:
    """Put texts in the place of a body's passages.

    Raises:
        MarkupError: when the number differs, or a text would change the frame.
    """
    tokens = parse(body)
    passages = _split(body, tokens)
    if len(texts) != len(passages):
        raise MarkupError(f"{len(passages)} passages, but {len(texts)} texts")
    pieces: list[str] = []
    position = 0
    expected: list[str] = []
    for passage, text in zip(passages, texts, strict=True):
        lines = _fit_lines(text, len(passage.spans), passage.line)
        expected.append("\n".join(lines))
        if len(lines) == len(passage.spans):
            for (start, end), line in zip(passage.spans, lines, strict=True):
                pieces += (body[position:start], line)
                position = end
        else:
            pieces += (body[position : passage.spans[0][0]], lines[0])
            position = passage.spans[-1][1]
    pieces.append(body[position:])
    joined = "".join(pieces)
    _refuse_changed_frame(tokens, passages, expected, joined)
    return joined


def _fit_lines(text: str, wanted: int, line: int) -> list[str]:
    """Give a text the wanted number of lines, or one: soft breaks are only for the eye."""
    lines = text.split("\n")
    if len(lines) == wanted:
        return lines
    if any(part.endswith("\\") for part in lines[:-1]):
        raise MarkupError(f"a text with {len(lines)} lines in the place of one with {wanted}", line)
    return [" ".join(part.strip() for part in lines)]


def _refuse_changed_frame(
    tokens: list[Token], passages: list[Passage], texts: list[str], joined: str
) -> None:
    tokens_again = parse(joined)
    again = _split(joined, tokens_again)
    for before, text, after in zip(passages, texts, again, strict=False):
        if after.kind is not before.kind or after.text != text:
            raise MarkupError(f"the text {text!r} would change the shape of the page", before.line)
    if len(again) != len(passages):
        raise MarkupError(f"{len(passages)} passages would become {len(again)}")
    if _shape(tokens_again) != _shape(tokens):
        raise MarkupError("the texts would change the shape of the page")


def _shape(tokens: list[Token]) -> list[tuple[str, str, int]]:
    return [(token.type, token.tag, token.level) for token in tokens]


def _split(body: str, tokens: list[Token]) -> list[Passage]:
    lines = body.split("\n")
    offsets = [0]
    for source in lines:
        offsets.append(offsets[-1] + len(source) + 1)
    passages: list[Passage] = []
    open_blocks: list[str] = []
    row: list[tuple[int, int]] = []
    for token in tokens:
        if token.nesting == 1:
            open_blocks.append(token.type)
            if token.type == "tr_open" and token.map:
                row = row_cells(lines[token.map[0]])
        elif token.nesting == -1:
            open_blocks.pop()
        elif token.map:
            kind = _kind(open_blocks)
            first = token.map[0]
            if kind is UnitKind.CELL:
                local = [row.pop(0)] if row else []
            else:
                local = _locate(token, lines, is_heading=kind is UnitKind.HEADING)
            spans = tuple(
                (offsets[first + index] + start, offsets[first + index] + end)
                for index, (start, end) in enumerate(local)
            )
            text = "\n".join(body[start:end] for start, end in spans)
            if text.strip():
                passages.append(Passage(kind, text, first + 1, spans))
    return passages


def _kind(open_blocks: list[str]) -> UnitKind:
    innermost = open_blocks[-1]
    if innermost in {"th_open", "td_open"}:
        return UnitKind.CELL
    if innermost == "heading_open":
        return UnitKind.HEADING
    if "list_item_open" in open_blocks:
        return UnitKind.ITEM
    if "blockquote_open" in open_blocks:
        return UnitKind.NOTICE
    return UnitKind.PARAGRAPH


def _locate(token: Token, lines: list[str], *, is_heading: bool) -> list[tuple[int, int]]:
    """Find each line of a token's content in the body; it is the end of its source line."""
    assert token.map is not None  # noqa: S101 - inline tokens of block parsing have one
    spans: list[tuple[int, int]] = []
    for index, content in enumerate(token.content.split("\n")):
        source = lines[token.map[0] + index]
        wanted = content.strip()
        if is_heading:
            marker = source.index("#")
            marker += len(source[marker:]) - len(source[marker:].lstrip("#"))
            start = source.find(wanted, marker) if wanted else marker
        else:
            start = len(source.rstrip()) - len(wanted)
        if start < 0 or source[start : start + len(wanted)] != wanted:
            raise MarkupError("this passage can't be told from its markers", token.map[0] + 1)
        spans.append((start, start + len(wanted)))
    return spans
