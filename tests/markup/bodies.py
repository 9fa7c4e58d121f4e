"""Strategies for article bodies: well-formed ones in Korean, and raw ones for fuzzing.

A block is a list of lines; a line that goes on with the one before is marked, so that the marker
of a quote and the indent of an item can lazily be left out in front of it (CommonMark 5.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st


@dataclass(frozen=True)
class Line:
    """One line of a block, and whether it goes on with the paragraph before it."""

    text: str
    goes_on: bool = False


Block = list[Line]

WORDS: Final = (
    *(
        "로동",
        "임금",
        "체류증",
        "병원",
        "추위",
        "손을",
        "녹이십시오",
        "일을",
        "멈추고",
        "물어보십시오",
    ),
    *("한글", "녀자", "14일", "F-2", "Не", "стой", "pay", "3"),
)
INLINES: Final = (
    *("**난민(F-2)**을", "**“체류”**를", "**100%**를", "*천천히*", "***꼭***"),
    *("**가 *나(다)*라**마", "_가_", "…", "·", "!", "(가)", "\\*별\\*", "\\|", "\\\\", "\\#"),
    *("{fact:days}일", "**{fact:days}**시간", "{hotline:ambulance}", "{fact:}", "{x}"),
    *("[안내](https://a.b/c?d=1)", "**[링크](https://a.b)**만", "![사다리](images/ladder.png)"),
    *("1. 1", "2) 2", "- -", "> 5", "# #", "##", "+", "~~~", "--", "=="),
    *("3 < 5", "&amp;", "&nbsp;", "&", "[가]", "![", "]"),
)
"""Each may stand anywhere but at the beginning of a line."""

words = st.sampled_from(WORDS)
inlines = st.one_of(words, st.sampled_from(INLINES))


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Draw a line that begins with a word."""
    rest = draw(st.lists(inlines, max_size=4))
    return " ".join([draw(words), *rest])


@st.composite
def paragraphs(draw: st.DrawFn) -> Block:
    """Draw a paragraph, with soft and hard line breaks."""
    first, *rest = draw(st.lists(lines(), min_size=1, max_size=3))
    block = [Line(first)]
    for text in rest:
        if draw(st.booleans()):
            block[-1] = Line(block[-1].text + "\\", block[-1].goes_on)
        block.append(Line(text, goes_on=True))
    return block


@st.composite
def headings(draw: st.DrawFn) -> Block:
    """Draw a heading, closed or open."""
    marker = draw(st.sampled_from(["##", "###", "##  "]))
    return [Line(f"{marker} {draw(lines())}{draw(st.sampled_from(['', '', ' ##', ' #']))}")]


def nested(block: Block, marker: str, indent: str, *, lazy: bool) -> Iterator[Line]:
    """Put a block behind a marker; the lines that go on may leave their indent out."""
    for number, line in enumerate(block):
        before = marker if number == 0 else "" if lazy and line.goes_on else indent
        yield Line((before + line.text).rstrip(), line.goes_on and ">" not in before)


def stacked(blocks: list[Block], gap: int = 1) -> Block:
    """Put blocks under each other with empty lines between."""
    together: Block = []
    for block in blocks:
        together += [Line("")] * (gap if together else 0) + block
    return together


@st.composite
def quotes(draw: st.DrawFn, inner: st.SearchStrategy[Block]) -> Block:
    """Draw a quote."""
    marker = draw(st.sampled_from(["> ", "> ", ">"]))
    blocks = draw(st.lists(inner, min_size=1, max_size=2))
    return list(nested(stacked(blocks), marker, marker, lazy=draw(st.booleans())))


@st.composite
def bullets(draw: st.DrawFn, inner: st.SearchStrategy[Block]) -> Block:
    """Draw a list, numbered or not, tight or loose."""
    marker = draw(st.sampled_from(["- ", "* ", "+ ", "-   ", "1. ", "3) ", "10. "]))
    lazy = draw(st.booleans())
    items = [
        list(nested(stacked(blocks), marker, " " * len(marker), lazy=lazy))
        for blocks in draw(
            st.lists(st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=3)
        )
    ]
    return stacked(items, gap=draw(st.integers(0, 1)))


@st.composite
def tables(draw: st.DrawFn) -> Block:
    """Draw a table: aligned or not, with escaped bars, empty cells and short rows."""
    columns = draw(st.integers(1, 3))
    cells = st.one_of(
        st.just(""), lines(), st.sampled_from(["가 \\| 나", "\\|", "- 1", "# 2", "1. 1"])
    )
    close = draw(st.sampled_from([" |", "|"]))
    rules = draw(
        st.lists(
            st.sampled_from(["---", ":-:", ":--", "-:", "-"]), min_size=columns, max_size=columns
        )
    )
    header = draw(st.lists(lines(), min_size=columns, max_size=columns))
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=columns), max_size=3))
    written = [header, rules, *rows]
    return [Line("| " + " | ".join(row) + close) for row in written]


leaves = st.one_of(paragraphs(), paragraphs(), headings())
nests = st.recursive(leaves, lambda inner: st.one_of(quotes(inner), bullets(inner)), max_leaves=4)
blocks = st.one_of(nests, tables())


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Draw a whole body of blocks, with empty lines before, between and after."""
    drawn = draw(st.lists(blocks, min_size=1, max_size=4))
    before, between, after = (draw(st.integers(0, 2)) for _ in range(3))
    text = "\n".join(line.text for line in stacked(drawn, gap=between + 1))
    return "\n" * before + text + "\n" * after


PIECES: Final = (
    *"가나을 \n\n\n#->1.)|*_[](!{}\\:&;\"'~+=`<>a0",
    *(
        "\n\n",
        "\n- ",
        "\n  - ",
        "\n    - ",
        "\n1. ",
        "\n10) ",
        "\n+ ",
        "\n* ",
        "\n> ",
        "\n>> ",
        "\n| ",
    ),
    *(
        "| ",
        "\n|-|-|\n",
        "|-|",
        "\n---\n",
        "\n===",
        "**",
        "## ",
        "### ",
        "#",
        "  ",
        "    ",
        "\\|",
        "\\",
    ),
    *("{fact:a}", "{hotline:b}", "[가](https://a.b)", "![가](images/a.png)", "https://a.b"),
    *("&nbsp;", "&#10;", "&#124;", "&lt;", "\u00a0", "\u3000", "\u200b", "\u0338", "\ufeff", "ﬀ"),
    "\u1112\u1161\u11ab",
)
REFUSED: Final = ("\t", "\r", "\0", "\u2028", "\ud800", "<!--", "<b>", "```", "`가`", "\n[a]: x")
raw_bodies: Final = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
    st.lists(st.sampled_from(PIECES + REFUSED), max_size=24).map("".join),
)
"""Anything at all over the characters that mean something in Markdown."""
