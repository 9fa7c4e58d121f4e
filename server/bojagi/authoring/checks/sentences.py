"""Where the sentences of a folded text begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

_CLOSING: Final = r"》〉”’\"')\]"
_END: Final = re.compile(
    rf"(?<=[.!?…])[{_CLOSING}]*(?:\s+|$)|(?<=[\u4e00-\u9fff][.!?])[{_CLOSING}]*|\n+"
)
"""Folding makes 。 a full stop with no space after it: after a Chinese sign it ends a sentence."""


class Sentences:
    """The sentences of a text, looked for when first asked of."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    @property
    def starts(self) -> list[int]:
        """Where each begins; what stands after the last end, if only nothing, is one too."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in _END.finditer(self.text))]
        return self._starts

    def at(self, offset: int) -> int:
        """Return the number of the sentence in which an offset is."""
        return bisect_right(self.starts, offset) - 1

    def __iter__(self) -> Iterator[str]:
        """Yield each."""
        return (self[number] for number in range(len(self.starts)))

    def __getitem__(self, number: int) -> str:
        """Return the sentence of a number; raises `IndexError` after the last."""
        ends = [*self.starts[1:], len(self.text)]
        return self.text[self.starts[number] : ends[number]]
