"""Write the vectors of trust anew, or say which have changed; see the README beside this file.

python -m tests.vectors.trust.record            write them
python -m tests.vectors.trust.record --check    only compare; exit code 1 when one would change
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from tests.vectors.trust import odd_readings, scenes, tables
from tests.vectors.trust.contents import Contents
from tests.vectors.trust.recording import Recorder, counted_keys

FOLDER: Final = Path(__file__).parent
ATTACKS: Final = FOLDER.parents[1] / "stories" / "attacks"
SEAM: Final = "tests.stories.attacks.repository"
"""Stories that go through it are recorded; others in that folder bend whole published trees."""
VERIFIER: Final = FOLDER.parents[1] / "trust" / "test_verifier.py"


def record() -> dict[str, str]:
    """Play every story; return the files of vectors by name."""
    contents = Contents()
    with counted_keys() as keys:
        recorder = Recorder(contents, keys)
        found = sorted(
            path for path in ATTACKS.glob("test_*.py") if SEAM in path.read_text("utf-8")
        )
        stories = [str(path) for path in (*found, VERIFIER)]
        arguments = ["--noconftest", "--quiet", "--no-header", "-p", "no:xdist", *stories]
        if code := pytest.main(arguments, plugins=[recorder]):
            sys.exit(f"The stories don't pass ({code}); nothing is recorded.")
        for name, play in (
            *odd_readings.readings(recorder.client),
            *scenes.reports(recorder.verify),
        ):
            recorder.tell(name)
            play()
        recorder.tell("the end")
        made = {
            "stories.json": _rows(cases=recorder.readings),
            "reports.json": _rows(cases=recorder.reports),
            "canonical.json": _rows(cases=tables.canonical()),
            "paths.json": _rows(
                paths=list(tables.PATHS), patterns=tables.patterns(), bins=tables.bins()
            ),
            "signatures.json": _rows(cases=tables.signatures()),
            "sealing.json": _rows(cases=tables.sealing()),
            "chains.json": _rows(chains=tables.chains(), names=tables.chain_names()),
        }
    rows = [{"name": name, "parts": parts} for name, parts in sorted(contents.parts.items())]
    return {"contents.json": _rows(contents=rows), **made}


def _rows(**tables_: Iterable[Any]) -> str:
    """Write tables with a row a line, so that a change shows where it is."""
    parts = []
    for name, rows in tables_.items():
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        parts.append(f'"{name}": [\n' + ",\n".join(lines) + "\n]")
    return "{" + ",\n".join(parts) + "}\n"


def main(arguments: list[str]) -> int:
    """Do it; return the exit code."""
    made = record()
    changed = []
    for name, text in made.items():
        path = FOLDER / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        changed.append(name)
        if arguments != ["--check"]:
            path.write_text(text, "utf-8")
    sys.stdout.write(f"changed: {', '.join(changed) or 'nothing'}\n")
    return int(bool(changed) and arguments == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
