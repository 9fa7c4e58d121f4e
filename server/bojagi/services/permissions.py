"""Which roles may do what: one table, which the command line and the API both ask.

Whoever may do a thing may still not do it to their own text: that is asked elsewhere, and by the
database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bojagi.domain.pack import SignOff
from bojagi.errors import ForbiddenError
from bojagi.storage.people import Person, Role

_WRITERS: Final = frozenset({Role.AUTHOR, Role.TRANSLATOR, Role.SAFETY_REVIEWER})
_EVERYBODY: Final = frozenset(Role)

ALLOWED: Final[Mapping[str, frozenset[Role]]] = {
    "read": _EVERYBODY,
    "import": frozenset({Role.AUTHOR, Role.PUBLISHER}),
    "export": _EVERYBODY,
    "save": _WRITERS,
    "change_fact": frozenset({Role.AUTHOR, Role.SAFETY_REVIEWER}),
    "submit": _WRITERS,
    "return": frozenset({Role.SAFETY_REVIEWER, Role.PUBLISHER}),
    "approve": frozenset({Role.SAFETY_REVIEWER, Role.PUBLISHER}),
    "approve_units": frozenset({Role.TRANSLATOR, Role.SAFETY_REVIEWER, Role.PUBLISHER}),
    "waive": frozenset({Role.SAFETY_REVIEWER}),
    "still_true": frozenset({Role.SAFETY_REVIEWER}),
    "invite_sign_off": frozenset({Role.PUBLISHER, Role.SAFETY_REVIEWER}),
    "release": frozenset({Role.PUBLISHER}),
    "publish": frozenset({Role.PUBLISHER}),
    "withdraw": frozenset({Role.SAFETY_REVIEWER}),
    "people": frozenset({Role.ADMIN}),
    "audit": frozenset({Role.ADMIN}),
    "own": _EVERYBODY,
}
"""Verb to the roles that may do it.

`own` is what is a person's own: their session, their tokens; no scope opens it, so that no token
makes another.
"""

SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "read": frozenset({"read", "export"}),
    "write": frozenset({"save", "submit", "change_fact", "import"}),
    "review": frozenset(
        {"return", "approve", "approve_units", "waive", "still_true", "invite_sign_off"}
    ),
    "release": frozenset({"release", "publish", "withdraw"}),
    "people": frozenset({"people", "audit"}),
}
"""Scope of a token to the verbs it opens; a token never opens more than its owner may do."""


def require(person: Person, verb: str) -> None:
    """Raise `ForbiddenError` unless a person's roles allow a verb."""
    if person.disabled or not ALLOWED[verb] & person.role_names:
        needed = ", ".join(sorted(ALLOWED[verb]))
        raise ForbiddenError(
            f"{person.pseudonym} may not {verb.replace('_', ' ')}; it takes {needed}"
        )


def require_kind(person: Person, kind: SignOff) -> None:
    """Raise `ForbiddenError` unless a person may give a sign-off of this kind."""
    require(person, "approve")
    if kind is SignOff.SAFETY and Role.SAFETY_REVIEWER not in person.role_names:
        raise ForbiddenError(f"{person.pseudonym} is no safety reviewer")


def verbs_of(scopes: frozenset[str]) -> frozenset[str]:
    """Return the verbs that the scopes of a token open."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
