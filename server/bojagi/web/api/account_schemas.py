"""The shapes of what is sent and answered of people: sessions, tokens, accounts, the audit."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from bojagi.services.permissions import SCOPES
from bojagi.storage.people import Role
from bojagi.web.api.fields import Sent, Words, one_of

_PSEUDONYM: Final = 80
_SECRET: Final = 200
_CODE: Final = 40


class SignInSchema(Sent):
    """Who signs in."""

    pseudonym = Words(_PSEUDONYM)
    password = Words(_SECRET, load_only=True)
    code = Words(_CODE, load_only=True, metadata={"description": "one-time or recovery code"})


class SessionSchema(Schema):
    """Who is signed in."""

    pseudonym = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    csrf_token = fields.String(
        required=True, metadata={"description": "for X-CSRF-Token; empty for who has a token"}
    )


class AcceptSchema(Sent):
    """An invitation, and the password that its person chooses."""

    secret = Words(_SECRET, load_only=True)
    password = Words(_SECRET, load_only=True)


class AcceptedSchema(Schema):
    """What a new person writes down once."""

    pseudonym = fields.String(required=True)
    one_time_secret = fields.String(required=True)
    recovery_codes = fields.List(fields.String(), required=True)


class NewTokenSchema(Sent):
    """A token to make."""

    name = Words(_PSEUDONYM)
    scopes = fields.List(
        fields.String(validate=one_of(SCOPES)), required=True, validate=validate.Length(1, 10)
    )


class MadeTokenSchema(Schema):
    """A token that was made; it is shown this once."""

    token = fields.String(required=True)


class TokenSchema(Schema):
    """A token that holds."""

    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created = fields.AwareDateTime(required=True)
    expires = fields.AwareDateTime(required=True)


class RolesSchema(Sent):
    """The roles of a person."""

    roles = fields.List(
        fields.String(validate=one_of(Role)), required=True, validate=validate.Length(0, 10)
    )


class NewPersonSchema(RolesSchema):
    """A person to add."""

    pseudonym = Words(_PSEUDONYM)


class InvitationSchema(Schema):
    """An invitation: its secret is handed on in person."""

    pseudonym = fields.String(required=True)
    secret = fields.String(required=True)


class PersonSchema(Schema):
    """Somebody with an account."""

    pseudonym = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    disabled = fields.Boolean(required=True)
    signs_in = fields.Boolean(
        required=True, metadata={"description": "whether they accepted their invitation"}
    )


class EventSchema(Schema):
    """What somebody did."""

    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True, allow_none=True)
    verb = fields.String(required=True)
    what = fields.String(required=True)
