"""The Korean emphasis trap, mended.

CommonMark decides whether `**` may close by looking at its neighbours, and treats a Hangul
particle after a closing bracket as the inside of a word: `**난민(F-2)**을` stays literal. Here a
CJK neighbour counts like white space beside punctuation, for `*` only; `_` keeps to the
specification (0.31.2, section 6.2). The same rule as comrak's `cjk_friendly_emphasis`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import emphasis
from markdown_it.rules_inline.state_inline import Delimiter

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

_CJK_RANGES = (
    (0x1100, 0x11FF),  # Hangul Jamo
    (0x2E80, 0x303F),  # radicals, CJK punctuation
    (0x3040, 0x30FF),  # kana
    (0x3130, 0x318F),  # Hangul Compatibility Jamo
    (0x3400, 0x4DBF),  # Han extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA960, 0xA97F),  # Hangul Jamo Extended-A
    (0xAC00, 0xD7FF),  # Hangul syllables, Jamo Extended-B
    (0xF900, 0xFAFF),  # compatibility Han
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x3FFFF),  # further Han
)


def tokenize_korean(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Insert each `*` as a delimiter that Korean neighbours may open and close.

    An inline rule of markdown-it, set per instance with `ruler.at("emphasis", …)`.
    """
    if state.src[state.pos] != "*":
        return emphasis.tokenize(state, silent)
    if silent:
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    length = end - state.pos
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    after = state.src[end] if end < state.posMax else " "
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=length,
                token=len(state.tokens) - 1,
                end=-1,
                open=_flanks(inner=after, outer=before),
                close=_flanks(inner=before, outer=after),
            )
        )
    state.pos = end
    return True


def _flanks(*, inner: str, outer: str) -> bool:
    """Whether a run of `*` leans on the character inside the emphasis."""
    if isWhiteSpace(ord(inner)):
        return False
    if not _is_punctuation(inner):
        return True
    return isWhiteSpace(ord(outer)) or _is_punctuation(outer) or _is_cjk(outer)


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_cjk(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _CJK_RANGES)
