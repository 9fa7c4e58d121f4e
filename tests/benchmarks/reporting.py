"""Aligned tables on standard output, and the same numbers as JSON."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Cell = str | int | float | None
"""A whole number, a ratio or a time, words, or None where there is nothing to say."""

_LIBRARIES = ("brotli", "zstandard", "pyppmd", "libzim", "granian", "whitenoise")
_PROGRAMS = {
    "nginx": ("nginx", "-v"),
    "kiwix-serve": ("kiwix-serve", "--version"),
    "wrk": ("wrk", "-v"),
}


@dataclass(frozen=True)
class Table:
    """Rows under named columns; `digits` after the point for the floats of each column."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    digits: int = 2

    def lines(self) -> list[str]:
        """Return the table as text: words to the left, numbers to the right."""
        body = [[self._text(cell) for cell in row] for row in self.rows]
        widths = [max(map(_width, column)) for column in zip(self.columns, *body, strict=True)]
        is_words = [
            all(isinstance(row[index], str | None) for row in self.rows)
            for index in range(len(self.columns))
        ]

        def line(cells: Sequence[str]) -> str:
            padded = [
                cell + " " * (width - _width(cell)) if left else " " * (width - _width(cell)) + cell
                for cell, width, left in zip(cells, widths, is_words, strict=True)
            ]
            return "  ".join(padded).rstrip()

        rule = "  ".join("-" * width for width in widths)
        notes = [f"  {note}" for note in self.notes]
        return ["", self.title, line(self.columns), rule, *map(line, body), *notes]

    def as_json(self) -> dict[str, Any]:
        """Return the table with its numbers as they were measured."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
        }

    def _text(self, cell: Cell) -> str:
        if cell is None:
            return "-"
        if isinstance(cell, float):
            return f"{cell:,.{self.digits}f}"
        return f"{cell:,}" if isinstance(cell, int) else cell


@dataclass
class Report:
    """Everything that was measured in one run."""

    quick: bool = False
    tables: list[Table] = field(default_factory=list)

    def add(self, table: Table) -> None:
        """Keep a table and print it at once."""
        self.tables.append(table)
        say("\n".join(table.lines()))


def say(text: str) -> None:
    """Print a line now, so that who waits sees it."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def progress(text: str) -> None:
    """Tell who waits what is going on, beside the results."""
    sys.stderr.write(f"  … {text}\n")
    sys.stderr.flush()


def ratio(value: float, to: float) -> float | None:
    """Return how many times one is the other; None where there is nothing to compare with."""
    return value / to if to else None


def program(name: str) -> str | None:
    """Return the path of a program, also from where Debian keeps those of the administrator."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def machine() -> dict[str, str]:
    """Return what a reader must know to compare two runs."""
    facts = {
        "cpus": str(os.cpu_count()),
        "cpu": _cpu(),
        "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?",
        "python": platform.python_version(),
    }
    facts.update({name: _library(name) for name in _LIBRARIES})
    facts.update({name: _program_version(name, command) for name, command in _PROGRAMS.items()})
    return facts


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    match = re.search(r"model name\s*:\s*(.+)", text)
    return match[1].strip() if match else platform.machine()


def _library(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _program_version(name: str, command: Sequence[str]) -> str:
    path = program(name)
    if path is None:
        return "missing"
    done = subprocess.run(
        [path, *command[1:]], capture_output=True, encoding="utf-8", check=False, timeout=10
    )
    match = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return match[0] if match else "?"


def _width(text: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char)
        for char in text
    )
