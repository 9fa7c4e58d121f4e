"""Who asks, and whether they may: one rule for each route, asked before the route begins.

What always holds:

- A route without a rule answers nobody. A rule is a verb of `permissions`, or the plain statement
  that the route is public.
- Whoever comes with a session's cookie says so with a second token on everything that changes
  something, which another site can't know: the digest of the session's secret.
- A token opens what its scopes open and its owner may do, never more.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from bojagi.errors import ForbiddenError
from bojagi.services.permissions import ALLOWED, SCOPES, require, verbs_of
from bojagi.storage.people import Person
from bojagi.web.api.problems import ProblemError
from bojagi.web.api.workbench import bench, now

SESSION_COOKIE: Final = "bojagi_session"
DEVICE_COOKIE: Final = "bojagi_device"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC: Final = "public"
"""The rule of a route that anybody may ask."""
_RULE: Final = "_bojagi_rule"
_MAY: Final = "_bojagi_may"
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="studio"'}
_SAME_SITE: Final = frozenset({"same-origin", "none"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Attributes:
        session: the secret of their session; empty for who comes with a token.
    """

    person: Person
    session: str = ""


def rule(verb: str) -> Callable[[View], View]:
    """Declare which verb a route is; only who may do that verb gets to it."""
    if verb not in ALLOWED:
        raise ValueError(f"{verb!r} is no verb of permissions")

    def declare(view: View) -> View:
        setattr(view, _RULE, verb)
        return view

    return declare


def public(view: View) -> View:
    """Declare that anybody may ask a route: it looks for itself at what is sent."""
    setattr(view, _RULE, PUBLIC)
    return view


def may_answer(*statuses: int) -> Callable[[View], View]:
    """Declare with which errors of its own a route may answer, for its documentation."""

    def declare(view: View) -> View:
        setattr(view, _MAY, frozenset(statuses))
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> str:
    """Return the rule of a view; empty when none was declared."""
    return str(getattr(view, _RULE, ""))


def answers_of(view: Callable[..., Any]) -> frozenset[int]:
    """Return the errors of its own that a view declared."""
    return cast("frozenset[int]", getattr(view, _MAY, frozenset()))


@dataclass(frozen=True, order=True)
class RouteRule:
    """One row of the table of who may do what: a route, its verb, who may, and by which scope."""

    path: str
    method: str
    verb: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]


def route_rules(app: Flask) -> list[RouteRule]:
    """Return the table of roles by verb, made from the map of addresses itself."""
    found: list[RouteRule] = []
    for each in app.url_map.iter_rules():
        verb = rule_of(app.view_functions[each.endpoint])
        roles = tuple(sorted(ALLOWED.get(verb, ())))
        scopes = tuple(sorted(name for name, verbs in SCOPES.items() if verb in verbs))
        found += [
            RouteRule(each.rule, method, verb, roles, scopes)
            for method in (each.methods or set()) - {"HEAD", "OPTIONS"}
        ]
    return sorted(found)


def caller() -> Caller:
    """Return who asks; only on a route whose rule isn't `public`."""
    return cast("Caller", g.caller)


def person() -> Person:
    """Return the person who asks."""
    return caller().person


def csrf_token(session: str) -> str:
    """Return the token that a session's browser sends with everything it changes."""
    return sha256(f"csrf {session}".encode()).hexdigest()


def admit() -> None:
    """Let a request through to its route, or raise.

    Raises:
        ProblemError: when nobody is signed in, or what came with a cookie lacks its second token.
        ForbiddenError: when the person's roles, or the token's scopes, don't allow the verb.
    """
    if request.endpoint is None:
        return  # no such address, or no such method: Flask says so
    verb = rule_of(current_app.view_functions[request.endpoint])
    if verb == PUBLIC:
        _refuse_other_sites()
        return
    if verb not in ALLOWED:
        raise ForbiddenError("this route has no rule, so that nobody may use it")
    found = _by_token(verb) if "Authorization" in request.headers else _by_session()
    require(found.person, verb)
    g.caller = found


def _by_token(verb: str) -> Caller:
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    found = (
        bench().door.person_of_token(secret.strip(), now()) if scheme.lower() == "bearer" else None
    )
    if found is None:
        raise _nobody()
    owner, scopes = found
    if verb not in verbs_of(scopes):
        needed = ", ".join(name for name, verbs in SCOPES.items() if verb in verbs)
        raise ForbiddenError(
            f"this token lacks the scope {needed}" if needed else "a token doesn't open this"
        )
    return Caller(owner)


def _by_session() -> Caller:
    secret = request.cookies.get(SESSION_COOKIE, "")
    owner = bench().door.person_of_session(secret, now()) if secret else None
    if owner is None:
        raise _nobody()
    if request.method not in SAFE:
        _refuse_other_sites()
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), csrf_token(secret).encode()):
            raise ProblemError(HTTPStatus.FORBIDDEN, f"send the session's token in {CSRF_HEADER}")
    return Caller(owner, secret)


def _refuse_other_sites() -> None:
    """Refuse what a browser sends from a page of another site."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in _SAME_SITE or (origin and urlsplit(origin).netloc != request.host):
        raise ProblemError(HTTPStatus.FORBIDDEN, "this came from a page of another site")


def _nobody() -> ProblemError:
    return ProblemError(HTTPStatus.UNAUTHORIZED, "sign in, or send a token that holds", _CHALLENGE)
