"""One search key for one word, whichever Korean it is written in; never for display.

A missed merge (one word, two keys) hides an article; a false merge only lists one more. So the key
errs on the side of merging, and nearly every step looks at one syllable alone: the key of a part
of a word is then a part of the key of the word, and 려행 is found in 해외여행, 로동 in 강제노동.
That is why 두음법칙 is undone in every syllable and not at the start of words only.

`search_fold` takes these steps, in this order (a JavaScript twin follows the same vectors):

1. Drop format characters (soft hyphens, zero-width spaces), compose (NFC), turn to lower case.
2. Cut into words at spaces, punctuation, control characters and ~ ∼ ～ ≪ ≫ < >, all of which are
   dropped. Steps 3 to 5 see one word.
3. Replace the `WORD_START_PAIRS` where no Hangul syllable stands before them: 안해 -> 아내.
4. Change each syllable by itself:
   a. an initial ㄹ before ㅏ ㅐ ㅗ ㅚ ㅜ ㅡ becomes ㄴ: 로동 -> 노동;
   b. an initial ㄹ or ㄴ before ㅣ ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ becomes ㅇ: 리용 -> 이용, 환률 -> 환율;
   c. the outcome is looked up in `WHOLE_SYLLABLES`: 페 -> 폐, 헤 -> 혜, 여 -> 어, 였 -> 었, and the
      short 해 했 돼 됐 are written out, so that 하여 and 해, 되여 and 되어 and 돼 meet.
5. Replace the pairs of `fold_pairs` once, from the left, the longest that fits first. Both sides
   of the pairs have gone through step 4 themselves.
6. Join the words without a space and compose again.

Example: "《해외 려행》" -> 해외, 려행 -> 하어외, 어행 -> 하어외어행, as for "해외여행".

`search_initials` shortens each folded word (하어 -> 해 and so on: one syllable is one key press),
takes its initials, joins them, and passes them to `initial_key`.

Source: how 조선말규범집 2010 and 한글 맞춤법 differ, as the project notes on ko_KP list it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bojagi.domain.hangul.fold_pairs import (
    LOANWORD_PAIRS,
    SPELLING_PAIRS,
    WORD_START_PAIRS,
)
from bojagi.domain.hangul.initial_sounds import southern_letter
from bojagi.domain.hangul.syllables import (
    FINALS,
    INITIALS,
    PLAIN_OF_TENSE,
    VOWELS,
    initial_consonants,
    join_syllable,
    to_nfc,
)

WHOLE_SYLLABLES: Final = {
    "페": "폐",
    "헤": "혜",
    "여": "어",
    "였": "었",
    "해": "하어",
    "했": "하었",
    "돼": "되어",
    "됐": "되었",
}
"""Step 4c. 여 and 어 meet everywhere: KP has 띄여, 보내였다 where KR has 띄어, 보내었다."""

INITIAL_KEYS: Final = (
    PLAIN_OF_TENSE
    | {"ㄴ": "ㅇ", "ㄹ": "ㅇ"}
    | {"ㄳ": "ㄱㅅ", "ㄵ": "ㅇㅈ", "ㄶ": "ㅇㅎ", "ㄺ": "ㅇㄱ", "ㄻ": "ㅇㅁ", "ㄼ": "ㅇㅂ"}
    | {"ㄽ": "ㅇㅅ", "ㄾ": "ㅇㅌ", "ㄿ": "ㅇㅍ", "ㅀ": "ㅇㅎ", "ㅄ": "ㅂㅅ"}
)
"""Tense letters lose their shift; ㄴ ㄹ ㅇ are one key, since a lone ㄹ can't tell 로동 from 리용;
the clusters are what some keyboards make of two initials typed in a row."""

_SEPARATING_SIGNS: Final = frozenset("~∼～≪≫<>")
_TO_N: Final = frozenset("ㅏㅐㅗㅚㅜㅡ")
_TO_SILENT: Final = frozenset("ㅣㅑㅒㅕㅖㅛㅠ")


def _changed_syllables() -> dict[int, str]:
    """Work out step 4 for all 11,172 syllables, in the shape `str.translate` takes."""
    changed = {}
    for i, initial in enumerate(INITIALS):
        for v, vowel in enumerate(VOWELS):
            folded_initial = INITIALS.index(southern_letter(initial, vowel))
            for f in range(len(FINALS)):
                syllable, folded = join_syllable(i, v, f), join_syllable(folded_initial, v, f)
                folded = WHOLE_SYLLABLES.get(folded, folded)
                if folded != syllable:
                    changed[ord(syllable)] = folded
    return changed


_SYLLABLES: Final = _changed_syllables()


def _fold_syllables(text: str) -> str:
    """Take step 4."""
    return text.translate(_SYLLABLES)


class _Replacement:
    """Replaces whole strings by others in one pass, the longest that fits first."""

    def __init__(self, table: dict[str, str], *, word_start: bool = False) -> None:
        self._table = table
        forms = "|".join(sorted(table, key=lambda form: (-len(form), form)))
        self._pattern = re.compile(("(?<![가-힣])" if word_start else "") + f"(?:{forms})")

    def __call__(self, text: str) -> str:
        """Replace from left to right; what was put in is not looked at again."""
        return self._pattern.sub(lambda match: self._table[match[0]], text)


_replace_at_word_start: Final = _Replacement(dict(WORD_START_PAIRS), word_start=True)
_replace_pairs: Final = _Replacement(
    {
        _fold_syllables(replaced): _fold_syllables(kept)
        for replaced, kept in (
            *LOANWORD_PAIRS,
            *((south, north) for north, south in SPELLING_PAIRS),
        )
    }
)
_shorten: Final = _Replacement({"하어": "해", "하었": "했", "되어": "돼", "되었": "됐"})


def _is_separator(char: str) -> bool:
    r"""Say whether step 2 drops this; in JavaScript [\p{Z}\p{P}\p{Cc}~∼～≪≫<>]."""
    category = unicodedata.category(char)
    return category[0] in "ZP" or category == "Cc" or char in _SEPARATING_SIGNS


def _folded_words(text: str) -> list[str]:
    """Take steps 1 to 5."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    lower = to_nfc(visible).lower()
    spaced = "".join(" " if _is_separator(char) else char for char in lower)
    words = spaced.split(" ")
    return [_replace_pairs(_fold_syllables(_replace_at_word_start(word))) for word in words]


def search_fold(text: str) -> str:
    """Make the search key of a text; the same for index and query.

    Args:
        text: any text, composed or not, of either Korean.

    Returns:
        A composed string without spaces and marks; empty when the text had nothing else, and an
        empty query is in every key. The key of a text is the keys of its words, joined. Folding
        the key of a word again doesn't change it; of what is no word (에네르깃발) it may.
    """
    return to_nfc("".join(_folded_words(text)))


def initial_key(initials: str) -> str:
    """Reduce initials, typed or taken from a text, to the keys both Koreans share."""
    return "".join(INITIAL_KEYS.get(letter, letter) for letter in initials)


def search_initials(text: str) -> str:
    """Make the key for searching by initial consonants (초성); typed initials give theirs as well.

    로동계약, 노동계약, ㄹㄷㄱㅇ and ㄴㄷㄱㅇ all give ㅇㄷㄱㅇ.

    A text gives the initials of its folded form. Where a loanword differs in its number of
    syllables (에네르기, 에너지) these are the kept form's: an index that wants the other way of
    typing found too keeps `initial_key(initial_consonants(title))` beside it.
    """
    words = (_shorten(word) for word in _folded_words(text))
    return initial_key(initial_consonants("".join(words)))
