"""Phrases that can hurt who is found with them, or who believes them.

A rule of phrase reads words, not meaning: it asks a person to look again, and a second person may
let the words stand with a reason. What each looks for stands in `phrases/`, by locale; how well it
finds what people wrote who hadn't seen it stands in `docs/checks.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.folding import fold, shortened
from bojagi.authoring.checks.phrase_book import book_of
from bojagi.authoring.checks.quiet import QuietPassages
from bojagi.authoring.checks.rule import Rule, Stretch, StretchKind, Surroundings
from bojagi.domain.finding import Severity

if TYPE_CHECKING:
    from bojagi.domain.finding import Finding
    from bojagi.domain.identifiers import LocaleCode


def _warns(rule: str, words: str, to_do: str, blind_spot: str, example: str) -> Rule:
    return Rule(rule, Severity.WARN, words, to_do, blind_spot, needs_waiver=True, example=example)


RULES: Final = (
    _warns(
        "route",
        "This reads like directions for a way out: {found}",
        "Take it out. Places, times and transport make a pack the evidence of a plan, and send "
        "people where others wait for them.",
        "Directions that name no place, no hour and no vehicle, or are spread over paragraphs.",
        "새벽에 차를 타고 역으로 가서 갈아탑니다.",
    ),
    _warns(
        "border-approach",
        "This reads like advice on coming near a border or into a mission: {found}",
        "Take it out. What the law says of borders may stay; how to get there may not.",
        "Advice that calls the border and the mission by no name.",
        "경비병이 교대할 때 철조망을 넘으십시오.",
    ),
    _warns(
        "broker",
        "This reads like help to find or pay a go-between: {found}",
        "Take it out; say instead how fraud is recognised.",
        "Go-betweens called by a word of their own.",
        "믿을수 있는 거간을 소개합니다.",
    ),
    _warns(
        "asks-for-details",
        "This asks the reader for something that says who they are: {found}",
        "Take it out. Nobody who hands out a pack asks for a name, a photo, a paper or an answer.",
        "Asking in a question that names none of these.",
        "이름과 사진을 우리에게 보내주십시오.",
    ),
    _warns(
        "asks-to-install",
        "This asks the reader to put something on a phone, or to switch something on: {found}",
        "Take it out. What is installed is found, and apps said to protect escapees were spyware.",
        "Programs called by a name of their own.",
        "이 프로그람을 깔고 가입하십시오.",
    ),
    _warns(
        "asks-to-pass-on",
        "This asks the reader to keep or to pass on a text: {found}",
        "Take it out. Passing on is punished far harder than having.",
        "Keeping and passing on that is praised and not asked for.",
        "이 글을 동무들에게 돌리십시오.",
    ),
    _warns(
        "promise",
        "This promises what nobody can promise: {found}",
        "Say what may be: may, can ask, has sometimes.",
        "A promise made by an example alone.",
        "반드시 보호를 받습니다.",
    ),
    _warns(
        "inducement",
        "This holds out a gain as a reason: {found}",
        "Tell facts about money and housing only to people who have settled, and as no reason for "
        "anything.",
        "A gain shown in a story or a picture.",
        "떠나면 집과 돈을 줍니다.",
    ),
    _warns(
        "urging",
        "This pushes the reader to a decision: {found}",
        "Take it out. Say what there is to know; to leave, stay or return is theirs to decide.",
        "Pushing by shame, fear or praise in other words.",
        "지금 당장 그곳을 떠나십시오.",
    ),
    _warns(
        "group-action",
        "This speaks for acting together: {found}",
        "Take it out. Workers who were sent home after a joint demand were reported jailed.",
        "Acting together that is told as news, without a word for it.",
        "모두 함께 일을 멈추고 로임을 요구합시다.",
    ),
    _warns(
        "coaching",
        "This coaches for a questioning: {found}",
        "Take it out: it gives false safety, and is evidence. Say what rights there are.",
        "Answers shown without saying what they answer.",
        "물으면 모른다고만 대답하십시오.",
    ),
    _warns(
        "personal-name",
        "A name of somebody beside what they are: {found}",
        "Take the name out; the post alone is enough.",
        "Names without a post, rare surnames, nicknames.",
        "김철수 반장",
    ),
    _warns(
        "slogan",
        "A slogan, abuse, or the name of a leader: {found}",
        "Take it out. It is false here, and it endangers who is found with it on either side.",
        "Slogans that are nobody's yet, irony.",
        "자유 만세!",
    ),
    _warns(
        "stale-time",
        "A word of time that will be wrong one day: {found}",
        "Write the date or the year: a kept text doesn't know when it is read.",
        "Time said by events: after the new law, since the change of the minister.",
        "올해 법이 바뀌였습니다.",
    ),
    _warns(
        "undated-amount",
        "An amount of money without a date: {found}",
        "Say of which year or day it is, or make a fact of it: {fact:name}.",
        "Whether the date in the paragraph is the amount's; amounts in words alone.",
        "벌금은 5000루블입니다.",
    ),
)
_BY_ID: Final = {rule.id: rule for rule in RULES}
_REMEMBERED: Final = 16384
"""Passages whose outcome is kept, so that one who types waits for one of them."""
QUIET: Final = QuietPassages()
_READ: Final = frozenset(
    {StretchKind.TITLE, StretchKind.PASSAGE, StretchKind.CARD, StretchKind.CARD_LINE}
)


def check_phrases(stretch: Stretch, _surroundings: Surroundings) -> Iterator[Finding]:
    """Check a stretch for phrases that can hurt: as a reader sees it, placeholders as written."""
    if stretch.kind not in _READ:
        return
    is_plain = stretch.plain != stretch.raw and "{" not in stretch.raw
    text = stretch.plain if is_plain else stretch.raw
    for rule, start, end in _spoken_of(stretch.locale, text):
        place = stretch.place(start, is_plain=is_plain)
        yield _BY_ID[rule].at(place, shortened(text[start:end]))


@lru_cache(maxsize=_REMEMBERED)
def _spoken_of(locale: LocaleCode, text: str) -> tuple[tuple[str, int, int], ...]:
    """Return each rule that speaks of a text, and where; who types changes one passage a time."""
    if QUIET.holds(locale, text):
        return ()
    folded = fold(text)
    found = tuple((rule, *folded.span(*at)) for rule, at in book_of(locale).find(folded.text))
    if not found:
        QUIET.add(locale, text)
    return found


def forget() -> None:
    """Forget what was found in texts, so that a measurement begins anew."""
    _spoken_of.cache_clear()
    QUIET.forget()


STRETCH_CHECKS: Final = (check_phrases,)
