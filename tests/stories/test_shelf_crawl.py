"""A host-state network crawls the workers' shelf: no word, number or link of another is there.

The words of a shelf are taken from what its authors wrote, not from what was published, so that a
page that mixes shelves up can't excuse itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag, urljoin

import pytest
from babel.dates import format_date
from tests.stories.running import RunningServer, running_server
from tests.stories.trees import files_of, pages_of, shelf_codes
from tests.stories.wire import CODINGS, Answer, Asker, exchange

from bojagi.authoring.library import Library

DESCRIPTION: Final = "/api/v1/openapi.json"
"""The same words on every machine, whatever stands there; `tests/web` holds it to that."""
GUESSES: Final = (
    "robots.txt",
    "favicon.ico",
    "sitemap.xml",
    "manifest.json",
    "index.html",
    "1.html",
    "1.html.br",
    "1/1.html.gz",
    "1/",
    "01",
    "1/0",
    "3",
    "99/1",
    "101",
    "101/1",
    "201/1",
    "library",
    "library/index.html",
    "library/ko_KP",
    "library/files/",
    "library/files/00000000.html",
    "errors/404.html",
    "out.html",
    "current",
    "tree.json",
    "public/1.html",
    "cache/",
    "VERSION",
    "lock",
    "shelves.yaml",
    "content_packs/shelves.yaml",
    "repository/metadata/root.json",
    "repository/metadata/timestamp.json",
    "field/",
    "studio/",
    DESCRIPTION.removeprefix("/"),
    "static/style.css",
    ".well-known/security.txt",
    ".git/config",
    "%EA%B8%80",
    "%ff",
    "%00",
)
"""What a crawler tries on any host, and on one of ours."""

HOPS: Final = (
    "{code}",
    "{code}/",
    "{code}/1",
    "{code}/1/1",
    "{code}/out",
    "{code}/library/",
    "{code}/nothing",
    "{code}/errors/404.html",
    "../{code}/current",
    "..%2f..%2f{code}%2fcurrent",
    "%2e%2e/%2e%2e/{code}/current",
    "/{code}/1",
    "1/1?shelf={code}",
)
"""How somebody who knows or guesses a code would try to get to its shelf."""

DIGESTS: Final = re.compile(r"sha256-[^']*'")
WORD: Final = re.compile(r"[^\W\d_]{2,}")
LEAST_LATIN: Final = 5
"""Shorter words in Latin letters could be HTML's or CSS's own."""
OF_REPOSITORIES: Final = "repository metadata root targets snapshot timestamp withdrawals chain"
"""What a repository and a bundle call their own parts (TUF)."""
WRITTEN_DAY: Final = "2026년 11월 26일"
"""Words of the interface grow together with the day that is put into them: `26일까지`."""
MONTHS: Final = " ".join(
    format_date(date(2026, month, 1), "MMMM", locale=locale)
    for month in range(1, 13)
    for locale in ("en", "ru")
)
DRAWING: Final = re.compile(r"data:image/png;base64,[0-9A-Za-z+/=]*")
"""Its letters are no words."""
LINK: Final = re.compile(r"""(?:href|src|srcset|action|cite|data|poster)=["']([^"']*)["']""")


def words_in(texts: Iterable[str]) -> set[str]:
    """The words of texts, without those that a page's own markup could hold."""
    found = {word for text in texts for word in WORD.findall(text)}
    return {word for word in found if not word.isascii() or len(word) >= LEAST_LATIN}


def words_written_for(library: Library, shelf: str) -> set[str]:
    """Every word of the packs of a shelf: articles, facts, sources, translations."""
    texts: list[str] = []
    for folder in library.folders.values():
        if folder.pack.shelf == shelf:
            texts += [raw.decode("utf-8", "ignore") for raw in folder.files.values()]
            for (pack, _), catalogue in library.catalogues.items():
                if pack == folder.pack.id:
                    texts += [entry.text for entry in catalogue.entries.values()]
    return words_in(texts)


