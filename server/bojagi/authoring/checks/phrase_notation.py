"""How phrase patterns are written, and the expressions they stand for.

A combination names groups of words: `a b` in any order, `a > b` in that order; `paragraph: a b`
anywhere in the paragraph instead of in one sentence.

A word is a regular expression over the folded text in small letters, with these additions:

    (Korean)   it begins where a word begins, unless it starts with `-`; its end is open
    내~ 길~     that syllable with any other final consonant, or none: 내, 낸, 냈; 길, 긴, 깁
    {하} {되}   하 or 해, 되 or 돼, with any final consonant or none
    {를}        one particle, or none
    {은}        any particles, or none, and then the word ends
    {시오}      an ending that asks, bids or advises, after the stem: 보내~{시오}
    (space)    any number of spaces, none too
    (others)   it begins and ends where words do; a `*` at its end leaves the end open, and Chinese,
               which parts no words, is open on both sides; a space is one space or more
    …          at most 24 signs that end no sentence
    <name>     any word of another group
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bojagi.authoring.checks.word_index import Word

KOREAN: Final = "ko"
_UNPARTED: Final = frozenset({"zh_Hans"})
_PARAGRAPH: Final = "paragraph:"
_LAST_FINAL: Final = 27
"""A syllable without a final consonant is followed by the 27 that have one (Unicode 3.12)."""
_LETTERS: Final = re.compile(r"\w+")
_GROUP: Final = re.compile(r"<([a-z_]+)>")
_DIGIT: Final = re.compile(r"(?<![\\\[])\\d(?![^\[\]]*\])")


_MACROS: Final = {
    "{하}": "[하-핳해-햏]",
    "{되}": "[되-됳돼-됗]",
    "{를}": "(?:을|를|이|가|은|는|도|만|의|로|으로|에|에서|에게|와|과|까지|부터)?",
    "{은}": (
        "(?:은|는|이|가|을|를|에|에서|에게|에게서|께|께서|로|으로|와|과|도|만|까지|부터|의|나|이나|라도"
        "|이라도|보다|처럼|마다|밖에|뿐|하고)*(?![가-힣])"
    ),
    "{시오}": (
        r"(?:(?:으|아|어|여)?\s*(?:주|두|보|놓)?(?:십시오|십시요|시오|세요|시다|시면\s*[됩된]|시기\s*바[라랍란])"
        r"|(?:으|어|여|아)?(?:라|자)(?![가-힣])|[으]?면\s*[됩된되]|[어여아]?야\s*[하합한할됩된되]|기\s*바[라랍란]"
        r"|는\s*것[이을]\s*[좋권]|[을]?\s*것(?![가-힣])|도록\s*[하합한해])"
    ),
}


@dataclass(frozen=True)
class Combination:
    """Groups that have to meet.

    Attributes:
        groups: their names.
        in_order: whether each has to begin after the one before it.
        anywhere: whether the paragraph is enough; else it takes one sentence.
    """

    groups: tuple[str, ...]
    in_order: bool = False
    anywhere: bool = False

    @classmethod
    def parse(cls, text: str) -> Combination:
        """Read `a b`, `a > b` or `paragraph: a b`."""
        names = text.removeprefix(_PARAGRAPH)
        in_order = ">" in names
        parts = names.split(">") if in_order else names.split()
        return cls(tuple(part.strip() for part in parts), in_order, text.startswith(_PARAGRAPH))


def beginning(language: str) -> re.Pattern[str] | None:
    """Return what finds the signs with which a word may begin; None where no word is parted."""
    if language in _UNPARTED:
        return None
    letter = "[가-힣]" if language == KOREAN else r"\w"
    return re.compile(f"(?<!{letter}).", re.DOTALL)


def word_of(word: str, words: dict[str, list[str]], language: str) -> Word:
    """Return the expression of a word in the notation of the module's head."""
    is_inside = language == KOREAN and word.startswith("-")
    if _LETTERS.fullmatch(word, is_inside):
        is_closed = language not in {KOREAN, *_UNPARTED}
        return Word(f"(?:{word[is_inside:]})" + (r"(?!\w)" if is_closed else ""), is_inside)
    inside = _GROUP.sub(
        lambda group: "(?:" + "|".join(_inner(each, language) for each in words[group[1]]) + ")",
        word,
    )
    expression = f"(?:{_inner(inside, language)})"
    if language not in {KOREAN, *_UNPARTED} and not word.endswith("*"):
        expression += r"(?!\w)"
    return Word(expression, is_inside)


def _inner(word: str, language: str) -> str:
    is_korean = language == KOREAN
    text = word.removeprefix("-") if is_korean else word.removesuffix("*")
    for macro, expression in _MACROS.items():
        text = text.replace(macro, expression)
    text = re.sub("([가-힣])~", lambda match: _any_final(match[1]), text)
    text = _DIGIT.sub("[0-9]", text)  # folding leaves no others
    text = text.replace("…", r"[^.!?。！？\n]{0,24}?")
    return text.replace(" ", r"\s*" if is_korean or language in _UNPARTED else r"\s+")


def _any_final(syllable: str) -> str:
    open_one = ord(syllable) - (ord(syllable) - ord("가")) % (_LAST_FINAL + 1)
    return f"[{chr(open_one)}-{chr(open_one + _LAST_FINAL)}]"
