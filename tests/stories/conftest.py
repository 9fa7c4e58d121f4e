"""What the stories of a publisher's people begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.making import make_project
from tests.stories.ceremony import People, quick_keys, without_open_questions


@pytest.fixture
def people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> People:
    """A publisher whose shelf a3 is ready for its first real release."""
    quick_keys(monkeypatch)
    monkeypatch.chdir(tmp_path)
    project = make_project(tmp_path / "project")
    without_open_questions(project)
    return People(project, tmp_path / "people", capsys)
