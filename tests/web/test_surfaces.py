"""Which surface offers what: the studio beside the pages, or on a host of its own; never behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.making import environment_of_ours
from tests.storage.postgres import new_database

from bojagi.settings import Settings, Surface
from bojagi.web.api.problems import PROBLEM
from bojagi.web.api.workbench import bench_of
from bojagi.web.app import create_app

API = "/api/v1/openapi.json"


Open = Callable[[Settings], FlaskClient]


@pytest.fixture
def client() -> Iterator[Open]:
    """Make an application; its database is let go of afterwards."""
    made: list[Flask] = []

    def make(settings: Settings) -> FlaskClient:
        made.append(create_app(settings))
        return made[-1].test_client()

    yield make
    for app in made:
        bench_of(app).desk.close()


def told(client: FlaskClient, path: str) -> tuple[int, str]:
    with client.get(path) as answer:
        return answer.status_code, answer.content_type.partition(";")[0]


@pytest.mark.parametrize("surface", [Surface.PAGES, Surface.LIBRARY])
def test_a_reading_surface_opens_no_database_and_loads_nothing_of_the_studio(
    published: Path, surface: Surface
) -> None:
    script = (
        "import sys; from bojagi.settings import Settings; from bojagi.web.app import application;"
        "app = application(); answer = app.test_client().get('/api/v1/packs');"
        "loaded = [each for each in sys.modules if each.startswith(('sqlalchemy', 'argon2',"
        " 'bojagi.storage', 'bojagi.web.api', 'alembic'))];"
        "print(answer.status_code, answer.mimetype, loaded)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment_of_ours(
            BOJAGI_DATA=str(published),
            BOJAGI_SURFACE=surface,
            BOJAGI_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing",
        ),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.split(maxsplit=2) == ["404", "text/html", "[]\n"]


def test_one_machine_offers_the_pages_and_the_api(client: Open, published: Path) -> None:
    both = client(Settings(published))
    assert told(both, "/") == (200, "text/html")
    assert told(both, API) == (200, "application/json")
    assert told(both, "/api/v1/packs") == (401, PROBLEM)
    for path in ("/api", "/apis/v1/packs", "/d5/api/v1/packs"):
        assert told(both, path) == (404, "text/html")


def test_the_guard_of_the_pages_is_what_it_was_beside_the_api(
    client: Open, published: Path
) -> None:
    both = client(Settings(published))
    heavy = both.post("/", data=b"x" * 17_000)
    assert heavy.status_code == 413
    assert heavy.mimetype == "text/html"
    assert both.post("/api/v1/session", data=b"x" * 17_000).status_code == 415


def test_the_studio_s_own_host_offers_nothing_but_the_studio(client: Open, tmp_path: Path) -> None:
    studio = client(Settings(tmp_path / "data", Surface.STUDIO))
    assert studio.get(API).status_code == 200
    for path in ("/", "/library/", "/repository/metadata/timestamp.json", "/out"):
        assert told(studio, path) == (404, PROBLEM)
    assert (tmp_path / "data" / "studio.sqlite3").exists()


def test_the_studio_s_database_is_the_one_that_its_url_names(
    client: Open, tmp_path: Path, postgres: str
) -> None:
    url = new_database(postgres)
    studio = client(Settings(tmp_path / "data", Surface.STUDIO, database=url))
    assert studio.get(API).status_code == 200
    assert not (tmp_path / "data" / "studio.sqlite3").exists()


def test_settings_reach_a_server_process_as_they_are_and_show_no_password() -> None:
    url = "postgresql://studio:secret@db/bojagi"
    for https in (True, False):
        given = Settings(Path("var"), Surface.STUDIO, "a3", url, https)
        assert Settings.from_environment(given.to_environment()) == given
    assert "secret" not in repr(given)
