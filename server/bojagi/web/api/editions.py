"""Editions under review: submitted, read, returned, signed off; also by people without accounts."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, make_response
from flask_smorest.pagination import PaginationParameters
from marshmallow import fields, validate

from bojagi.domain.pack import SignOff
from bojagi.services.reviewing import Passage
from bojagi.storage.content import EditionState
from bojagi.web.api.access import may_answer, person, public, rule
from bojagi.web.api.fields import Sent
from bojagi.web.api.routing import PREFIX, Answered, Routes, items_of, page_of
from bojagi.web.api.schemas import (
    ApprovedSchema,
    EditionSchema,
    LinkSchema,
    MadeLinkSchema,
    ReturnSchema,
    SignOffSchema,
    SubmitSchema,
    SubmittedSchema,
)
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("editions", "Editions under review: exactly these bytes, by a second person")
_EDITION: Final = "/editions/<digest:digest>"
_LINK: Final = "/sign-offs/<string(minlength=20,maxlength=80):secret>"
_DIGEST: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_SUBMITTED: Final = {
    "digest": _DIGEST,
    "pack": "warm",
    "locale": "ko_KP",
    "version": 1,
    "needed": ["safety", "northern_reader"],
}
_PASSAGE: Final = {"article": "cold", "unit": "abc234", "words": "너무 단정합니다."}
_EXAMPLE: Final = {
    "digest": _DIGEST,
    "pack": "warm",
    "locale": "ko_KP",
    "version": 1,
    "state": "submitted",
    "by": "버드나무",
    "at": "2026-11-26T09:00:00+00:00",
    "approvals": [{"kind": "safety", "by": "소나무", "on": "2026-11-26"}],
    "missing": ["northern_reader"],
    "comments": [],
}


class EditionQuery(Sent):
    """Which editions."""

    state = fields.String(
        load_default="", validate=validate.OneOf(["", *(str(each) for each in EditionState)])
    )


@routes.at("POST", "/packs/<string(maxlength=40):pack>/editions")
@rule("submit")
@may_answer(409)
@routes.takes(SubmitSchema, example={"locale": "ko_KP"})
@routes.answers(201, SubmittedSchema, example=_SUBMITTED)
def submit(data: dict[str, str], pack: str) -> Answered:
    """Build an edition as it stands now, and ask others to review just those bytes."""
    return bench().desk.submit(person(), pack, data["locale"], now())


@routes.at("GET", "/editions")
@rule("read")
@routes.takes(EditionQuery, location="query")
@routes.answers(200, EditionSchema(many=True), example=[_EXAMPLE])
@routes.in_pages()
def list_editions(query: dict[str, str], pagination_parameters: PaginationParameters) -> Answered:
    """List submitted editions, newest first."""
    listed = bench().listing.editions(query["state"], page_of(pagination_parameters))
    return items_of(listed, pagination_parameters)


@routes.at("GET", _EDITION)
@rule("read")
@routes.answers(200, EditionSchema, example=_EXAMPLE)
def show_edition(digest: str) -> Answered:
    """Show an edition, its sign-offs and what was said of it."""
    return bench().listing.edition(digest)


@routes.at("GET", f"{_EDITION}/preview")
@rule("read")
@routes.shows_a_page()
def preview(digest: str) -> Response:
    """Show an edition's very bytes as one page."""
    return _page(bench().desk.preview(digest))


@routes.at("POST", f"{_EDITION}/return")
@rule("return")
@may_answer(409)
@routes.takes(ReturnSchema, example={"passages": [_PASSAGE]})
@routes.answers(204)
def give_back(data: dict[str, Any], digest: str) -> None:
    """Return an edition for changes, with words on its passages."""
    passages = [Passage(each["article"], each["unit"], each["words"]) for each in data["passages"]]
    bench().desk.give_back(person(), digest, passages, now())


@routes.at("POST", f"{_EDITION}/approvals")
@rule("approve")
@may_answer(409)
@routes.takes(SignOffSchema, example={"kind": "safety"})
@routes.answers(201, ApprovedSchema, example={"complete": False})
def approve(data: dict[str, str], digest: str) -> Answered:
    """Sign an edition off; nobody does it to their own text."""
    done = bench().desk.approve(person(), digest, SignOff(data["kind"]), now())
    return {"complete": done}


@routes.at("POST", f"{_EDITION}/sign-off-links")
@rule("invite_sign_off")
@routes.takes(LinkSchema, example={"kind": "labour_lawyer", "pseudonym": "강물"})
@routes.answers(201, MadeLinkSchema, example={"path": f"{PREFIX}/sign-offs/mZ3…"})
def make_link(data: dict[str, str], digest: str) -> Answered:
    """Make a link by which somebody without an account reads an edition and signs it off, once."""
    kind = SignOff(data["kind"])
    secret = bench().desk.invite_sign_off(person(), digest, kind, data["pseudonym"], now())
    return {"path": f"{PREFIX}/sign-offs/{secret}"}


@routes.at("GET", _LINK)
@public
@may_answer(404)
@routes.shows_a_page()
def read_by_link(secret: str) -> Response:
    """Show the edition that a link is for."""
    return _page(bench().desk.preview_by_link(secret, now()))


@routes.at("POST", _LINK)
@public
@may_answer(403, 404, 409)
@routes.answers(201, ApprovedSchema, example={"complete": True})
def sign_off(secret: str) -> Answered:
    """Sign off the edition that a link is for; the link is used up then."""
    return {"complete": bench().desk.sign_off(secret, now())}


def _page(html: str) -> Response:
    answer = make_response(html)
    answer.content_type = "text/html; charset=utf-8"
    return answer
