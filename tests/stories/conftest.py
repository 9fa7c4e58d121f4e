"""What the stories of a publisher's people begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.making import make_project
from tests.storage.postgres import new_database
from tests.stories.ceremony import People, quick_keys, without_open_questions


@pytest.fixture(params=["sqlite", "postgres"])
def people(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> People:
    """A publisher whose shelf a3 is ready for its first real release, on either database."""
    quick_keys(monkeypatch)
    if request.param == "postgres":
        url = new_database(request.getfixturevalue("postgres"))
        monkeypatch.setenv("BOJAGI_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    project = make_project(tmp_path / "project")
    without_open_questions(project)
    return People(project, tmp_path / "people", capsys)