def words_of_the_programs(library: Library) -> set[str]:
    """Every word of the interface in every locale, and of the markup and style of pages."""
    templates = Path(str(files("bojagi.building") / "templates"))
    texts = [OF_REPOSITORIES, MONTHS, *(path.read_text("utf-8") for path in templates.iterdir())]
    for words in library.interface.values():
        texts += [text.replace("{day}", WRITTEN_DAY) for text in (*words, *words.values())]
    return words_in(texts)


@dataclass(frozen=True)
class Others:
    """What would betray that there are other shelves than this one.

    Attributes:
        words: those only other shelves' authors wrote.
        marks: other shelves' codes, and the numbers their files are named by.
    """

    words: frozenset[str]
    marks: re.Pattern[str]

    def betrayed_by(self, answer: Answer) -> set[str]:
        """Whatever of other shelves an answer tells, in its headers or its body."""
        headers = "\n".join(value for key, value in answer.headers if key != "etag")
        told = DIGESTS.sub("", f"{headers}\n{answer.text}")
        words = WORD.findall(DRAWING.sub("", answer.text))
        return {*self.words.intersection(words), *self.marks.findall(told)}


def betrayals(met: dict[str, list[Answer]], others: Others) -> dict[str, set[str]]:
    """What each crawled address betrays, where it betrays anything."""
    return {
        path: hits
        for path, answers in met.items()
        for answer in answers
        if (hits := others.betrayed_by(answer))
    }


def others_of(library: Library, data: Path, shelf: str) -> Others:
    """Gather what would betray every shelf but one, the sealed ones included."""
    codes = [str(code) for code in library.shelves if code != shelf]
    words = set[str]().union(*(words_written_for(library, code) for code in codes))
    words -= words_written_for(library, shelf) | words_of_the_programs(library)
    marks = [
        *codes,
        *(
            Path(address).stem
            for code in codes
            if (data / "shelves" / code).exists()
            for address in files_of(data, code)
            if address.startswith("library/files/")
        ),
    ]
    pattern = rf"(?<![0-9A-Za-z])(?:{'|'.join(marks)})(?![0-9A-Za-z])"
    return Others(frozenset(words), re.compile(pattern))


def crawled(port: int, start: str = "/") -> dict[str, list[Answer]]:
    """Follow every link from a page on; return each address with its answers in every coding."""
    met: dict[str, list[Answer]] = {}
    waiting = [start]
    with closing(Asker(port)) as asker:
        while waiting:
            path = waiting.pop()
            if path in met:
                continue
            met[path] = [asker.ask(path, Accept_Encoding=coding) for coding in CODINGS]
            for link in LINK.findall(met[path][0].text):
                if not link.startswith("data:"):
                    url = urldefrag(urljoin(f"http://here{path}", link)).url
                    assert url.startswith("http://here/"), f"{path} links to {link}"
                    waiting.append(url.removeprefix("http://here"))
    return met


def asked_everything(port: int, addresses: list[str]) -> Iterator[tuple[str, Answer]]:
    """Ask for addresses in every coding, by every method, in parts, and with too much."""
    with closing(Asker(port)) as asker:
        for address in addresses:
            path = f"/{address}"
            for coding in CODINGS:
                yield path, asker.ask(path, Accept_Encoding=coding)
            yield path, asker.ask(path, Range="bytes=0-400")
            yield path, asker.ask(path, Range="bytes=9999999-")
            for method in ("POST", "OPTIONS", "PROPFIND", "HEAD"):
                yield path, asker.ask(path, method)
            yield path, asker.ask(path, "POST", b"x", Content_Length="99999999")
            yield path, asker.ask(path, "POST", Transfer_Encoding="chunked")


@pytest.fixture(scope="module")
def others(library: Library, published: Path) -> Others:
    """What would betray another shelf than the workers'."""
    return others_of(library, published, shelf_codes(published)[0])


