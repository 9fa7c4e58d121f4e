from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.making import make_project
from tests.storage.postgres import new_database
from tests.web.studio import StudioUnderTest, make_studio

from bojagi.storage.database import Database
from bojagi.storage.migrating import upgrade


@pytest.fixture
def studio(database: Database, tmp_path: Path) -> StudioUnderTest:
    """A studio of its own, on SQLite and then on PostgreSQL."""
    return make_studio(database, tmp_path, make_project(tmp_path / "project"))


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StudioUnderTest]:
    """A studio for tests that leave it as it was, or don't mind what others left."""
    folder = tmp_path_factory.mktemp("shared")
    url = ""
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres"))
    database = Database.in_folder(folder / "studio", url)
    upgrade(database)
    yield make_studio(database, folder, make_project(folder / "project"))
    database.close()
