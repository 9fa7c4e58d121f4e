"""One build in a process of its own: `python -m tests.benchmarks.one_build <warm> <root> <data>`.

Builds the library at <warm> first, so that imports, templates and locale data are there; then
times reading, checking and publishing <root> and prints what it found as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.making import OPEN_GATE

from bojagi.authoring.library import Library, read_library
from bojagi.domain.identifiers import PackId
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import Build, publish_demo

if TYPE_CHECKING:
    from bojagi.domain.identifiers import ShelfCode

T = TypeVar("T")


def main(warm: Path, root: Path, data: Path) -> None:
    """Build twice: once to be warm, once by the clock."""
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name:
        _build(warm, Path(name))
    sys.stdout.write(json.dumps(_build(root, data)) + "\n")


def _build(root: Path, data: Path) -> dict[str, Any]:
    stages: dict[str, tuple[float, float]] = {}
    library = _timed(stages, "read", lambda: read_library(root))
    _check(stages, library)
    began: list[tuple[ShelfCode, float]] = []

    def report(line: str) -> None:
        pack = PackId(line.partition(" ")[0])
        began.append((library.folders[pack].pack.shelf, time.perf_counter()))

    def build() -> Build:
        return publish_demo(library, DataFolder(data), OPEN_GATE, datetime.now(UTC), report)

    done = _timed(stages, "publish", build)
    return {
        "stages": stages,
        "packs": len(library.folders),
        "problems": [str(problem) for problem in library.problems],
        "built": [f"{pack} in {locale}" for pack, locale in done.built],
        "kept": done.kept,
        "failures": [str(failure) for failure in done.failures],
        "editions": [
            next_one - this
            for (shelf, this), (next_shelf, next_one) in pairwise(began)
            if shelf == next_shelf
        ],
        "peak_mb": _peak_megabytes(),
    }


def _check(stages: dict[str, tuple[float, float]], library: Library) -> None:
    try:
        from bojagi.authoring.checks.checking import check_library
        from bojagi.services.checking import check
    except ImportError:
        return
    today = datetime.now(tz=UTC).date()
    # `check` takes `check_library` and builds every edition besides; both, to tell them apart.
    _timed(stages, "rules", lambda: list(check_library(library, today)))
    _timed(stages, "check", lambda: check(library, today))


def _timed(stages: dict[str, tuple[float, float]], name: str, do: Callable[[], T]) -> T:
    wall, processor = time.perf_counter(), time.process_time()
    result = do()
    stages[name] = (time.perf_counter() - wall, time.process_time() - processor)
    return result


def _peak_megabytes() -> float | None:
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
