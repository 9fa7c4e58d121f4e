"""Translations unit by unit: how far each has come; approvals of exactly one pair of texts."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest.pagination import PaginationParameters
from marshmallow import Schema, fields, validate

from bojagi.authoring.standing import Standing
from bojagi.domain import limits
from bojagi.domain.translation import Risk, Showing, UnitState
from bojagi.web.api.access import may_answer, person, rule
from bojagi.web.api.fields import Sent, Words
from bojagi.web.api.routing import Answered, Routes, part_of
from bojagi.web.api.workbench import bench, now

routes: Final = Routes("translations", "Translations unit by unit, approved in pairs of texts")
_UNITS: Final = (
    "/packs/<string(maxlength=40):pack>/translations/<string(maxlength=20):locale>/units"
)
_CONTEXT: Final = 60
_UNIT: Final = {
    "unit": "cold#k3v9x2",
    "kind": "item",
    "state": "stale (meaning)",
    "risk": "figure",
    "shown": "nothing",
    "source": "90일안에 물으십시오.",
    "made_from": "7일안에 물으십시오.",
    "text": "Ask within 7 days.",
}


class UnitSchema(Schema):
    """How far a unit has come in a locale."""

    unit = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([str(each) for each in UnitState]))
    risk = fields.String(required=True, validate=validate.OneOf([str(each) for each in Risk]))
    shown = fields.String(required=True, validate=validate.OneOf([str(each) for each in Showing]))
    source = fields.String(required=True)
    made_from = fields.String(required=True)
    text = fields.String(required=True)


class UnitsSchema(Sent):
    """Units whose translations somebody compared with their sources; none means all that wait."""

    units = fields.List(
        Words(_CONTEXT), required=True, validate=validate.Length(0, limits.UNITS_PER_ARTICLE)
    )


class ApprovedUnitsSchema(Schema):
    """The units that are approved now and weren't before."""

    units = fields.List(fields.String(), required=True)


@routes.at("GET", _UNITS)
@rule("read")
@routes.answers(200, UnitSchema(many=True), example=[_UNIT])
@routes.in_pages()
def list_units(pack: str, locale: str, pagination_parameters: PaginationParameters) -> Answered:
    """List the units of a pack in a locale, in reading order."""
    return part_of(list(map(_unit, bench().desk.units(pack, locale))), pagination_parameters)


@routes.at("POST", f"{_UNITS}/approvals")
@rule("approve_units")
@may_answer(409)
@routes.takes(UnitsSchema, example={"units": ["cold#k3v9x2"]})
@routes.answers(201, ApprovedUnitsSchema, example={"units": ["cold#k3v9x2"]})
def approve_units(data: dict[str, list[str]], pack: str, locale: str) -> Answered:
    """Approve translations as they stand; nobody does it to words of their own."""
    return {"units": bench().desk.approve_units(person(), pack, locale, data["units"], now())}


def _unit(unit: Standing) -> dict[str, Any]:
    return {
        "unit": unit.context,
        "kind": str(unit.kind),
        "state": str(unit.state),
        "risk": str(unit.risk),
        "shown": str(unit.showing),
        "source": unit.source,
        "made_from": unit.entry.made_from if unit.entry else "",
        "text": unit.text,
    }
