"""A support worker carries a file to a place without a network; an examiner looks at it later."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.conftest import PROJECT, OpenBrowser
from tests.stories.running import RunningServer, program_environment
from tests.stories.test_headers import LOCAL, NEUTRAL_TITLE, markup_of
from tests.stories.trees import files_of, lines_of, shelf_codes

from bojagi.authoring.library import Library

NEUTRAL_NAME: Final = re.compile(r"\d{12}\.html")
A5_POINTS: Final = (420, 595)

BUILD: Final = """
import dataclasses, datetime, os, sys, time
from pathlib import Path

moment = int(sys.argv[3])

class Date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(moment)

class DateTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(moment, tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(moment, datetime.timezone.utc).replace(tzinfo=None)

DAY = datetime.datetime(2026, 11, 26, 9, tzinfo=datetime.UTC)

if __name__ == "__main__":
    os.umask(int(sys.argv[4], 8))
    time.tzset()
    time.time = lambda: float(moment)
    time.time_ns = lambda: moment * 10**9
    datetime.date, datetime.datetime = Date, DateTime
    from bojagi.authoring.library import read_library
    from bojagi.services.data_folder import DataFolder
    from bojagi.domain.approval import Approval
    from bojagi.domain.pack import SignOff
    from bojagi.services.publishing import Gate, publish_demo
    def all_signed_off(digest):
        return tuple(Approval(digest, kind, kind, datetime.date(2026, 11, 26)) for kind in SignOff)
    library = read_library(Path(sys.argv[1]))
    folders = {name: folder for name, folder in library.folders.items() if folder.pack.number == 1}
    library = dataclasses.replace(library, folders=folders)  # one pack of every shelf
    gate = Gate({}, all_signed_off)
    publish_demo(library, DataFolder(Path(sys.argv[2])), gate, DAY, lambda _: None)
    print(datetime.datetime.now().isoformat())
"""


def downloads(data: Path, shelf: str) -> dict[str, Path]:
    """The files support workers may carry, by name."""
    return {
        address.rpartition("/")[2]: file
        for address, file in files_of(data, shelf).items()
        if address.startswith("library/files/") and file.suffix == ".html"
    }


def tree_files(data: Path) -> dict[str, bytes]:
    """Every file of every shelf's folder, by path."""
    folder = data / "shelves"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build_at(folder: Path, moment: int, mask: str, **environment: str) -> tuple[Path, str]:
    """Build in another place and time; return the data folder and what the clock said there."""
    data = folder / "자료 with space"
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(PROJECT), str(data), str(moment), mask],
        env=program_environment(folder, **environment),
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return data, done.stdout.strip()


