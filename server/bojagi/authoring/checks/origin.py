"""Whether Korean text is in the Korean of its locale.

On a worker's phone southern spelling and words are an offence by themselves (평양문화어보호법,
2023); in a pack for people who have settled, northern forms make a reader feel marked. What is
looked for stands in `bojagi.authoring.origin`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.rule import Rule, Stretch, StretchKind, Surroundings
from bojagi.authoring.origin.drafting import CLOSE, OPEN
from bojagi.authoring.origin.forms import Form, forms_foreign_to
from bojagi.authoring.origin.words import Kind
from bojagi.domain.finding import Severity
from bojagi.domain.identifiers import LocaleCode
from bojagi.domain.locales import KO_KP, KO_KR

if TYPE_CHECKING:
    from bojagi.domain.finding import Finding

SOUTHERN_SPELLING: Final = Rule(
    "southern-spelling",
    Severity.WARN,
    "Southern spelling: {found}. The North writes {instead}.",
    "Write it the northern way. Spelling alone shows where a text was made.",
    "Words whose northern spelling is another word in the South (유산, 양식), and words that the "
    "lists don't hold.",
    needs_waiver=True,
    example="노동 시간 → 로동시간",
)
SOUTHERN_WORD: Final = Rule(
    "southern-word",
    Severity.WARN,
    "A southern word: {found}. In the North: {instead}.",
    "Say it in a northern word, or in plain words that both know.",
    "Words that the lists don't hold; words the North came to use lately.",
    needs_waiver=True,
    example="버스 → 뻐스",
)
SOUTHERN_INSTITUTION: Final = Rule(
    "southern-institution",
    Severity.WARN,
    "A body or a benefit of the South: {found}. In plain words: {instead}.",
    "In packs for workers leave it out; elsewhere explain it in plain words the first time.",
    "Bodies described without their name.",
    needs_waiver=True,
    example="정착금 → 자리잡는 돈",
)
BANNED_WORD: Final = Rule(
    "banned-word",
    Severity.WARN,
    "A word that is punished or hostile in the North: {found}. Instead: {instead}.",
    "Take it out: the word alone can be punished.",
    "Such words in other spellings, and those that became so after 2024.",
    needs_waiver=True,
    example="오빠, 한국, 탈북",
)
FALSE_FRIEND: Final = Rule(
    "false-friend",
    Severity.NOTE,
    "A word that means another thing in the North: {found}. There: {instead}.",
    "Say what is meant in plain words.",
    "Which of its meanings the sentence has.",
    example="서비스 → 봉사",
)
SOUTHERN_SPACING: Final = Rule(
    "southern-spacing",
    Severity.WARN,
    "Southern spacing: {found}. The North writes {instead}.",
    "Join them: bound nouns, helping verbs and counters stand with the word before.",
    "Names of things in several nouns, and 때, 후, 전, 중, which the norms of 1987 and 2010 "
    "treat in different ways.",
    needs_waiver=True,
    example="할 수 있다 → 할수 있다",
)
SOUTHERN_MARKS: Final = Rule(
    "southern-marks",
    Severity.WARN,
    "Southern marks: {found}. The North writes {instead}.",
    "Write 《 》 for quotes and a comma for the middle dot.",
    "Straight quotes, and the order of nested ones.",
    needs_waiver=True,
    example="“쉬는 날” → 《쉬는 날》",
)
SOUTHERN_ENDING: Final = Rule(
    "southern-ending",
    Severity.WARN,
    "A southern ending or address: {found}. Neutral: {instead}.",
    "Write -ㅂ니다, -십시오 or plain -ㄴ다, and no 님 after a post.",
    "The tone of a sentence, and endings that both have.",
    needs_waiver=True,
    example="쉬세요 → 쉬십시오",
)
SOUTHERN_SHORT_FORM: Final = Rule(
    "southern-short-form",
    Severity.NOTE,
    "A short form of speech: {found}. In print: {instead}.",
    "Write 하여 and 하였 in full.",
    "Short forms of other verbs.",
    example="했다 → 하였다",
)
NORTHERN_SPELLING: Final = Rule(
    "northern-spelling",
    Severity.WARN,
    "Northern spelling in a southern text: {found}. The South writes {instead}.",
    "Write it the southern way, unless somebody is quoted.",
    "Words whose northern spelling is a southern word too (회수, 기발).",
    needs_waiver=True,
    example="로동 → 노동",
)
NORTHERN_WORD: Final = Rule(
    "northern-word",
    Severity.WARN,
    "A northern word in a southern text: {found}. In the South: {instead}.",
    "Say it in the southern word, unless the northern one is explained.",
    "Words that both have and mean differently.",
    needs_waiver=True,
    example="손전화기 → 휴대폰",
)
NORTHERN_SPACING: Final = Rule(
    "northern-spacing",
    Severity.NOTE,
    "Northern spacing in a southern text: {found}. The South writes {instead}.",
    "Part them.",
    "Helping verbs, which the South may join too.",
    example="할수 있다 → 할 수 있다",
)
NORTHERN_MARKS: Final = Rule(
    "northern-marks",
    Severity.NOTE,
    "Northern marks in a southern text: {found}. The South writes {instead}.",
    "Write ‘ ’ or “ ”, unless these mark a title.",
    "Whether they mark a title, which the South writes so too.",
    example="《쉬는 날》 → ‘쉬는 날’",
)
DRAFT_MARK: Final = Rule(
    "draft-mark",
    Severity.BLOCK,
    "A word of a draft that nobody has decided: {found}",
    "Write what it should be, and take the marks away.",
    "Words of a draft that were wrong and not marked.",
    example="⟦노력→로력⟧",
)
RULES: Final = (
    SOUTHERN_SPELLING,
    SOUTHERN_WORD,
    SOUTHERN_INSTITUTION,
    BANNED_WORD,
    FALSE_FRIEND,
    SOUTHERN_SPACING,
    SOUTHERN_MARKS,
    SOUTHERN_ENDING,
    SOUTHERN_SHORT_FORM,
    NORTHERN_SPELLING,
    NORTHERN_WORD,
    NORTHERN_SPACING,
    NORTHERN_MARKS,
    DRAFT_MARK,
)
FRAGMENTS: Final = ("nothing",)
RULE_OF: Final[Mapping[LocaleCode, Mapping[Kind, Rule]]] = {
    KO_KP: {
        Kind.SPELLING: SOUTHERN_SPELLING,
        Kind.WORD: SOUTHERN_WORD,
        Kind.INSTITUTION: SOUTHERN_INSTITUTION,
        Kind.BANNED: BANNED_WORD,
        Kind.FALSE_FRIEND: FALSE_FRIEND,
        Kind.SPACING: SOUTHERN_SPACING,
        Kind.MARKS: SOUTHERN_MARKS,
        Kind.ENDING: SOUTHERN_ENDING,
        Kind.SHORT_FORM: SOUTHERN_SHORT_FORM,
    },
    KO_KR: {
        Kind.SPELLING: NORTHERN_SPELLING,
        Kind.WORD: NORTHERN_WORD,
        Kind.SPACING: NORTHERN_SPACING,
        Kind.MARKS: NORTHERN_MARKS,
    },
}
"""Which rule speaks of a form, by the locale the text should be in."""
_EXPLAINED: Final = re.compile("북쪽|북에서|북한")
_MARK: Final = re.compile(f"{OPEN}[^{CLOSE}\n]*{CLOSE}?|{CLOSE}")
_CLOSING: Final = frozenset("”’》")
_NEAR: Final = 16
"""Characters before a northern word in which a southern text may say that it is one."""
_REMEMBERED: Final = 16384
"""Passages whose outcome is kept, so that one who types waits for one of them."""
_READ: Final = frozenset(
    {StretchKind.TITLE, StretchKind.PASSAGE, StretchKind.CARD, StretchKind.FACT}
)


def check_origin(stretch: Stretch, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check that Korean words are those of the stretch's locale."""
    if stretch.kind not in _READ or stretch.locale not in RULE_OF:
        return
    text, is_plain = stretch.plain, stretch.plain != stretch.raw
    for form in _forms(stretch.locale, text):
        rule = RULE_OF[stretch.locale][form.kind]
        if form.kind is Kind.MARKS and text[form.start] in _CLOSING:
            continue  # the opening one said it
        if rule is NORTHERN_WORD and _EXPLAINED.search(
            text, max(0, form.start - _NEAR), form.start
        ):
            continue
        start = _word_start(text, form.start) if form.kind is Kind.SPACING else form.start
        place = stretch.place(form.start, is_plain=is_plain)
        instead = text[start : form.start] + form.instead or FRAGMENTS[0]
        yield rule.at(place, text[start : form.end], instead=instead)


@lru_cache(maxsize=_REMEMBERED)
def _forms(locale: LocaleCode, text: str) -> tuple[Form, ...]:
    return tuple(forms_foreign_to(locale, text))


def _word_start(text: str, offset: int) -> int:
    """Return where the word begins in which an offset is: 수 있 alone says little."""
    while offset and text[offset - 1].isalnum():
        offset -= 1
    return offset


def check_draft_marks(stretch: Stretch, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check that no mark of a draft is left."""
    for mark in _MARK.finditer(stretch.raw):
        yield DRAFT_MARK.at(stretch.place(mark.start()), mark[0])


def forget() -> None:
    """Forget what was found in texts, so that a measurement begins anew."""
    _forms.cache_clear()


STRETCH_CHECKS: Final = (check_origin, check_draft_marks)
