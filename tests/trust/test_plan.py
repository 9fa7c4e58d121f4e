"""Who may sign what: thresholds, and publishers kept apart."""

from __future__ import annotations

import pytest
from tests.trust.shelf import DAY, Shelf, keys_of, make_signers

from bojagi.errors import InvalidValueError
from bojagi.trust.plan import Plan, Publisher, RoleKeys


def test_a_plan_names_thresholds_and_keeps_publishers_apart() -> None:
    shelf = Shelf()
    root = shelf.plan.make_root(1, DAY)
    assert [root.roles[role].threshold for role in ("root", "targets")] == [2, 2]
    one, two = keys_of(make_signers(1)), keys_of(make_signers(1))
    publishers = (Publisher(1, 2, one), Publisher(2, 1, two))
    base = shelf.plan
    plan = Plan(
        base.root, base.targets, base.snapshot, base.timestamp, base.withdrawals, publishers
    )
    delegations = plan.make_targets(1, DAY).delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert all(role.terminating for role in delegations.roles.values())
    for path, role in {"1/0/7": "1-0", "1/1/7": "1-1", "2/0/7": "2-0", "w/7": "w"}.items():
        assert [name for name, _ in delegations.get_roles_for_target(path)] == [role]
    assert delegations.roles["2-0"].keyids == two.ids


@pytest.mark.parametrize("threshold", [0, 3])
def test_a_role_that_nobody_can_sign_is_no_plan(threshold: int) -> None:
    with pytest.raises(Exception, match="threshold"):
        RoleKeys(keys_of(make_signers(2)).keys, threshold)


def test_a_key_counts_once_in_a_plan() -> None:
    (key,) = keys_of(make_signers(1)).keys
    with pytest.raises(InvalidValueError):
        RoleKeys((key, key), 1)
