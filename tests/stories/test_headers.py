"""Capable attackers and curious networks: what every answer says beside its words.

Every address of every shelf is asked for, in every content coding, with every outcome.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from tests.stories.running import RunningServer, running_server
from tests.stories.trees import files_of, pages_of, shelf_codes
from tests.stories.wire import CODINGS, Answer, Asker

from bojagi.web.headers import security_headers

EXPECTED: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, noarchive",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""Written out once more, so that a header that is dropped from the program is missed here."""

POLICY: Final = re.compile(
    r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; "
    r"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NEVER: Final = {
    "set-cookie",
    "last-modified",
    "expires",
    "location",
    "refresh",
    "link",
    "report-to",
    "nel",
    "alt-svc",
    "access-control-allow-origin",
    "service-worker-allowed",
    "x-powered-by",
    "via",
}
NEUTRAL_TITLE: Final = "자료"


def paths_of(data: Path) -> dict[str, Path]:
    """Every path of every shelf with its file: the first shelf at `/`, the others by their code."""
    paths: dict[str, Path] = {}
    for index, code in enumerate(shelf_codes(data)):
        prefix = f"/{code}/" if index else "/"
        for address, file in pages_of(data, code).items():
            paths[prefix + address] = file
    return paths


def assert_safe(answer: Answer, what: str) -> None:
    """Hold an answer to everything that must stand in its head, and to what never may."""
    head = {name: answer.header(name) for name in EXPECTED}
    assert head == EXPECTED, f"{what}: {answer.status}"
    assert POLICY.fullmatch(answer.header("content-security-policy")), what
    assert NEVER.intersection(name for name, _ in answer.headers) == set(), what


def tag_of(body: bytes) -> str:
    """The entity tag that bytes must have."""
    return f'"{sha256(body).hexdigest()[:32]}"'


@pytest.fixture
def asker(server: RunningServer) -> Iterator[Asker]:
    """A connection to the server."""
    with closing(Asker(server.port)) as open_one:
        yield open_one


def test_the_list_in_this_test_is_the_list_of_the_program() -> None:
    program = {name.lower(): value for name, value in security_headers()}
    policy = program.pop("content-security-policy")
    assert POLICY.fullmatch(policy)
    assert EXPECTED.items() <= program.items()


def test_every_page_in_every_coding_says_what_keeps_it_from_being_kept(
    server: RunningServer, asker: Asker
) -> None:
    paths = paths_of(server.data)
    assert len(paths) > 50
    for path, file in paths.items():
        tags = set()
        for coding in CODINGS:
            answer = asker.ask(path, Accept_Encoding=coding)
            what = f"{path} in {coding}"
            assert answer.status == 200, what
            assert_safe(answer, what)
            assert answer.decoded == file.read_bytes(), what
            assert answer.header("content-encoding") == coding.replace("identity", ""), what
            assert answer.header("content-type") == "text/html; charset=utf-8", what
            assert answer.header("vary") == "Accept-Encoding", what
            assert answer.header("etag") == tag_of(answer.body), what
            assert answer.header("content-length") == str(len(answer.body)), what
            tags.add(answer.header("etag"))
        assert len(tags) == len(CODINGS), f"{path}: one tag for each coding"


def test_every_page_answers_conditions_parts_and_other_methods_as_safely(
    server: RunningServer, asker: Asker
) -> None:
    unsafe = []
    for path in paths_of(server.data):
        for coding in CODINGS:
            whole = asker.ask(path, Accept_Encoding=coding)
            tag = whole.header("etag")
            expected = {
                304: asker.ask(path, Accept_Encoding=coding, If_None_Match=tag),
                206: asker.ask(path, Accept_Encoding=coding, Range="bytes=0-9"),
                416: asker.ask(path, Accept_Encoding=coding, Range="bytes=9999999-"),
                405: asker.ask(path, "POST", Accept_Encoding=coding),
                411: asker.ask(path, "POST", Transfer_Encoding="chunked"),
                413: asker.ask(path, "POST", b"a", Content_Length="99999999"),
                200: asker.ask(path, "HEAD", Accept_Encoding=coding),
            }
            for status, answer in expected.items():
                assert answer.status == status, path
                try:
                    assert_safe(answer, path)
                except AssertionError:
                    unsafe.append((status, path))
            assert expected[304].body == expected[200].body == b""
            assert expected[304].header("etag") == tag
            assert expected[206].body == whole.body[:10]
            assert expected[206].header("content-range") == f"bytes 0-9/{len(whole.body)}"
            assert expected[405].header("allow") == "GET, HEAD"
            same = {"date"}
            assert [h for h in whole.headers if h[0] not in same] == [
                h for h in expected[200].headers if h[0] not in same
            ]
    assert {status for status, _ in unsafe} == set(), f"e.g. {unsafe[:3]}"


