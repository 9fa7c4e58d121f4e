from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.markup.bodies import bodies, raw_bodies

from bojagi.errors import MarkupError
from bojagi.markup.render import Picture, fill_text, render, sanitise

NASTY = '<b onclick="x">&"\'</b> {fact:days} **가** \u0338'
LADDER = Picture("data:image/png;base64,iVBORw0KGgo=", 320, 200)

PLAIN = "p h2 h3 ul li blockquote strong em br table thead tbody tr th td"
TABLE = """\
<table>
<thead>
<tr>
<th>가</th>
<th>나</th>
</tr>
</thead>
<tbody>
<tr>
<td>1 | 2</td>
<td><strong>3</strong>을</td>
</tr>
</tbody>
</table>"""
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in PLAIN.split()},
    "ol": {"start"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height"},
}
"""Every tag a reader's page may hold, and its attributes."""

HOSTILE = [
    "<script>alert(1)</script>",
    "<script src=//evil.example></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT/XSS>alert(1)</SCRIPT>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>가</text></a></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math href="javascript:alert(1)">가</math>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img onerror=a()&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<p><style><p title="</style><img src=x onerror=alert(1)>"></p>',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<img src=x onerror=alert(1)>",
    '<img src="https://tracker.example/1.png" width=1 height=1>',
    "<img src=images/a.png>",
    '<img srcset="https://tracker.example/1.png 2x">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="data:text/html,<script>alert(1)</script>">',
    "<img/src=x/onerror=alert(1)//>",
    "<a href=javascript:alert(1)>가</a>",
    '<a href=" javascript:alert(1)">가</a>',
    '<a href="java\tscript:alert(1)">가</a>',
    "<a href=&#106;avascript:alert(1)>가</a>",
    '<a href="data:text/html;base64,PHNjcmlwdD4=">가</a>',
    '<a href="data:image/png;base64,AA">가</a>',
    "<a href=http://a.example>가</a>",
    "<a href=//a.example>가</a>",
    "<a href=/studio/>가</a>",
    "<a href=tel:112>가</a>",
    '<a href="https://a.example" target=_blank onclick=alert(1) ping=https://b.example>가</a>',
    '<p style="background:url(https://tracker.example)">가</p>',
    "<p id=a class=b lang=ko dir=rtl data-x=1 hidden>가</p>",
    "<style>p{background:url(https://tracker.example)}</style>",
    "<link rel=stylesheet href=https://tracker.example>",
    '<meta http-equiv=refresh content="0;url=https://a.example">',
    "<base href=https://a.example>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=https://a.example></object><embed src=https://a.example>",
    "<form action=https://a.example><input name=x><button>가</button></form>",
    "<video src=https://a.example autoplay onloadstart=alert(1)></video>",
    "<body onload=alert(1)><h1>가</h1></body>",
    "<!-- 가 --><!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '<?xml version="1.0"?><img src=x onerror=alert(1)>',
    "<p/onclick=alert(1)>가",
    "<th style=text-align:left onmouseover=alert(1)>가</th>",
    "<table background=https://tracker.example><td background=https://tracker.example>가",
    "<ol start=1 onclick=alert(1)><li value=3>가</ol>",
    "<br/><br onclick=alert(1)><x-y>가</x-y>",
    "<p>\0가</p><p>\ufeff</p>",
]

SOUP = [
    *(
        "<p>",
        "</p>",
        "<a href=",
        "<img src=",
        '"',
        "'",
        ">",
        "<",
        "/",
        "=",
        " ",
        "&",
        "&lt;",
        "&#60;",
    ),
    *("<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<script>"),
    *("</script>", "<table>", "<tr>", "<td>", "</table>", "<li>", "<ol start=", "<noscript>"),
    *("javascript:alert(1)", "https://a.b", "data:image/png;base64,AA", "data:text/html,x"),
    *(
        " onerror=alert(1)",
        " style=x",
        " title=",
        "<!--",
        "-->",
        "<template>",
        "<textarea>",
        "가",
        "\n",
    ),
    *("<title>", "<h2>", "<strong>", "</em>", "<br>", "<xmp>", "]]>", "<![CDATA[", "\0", "\u0338"),
]


