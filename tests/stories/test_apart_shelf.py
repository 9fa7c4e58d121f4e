"""A settled person opens the sensitive shelf: the note comes first, and no shelf is beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.conftest import OpenBrowser
from tests.stories.running import RunningServer, running_server
from tests.stories.trees import pages_of
from tests.stories.wire import Asker

from bojagi.building.artifact import HEADER_BYTES
from bojagi.building.tree import read_apart
from bojagi.domain import limits

NARROW = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def apart(published: Path) -> str:
    """The code of the shelf that stands apart."""
    [code] = read_apart(published / "shelves")
    return code


@pytest.fixture(scope="module")
def alone(
    published: Path, apart: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """The shelf on a host of its own."""
    with running_server(published, tmp_path_factory.mktemp("apart"), shelf=apart) as running:
        yield running


def test_beside_others_it_answers_nothing(server: RunningServer, apart: str) -> None:
    addresses = ["", "library/", *list(pages_of(server.data, apart))[:5]]
    with closing(Asker(server.port)) as asker:
        for address in addresses:
            answer = asker.ask(f"/{apart}/{address}")
            nothing = asker.ask(f"/q7/{address}")
            assert (answer.status, answer.body) == (nothing.status, nothing.body), address


def test_every_page_is_served_and_none_is_kept(alone: RunningServer, apart: str) -> None:
    with closing(Asker(alone.port)) as asker:
        for address in pages_of(alone.data, apart):
            answer = asker.ask(f"/{address}", Accept_Encoding="br")
            assert answer.status == 200
            assert "no-store" in dict(answer.headers)["cache-control"], address
            assert len(answer.body) + HEADER_BYTES <= limits.FIRST_READ_BYTES, address


def test_the_note_is_read_before_the_first_article(
    alone: RunningServer, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    context = open_browser(tmp_path / "profile", viewport=NARROW)
    page: Page = context.pages[0]
    page.goto(f"{alone.origin}/")
    page.click("main a")
    assert "보는 사람이 없는 곳에서만" in page.locator("body").inner_text()
    page.click("text=계속")
    links = page.locator("main a")
    assert links.count() >= 9
    links.first.click()
    assert page.url.endswith("/1/1")
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], "nothing hangs out of a small screen"
