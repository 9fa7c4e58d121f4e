"""What was quiet the last time isn't looked at again; what is found stays found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.making import COLD, DAY, Project, make_project

from bojagi.authoring.checks.checking import check_library
from bojagi.authoring.checks.harmful import QUIET, forget
from bojagi.services.checking import remembering
from bojagi.services.data_folder import DataFolder

HARM = "국경을 넘는 길을 아는 거간군을 찾으십시오."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def rules_found(project: Project, data: DataFolder) -> list[str]:
    """Check as a new process would."""
    forget()
    with remembering(data):
        return [finding.rule for finding in check_library(project.library(), DAY.date())]


def test_a_next_check_finds_the_same_and_whatever_is_new(project: Project, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    first = rules_found(project, data)
    assert rules_found(project, data) == first
    project.replace(COLD, "모자를 쓰십시오.", HARM)
    worse = rules_found(project, data)
    assert {"border-approach", "broker"} & (set(worse) - set(first))
    assert rules_found(project, data) == worse, "what was found isn't quiet the next time"


def test_what_is_kept_tells_nothing_and_is_read_by_nobody_else(
    project: Project, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data")
    rules_found(project, data)
    kept = data.path / "quiet"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(kept.read_bytes()) % 16 == 0
    forget()
    with remembering(data):
        text = "새로운 글입니다."
        assert not QUIET.holds("ko_KP", text)


def test_without_a_place_to_keep_it_everything_is_looked_at(
    project: Project, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data")
    (data.path / "quiet").mkdir()
    assert rules_found(project, data) == rules_found(project, data)
