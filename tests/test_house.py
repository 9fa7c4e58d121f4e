"""Rules of the house that no linter keeps for us."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "server" / "bojagi"
LOCKS = sorted((PROJECT / "requirements").glob("*.txt"))

NOT_OURS = {".git", ".venv", "var", "dist", "__pycache__", "node_modules", ".hypothesis"}

MACHINE_PATHS = re.compile(
    r"/work/(main|shared|\.)|/opt/(pypi|wheels)|(?<![\w.])/root/|(?<![\w.])/home/\w+/|/Users/\w+/"
)
"""Paths of one person's machine. They are no use to anybody else, and may name that person."""

PACKAGE_HOSTS = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host"
    r"|(localhost|127\.0\.0\.1|\[::1\])(:\d+)?/\S*simple"
    r"|files\.pythonhosted\.|registry\.npmjs\.|//pypi\."
)
"""Where packages come from is the business of each machine's own pip configuration."""

PIN = re.compile(r"[a-z0-9._-]+==\S+( ;.*?)?( --hash=sha256:[0-9a-f]{64})+")


def our_files() -> Iterator[Path]:
    """Every file of the project but caches, data and this one, which holds the forbidden words."""
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [f for f in folders if f not in NOT_OURS and not f.endswith("_cache")]
        yield from (Path(folder, name) for name in names if Path(folder, name) != Path(__file__))


def modules(*suffixes: str) -> list[Path]:
    found = [path for path in our_files() if path.suffix in suffixes]
    return [path for path in found if path.is_relative_to(PROJECT / "server")]


def public_definitions(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    """What other modules may use: not private names, and not what a function keeps inside."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if child.name.startswith("_") or is_override(child):
            continue
        yield f"{name}.{child.name}", child
        if isinstance(child, ast.ClassDef):
            yield from public_definitions(child, f"{name}.{child.name}")


def is_override(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """An override keeps the promise that its parent class documents."""
    return any(ast.unparse(decorator).endswith("override") for decorator in node.decorator_list)


def test_no_module_passes_400_lines() -> None:
    paths = [*modules(".py", ".js", ".mjs"), PROJECT / "run.py"]
    assert len(paths) > 1
    lengths = {
        str(path.relative_to(PROJECT)): len(path.read_text("utf-8").splitlines()) for path in paths
    }
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_every_rule_ruff_ignores_has_its_reason_beside_it() -> None:
    text = (PROJECT / "pyproject.toml").read_text("utf-8")
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    ignored = {*lint["ignore"]}.union(*lint["per-file-ignores"].values())
    lines = text.partition("[tool.ruff.lint]")[2].splitlines()
    for rule in sorted(ignored):
        naming = [line for line in lines if f'"{rule}"' in line.partition("#")[0]]
        assert naming
        assert [line for line in naming if not re.search(r"# \w.{5}", line)] == []


def test_everything_public_has_a_docstring() -> None:
    bare = []
    for path in modules(".py"):
        tree = ast.parse(path.read_text("utf-8"))
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found: list[tuple[str, ast.AST]] = [(module, tree), *public_definitions(tree, module)]
        for name, node in found:
            assert isinstance(
                node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            )
            if ast.get_docstring(node) is None:
                bare.append(name)
    assert bare == []


@pytest.mark.parametrize("forbidden", [MACHINE_PATHS, PACKAGE_HOSTS], ids=["machine", "host"])
def test_no_file_knows_one_machine_or_one_package_host(forbidden: re.Pattern[str]) -> None:
    found = []
    for path in our_files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(PROJECT)}: {hit[0]}" for hit in forbidden.finditer(text)]
    assert found == []


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_and_has_hashes(lock: Path) -> None:
    text = re.sub(r"^\s*#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    requirements = [
        re.sub(r"\s+", " ", line).strip() for line in text.replace("\\\n", "").split("\n")
    ]
    requirements = [line for line in requirements if line]
    assert requirements
    assert [line for line in requirements if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["Apache-2.0", "CC-BY-SA-4.0"])
def test_the_licence_file_points_to_texts_that_are_there(name: str) -> None:
    assert f"LICENSES/{name}.txt" in (PROJECT / "LICENSE").read_text("utf-8")
    assert (PROJECT / "LICENSES" / f"{name}.txt").stat().st_size > 10_000
