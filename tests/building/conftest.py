from __future__ import annotations

from pathlib import Path

import pytest
from tests.making import Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small project without a fault."""
    return make_project(tmp_path / "project")
