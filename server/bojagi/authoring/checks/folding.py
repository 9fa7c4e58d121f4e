"""Text folded for searching: many ways to write one digit, dash, space or letter become one.

What always holds:

- `Folded.span` leads from a place in the folded text back to the place in the original.
- Digits of every script, full-width, circled and superscript ones become ASCII digits (the digit
  and decimal properties of the Unicode Character Database, then NFKC); dashes become `-`, dots in
  the middle of a line `.`, spaces of any width a space, full-width letters ASCII ones.
- What nobody can see is left out, so that it can't part a number.
- Hangul, Han and Cyrillic stay as they are. Case stays: patterns decide.

Example: `０１０–①②③④` folds to `010-1234`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_DASHES: Final = frozenset("‐‑‒–—―−﹘﹣－⁃╌─━ㅡーｰ⸺⸻〜～∼˗֊")
_DOTS: Final = frozenset("·・‧․∙•⋅。．｡ㆍ")
_LONGEST_FOUND: Final = 80
"""Characters of a found text that a sentence shows."""
_KEYCAP: Final = 0x20E3
_INVISIBLE: Final = re.compile(
    "["
    "\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202e\u205f-\u206f\u2800\u3164"
    "\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    "]"
)
"""Zero-width and bidirectional marks, soft hyphens, variation selectors, tags, private use,
fillers, and spaces of odd width (Unicode 17, Default_Ignorable_Code_Point and White_Space)."""


def is_invisible(char: str) -> bool:
    """Whether nobody can see the character, or nobody can tell it from a common space."""
    return bool(_INVISIBLE.match(char)) or (unicodedata.category(char) == "Cc" and char != "\n")


@dataclass(frozen=True)
class Folded:
    """A text as checks search it.

    Attributes:
        original: the text itself.
        text: the folded one.
        at: for each character of the folded text, where it stands in the original; None when
            both are equally long.
    """

    original: str
    text: str
    at: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that a span of the folded text stands for."""
        if self.at is None or start >= end:
            return start, end
        return self.at[start], self.at[end - 1] + 1


class _Table(dict[int, str]):
    """What each character folds to; filled as characters come."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:  # noqa: PLR0911 - one answer for each kind of character
    if char.isascii():
        return char
    if ord(char) == _KEYCAP:
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    if is_invisible(char):
        return ""
    if char in _DASHES:
        return "-"
    if char in _DOTS:
        return "."
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    composed = unicodedata.normalize("NFKC", char)
    if composed.isascii() and (len(composed) == 1 or unicodedata.category(char) == "No"):
        digits = "".join(each for each in composed if each.isdecimal())
        return digits or composed
    return char


_TABLE: Final = _Table()


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Fold a text for searching."""
    if text.isascii():
        return Folded(text, text)
    pieces = [_TABLE[ord(char)] for char in text]
    folded = "".join(pieces)
    if all(len(piece) == 1 for piece in pieces):
        return Folded(text, folded)
    at = tuple(index for index, piece in enumerate(pieces) for _ in piece)
    return Folded(text, folded, at)


def squashed(text: str) -> str:
    """Return the letters and digits alone, folded, to tell whether two findings are one."""
    return "".join(char for char in fold(text).text.casefold() if char.isalnum()) or text


def shortened(text: str) -> str:
    """Return a found text as a sentence shows it, and as a waiver names it: on one line, short."""
    one_line = " ".join(text.split("\n"))
    if len(one_line) <= _LONGEST_FOUND:
        return one_line
    return f"{one_line[: _LONGEST_FOUND - 1]}…"