class Reader(HTMLParser):
    """Collects every tag with its attributes, and the text, as a page would show it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def assert_clean(html: str) -> None:
    assert_harmless(html)
    assert sanitise(html) == html


def assert_harmless(html: str) -> None:
    reader = read(html)
    assert reader.others == []
    for tag, attributes in reader.tags:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag]
        assert (attributes.get("href") or "https://").startswith("https://")
        assert (attributes.get("src") or "data:image/png;base64,").startswith(
            "data:image/png;base64,"
        )


def days(_kind: str, _name: str) -> str:
    return "14"


def nasty(_kind: str, _name: str) -> str:
    return NASTY


class AnyPicture(dict[str, Picture]):
    def __missing__(self, key: str) -> Picture:
        return LADDER


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_survives_the_sanitiser(html: str) -> None:
    assert_clean(sanitise(html))


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "가 {} 나", "- {}", "> {}", "## {}", "| {} |\n|---|"])
def test_nothing_hostile_gets_through_markdown(html: str, frame: str) -> None:
    try:
        rendered = render(frame.format(html), days, AnyPicture())
    except MarkupError:
        return
    assert_clean(rendered)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(SOUP), max_size=25).map("".join))
def test_no_soup_of_tags_yields_one_that_is_not_on_the_list(html: str) -> None:
    once = sanitise(html)
    assert_harmless(once)
    assert_harmless(sanitise(once))


@settings(max_examples=300, deadline=None)
@given(st.one_of(bodies(), raw_bodies))
def test_whatever_is_rendered_is_harmless_even_with_nasty_facts(body: str) -> None:
    try:
        rendered = render(body, nasty, AnyPicture())
    except MarkupError:
        return
    assert_clean(rendered)


@pytest.mark.parametrize(
    "body",
    [
        "{fact:a}",
        "- **{fact:a}**",
        "## {hotline:a}",
        "| {fact:a} |\n|---|",
        "[{fact:a}](https://a.b)",
    ],
)
def test_a_fact_is_shown_as_it_is_written_and_never_as_markup(body: str) -> None:
    rendered = render(body, nasty, {})
    assert read(rendered).text.strip() == NASTY
    assert "&lt;b onclick=" in rendered
    assert "{fact:days} **가**" in rendered
    assert_clean(rendered)


def test_a_placeholder_is_filled_by_its_kind_and_its_name() -> None:
    def say(kind: str, name: str) -> str:
        return f"<{kind}/{name}>"

    rendered = render("{fact:a_1} {hotline:b} {fact:} {else:c}", say, {})
    assert read(rendered).text == "<fact/a_1> <hotline/b> {fact:} {else:c}"
    assert (
        fill_text("{fact:a_1}, {hotline:b} & {else:c}", say) == "<fact/a_1>, <hotline/b> & {else:c}"
    )


def test_a_placeholder_nobody_knows_is_not_passed_over() -> None:
    def refuse(kind: str, name: str) -> str:
        raise LookupError(kind, name)

    with pytest.raises(LookupError):
        render("가 {fact:unknown}", refuse, {})


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("가 & 나 < 다", "<p>가 &amp; 나 &lt; 다</p>"),
        ("가\\\n나\n다", "<p>가<br>\n나\n다</p>"),
        ("## 가\n\n### 나 ###", "<h2>가</h2>\n<h3>나</h3>"),
        ("3. 가\n4. 나", '<ol start="3">\n<li>가</li>\n<li>나</li>\n</ol>'),
        (
            "> **난민(F-2)**을 *꼭*",
            "<blockquote>\n<p><strong>난민(F-2)</strong>을 <em>꼭</em></p>\n</blockquote>",
        ),
        (
            "[안내](https://a.b/?c=d&e)",
            '<p><a href="https://a.b/?c=d&amp;e" rel="noopener noreferrer">안내</a></p>',
        ),
        (
            '[안내](https://a.b "제목")',
            '<p><a href="https://a.b" rel="noopener noreferrer">안내</a></p>',
        ),
        (
            "| 가 | 나 |\n|:--|--:|\n| 1 \\| 2 | **3**을 |",
            TABLE,
        ),
    ],
)
def test_a_body_becomes_plain_html(body: str, html: str) -> None:
    assert render(body, days, {}) == html


def test_a_picture_carries_its_words_its_size_and_its_own_bytes() -> None:
    body = '![사다리 "높이" & {fact:a}m < 5\n옆](images/ladder.png)'
    rendered = render(body, days, {"images/ladder.png": LADDER})
    assert read(rendered).tags == [
        ("p", {}),
        (
            "img",
            {
                "src": LADDER.address,
                "alt": '사다리 "높이" & 14m < 5 옆',
                "width": "320",
                "height": "200",
            },
        ),
    ]
    assert_clean(rendered)


def test_a_nasty_fact_can_not_break_out_of_the_words_of_a_picture() -> None:
    rendered = render("![{fact:a}](images/a.png)", nasty, AnyPicture())
    assert [tag for tag, _ in read(rendered).tags] == ["p", "img"]
    assert read(rendered).tags[1][1]["alt"] == NASTY
    assert_clean(rendered)


def test_a_picture_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"images/ladder\.png"):
        render("![사다리](images/ladder.png)", days, {})


@pytest.mark.parametrize(
    "address", ["https://a.b/c.png", "images/a.png", "data:image/svg+xml,<svg>"]
)
def test_a_picture_comes_from_nowhere_but_the_page_itself(address: str) -> None:
    rendered = render("![가](images/a.png)", days, {"images/a.png": Picture(address, 1, 1)})
    assert "src" not in read(rendered).tags[1][1]