@pytest.mark.parametrize("path", ["/nothing", "/1/99", "/%ff", "/%00", "/library/files/1.html"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "TRACE", "RUBBISH"])
def test_what_is_not_there_says_so_as_safely(asker: Asker, path: str, method: str) -> None:
    answer = asker.ask(path, method)
    assert answer.status == 404
    assert_safe(answer, path)
    assert bool(answer.body) is (method != "HEAD")


def test_an_error_of_ours_says_so_as_safely_in_the_words_of_its_shelf(
    published: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(published, tmp_path / "data"))
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(data, folder) as server, closing(Asker(server.port)) as asker:
        for index, code in enumerate(shelf_codes(data)):
            path = f"/{code}/1/1" if index else "/1/1"
            file = files_of(data, code)["1/1"]
            page = (file.parents[1] / "errors" / "500.html").read_bytes()
            file.unlink()
            answer = asker.ask(path)
            assert answer.status == 500
            assert answer.body == page
            assert_safe(answer, path)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("br", "br"),
        ("BR", "br"),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("deflate", ""),
        ("compress, x-other", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0", ""),
        ("br;q=0.0, gzip", "gzip"),
        ("br;q=0, zstd;q=0, gzip;q=0.1", "gzip"),
        ("br;q=0, *", "zstd"),
        ("*", "br"),
        ("*;q=0", ""),
        ("*;q=0, gzip;q=1", "gzip"),
        ("gzip;q=0.4, br;q=0.5, zstd;q=0.6", "zstd"),
        ("gzip;q=1.0, br;q=0.001", "gzip"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.2, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.5", "gzip"),
        ("identity;q=0, *;q=0.5", "br"),
        ("identity;q=0", ""),
        ("br ; q=0 , gzip ; q=1", "gzip"),
        ("gzip;q=nonsense", ""),
        (",,;q=1,", ""),
    ],
)
def test_a_coding_is_chosen_by_what_the_asker_can_read(
    asker: Asker, published: Path, accepted: str, coding: str
) -> None:
    sizes = {
        suffix: file.with_name(file.name + suffix).stat().st_size
        for file in [files_of(published, shelf_codes(published)[0])["1/1"]]
        for suffix in (".br", ".zst", ".gz")
    }
    assert min(sizes, key=lambda suffix: sizes[suffix]) == ".br"
    answer = asker.ask("/1/1", Accept_Encoding=accepted)
    assert answer.status == 200
    smaller_of_the_rest = "gzip" if sizes[".gz"] < sizes[".zst"] else "zstd"
    expected = smaller_of_the_rest if accepted == "br;q=0, *" else coding
    assert answer.header("content-encoding") == expected


