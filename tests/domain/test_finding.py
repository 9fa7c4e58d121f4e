from __future__ import annotations

import pytest

from bojagi.domain.finding import Finding, Place, Severity
from bojagi.errors import InvalidValueError

FILE = "content_packs/site-safety/01-cold.md"


@pytest.mark.parametrize(
    ("place", "written"),
    [
        (Place(FILE), FILE),
        (Place(FILE, 12), f"{FILE}:12"),
        (Place(FILE, 12, 3), f"{FILE}:12:3"),
    ],
)
def test_a_place_is_written_the_way_editors_jump_to_it(place: Place, written: str) -> None:
    assert str(place) == written


def test_places_stand_in_the_order_of_a_file() -> None:
    places = [Place("b.md"), Place("a.md", 10), Place("a.md", 9, 8), Place("a.md", 9)]
    assert [str(place) for place in sorted(places)] == ["a.md:9", "a.md:9:8", "a.md:10", "b.md"]


@pytest.mark.parametrize(("rule", "place"), [("", Place(FILE)), ("phone", Place(""))])
def test_a_finding_nobody_could_look_up_is_refused(rule: str, place: Place) -> None:
    with pytest.raises(InvalidValueError, match="a rule and a file") as caught:
        Finding(rule, Severity.BLOCK, place)
    assert caught.value.what == "finding"


@pytest.mark.parametrize(
    ("severity", "demo_allows", "blocks_release", "blocks_demo"),
    [
        (Severity.BLOCK, False, True, True),
        (Severity.BLOCK, True, True, False),
        (Severity.WARN, False, False, False),
        (Severity.WARN, True, False, False),
        (Severity.NOTE, False, False, False),
        (Severity.NOTE, True, False, False),
    ],
)
def test_a_block_stops_and_a_demo_passes_only_what_says_so(
    severity: Severity,
    demo_allows: bool,  # noqa: FBT001 - a column of the table
    blocks_release: bool,  # noqa: FBT001 - a column of the table
    blocks_demo: bool,  # noqa: FBT001 - a column of the table
) -> None:
    finding = Finding("northern-reader", severity, Place(FILE), demo_allows=demo_allows)
    assert finding.blocks(demo=False) is blocks_release
    assert finding.blocks(demo=True) is blocks_demo


def test_a_warning_that_needs_a_waiver_stops_what_is_real() -> None:
    warned = Finding("promise", Severity.WARN, Place(FILE), needs_waiver=True)
    assert warned.blocks(demo=False)
    assert not warned.blocks(demo=True)
