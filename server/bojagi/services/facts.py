"""Facts: values that go stale, changed one at a time in the file of their pack.

What always holds: of `facts.yaml` only the lines of the fact that changes are written anew, in the
canonical form; every other byte stays, comments included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from bojagi.authoring import yaml_text
from bojagi.authoring.library import PACKS
from bojagi.authoring.schemas import FactSchema, load
from bojagi.domain.identifiers import FactId
from bojagi.domain.sources import Fact
from bojagi.errors import InvalidValueError, NotThereError, SourceError
from bojagi.services import documents
from bojagi.storage.blobs import Blobs

CHANGEABLE: Final = ("value", "unit", "seen_on", "review_by")
"""What of a fact is changed here; its source is edited in the file."""


def facts_path(pack: str) -> str:
    """Return the path of a pack's facts."""
    return f"{PACKS}/{pack}/facts.yaml"


def change_fact(  # noqa: PLR0913, PLR0917 - which, what of it, from what, by whom, when
    session: Session,
    blobs: Blobs,
    which: tuple[str, str],
    changes: Mapping[str, str],
    before: int,
    person_id: int,
    now: datetime,
) -> int:
    """Change a fact of a pack, as a new revision of the file of its facts.

    Args:
        session: the transaction of the verb.
        blobs: where bytes are kept.
        which: the pack and the fact.
        changes: new values of any of `CHANGEABLE`, as the file writes them.
        before: the revision of the file that this was made from.
        person_id: whose work it is.
        now: the time.

    Returns:
        The number of the revision that stands now.

    Raises:
        NotThereError: when there is no such fact.
        StaleError: when somebody else saved meanwhile.
        InvalidValueError: when the fact wouldn't hold what a fact holds.
    """
    pack, fact = which
    path = facts_path(pack)
    content, _ = documents.read_document(session, blobs, path)
    changed = with_changes(content.decode("utf-8"), path, fact, changes)
    return documents.save(session, blobs, path, changed.encode(), before, person_id, now)


def with_changes(text: str, path: str, fact: str, changes: Mapping[str, str]) -> str:
    """Return the text of a `facts.yaml` in which one fact is changed.

    Raises:
        NotThereError: when there is no such fact.
        InvalidValueError: when the fact wouldn't hold what a fact holds, or the file can't be read.
    """
    try:
        known = yaml_text.load(text, path).data
        if not isinstance(known, dict) or not isinstance(known.get(fact), dict):
            raise NotThereError("fact", fact, f"one of {path}")
        wanted = {**known, fact: _changed(known[fact], changes)}
        fresh = _spliced(text, fact, yaml_text.dump({fact: wanted[fact]}))
        document = yaml_text.load(fresh, path)
        if document.data != wanted:  # written in a way that lines alone can't change
            fresh = yaml_text.dump(wanted)
            document = yaml_text.load(fresh, path)
        Fact(id=FactId(fact), **load(FactSchema(), document, (fact,)))
    except SourceError as error:
        raise InvalidValueError("fact", fact, f"what a fact holds: {error}") from error
    return fresh


def _changed(data: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    fresh = {**data, **changes}
    if "seen_on" in changes:
        fresh.pop("to_check", None)  # somebody has looked it up now
    return fresh


def _spliced(text: str, fact: str, block: str) -> str:
    """Return a text in which the lines of one fact are replaced."""
    lines = text.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.startswith(f"{fact}:")), None)
    if begin is None:
        return text
    end = begin + 1
    while end < len(lines) and re.match(r"[ \t]+\S", lines[end]):
        end += 1
    return "".join(lines[:begin]) + block + "".join(lines[end:])