def test_two_builds_in_two_places_on_two_clocks_are_the_same_bytes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there" / "far"
    here.mkdir()
    there.mkdir(parents=True)
    one, clock_one = build_at(here, 1_000_000_000, "022", LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    two, clock_two = build_at(
        there,
        2_000_000_000,
        "077",
        LC_ALL="",
        LANG="ko_KR.UTF-8",
        TZ="Asia/Pyongyang",
        PYTHONHASHSEED="2",
    )
    assert clock_one == "2001-09-09T01:46:40"
    assert clock_two == "2033-05-18T12:33:20"
    first, second = tree_files(one), tree_files(two)
    assert first.keys() == second.keys()
    assert [path for path, content in first.items() if second[path] != content] == []
    assert len(first) > 200


def test_compressed_copies_carry_no_time_no_name_and_no_system(published: Path) -> None:
    packed = [path for path in (published / "shelves").rglob("*.gz") if path.is_file()]
    assert packed
    for path in packed:
        raw = path.read_bytes()
        assert raw[3] == 0, "no name, no comment, no extra field (RFC 1952, section 2.3)"
        assert raw[4:8] == bytes(4), "no time"
        assert raw[9] == 255, "an unknown system, so that it doesn't tell of the builder's"
        zlib.decompress(raw, zlib.MAX_WBITS | 16)


LONG_TITLE: Final = 20
"""In letters; a shorter title, such as "Tetanus", may be a word of the article too."""


def what_may_not_be_told(library: Library) -> dict[str, str]:
    """Publisher, sources and tools of the workers' packs, each with what it is."""
    telling: dict[str, str] = {}
    for folder in library.folders.values():
        pack = folder.pack
        if pack.shelf != next(iter(library.shelves)):
            continue
        telling[pack.id] = "the pack's name in the project"
        for article in pack.articles:
            for source in article.sources:
                telling[source.issuer] = "issuer"
                if len(source.title) > LONG_TITLE:
                    telling[source.title] = "title of a source"
                if source.address:
                    telling[source.address] = "address of a source"
    return telling


TOOLS: Final = re.compile(
    r"bojagi|보자기|jinja|markdown|python|granian|flask|chromium|github|"
    r"/tmp/|/home/|/usr/|\.md\b|CC-BY",
    re.IGNORECASE,
)
CLOCK: Final = re.compile(r"\d\d:\d\d(:\d\d)?|\d{4}-\d\d-\d\d|\b1[6-9]\d{8}\b")


def test_a_file_for_workers_tells_nothing_of_who_made_it_or_from_what(
    library: Library, published: Path
) -> None:
    telling = what_may_not_be_told(library)
    assert len(telling) > 20
    files = downloads(published, shelf_codes(published)[0])
    assert len(files) > 20
    for name, file in files.items():
        assert NEUTRAL_NAME.fullmatch(name)
        html = file.read_text("utf-8")
        body = html.partition("</style>")[2]
        text = "\n".join(lines_of(html))
        assert {what: why for what, why in telling.items() if what in text} == {}, name
        assert TOOLS.findall(body) == [], name
        assert CLOCK.findall(body) == [], name
        assert set(re.findall(r'<meta (?:name|http-equiv|charset)="([^"]*)"', html)) == {
            "utf-8",
            "viewport",
            "referrer",
            "robots",
            "Content-Security-Policy",
        }, name


def test_the_same_search_finds_sources_where_they_are_shown(
    library: Library, published: Path
) -> None:
    shelf = shelf_codes(published)[1]
    issuers = {
        source.issuer
        for folder in library.folders.values()
        if folder.pack.shelf == shelf
        for article in folder.pack.articles
        for source in article.sources
    }
    texts = [file.read_text("utf-8") for file in downloads(published, shelf).values()]
    assert issuers
    assert {issuer for issuer in issuers if any(issuer in text for text in texts)} == issuers
    assert any(TOOLS.search(text.partition("</style>")[2]) for text in texts)


def test_no_two_files_have_one_name_and_no_name_follows_from_another(published: Path) -> None:
    names = [name for code in shelf_codes(published) for name in downloads(published, code)]
    assert len(names) == len(set(names))
    numbers = sorted(int(Path(name).stem) for name in names)
    gaps = [after - before for before, after in pairwise(numbers)]
    assert min(gaps) > 1


@pytest.mark.browser
class TestInABrowser:
    """What a support worker and the person beside them see."""

    @pytest.fixture
    def carried(
        self, server: RunningServer, open_browser: OpenBrowser, tmp_path: Path
    ) -> tuple[Path, str]:
        """One article, downloaded from the library page by a click, and its title there."""
        context = open_browser(tmp_path / "at the office")
        page = context.pages[0]
        page.goto(f"{server.origin}/library/")
        for details in page.locator("details").all():
            details.locator("summary").click()
        link = page.locator('a[href^="files/"]').nth(1)
        title = link.inner_text()
        with page.expect_download() as waiting:
            link.click()
        download = waiting.value
        assert NEUTRAL_NAME.fullmatch(download.suggested_filename)
        kept = tmp_path / download.suggested_filename
        download.save_as(kept)
        context.close()
        shelf = shelf_codes(server.data)[0]
        assert kept.read_bytes() == downloads(server.data, shelf)[kept.name].read_bytes()
        return kept, title

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
    def test_a_carried_file_shows_the_whole_article_without_a_network(
        self, carried: tuple[Path, str], open_browser: OpenBrowser, tmp_path: Path, *, script: bool
    ) -> None:
        file, title = carried
        context = open_browser(tmp_path / "far away", java_script_enabled=script)
        context.set_offline(offline=True)
        asked: list[str] = []
        complaints: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.pages[0]
        page.goto(file.as_uri())
        page.wait_for_load_state("networkidle")
        assert page.locator("article h1").inner_text() == title
        shown = " ".join(page.locator("body").inner_text().split())
        missing = [line for line in lines_of(file.read_text("utf-8")) if line not in shown]
        assert missing == []
        assert len(shown) > 500
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
        assert complaints == []
        assert page.title() == NEUTRAL_TITLE

    def test_a_carried_file_allows_itself_nothing(self, carried: tuple[Path, str]) -> None:
        markup = markup_of(carried[0].read_text("utf-8"))
        assert len(markup.policies) == 1
        assert markup.policies[0].startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in markup.policies[0]
        links = [value for name, value in markup.attributes if name in {"href", "src"}]
        assert [each for each in links if not LOCAL.fullmatch(each)] == []
        assert [each for each in links if not each.startswith(("#", "data:"))] == []

    def test_a_planted_script_and_picture_do_not_run_in_a_carried_file(
        self, carried: tuple[Path, str], open_browser: OpenBrowser, tmp_path: Path
    ) -> None:
        planted = tmp_path / "planted.html"
        harm = (
            "<script>document.title='ran'</script><img src='http://127.0.0.1:9/a.png'"
            " onerror=\"document.title='ran'\"><link rel=stylesheet href='http://127.0.0.1:9/a'>"
        )
        html = carried[0].read_text("utf-8").replace("</main>", f"{harm}</main>")
        planted.write_text(html, "utf-8")
        context = open_browser(tmp_path / "far away")
        refused: list[str] = []
        context.on("console", lambda message: refused.append(message.text))
        context.pages[0].goto(planted.as_uri())
        assert context.pages[0].title() == NEUTRAL_TITLE
        assert len([line for line in refused if "Content Security Policy" in line]) >= 3

    def test_it_prints_on_a5_without_links_to_click(
        self, carried: tuple[Path, str], open_browser: OpenBrowser, tmp_path: Path
    ) -> None:
        context = open_browser(tmp_path / "with a printer")
        page = context.pages[0]
        page.goto(carried[0].as_uri())
        pages, size = printed(page, tmp_path / "print.pdf")
        assert pages >= 1
        assert all(abs(a - b) <= 2 for a, b in zip(size, A5_POINTS, strict=True))
        page.emulate_media(media="print")
        assert page.locator("nav:visible").count() == 0
        dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert dark == "rgb(255, 255, 255)"

    @pytest.mark.parametrize("address", ["", "1", "1/1", "library/"])
    def test_a_page_prints_without_links_to_click_too(
        self, server: RunningServer, open_browser: OpenBrowser, tmp_path: Path, address: str
    ) -> None:
        page = open_browser(tmp_path / "with a printer").pages[0]
        page.goto(f"{server.origin}/{address}")
        page.emulate_media(media="print")
        assert page.locator("nav:visible").count() == 0

    def test_every_file_of_every_shelf_opens_offline_and_fits_a_small_screen(
        self, published: Path, open_browser: OpenBrowser, tmp_path: Path
    ) -> None:
        context = open_browser(tmp_path / "profile", viewport={"width": 320, "height": 640})
        context.set_offline(offline=True)
        for_all(context, published, _fits)


def for_all(context: BrowserContext, data: Path, hold: Callable[[Page], None]) -> None:
    """Open every download from the disk and hold it to something."""
    page = context.pages[0]
    for code in shelf_codes(data):
        for file in downloads(data, code).values():
            page.goto(file.as_uri())
            hold(page)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def printed(page: Page, to: Path) -> tuple[int, tuple[float, float]]:
    """Print a page as its own style says; return how many sheets and their size in points."""
    raw = page.pdf(path=to, prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]", raw)
    sheets = len(re.findall(rb"/Type ?/Page\b(?!s)", raw))
    assert boxes
    return sheets, (float(boxes[0][0]), float(boxes[0][1]))
