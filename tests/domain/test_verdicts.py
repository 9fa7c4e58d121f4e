from __future__ import annotations

from itertools import permutations

import pytest

from bojagi.domain.verdicts import Verdict, worst

WORST_FIRST = ["DAMAGED", "NOT_OURS", "WITHDRAWN", "OLDER_THAN_YOURS", "OLD", "CURRENT"]


def test_verdicts_stand_worst_first() -> None:
    assert [verdict.name for verdict in sorted(Verdict)] == WORST_FIRST
    assert [verdict.name for verdict in Verdict] == WORST_FIRST


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_worst_verdict_counts_for_the_whole(length: int) -> None:
    for names in permutations(WORST_FIRST, length):
        expected = min(names, key=WORST_FIRST.index)
        assert worst(Verdict[name] for name in names).name == expected


def test_of_nothing_at_all_nothing_good_is_said() -> None:
    assert worst([]) is Verdict.NOT_OURS
