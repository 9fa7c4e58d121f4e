"""The shapes of what is sent and answered, each with an example in its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from bojagi.authoring.checks.wording import sentence, to_do
from bojagi.domain.finding import Finding, Severity
from bojagi.domain.locales import EN, KO_KR, negotiate
from bojagi.domain.pack import SignOff
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.services.program_words import program_words
from bojagi.storage.content import EditionState
from bojagi.web.api.fields import Bytes, DayWords, Sent, Words, one_of

PSEUDONYM: Final = 80
PATH: Final = 200
RULE: Final = 40
FOUND: Final = 400
COMMENT: Final = 4000
TEXT: Final = 4 * 1024 * 1024
PASSAGES: Final = 200
PATHS: Final = 500


# Content


class PackSchema(Schema):
    """A pack."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    audience = fields.String(required=True)
    exposure = fields.String(required=True)
    shelf = fields.String(required=True)
    source_locale = fields.String(required=True)
    publisher = fields.String(required=True)
    articles = fields.List(fields.String(), required=True)
    needed_sign_offs = fields.List(fields.String(), required=True)
    review_by = fields.Date(required=True)


class DocumentSchema(Schema):
    """A document as it stands."""

    path = fields.String(required=True)
    pack = fields.String(required=True)
    locale = fields.String(required=True)
    number = fields.Integer(required=True, metadata={"description": "of the revision"})
    digest = fields.String(required=True)


class ContentSchema(Schema):
    """What a document says, as text, or as base64 where it is no text."""

    path = fields.String(required=True)
    number = fields.Integer(required=True)
    text = fields.String(allow_none=True, required=True)
    base64 = fields.String(allow_none=True, required=True)


class SaveSchema(Sent):
    """What a document is to say: text, or bytes."""

    text = Words(TEXT, 0, required=False)
    base64 = Bytes(required=False, validate=validate.Length(max=TEXT))

    @validates_schema
    def refuse_both(self, data: dict[str, Any], **_: object) -> None:
        """Refuse both at once, and neither."""
        if ("text" in data) == ("base64" in data):
            raise ValidationError("expected either text or base64")


class SavedSchema(Schema):
    """The revision that stands now."""

    path = fields.String(required=True)
    number = fields.Integer(required=True)


class RevisionSchema(Schema):
    """A revision of a document."""

    number = fields.Integer(required=True)
    digest = fields.String(
        required=True, allow_none=True, metadata={"description": "none: it was taken away"}
    )
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class FindingSchema(Schema):
    """What a check says of a place."""

    rule = fields.String(required=True)
    severity = fields.String(required=True, validate=one_of(Severity))
    file = fields.String(required=True, attribute="place.file")
    line = fields.Integer(required=True, attribute="place.line")
    column = fields.Integer(required=True, attribute="place.column")
    found = fields.String(required=True)
    words = fields.Method("say", required=True, metadata={"type": "string"})
    advice = fields.Method("say_what_to_do", required=True, metadata={"type": "string"})

    def say(self, finding: Finding) -> str:
        """Return what was found, in a sentence as `bojagi check` has it."""
        return sentence(finding, _words_of_reader())

    def say_what_to_do(self, finding: Finding) -> str:
        """Return what to do about it."""
        return to_do(finding, _words_of_reader())


def _words_of_reader() -> Mapping[str, str]:
    """Return the programs' words in the language that was asked for: Korean, or English."""
    locale = negotiate(request.accept_languages.values(), (EN, KO_KR)) or EN
    return program_words(locale).translations if locale != EN else {}


class UnsavedSchema(SaveSchema):
    """A document that isn't saved, to be checked."""

    path = Words(PATH)


class FactSchema(Schema):
    """A value that can go stale."""

    id = fields.String(required=True, attribute="fact.id")
    pack = fields.String(required=True)
    value = fields.String(required=True, attribute="fact.value")
    unit = fields.String(required=True, attribute="fact.unit")
    source = fields.String(required=True, attribute="fact.source.title")
    seen_on = fields.Date(required=True, allow_none=True, attribute="fact.source.seen_on")
    review_by = fields.Date(required=True, attribute="fact.review_by")


