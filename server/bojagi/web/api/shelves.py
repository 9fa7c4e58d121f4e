"""Releases and withdrawals, a shelf at a time."""

from __future__ import annotations

import base64
from typing import Any, Final

from flask_smorest.pagination import PaginationParameters

from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.web.api.access import may_answer, person, rule
from bojagi.web.api.routing import Answered, Routes, part_of
from bojagi.web.api.schemas import (
    ReleaseSchema,
    RequestSchema,
    SignaturesSchema,
    SignedSchema,
    WithdrawalSchema,
    WithdrawnSchema,
    WithdrawSchema,
)
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("releases", "What is signed of each shelf, and what was called back")
_SHELF: Final = "/releases/<string(maxlength=4):shelf>"
_RELEASE: Final = {
    "shelf": "a3",
    "sealed": False,
    "demo": True,
    "number": 4,
    "editions": [1, 101],
    "waiting": [],
}


@routes.at("GET", "/releases")
@rule("read")
@routes.answers(200, ReleaseSchema(many=True), example=[_RELEASE])
@routes.in_pages()
def list_releases(pagination_parameters: PaginationParameters) -> Answered:
    """List the shelves, what is signed of each, and what waits for signatures."""
    return part_of(bench().releases.all(), pagination_parameters)


@routes.at("GET", _SHELF)
@rule("read")
@routes.answers(200, ReleaseSchema, example=_RELEASE)
def show_release(shelf: str) -> Answered:
    """Show what is signed of a shelf."""
    return bench().releases.one(shelf)


@routes.at("POST", f"{_SHELF}/request")
@rule("release")
@may_answer(409)
@routes.answers(201, RequestSchema, example={"roles": ["1.0"], "request": "eyJmb3JtYXQi…"})
def prepare(shelf: str) -> Answered:
    """Prepare a release: what stands and is approved, for people to sign on their own machines."""
    request = bench().releases.prepare(person(), shelf, now())
    packed = base64.b64encode(request.to_bytes()).decode("ascii")
    return {"roles": sorted(request.roles), "request": packed}


@routes.at("POST", f"{_SHELF}/signatures")
@rule("release")
@may_answer(409)
@routes.takes(SignaturesSchema, example={"signatures": ["eyJmb3JtYXQi…"]})
@routes.answers(200, SignedSchema, example={"roles": ["1.0", "targets"]})
def finish(data: dict[str, Any], shelf: str) -> Answered:
    """Finish a release with the signatures that came back."""
    return {"roles": bench().releases.finish(person(), shelf, data["signatures"], now())}


@routes.at("POST", f"{_SHELF}/publication")
@rule("publish")
@may_answer(409)
@routes.answers(200, ReleaseSchema, example=_RELEASE)
def publish(shelf: str) -> Answered:
    """Serve the demo shelves; one of people's keys is published on the studio's host."""
    return bench().releases.publish(person(), shelf, now())


@routes.at("GET", "/withdrawals")
@rule("read")
@routes.answers(
    200,
    WithdrawalSchema(many=True),
    example=[{"shelf": "a3", "digest": "9f86…", "reason": "mistake"}],
)
@routes.in_pages()
def list_withdrawals(pagination_parameters: PaginationParameters) -> Answered:
    """List what was called back, on every shelf."""
    return part_of(bench().releases.withdrawals(), pagination_parameters)


@routes.at("POST", "/withdrawals")
@rule("withdraw")
@may_answer(404, 409)
@routes.takes(WithdrawSchema, example={"shelf": "a3", "edition": "1", "reason": "mistake"})
@routes.answers(201, WithdrawnSchema, example={"editions": ["1"]})
def withdraw(data: dict[str, str]) -> Answered:
    """Call an edition back, at once and for ever."""
    reason = WithdrawalReason.from_name(data["reason"])
    gone = bench().releases.withdraw(person(), data["shelf"], data["edition"], reason, now())
    return {"editions": list(gone)}
