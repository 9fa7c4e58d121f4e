"""`edits.yaml`: what the edits of a pack's texts changed, where somebody says it was little.

    cold#k3v9x2:
      - before: 0123456789ab
        after: ba9876543210
        change: minor
        on: 2026-11-26

The digests are those of `units.yaml`: of the text as it was, and as it became.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields, post_load, validate

from bojagi.authoring import yaml_text
from bojagi.authoring.schemas import Day, StrictSchema, choice, load
from bojagi.domain.translation import Change, Edit
from bojagi.errors import SourceError

EDITS: Final = "edits.yaml"

Edits = Mapping[str, Sequence[Edit]]
"""By context, in the order they were made."""


_DIGEST: Final = validate.Regexp(r"[0-9a-f]{12}\Z", error="expected a digest")


class EditSchema(StrictSchema):
    """One entry of `edits.yaml`, in the list of its unit."""

    before = fields.String(required=True, validate=_DIGEST)
    after = fields.String(required=True, validate=_DIGEST)
    change = choice(Change)
    on = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Edit:
        """Make the edit."""
        return Edit(**data)


def read_edits(raw: bytes, name: str) -> Edits:
    """Read a file of edits.

    Raises:
        SourceError: when it is none.
    """
    document = yaml_text.load(raw.decode("utf-8"), name)
    if not isinstance(document.data, dict):
        raise SourceError.at(name, "expected edits by article and unit", line=1)
    edits: dict[str, list[Edit]] = {}
    for context, found in document.data.items():
        if not isinstance(found, list):
            line = document.line_of((context,))
            raise SourceError.at(name, "expected a list of edits", line=line, name=context)
        edits[context] = [
            load(EditSchema(), document, (context, index)) for index in range(len(found))
        ]
    return edits


def edits_text(edits: Edits) -> str:
    """Write a file of edits."""
    return yaml_text.dump(
        {
            context: [
                {
                    "before": each.before,
                    "after": each.after,
                    "change": str(each.change),
                    "on": each.on.isoformat(),
                }
                for each in made
            ]
            for context, made in sorted(edits.items())
            if made
        }
    )
