"""The vectors of trust that Python and the browser share: Python's side of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from tests.vectors.trust import tables
from tests.vectors.trust.contents import Contents
from tests.vectors.trust.replaying import Case, replay_reading, replay_report

from bojagi.domain.verdicts import Verdict
from bojagi.trust.demo import MARK

PROJECT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = PROJECT / "tests" / "vectors" / "trust"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return loaded


CONTENTS: Final = Contents({row["name"]: row["parts"] for row in load("contents.json")["contents"]})
READINGS: Final = load("stories.json")["cases"]
REPORTS: Final = load("reports.json")["cases"]


@pytest.mark.parametrize("case", READINGS, ids=lambda case: case["name"])
def test_a_recorded_story_ends_the_same_in_python(case: Case) -> None:
    assert replay_reading(case, CONTENTS) == case["gives"]


@pytest.mark.parametrize("case", REPORTS, ids=lambda case: case["name"])
def test_a_recorded_report_is_the_same_in_python(case: Case) -> None:
    assert replay_report(case, CONTENTS) == case["gives"]


@pytest.mark.parametrize("name", ["canonical", "sealing", "signatures"])
def test_a_table_is_what_python_says(name: str) -> None:
    assert load(f"{name}.json")["cases"] == list(getattr(tables, name)())


def test_paths_and_chains_are_what_python_says() -> None:
    paths, chains = load("paths.json"), load("chains.json")
    assert paths["patterns"] == list(tables.patterns())
    assert paths["bins"] == list(tables.bins())
    assert chains["chains"] == list(tables.chains())
    assert chains["names"] == list(tables.chain_names())


def test_recording_anew_changes_nothing() -> None:
    command = [sys.executable, "-m", "tests.vectors.trust.record", "--check"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8", check=False)
    advice = "the rules or the stories have changed: read tests/vectors/trust/README.md"
    assert done.returncode == 0, f"{advice}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_the_stories_reach_every_verdict() -> None:
    every = {verdict.name for verdict in Verdict}
    steps = [step for case in READINGS for step in case["gives"]["steps"] if isinstance(step, str)]
    assert set(steps) - {"ok"} == every - {"CURRENT", "WITHDRAWN"}, "a client doesn't judge"
    assert {case["gives"]["report"]["verdict"] for case in REPORTS} == every
    assert len(READINGS) > 300


def test_the_vectors_stay_light() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 1_500_000


def test_the_browser_knows_the_mark_of_a_demo_and_the_verdicts() -> None:
    trust = PROJECT / "server" / "bojagi" / "field" / "trust"
    demo = (trust / "demo.js").read_text("utf-8")
    assert re.findall(r'"([0-9a-f]{64})"', demo) == [MARK.public_key.keyid]
    numbered = re.findall(
        r"^  ([A-Z_]+): (\d),$", (trust / "verdicts.js").read_text("utf-8"), re.MULTILINE
    )
    assert {name: int(number) for name, number in numbered} == {v.name: v.value for v in Verdict}
