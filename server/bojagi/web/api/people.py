"""People and what they did: for admins."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest.pagination import PaginationParameters

from bojagi.services.listing import person_listed
from bojagi.storage.people import Role
from bojagi.web.api.access import may_answer, person, rule
from bojagi.web.api.account_schemas import (
    EventSchema,
    InvitationSchema,
    NewPersonSchema,
    PersonSchema,
    RolesSchema,
)
from bojagi.web.api.routing import Answered, Routes, items_of, page_of
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("people", "People with an account, and what they did")
_NAMED: Final = "/people/<string(maxlength=80):pseudonym>"
_PERSON: Final = {
    "pseudonym": "버드나무",
    "roles": ["author", "translator"],
    "disabled": False,
    "signs_in": True,
}
_INVITATION: Final = {"pseudonym": "버드나무", "secret": "mZ3…"}
_EVENT: Final = {
    "at": "2026-11-26T09:00:00+00:00",
    "by": "소나무",
    "verb": "approve",
    "what": "safety 9f86d081884c7d65",
}


@routes.at("GET", "/people")
@rule("people")
@routes.answers(200, PersonSchema(many=True), example=[_PERSON])
@routes.in_pages()
def list_people(pagination_parameters: PaginationParameters) -> Answered:
    """List everybody with an account."""
    return items_of(bench().listing.people(page_of(pagination_parameters)), pagination_parameters)


@routes.at("POST", "/people")
@rule("people")
@may_answer(409)
@routes.takes(NewPersonSchema, example={"pseudonym": "버드나무", "roles": ["author"]})
@routes.answers(201, InvitationSchema, example=_INVITATION)
def add_person(data: dict[str, Any]) -> dict[str, str]:
    """Add a person, and get the invitation to hand to them."""
    roles = [Role(each) for each in data["roles"]]
    added, secret = bench().door.add(person(), data["pseudonym"], roles, now())
    return {"pseudonym": added.pseudonym, "secret": secret}


@routes.at("PUT", f"{_NAMED}/roles")
@rule("people")
@routes.takes(RolesSchema, example={"roles": ["safety_reviewer"]})
@routes.answers(200, PersonSchema, example=_PERSON)
def change_roles(data: dict[str, Any], pseudonym: str) -> Answered:
    """Give a person other roles; nobody changes their own."""
    roles = [Role(each) for each in data["roles"]]
    return person_listed(bench().door.change_roles(person(), pseudonym, roles, now()))


@routes.at("POST", f"{_NAMED}/invitation")
@rule("people")
@routes.answers(201, InvitationSchema, example=_INVITATION)
def reset(pseudonym: str) -> dict[str, str]:
    """Reset an account: password, codes and sessions end, and a new invitation is made."""
    return {"pseudonym": pseudonym, "secret": bench().door.invite(person(), pseudonym, now())}


@routes.at("DELETE", _NAMED)
@rule("people")
@routes.answers(204)
def disable(pseudonym: str) -> None:
    """Let a person in no more; what they wrote and approved stays."""
    bench().door.disable(person(), pseudonym, now())


@routes.at("GET", "/audit")
@rule("audit")
@routes.answers(200, EventSchema(many=True), example=[_EVENT])
@routes.in_pages()
def list_events(pagination_parameters: PaginationParameters) -> Answered:
    """List what people did, newest first, for as long as it is kept."""
    return items_of(bench().listing.events(page_of(pagination_parameters)), pagination_parameters)
