"""A minder opens the phone afterwards: nothing on it tells what was read."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.conftest import OpenBrowser
from tests.stories.profiles import addresses, history, traces
from tests.stories.running import HOST, RunningServer
from tests.stories.trees import (
    files_of,
    is_article,
    is_reading_page,
    lines_of,
    phrases_of,
    shelf_codes,
)
from tests.stories.wire import Asker

from bojagi.building.compression import compressed_variants

pytestmark = pytest.mark.browser

NEUTRAL_TITLE: Final = "자료"
NEUTRAL_PATH: Final = re.compile(r"/(\d+(/\d*)?$|out|$)")
NO_PAGE: Final = "nothing-here"
PHRASES_PER_ARTICLE: Final = 8

CHROMIUMS_OWN: Final = {
    "accounts.google.com",
    "clients2.google.com",
    "content-autofill.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "update.googleapis.com",
    "www.google.com",
}
"""What this browser looks up by itself, whatever page is open. No page of anybody's needs these."""

STORED: Final = """async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING_STORED: Final = {
    "cookie": "",
    "local": 0,
    "session": 0,
    "databases": 0,
    "caches": 0,
    "workers": 0,
}


def worker_pages(server: RunningServer) -> dict[str, str]:
    """Every page for readers of the shelf at `/`, by its address."""
    files = files_of(server.data, shelf_codes(server.data)[0])
    return {
        address: file.read_text("utf-8")
        for address, file in files.items()
        if is_reading_page(address)
    }


def telling_phrases(pages: dict[str, str]) -> list[str]:
    """The title and some phrases from the whole length of every page."""
    phrases: set[str] = set()
    for html in pages.values():
        lines = phrases_of(html)
        step = max(1, len(lines) // PHRASES_PER_ARTICLE)
        phrases.update(lines[::step])
        phrases.update(line for line in lines_of(html)[2:5] if len(line) > 5)
    return [unicodedata.normalize("NFC", phrase) for phrase in sorted(phrases)]


def read_like_a_person(page: Page, origin: str, paths: list[str]) -> None:
    """Open every page, go down to its end, and come back from the last link of each list."""
    for path in paths:
        page.goto(f"{origin}/{path}")
        page.mouse.wheel(0, 600)
        page.keyboard.press("End")
    page.goto(origin)
    for _ in range(3):
        page.locator("main a").first.click()
    page.locator("nav.turn a").last.click()
    page.go_back()
    page.reload()
    page.goto(f"{origin}/{NO_PAGE}")


@contextmanager
def careless_site(text: str) -> Iterator[str]:
    """Serve a text the way most sites do: with a telling title, to be kept for a day."""
    html = f"<!doctype html><meta charset=utf-8><title>{text[:40]}</title><p>{text}</p>".encode()
    packed = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
    bodies = {"": html} | {
        coding: compressed_variants(html * 2)[suffix] for coding, suffix in packed.items()
    }

    class Careless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            coding = self.path.strip("/").partition("-")[0]
            body = bodies.get(coding, html)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "public, max-age=86400")
            if coding in bodies:
                self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer((HOST, 0), Careless) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield f"http://{HOST}:{site.server_port}"
        finally:
            site.shutdown()
            thread.join()


def test_nothing_in_the_whole_profile_tells_what_was_read(
    server: RunningServer, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    pages = worker_pages(server)
    assert sum(map(is_article, pages)) > 15
    phrases = telling_phrases(pages)
    assert len(phrases) > 4 * len(pages)
    profile = tmp_path / "profile"

    context = open_browser(profile)
    read_like_a_person(context.pages[0], server.origin, list(pages))
    assert traces(profile, phrases) == {}, "while the browser was open"
    context.close()

    assert traces(profile, phrases) == {}
    seen = history(profile)
    assert len(seen) > len(pages), "the history knows the visits, so its titles mean something"
    assert {title for _, title in seen} <= {NEUTRAL_TITLE, ""}
    paths = addresses(profile, server.origin)
    assert len(paths) > len(pages)
    telling = [path for path in paths if not NEUTRAL_PATH.match(path)]
    assert [path for path in telling if not path.startswith(f"/{NO_PAGE}")] == []
    assert {url.removeprefix(server.origin) for url, _ in seen} <= {
        f"/{path}" for path in [*pages, NO_PAGE]
    }


@pytest.mark.parametrize("coding", ["plain", "br", "zstd", "gzip"])
def test_the_same_search_finds_a_page_that_may_be_kept(
    server: RunningServer, open_browser: OpenBrowser, tmp_path: Path, coding: str
) -> None:
    pages = worker_pages(server)
    article = next(html for address, html in pages.items() if is_article(address))
    phrases = phrases_of(article)
    profile = tmp_path / "profile"
    # The text stands twice in what is served, so the later phrases are packed as references.
    with careless_site(" ".join(phrases)) as origin:
        context = open_browser(profile)
        context.pages[0].goto(f"{origin}/{coding}-1")
        context.close()
    found = traces(profile, phrases)
    assert found.keys() == set(phrases)
    assert any("Cache" in place for place in found[phrases[-1]])
    assert phrases[0] in "".join(title for _, title in history(profile))
    assert addresses(profile, origin) >= {f"/{coding}-1"}


def stored(context: BrowserContext) -> dict[str, object]:
    """Everything a page can leave behind on purpose, as the page itself and the browser see it."""
    seen: dict[str, object] = context.pages[0].evaluate(STORED)
    state = context.storage_state(indexed_db=True)
    return {**seen, "jar": context.cookies(), "origins": state.get("origins", [])}


def test_a_visit_leaves_no_cookie_and_no_storage_of_any_kind(
    server: RunningServer, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    context = open_browser(tmp_path / "profile")
    page = context.pages[0]
    for path in worker_pages(server):
        page.goto(f"{server.origin}/{path}")
    assert stored(context) == {**NOTHING_STORED, "jar": [], "origins": []}
    assert context.service_workers == []


def test_the_same_look_sees_what_a_page_does_store(
    open_browser: OpenBrowser, tmp_path: Path
) -> None:
    with careless_site("글") as origin:
        context = open_browser(tmp_path / "profile")
        page = context.pages[0]
        page.goto(origin)
        page.evaluate(
            """async () => {
                document.cookie = "a=1";
                localStorage.a = sessionStorage.a = "1";
                await caches.open("a");
                await new Promise(done => { indexedDB.open("a").onsuccess = done; });
            }"""
        )
        seen = stored(context)
    assert {name for name, value in seen.items() if not value} == {"workers"}


@contextmanager
def recording_proxy(allowed: str) -> Iterator[tuple[str, list[str]]]:
    """Run a proxy that notes every request in order and hands on only those to one origin."""
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = 502, b""
            if self.path.startswith(f"{allowed}/"):
                port = int(allowed.rpartition(":")[2])
                with closing(Asker(port)) as asker:
                    answer = asker.ask(self.path.removeprefix(allowed))
                status, body = answer.status, answer.body
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_CONNECT(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer((HOST, 0), Recorder) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://{HOST}:{proxy.server_port}", asked
        finally:
            proxy.shutdown()
            thread.join()


def recorded(
    open_browser: OpenBrowser, profile: Path, origin: str, paths: list[str], planted: str = ""
) -> list[str]:
    """Everything a browser asks anybody for while a person reads."""
    with recording_proxy(origin) as (proxy, asked):
        context = open_browser(profile, proxy={"server": proxy})
        page = context.pages[0]
        for path in paths:
            page.goto(f"{origin}/{path}")
        if planted:
            page.set_content(planted)
        page.wait_for_load_state("networkidle")
        context.close()
    hosts = [urlsplit(each if "//" in each else f"//{each}").hostname for each in asked]
    return [each for each, host in zip(asked, hosts, strict=True) if host not in CHROMIUMS_OWN]


def test_a_page_is_one_request_to_its_own_origin_and_the_same_for_two_people(
    server: RunningServer, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    paths = list(worker_pages(server))
    one = recorded(open_browser, tmp_path / "one", server.origin, paths)
    two = recorded(open_browser, tmp_path / "two", server.origin, paths)
    assert one == [f"{server.origin}/{path}" for path in paths]
    assert two == one


def test_the_same_record_sees_what_other_pages_ask_others_for(
    open_browser: OpenBrowser, tmp_path: Path
) -> None:
    planted = (
        "<img src=http://elsewhere.example/a.png>"
        "<link rel=stylesheet href=https://fonts.googleapis.com/a.css>"
    )
    with careless_site("글") as origin:
        asked = recorded(open_browser, tmp_path / "profile", origin, [""], planted)
    assert asked[0] == f"{origin}/"
    assert set(asked[1:]) == {
        f"{origin}/favicon.ico",
        "http://elsewhere.example/a.png",
        "fonts.googleapis.com:443",
    }