def test_without_a_word_on_codings_the_plain_text_comes(asker: Asker) -> None:
    assert asker.ask("/1/1").header("content-encoding") == ""


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ('"other",W/{tag} , "third"', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("{bare}", 200),
        ("{of_gzip}", 200),
    ],
)
def test_an_entity_tag_is_compared_as_the_standard_says(
    asker: Asker, condition: str, status: int
) -> None:
    tag = asker.ask("/1/1", Accept_Encoding="br").header("etag")
    of_gzip = asker.ask("/1/1", Accept_Encoding="gzip").header("etag")
    assert tag != of_gzip
    given = condition.format(tag=tag, bare=tag.strip('"'), of_gzip=of_gzip)
    assert asker.ask("/1/1", Accept_Encoding="br", If_None_Match=given).status == status


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=500-", 500, None),
        ("bytes=-20", -20, None),
        ("bytes=300-99999999", 300, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_broken_off_download_goes_on_where_it_stopped(
    asker: Asker, coding: str, wanted: str, first: int, last: int | None
) -> None:
    whole = asker.ask("/1/1", Accept_Encoding=coding)
    rest = asker.ask("/1/1", Accept_Encoding=coding, Range=wanted, If_Range=whole.header("etag"))
    assert rest.status == 206
    assert rest.body == whole.body[first : None if last is None else last + 1]
    assert rest.header("content-length") == str(len(rest.body))
    assert rest.header("etag") == whole.header("etag")


@pytest.mark.parametrize(
    "outdated", ['"other"', "W/{tag}", "Mon, 23 Nov 2026 00:00:00 GMT", "{of_gzip}"]
)
def test_a_download_of_something_else_begins_again(asker: Asker, outdated: str) -> None:
    whole = asker.ask("/1/1", Accept_Encoding="br")
    of_gzip = asker.ask("/1/1", Accept_Encoding="gzip").header("etag")
    condition = outdated.format(tag=whole.header("etag"), of_gzip=of_gzip)
    again = asker.ask("/1/1", Accept_Encoding="br", Range="bytes=5-", If_Range=condition)
    assert again.status == 200
    assert again.body == whole.body


@pytest.mark.parametrize("wanted", ["bytes=a-b", "lines=0-9", "bytes=", "bytes=0-1,5-6", "0-9"])
def test_a_range_nobody_can_read_is_ignored(asker: Asker, wanted: str) -> None:
    assert asker.ask("/1/1", Range=wanted).status == 200


class _Markup(HTMLParser):
    """Collects what a page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.titles: list[str] = []
        self.policies: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = {name: value or "" for name, value in attrs}
        self.attributes += given.items()
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given["content"])

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "title" and data.strip():
            self.titles.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def markup_of(html: str) -> _Markup:
    """Take a page apart."""
    parser = _Markup()
    parser.feed(html)
    parser.close()
    return parser


ADDRESSES: Final = {"href", "src", "srcset", "action", "formaction", "data", "poster", "ping"}
LOCAL: Final = re.compile(r"data:[\w/,;+=-]*|#[\w-]+|(?!//)[\w./-]+")
FORBIDDEN_TAGS: Final = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "audio",
    "video",
    "svg",
    "template",
    "portal",
}


def test_no_page_runs_anything_or_names_another_place(server: RunningServer) -> None:
    policy_of_program = dict(security_headers())["Content-Security-Policy"]
    for path, file in paths_of(server.data).items():
        markup = markup_of(file.read_text("utf-8"))
        assert FORBIDDEN_TAGS.intersection(markup.tags) == set(), path
        named = [value for name, value in markup.attributes if name in ADDRESSES]
        assert [each for each in named if not LOCAL.fullmatch(each)] == [], path
        assert [name for name, _ in markup.attributes if name.startswith("on")] == [], path
        assert markup.comments == [], path
        assert markup.titles == [NEUTRAL_TITLE], path
        assert len(markup.policies) == 1, path
        assert policy_of_program.startswith(markup.policies[0]), path
        assert markup.policies[0].startswith("default-src 'none'"), path


@pytest.mark.parametrize(
    "planted",
    [
        "<a href='https://elsewhere.example/'>a</a>",
        "<a href='//elsewhere.example/'>a</a>",
        "<a href='tel:1345'>a</a>",
        "<img src='http://elsewhere.example/a.png'>",
    ],
)
def test_the_same_look_sees_an_address_of_another_place(planted: str) -> None:
    named = [value for name, value in markup_of(planted).attributes if name in ADDRESSES]
    assert [each for each in named if not LOCAL.fullmatch(each)] == named != []


def test_the_same_look_sees_scripts_comments_and_telling_titles() -> None:
    seen = markup_of("<title>Resettlement</title><script>1</script><!-- by --><p onclick='x'>")
    assert FORBIDDEN_TAGS.intersection(seen.tags) == {"script"}
    assert seen.titles == ["Resettlement"]
    assert seen.comments == [" by "]
    assert "onclick" in dict(seen.attributes)
