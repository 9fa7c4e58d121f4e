"""Why an edition is called back: names for people, codes for metadata."""

from __future__ import annotations

import pytest

from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.errors import InvalidValueError


def test_what_is_signed_says_nothing_but_a_digit() -> None:
    assert {reason.value for reason in WithdrawalReason} == {"1", "2", "3", "4"}


@pytest.mark.parametrize("reason", WithdrawalReason)
def test_a_reason_comes_back_from_its_name_and_its_code(reason: WithdrawalReason) -> None:
    assert WithdrawalReason.from_name(reason.name.lower()) is reason
    assert WithdrawalReason.from_code(reason.value) is reason


@pytest.mark.parametrize("name", ["", "1", "DANGER", "위험"])
def test_a_name_that_is_none_is_told_what_there_is(name: str) -> None:
    with pytest.raises(InvalidValueError, match="mistake, danger, outdated, forged"):
        WithdrawalReason.from_name(name)


def test_a_code_of_a_newer_program_is_no_error() -> None:
    assert WithdrawalReason.from_code("9") is None