@pytest.fixture(scope="module")
def worker_shelf_alone(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """The workers' shelf as production serves it: with no other beside it."""
    first = shelf_codes(published)[0]
    with running_server(published, tmp_path_factory.mktemp("alone"), shelf=first) as running:
        yield running


def test_no_link_of_the_workers_shelf_leads_out_of_it_and_no_page_betrays_another(
    server: RunningServer, others: Others
) -> None:
    met = crawled(server.port)
    assert all(answer.status == 200 for answers in met.values() for answer in answers)
    own = {f"/{address}" for address in pages_of(server.data, shelf_codes(server.data)[0])}
    assert met.keys() == own - {path for path in own if path.startswith("/library/")}
    assert betrayals(met, others) == {}


def test_the_library_page_of_the_workers_shelf_betrays_no_other_and_links_all_its_files(
    server: RunningServer, others: Others
) -> None:
    met = crawled(server.port, "/library/")
    own = {f"/{address}" for address in pages_of(server.data, shelf_codes(server.data)[0])}
    bundles = {path for path in met if path.endswith(".zip")}
    assert bundles
    assert met.keys() - bundles == {path for path in own if path.startswith("/library/")}
    assert betrayals(met, others) == {}


@pytest.mark.parametrize("alone", [False, True], ids=["both on one port", "alone"])
def test_errors_guesses_and_other_methods_betray_no_other_shelf(
    server: RunningServer, worker_shelf_alone: RunningServer, others: Others, *, alone: bool
) -> None:
    asked = worker_shelf_alone if alone else server
    own = list(files_of(asked.data, shelf_codes(asked.data)[0]))
    statuses = set()
    for path, answer in asked_everything(asked.port, [*own, *GUESSES]):
        statuses.add(answer.status)
        if path != DESCRIPTION:
            assert others.betrayed_by(answer) == set(), path
        if 300 <= answer.status < 400:
            # Only to add the slash that somebody left out.
            assert dict(answer.headers)["location"] == f"{path.rpartition('/')[2]}/", path
    assert statuses >= {200, 206, 404, 405, 411, 413, 416}


def test_a_guessed_code_answers_like_any_address_that_is_not_there(
    library: Library, worker_shelf_alone: RunningServer, others: Others
) -> None:
    def answer_to(hop: str, code: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        answer = asker.ask("/" + hop.format(code=code))
        assert others.betrayed_by(answer) == set()
        kept = tuple(header for header in answer.headers if header[0] != "date")
        return answer.status, kept, answer.body

    codes = [str(code) for code in library.shelves][1:]
    assert codes
    with closing(Asker(worker_shelf_alone.port)) as asker:
        for code in codes:
            for hop in HOPS:
                assert answer_to(hop, code) == answer_to(hop, "q7"), hop


def test_requests_that_break_the_rules_betray_no_other_shelf(
    worker_shelf_alone: RunningServer, others: Others
) -> None:
    for request in (
        b"GET /../d5/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET http://x/d5/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /1 HTTP/1.1\r\nHost: d5\r\nX-Forwarded-Prefix: /d5\r\nConnection: close\r\n\r\n",
        b"GET /1 HTTP/1.1\r\nHost: x\r\nX-Script-Name: /d5\r\nConnection: close\r\n\r\n",
        b"RUBBISH\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        came, _ = exchange(worker_shelf_alone.port, request)
        head, _, body = came.partition(b"\r\n\r\n")
        answer = Answer(0, (("head", head.decode("latin-1")),), body)
        assert others.betrayed_by(answer) == set(), request


def test_the_same_search_finds_the_other_shelf_where_it_is(
    server: RunningServer, others: Others
) -> None:
    first, second = shelf_codes(server.data)
    met = crawled(server.port, f"/{second}/")
    articles = [path for path in met if re.fullmatch(rf"/{second}/\d+/\d+", path)]
    assert len(articles) > 3
    for path in articles:
        for answer in met[path]:
            assert len(others.betrayed_by(answer)) > 20, path
    library = crawled(server.port, f"/{second}/library/")[f"/{second}/library/"]
    assert others.marks.findall(library[0].text)
    assert len(others.words) > 500
    assert first != second
