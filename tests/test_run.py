"""The starter, always as a copy in a folder of its own: it must never touch the real project."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

PROJECT = Path(__file__).resolve().parents[1]

NOTHING_SUCH = f"nothing-such==1 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with Hangul and a space in its path, and small requirements."""
    folder = tmp_path / "보자기 시험"
    (folder / "requirements").mkdir(parents=True)
    shutil.copy(PROJECT / "run.py", folder)
    (folder / "pyproject.toml").write_text("# ours\n", "utf-8")
    for name in ("runtime", "test", "bench"):
        (folder / "requirements" / f"{name}.txt").write_text(f"# {name}\n", "utf-8")
    return folder


def starter(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("starter", folder / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "run.py"), *arguments]
    return subprocess.run(
        command,
        cwd=folder.parent,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def stamp(folder: Path, installed: str) -> None:
    module = starter(folder)
    module.VENV.mkdir(exist_ok=True)
    module.STAMP.write_text(module.digest(installed), "utf-8")


def ready_sets(folder: Path) -> list[str]:
    module = starter(folder)
    return [name for name in module.SETS if module.is_ready(name)]


def test_without_a_stamp_nothing_is_ready(project: Path) -> None:
    (project / ".venv").mkdir()
    assert ready_sets(project) == []


def test_a_set_makes_the_sets_it_includes_ready(project: Path) -> None:
    stamp(project, "test")
    assert ready_sets(project) == ["runtime", "test"]


@pytest.mark.parametrize("changed", ["requirements/test.txt", "pyproject.toml"])
def test_a_changed_lock_or_changed_metadata_must_be_installed_again(
    project: Path, changed: str
) -> None:
    stamp(project, "test")
    (project / changed).write_text("# changed\n", "utf-8")
    assert ready_sets(project) == []


def test_a_lock_that_was_not_asked_for_may_change(project: Path) -> None:
    stamp(project, "test")
    (project / "requirements" / "bench.txt").write_text("# changed\n", "utf-8")
    assert ready_sets(project) == ["runtime", "test"]


def test_an_environment_that_was_moved_is_not_ready(project: Path) -> None:
    stamp(project, "test")
    assert ready_sets(project.rename(project.with_name("옮긴 곳"))) == []


def test_every_lock_holds_what_the_ones_before_it_hold() -> None:
    smaller: set[str] = set()
    for name in starter(PROJECT).SETS:
        lines = (PROJECT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
        pins = {line for line in lines if "==" in line}
        assert smaller < pins
        smaller = pins


def test_an_installation_that_fails_leaves_no_stamp_and_is_taken_up_again(project: Path) -> None:
    (project / "requirements" / "runtime.txt").write_text(NOTHING_SUCH, "utf-8")
    done = start(project, "serve", PIP_NO_INDEX="1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "run.py: Installing requirements/runtime.txt failed; the lines above say why."
    )
    assert "Traceback" not in done.stderr
    assert ready_sets(project) == []
    again = start(project, "serve", PIP_NO_INDEX="1")
    assert done.stdout.splitlines()[0] == "Installing the environment in .venv"
    assert again.stdout == "Installing requirements/runtime.txt\n"


@pytest.mark.parametrize("arguments", [["publish"], ["clean", "everything"]])
def test_an_unknown_command_gives_the_usage_and_2(project: Path, arguments: list[str]) -> None:
    done = start(project, *arguments)
    assert done.returncode == 2
    assert "python3 run.py serve" in done.stderr
    assert f"There is no command '{' '.join(arguments)}'" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_help_names_every_command(project: Path, arguments: list[str]) -> None:
    done = start(project, *arguments)
    assert done.returncode == 0
    for command in starter(project).COMMANDS:
        assert f"python3 run.py {command} " in done.stdout


def test_clean_removes_only_what_it_names(project: Path) -> None:
    ours = [".venv/bin", "server/__pycache__", ".mypy_cache", ".ruff_cache", "dist"]
    kept = ["var", "server/bojagi", "content_packs/var", "tests/dist", ".git", "variants"]
    for name in ours + kept:
        (project / name).mkdir(parents=True)
        (project / name / "글.txt").write_text("글", "utf-8")
    done = start(project, "clean")
    assert done.returncode == 0
    assert not any((project / name).exists() for name in ours)
    assert all((project / name / "글.txt").exists() for name in kept)
    assert (project / "run.py").exists()
    assert sorted(done.stdout.splitlines()) == sorted(
        f"Removed {name.removesuffix('/bin')}" for name in ours
    )


def test_clean_removes_a_link_but_not_what_lies_behind_it(project: Path, tmp_path: Path) -> None:
    behind = tmp_path / "자료"
    behind.mkdir()
    (behind / "글.txt").write_bytes(b"")
    (project / "dist").symlink_to(behind)
    assert start(project, "clean").stdout == "Removed dist\n"
    assert (behind / "글.txt").exists()
    assert not (project / "dist").is_symlink()


def test_cleaning_a_clean_project_says_nothing(project: Path) -> None:
    done = start(project, "clean")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_temporary_files_lie_in_memory_where_there_is_room_and_nobody_chose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = starter(PROJECT)
    room = shutil.disk_usage("/")._replace(free=module.ROOM_IN_MEMORY + 1)
    monkeypatch.setattr(module.os, "access", lambda *_: True)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: room)
    monkeypatch.setenv("TMPDIR", "/chosen")
    module.work_in_memory()
    assert os.environ["TMPDIR"] == "/chosen"
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: room._replace(free=0))
    module.work_in_memory()
    assert "TMPDIR" not in os.environ
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: room)
    module.work_in_memory()
    assert "TMPDIR" in os.environ
    monkeypatch.delenv("TMPDIR")
