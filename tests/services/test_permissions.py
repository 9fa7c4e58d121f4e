"""Who may do what: the whole table, written down once more by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from bojagi.domain.pack import SignOff
from bojagi.errors import ForbiddenError
from bojagi.services.permissions import ALLOWED, SCOPES, require, require_kind, verbs_of
from bojagi.storage.people import Person, PersonRole, Role

TABLE: Final = """
                  author  translator  safety_reviewer  publisher  admin
read              yes     yes         yes              yes        yes
import            yes     -           -                yes        -
export            yes     yes         yes              yes        yes
save              yes     yes         yes              -          -
change_fact       yes     -           yes              -          -
submit            yes     yes         yes              -          -
return            -       -           yes              yes        -
approve           -       -           yes              yes        -
approve_units     -       yes         yes              yes        -
waive             -       -           yes              -          -
still_true        -       -           yes              -          -
invite_sign_off   -       -           yes              yes        -
release           -       -           -                yes        -
publish           -       -           -                yes        -
withdraw          -       -           yes              -          -
people            -       -           -                -          yes
audit             -       -           -                -          yes
own               yes     yes         yes              yes        yes
"""

_HEAD, *_LINES = TABLE.strip().splitlines()
CELLS: Final = [
    (role, line.split()[0], answer == "yes")
    for line in _LINES
    for role, answer in zip(_HEAD.split(), line.split()[1:], strict=True)
]


def person(*roles: Role) -> Person:
    return Person(pseudonym="버드나무", roles=[PersonRole(role=role) for role in roles])


@pytest.mark.parametrize(("role", "verb", "may"), CELLS)
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    role: str, verb: str, *, may: bool
) -> None:
    somebody = person(Role(role))
    if may:
        require(somebody, verb)
    else:
        with pytest.raises(ForbiddenError, match="버드나무 may not"):
            require(somebody, verb)


def test_the_table_is_whole() -> None:
    assert {verb for _, verb, _ in CELLS} == set(ALLOWED)
    assert _HEAD.split() == [str(role) for role in Role]


@pytest.mark.parametrize("verb", sorted(ALLOWED))
def test_who_has_no_role_or_was_disabled_may_do_nothing(verb: str) -> None:
    with pytest.raises(ForbiddenError):
        require(person(), verb)
    disabled = person(*Role)
    disabled.disabled = datetime(2026, 11, 26, tzinfo=UTC)
    with pytest.raises(ForbiddenError):
        require(disabled, verb)


@pytest.mark.parametrize("verb", ["", "delete", "Save", "read "])
@pytest.mark.parametrize("is_disabled", [False, True])
def test_a_verb_that_is_none_is_a_bug(verb: str, *, is_disabled: bool) -> None:
    somebody = person(*Role)
    somebody.disabled = datetime(2026, 11, 26, tzinfo=UTC) if is_disabled else None
    with pytest.raises(KeyError):
        require(somebody, verb)


@pytest.mark.parametrize("kind", list(SignOff))
def test_only_a_safety_reviewer_signs_off_for_safety(kind: SignOff) -> None:
    require_kind(person(Role.SAFETY_REVIEWER), kind)
    for role in (Role.AUTHOR, Role.TRANSLATOR, Role.ADMIN):
        with pytest.raises(ForbiddenError):
            require_kind(person(role), kind)
    if kind is SignOff.SAFETY:
        with pytest.raises(ForbiddenError, match="no safety reviewer"):
            require_kind(person(Role.PUBLISHER), kind)
    else:
        require_kind(person(Role.PUBLISHER), kind)


def test_every_verb_has_one_scope_and_none_opens_what_is_ones_own() -> None:
    opened = [verb for verbs in SCOPES.values() for verb in verbs]
    assert sorted(opened) == sorted(set(ALLOWED) - {"own"})
    assert verbs_of(frozenset({"read", "people"})) == {"read", "export", "people", "audit"}
    assert verbs_of(frozenset({"everything", ""})) == frozenset()
