from __future__ import annotations

import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bojagi.markup.emphasis import tokenize_korean
from bojagi.markup.render import render

MENDED = [
    ("**난민(F-2)**을", "<strong>난민(F-2)</strong>을"),
    ("**“체류”**를", "<strong>“체류”</strong>를"),
    ('**"체류"**를', '<strong>"체류"</strong>를'),
    ("**‘임금’**은", "<strong>‘임금’</strong>은"),
    ("**《체류증》**을", "<strong>《체류증》</strong>을"),
    ("**100%**를", "<strong>100%</strong>를"),
    ("**보호?**라고", "<strong>보호?</strong>라고"),
    ("**제16조.**를", "<strong>제16조.</strong>를"),
    ("**가~**나", "<strong>가~</strong>나"),
    ("한글**(가)**나", "한글<strong>(가)</strong>나"),
    ("가**《나》**다", "가<strong>《나》</strong>다"),
    ("**(1)**과 **(2)**를", "<strong>(1)</strong>과 <strong>(2)</strong>를"),
    ("다**“라”**마**“바”**사", "다<strong>“라”</strong>마<strong>“바”</strong>사"),
    (
        "**[링크](https://a.b)**만",
        '<strong><a href="https://a.b" rel="noopener noreferrer">링크</a></strong>만',
    ),
    ("**{fact:days}**일", "<strong>14</strong>일"),
    ("하루**{fact:days}**시간", "하루<strong>14</strong>시간"),
    ("***(가)***나", "<em><strong>(가)</strong></em>나"),
    ("**가 *(나)*다**라", "<strong>가 <em>(나)</em>다</strong>라"),
    ("*가 **“나”**다*라", "<em>가 <strong>“나”</strong>다</em>라"),
    ("**가(나)***다*라", "<strong>가(나)</strong><em>다</em>라"),
    ("**ㄱ)**ㄴ", "<strong>ㄱ)</strong>ㄴ"),
    ("**難民(F-2)**の", "<strong>難民(F-2)</strong>の"),
]
"""What stays literal by the specification, and what a Korean author means by it."""

ASCII_EXAMPLES = [
    *("*a*", "**a**", "***a***", "* a *", "a * b", "a*b*", "a**b**c", "*a*b", "5*6*78"),
    *('a*"b"*', '**"b"**c', "*(a)*b", "*(*a)", "*(*a*)*", "**(a**)b", "**a (b)**c", "(**a**)"),
    *("**a *b* c**", "*a **b** c*", "*a **b*", "**a *b**", "***a** b*", "***a* b**", "*a***b*"),
    *("**a", "a**", "****", "** **", "*a\nb*", "**a\nb**", "*a _b* c_", "_a *b_ c*", "a_b_c"),
    *(r"\*a\*", r"*a\*", "*`*`", "**[a](/b)**c", "*[a*](/b)", "![**a**](b)", "*&nbsp;a*", "*-*"),
]


def days(_kind: str, _name: str) -> str:
    return "14"


@cache
def unmodified() -> MarkdownIt:
    return MarkdownIt("commonmark")


@cache
def mended() -> MarkdownIt:
    markdown = MarkdownIt("commonmark")
    markdown.inline.ruler.at("emphasis", tokenize_korean)
    return markdown


@pytest.mark.parametrize(("text", "html"), MENDED)
def test_a_particle_after_a_sign_leaves_the_words_strong(text: str, html: str) -> None:
    assert render(text, days, {}) == f"<p>{html}</p>"


@pytest.mark.parametrize(("text", "html"), MENDED)
def test_a_parser_that_is_not_mended_shows_the_asterisks(text: str, html: str) -> None:
    shown = unmodified().render(text)
    assert "*" in shown
    assert re.findall("<(?:strong|em)>", shown) != re.findall("<(?:strong|em)>", html)


@pytest.mark.parametrize(("text", "html"), MENDED)
def test_decomposed_hangul_is_as_strong_as_composed(text: str, html: str) -> None:
    rendered = render(unicodedata.normalize("NFD", text), days, {})
    assert unicodedata.normalize("NFC", rendered) == f"<p>{html}</p>"


@pytest.mark.parametrize("wrapping", ["{}", "- {}", "> {}", "## {}", "1. {}", "| {} |\n|---|"])
def test_it_holds_wherever_words_may_stand(wrapping: str) -> None:
    rendered = render(wrapping.format("**난민(F-2)**을"), days, {})
    assert "<strong>난민(F-2)</strong>을" in rendered


@pytest.mark.parametrize(
    "text",
    [
        "**가",
        "가 ** 나 ** 다",
        "가** (나) **다",
        "\\*\\*가(나)\\*\\*다",
        "** 가(나)**다",
        "**(나) **다",
    ],
)
def test_asterisks_that_mark_nothing_stay_signs(text: str) -> None:
    assert "<strong>" not in render(text, days, {})


@pytest.mark.parametrize("text", ["_한글_은", "__난민(F-2)__을", "가_나_다", "_(가)_나"])
def test_underlines_keep_to_the_specification(text: str) -> None:
    assert mended().render(text) == unmodified().render(text)
    assert "<em>" not in mended().render(text)


@pytest.mark.parametrize("text", ASCII_EXAMPLES)
def test_nothing_changes_for_text_in_latin_letters(text: str) -> None:
    assert mended().render(text) == unmodified().render(text)


@settings(max_examples=2000, deadline=None)
@given(st.text(alphabet="* a(.", max_size=24))
def test_nothing_changes_for_any_string_of_asterisks_letters_and_signs(text: str) -> None:
    assert mended().render(text) == unmodified().render(text)


@settings(max_examples=1000, deadline=None)
@given(st.text(alphabet=st.sampled_from("*_ab1 .,(!)[]\\\n\"'-~éжЯ€„«"), max_size=30))
def test_nothing_changes_for_other_alphabets_than_those_of_east_asia(text: str) -> None:
    assert mended().render(text) == unmodified().render(text)


@settings(max_examples=500, deadline=None)
@given(
    st.text(alphabet="가나다난민", min_size=1, max_size=5),
    st.sampled_from(["(F-2)", "”", "%", "?", ".", "》", "!", "’", ")"]),
    st.sampled_from(["을", "를", "은", "이라고", "만", "에서"]),
)
def test_any_word_and_sign_and_particle_come_out_strong(
    word: str, sign: str, particle: str
) -> None:
    shown = mended().render(f"먼저 **{word}{sign}**{particle} 보십시오.")
    assert shown == f"<p>먼저 <strong>{word}{sign}</strong>{particle} 보십시오.</p>\n"