class FactChangeSchema(Sent):
    """What of a fact is to change."""

    value = Words(FOUND, required=False)
    unit = Words(FOUND, required=False)
    seen_on = DayWords(required=False)
    review_by = DayWords(required=False)


class WaiverSchema(Sent):
    """A warning that may stand, and why."""

    document = Words(PATH)
    rule = Words(RULE)
    found = Words(FOUND, 0)
    reason = Words(FOUND)
    by = fields.String(dump_only=True)
    at = fields.AwareDateTime(dump_only=True)


class StillTrueSchema(Sent):
    """Articles that somebody has checked again."""

    paths = fields.List(Words(PATH), required=True, validate=validate.Length(1, PATHS))
    review_by = fields.Date(required=True)


class RenewedSchema(Schema):
    """The articles whose dates were renewed."""

    paths = fields.List(fields.String(), required=True)


# Editions


class SubmitSchema(Sent):
    """In which locale a pack is to be reviewed."""

    locale = Words(20)


class SubmittedSchema(Schema):
    """An edition that waits for review."""

    digest = fields.String(required=True)
    pack = fields.String(required=True)
    locale = fields.String(required=True)
    version = fields.Integer(required=True)
    needed = fields.List(fields.String(), required=True)


class ApprovalSchema(Schema):
    """A sign-off."""

    kind = fields.String(required=True)
    by = fields.String(required=True)
    on = fields.Date(required=True)


class PassageSchema(Sent):
    """What a reviewer says of a passage."""

    article = Words(RULE)
    unit = Words(RULE, 0, required=False, load_default="")
    words = Words(COMMENT)
    by = fields.String(dump_only=True)
    at = fields.AwareDateTime(dump_only=True)


class EditionSchema(Schema):
    """A submitted edition, its sign-offs and what was said of it."""

    digest = fields.String(required=True)
    pack = fields.String(required=True)
    locale = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=one_of(EditionState))
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    approvals = fields.List(fields.Nested(ApprovalSchema), required=True)
    missing = fields.List(fields.String(), required=True)
    comments = fields.List(fields.Nested(PassageSchema), required=True)


class ReturnSchema(Sent):
    """An edition goes back, with words on its passages."""

    passages = fields.List(
        fields.Nested(PassageSchema), required=True, validate=validate.Length(1, PASSAGES)
    )


class SignOffSchema(Sent):
    """A sign-off to give."""

    kind = fields.String(required=True, validate=one_of(SignOff))


class ApprovedSchema(Schema):
    """Whether an edition has every sign-off it needs now."""

    complete = fields.Boolean(required=True)


class LinkSchema(SignOffSchema):
    """Who is asked to sign off by a link."""

    pseudonym = Words(PSEUDONYM)


class MadeLinkSchema(Schema):
    """A link to sign off, as the path below this host; it works once."""

    path = fields.String(required=True)


# Releases


class ReleaseSchema(Schema):
    """What is signed of a shelf, and what waits."""

    shelf = fields.String(required=True)
    sealed = fields.Boolean(required=True)
    demo = fields.Boolean(required=True)
    number = fields.Integer(required=True)
    editions = fields.List(fields.Integer(), required=True)
    waiting = fields.List(fields.String(), required=True)


class RequestSchema(Schema):
    """What people sign: a file for 'bojagi sign', as base64."""

    roles = fields.List(fields.String(), required=True)
    request = fields.String(required=True)


class SignaturesSchema(Sent):
    """Signatures that came back, each a file as base64."""

    signatures = fields.List(Bytes(), required=True, validate=validate.Length(1, 50))


class SignedSchema(Schema):
    """The roles that are signed now."""

    roles = fields.List(fields.String(), required=True)


class WithdrawSchema(Sent):
    """An edition to call back."""

    shelf = Words(4)
    edition = Words(64, metadata={"description": "its number, or the SHA-256 of signed bytes"})
    reason = fields.String(
        required=True, validate=one_of(reason.name.lower() for reason in WithdrawalReason)
    )


class WithdrawnSchema(Schema):
    """The numbers of the editions that are called back."""

    editions = fields.List(fields.String(), required=True)


class WithdrawalSchema(Schema):
    """An edition that was called back."""

    shelf = fields.String(required=True)
    digest = fields.String(required=True)
    reason = fields.String(required=True)
