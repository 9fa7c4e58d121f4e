"""What the stories share: the real packs, published; a real server on them; a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from tests.making import DAY, OPEN_GATE
from tests.storage.postgres import new_database, running_postgres
from tests.stories.measured import MEASURED
from tests.stories.running import RunningServer, free_port, running_server

from bojagi.authoring.library import Library, read_library
from bojagi.services import accounts, one_time
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo
from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade

PROJECT: Final = Path(__file__).resolve().parents[1]

CHROMIUM: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser")

CHROMIUM_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that looks up nothing by itself, so that what a test records is the pages' doing."""

REAL_HASHES: Final = (one_time.ROUNDS, one_time.MEMORY_KIB)

OpenBrowser = Callable[..., BrowserContext]
"""Takes the folder of a profile and options of Playwright's; returns an open browser."""


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords quickly: the tests do it hundreds of times (see `real_hashes`)."""
    quick = PasswordHasher(1, 8, parallelism=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accounts, "_HASHER", quick)
        patched.setattr(accounts, "_NOBODY", quick.hash("nobody"))
        patched.setattr(one_time, "ROUNDS", 1)
        patched.setattr(one_time, "MEMORY_KIB", 8)
        yield


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as in earnest, for what is told of how long it takes."""
    rounds, memory = REAL_HASHES
    real = PasswordHasher(rounds, memory, parallelism=1)
    monkeypatch.setattr(accounts, "_HASHER", real)
    monkeypatch.setattr(accounts, "_NOBODY", real.hash("nobody"))
    monkeypatch.setattr(one_time, "ROUNDS", rounds)
    monkeypatch.setattr(one_time, "MEMORY_KIB", memory)


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs of this repository, as they stand."""
    return read_library(PROJECT)


@pytest.fixture(scope="session")
def published(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every tree: all packs of the open shelves, one of each sealed one."""
    data = tmp_path_factory.mktemp("published") / "data"
    shown = {
        name: folder
        for name, folder in library.folders.items()
        if folder.pack.number == 1 or not library.shelves[folder.pack.shelf].sealed
    }
    some = replace(library, folders=shown)
    build = publish_demo(some, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    assert build.failures == []
    return data


@pytest.fixture(scope="session")
def few(library: Library) -> Library:
    """The first packs of the first two shelves, for stories to which more would add nothing."""
    shelves = list(library.shelves)[:2]
    kept = {
        name: folder
        for name, folder in library.folders.items()
        if folder.pack.number == 1 and folder.pack.shelf in shelves
    }
    return replace(library, folders=kept)


@pytest.fixture
def port() -> int:
    """A port on which nobody listens."""
    return free_port()


@pytest.fixture(scope="session")
def server(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The real server with every open shelf: the first at `/`, the others under their codes."""
    with running_server(published, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the whole session."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where Chromium is. A machine without one fails: a skipped trace test would prove nothing."""
    found = next((Path(each) for each in CHROMIUM if Path(each).exists()), None)
    found = found or Path(shutil.which("chromium") or "")
    if not found.is_file():
        pytest.fail("Chromium is missing; 'python3 run.py test' installs it, or see its advice")
    return found


def launch(
    playwright: Playwright, chromium: Path, profile: Path, **options: object
) -> BrowserContext:
    """Open Chromium on a profile on disk, with options of Playwright's."""
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=[*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        **options,  # type: ignore[arg-type]  # handed on as they come
    )


@pytest.fixture
def open_browser(playwright: Playwright, chromium: Path) -> Iterator[OpenBrowser]:
    """Open Chromium on a profile of its own on disk; what a test leaves open is closed for it."""
    contexts: list[BrowserContext] = []

    def open_on(profile: Path, **options: object) -> BrowserContext:
        contexts.append(launch(playwright, chromium, profile, **options))
        return contexts[-1]

    yield open_on
    for context in contexts:
        context.close()


LONGEST: Final = ("test_killed_desk.py", "test_killed_build.py", "test_bad_input.py", "test_gate")
"""Files that take longest begin first, so that of two processes none ends long before the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest stories first; the order of all others stays."""
    names = {
        item: next((i for i, name in enumerate(LONGEST) if name in str(item.path)), len(LONGEST))
        for item in items
    }
    items.sort(key=names.__getitem__)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, also when they ran in other processes."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == MEASURED:
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own; its URL."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all its tables and nothing in them: SQLite, then PostgreSQL."""
    url = ""
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres"))
    opened = Database.in_folder(tmp_path / "studio", url)
    upgrade(opened)
    yield opened
    opened.close()
