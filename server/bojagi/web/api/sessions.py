"""Signing in and out, accepting an invitation, one's own tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Response, after_this_request, request

from bojagi.services import accounts
from bojagi.services.permissions import SCOPES
from bojagi.storage.people import Person
from bojagi.web.api.access import (
    DEVICE_COOKIE,
    SESSION_COOKIE,
    caller,
    csrf_token,
    may_answer,
    person,
    public,
    rule,
)
from bojagi.web.api.account_schemas import (
    AcceptedSchema,
    AcceptSchema,
    MadeTokenSchema,
    NewTokenSchema,
    SessionSchema,
    SignInSchema,
    TokenSchema,
)
from bojagi.web.api.problems import ProblemError
from bojagi.web.api.routing import PREFIX, Answered, Routes
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("sessions", "Signing in and out, and one's own tokens")
COOKIE_PATH: Final = "/api/"

_ME: Final = {"pseudonym": "소나무", "roles": ["author"], "csrf_token": "9f86d081…"}
_TOKEN: Final = {
    "name": "translations",
    "scopes": ["read", "write"],
    "created": "2026-11-26T09:00:00+00:00",
    "expires": "2027-11-26T09:00:00+00:00",
}


@routes.at("POST", "/session")
@public
@may_answer(401, 403, 429)
@routes.takes(
    SignInSchema,
    example={"pseudonym": "소나무", "password": "correct horse battery", "code": "123456"},
)
@routes.answers(201, SessionSchema, example=_ME)
def sign_in(data: dict[str, str]) -> dict[str, Any]:
    """Sign in; the session comes as a cookie that no script can read."""
    given = (data["pseudonym"], data["password"], data["code"])
    found = bench().door.sign_in(given, request.cookies.get(DEVICE_COOKIE, ""), now())
    if found is None:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, accounts.refused_words())
    _set_cookie(SESSION_COOKIE, found.session, None)
    _set_cookie(DEVICE_COOKIE, found.device, int(accounts.DEVICE.total_seconds()))
    return _told(found.person, found.session)


@routes.at("GET", "/session")
@rule("read")
@routes.answers(200, SessionSchema, example=_ME)
def who_am_i() -> dict[str, Any]:
    """Say who is signed in, and the token that goes with everything they change."""
    return _told(person(), caller().session)


@routes.at("DELETE", "/session")
@rule("own")
@routes.answers(204)
def sign_out() -> None:
    """Sign out here."""
    bench().door.sign_out(caller().session)
    _set_cookie(SESSION_COOKIE, "", 0)


@routes.at("DELETE", "/sessions")
@rule("own")
@routes.answers(204)
def end_everywhere() -> None:
    """Sign out everywhere, and forget every device."""
    bench().door.end_everywhere(person(), now())
    _set_cookie(SESSION_COOKIE, "", 0)
    _set_cookie(DEVICE_COOKIE, "", 0)


@routes.at("POST", "/invitations")
@public
@may_answer(403, 404)
@routes.takes(AcceptSchema, example={"secret": "mZ3…", "password": "a long sentence that I keep"})
@routes.answers(
    201,
    AcceptedSchema,
    example={
        "pseudonym": "소나무",
        "one_time_secret": "JBSWY3DPEHPK3PXP",
        "recovery_codes": ["1f0c-a93b7e"],
    },
)
def accept(data: dict[str, str]) -> dict[str, Any]:
    """Accept an invitation: choose a password, and write down what makes the codes."""
    accepted = bench().door.accept(data["secret"], data["password"], now())
    return {
        "pseudonym": accepted.person.pseudonym,
        "one_time_secret": accepted.secret,
        "recovery_codes": accepted.recovery_codes,
    }


@routes.at("GET", "/tokens")
@rule("own")
@routes.answers(200, TokenSchema(many=True), example=[_TOKEN])
def list_tokens() -> Answered:
    """List one's own tokens."""
    return bench().listing.tokens(person())


@routes.at("POST", "/tokens")
@rule("own")
@may_answer(409)
@routes.takes(NewTokenSchema, example={"name": "translations", "scopes": sorted(SCOPES)[:2]})
@routes.answers(201, MadeTokenSchema, example={"token": "kY1…"})
def make_token(data: dict[str, Any]) -> dict[str, str]:
    """Make a token for a program of one's own; it is shown this once."""
    return {"token": bench().door.make_token(person(), data["name"], data["scopes"], now())}


@routes.at("DELETE", "/tokens/<string(maxlength=80):name>")
@rule("own")
@routes.answers(204)
def revoke_token(name: str) -> None:
    """Revoke a token of one's own."""
    bench().door.revoke_token(person(), name, now())


def _told(who: Person, session: str) -> dict[str, Any]:
    return {
        "pseudonym": who.pseudonym,
        "roles": sorted(str(role) for role in who.role_names),
        "csrf_token": csrf_token(session) if session else "",
    }


def _set_cookie(name: str, value: str, age: int | None) -> None:
    is_secure = bench().https or request.is_secure

    @after_this_request
    def keep(answer: Response) -> Response:
        answer.set_cookie(
            name,
            value,
            max_age=age,
            path=COOKIE_PATH,
            secure=is_secure,
            httponly=True,
            samesite="Strict",
        )
        return answer


assert PREFIX.startswith(COOKIE_PATH.rstrip("/"))  # noqa: S101 - or no cookie would come back
