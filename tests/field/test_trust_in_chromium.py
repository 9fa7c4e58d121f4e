"""The browser's rules of trust give the answers of Python's, in a real Chromium.

Every vector runs twice: with the browser's own Ed25519, and with it hidden, as in browsers of some
years ago. What no vector foresaw is judged live: bent repositories, and fields of every odd kind.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.conftest import OpenBrowser
from tests.field.bending import (
    BYTES,
    CRASHED,
    GRAFTS,
    bent_repositories,
    case_of,
    odd_fields,
    rows_of,
)
from tests.field.serving import FOLDERS, Harness, serving, told
from tests.stories.measured import MEASURED
from tests.vectors.trust.contents import Contents
from tests.vectors.trust.replaying import replay_report
from tests.vectors.trust.scenes import make_place

from bojagi.domain.verdicts import Verdict
from bojagi.trust.chain import chain_files

pytestmark = pytest.mark.browser

KINDS: Final = (
    ("reading", "stories", "cases"),
    ("report", "reports", "cases"),
    ("canonical", "canonical", "cases"),
    ("pattern", "paths", "patterns"),
    ("bin", "paths", "bins"),
    ("signature", "signatures", "cases"),
    ("sealing", "sealing", "cases"),
    ("chain", "chains", "chains"),
    ("chainNames", "chains", "names"),
)
"""A kind of case, its file and its table there."""

TWEETNACL: Final = "/field/vendor/tweetnacl/nacl-fast.min.js"


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.mark.parametrize("hidden", [False, True], ids=["native", "tweetnacl"])
def test_every_vector_gives_what_python_gave(
    open_browser: OpenBrowser,
    tmp_path: Path,
    origin: str,
    record_property: Callable[[str, object], None],
    *,
    hidden: bool,
) -> None:
    harness = Harness.open(open_browser(tmp_path), origin, hidden=hidden)
    for kind, file, table in KINDS:
        outcome = harness.run_file(kind, file, table)
        assert outcome["count"] == len(
            json.loads((FOLDERS["vectors"] / f"{file}.json").read_text("utf-8"))[table]
        )
        assert outcome["failures"] == [], told(outcome)
        took = f"{outcome['count']} cases of {kind} in {outcome['milliseconds']:.0f} ms"
        record_property(MEASURED, f"{'tweetnacl' if hidden else 'native'}: {took}")
    assert (TWEETNACL in harness.asked) == hidden


def test_a_wrong_answer_is_seen(open_browser: OpenBrowser, tmp_path: Path, origin: str) -> None:
    harness = Harness.open(open_browser(tmp_path), origin)
    tables = {
        name: json.loads((FOLDERS["vectors"] / f"{name}.json").read_text("utf-8"))
        for name in ("stories", "reports", "contents")
    }
    for kind, file in (("reading", "stories"), ("report", "reports")):
        case = tables[file]["cases"][0]
        planted = copy.deepcopy(case)
        _plant(planted["gives"])
        outcome = harness.run(kind, [case, planted], tables["contents"]["contents"])
        assert [failure["name"] for failure in outcome["failures"]] == [case["name"]]
        assert "NOT_OURS" in told(outcome)


def _plant(gives: dict[str, Any]) -> None:
    """Expect another verdict than the true one."""
    if "steps" in gives:
        gives["steps"][-1] = "NOT_OURS" if gives["steps"][-1] != "NOT_OURS" else "DAMAGED"
    else:
        gives["report"]["verdict"] = "NOT_OURS"


def test_bent_repositories_are_judged_alike(
    open_browser: OpenBrowser, tmp_path: Path, origin: str
) -> None:
    harness = Harness.open(open_browser(tmp_path), origin)
    cases, rows = bent_repositories(300, BYTES)
    assert len({json.dumps(case["gives"]) for case in cases}) > 20, "they bend in many ways"
    outcome = harness.run("verdicts", cases, rows)
    assert outcome["failures"] == [], told(outcome)


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_fields_of_odd_kinds_are_never_judged_more_kindly(
    open_browser: OpenBrowser, tmp_path: Path, origin: str, *, signed: bool
) -> None:
    """The browser may call `DAMAGED` what Python only finds unsigned; it never believes more."""
    harness = Harness.open(open_browser(tmp_path), origin)
    cases, rows = odd_fields(600) if signed else bent_repositories(300, GRAFTS)
    outcome = harness.run("verdicts", cases, rows)
    kinder = [each for each in outcome["failures"] if _is_kinder(each["got"], each["expected"])]
    assert kinder == [], told({"failures": kinder})


def _is_kinder(got: Any, expected: list[Any]) -> bool:  # noqa: ANN401 - what the browser gives
    """Whether the browser believes anything that Python doesn't."""
    if not isinstance(got, list):
        return True
    if expected[0].startswith(
        CRASHED
    ):  # Python's own fault; the browser must not believe it either
        return Verdict[got[0]] is Verdict.CURRENT
    python = dict(expected[1:])
    return Verdict[got[0]] > Verdict[expected[0]] or any(
        Verdict[verdict] > Verdict.NOT_OURS
        and Verdict[verdict] > Verdict[python.get(path, "DAMAGED")]
        for path, verdict in got[1:]
    )


@pytest.mark.parametrize("place", [0, 1])
def test_a_chain_saves_round_trips_and_changes_no_verdict(
    open_browser: OpenBrowser, tmp_path: Path, origin: str, place: int
) -> None:
    harness = Harness.open(open_browser(tmp_path), origin)
    shelf = make_place()
    chains = chain_files(shelf.repository, 2)
    files = {**shelf.files, **{f"metadata/{name}": data for name, data in chains.items()}}
    contents = Contents()
    case = case_of("a chain", shelf, files, contents)
    outcome = harness.run("chained", [{**case, "place": place}], rows_of(contents))
    (failure,) = outcome["failures"]
    report, plain = failure["got"]["report"], replay_report(case, contents)
    assert report == plain["report"]
    reads = [read.split()[0] for read in failure["got"]["reads"] if read.startswith("metadata/")]
    other = [f"metadata/1.{publisher}-{1 - place}.json" for publisher in (1, 2)]
    assert reads == ["metadata/timestamp.json", f"metadata/chain/1.1.{place}.txt", *other]
    del files[reads[1]]
    without = {**case_of("no chain", shelf, files, contents), "place": place}
    (failure,) = harness.run("chained", [without], rows_of(contents))["failures"]
    assert failure["got"]["report"] == plain["report"]
    assert "metadata/2.root.json 512000" in failure["got"]["reads"], "no chain: roots are asked for"
