"""The plan of a shelf as a file: public keys, thresholds, publishers. It holds no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from bojagi.errors import BojagiError, InvalidValueError
from bojagi.trust.keys import load_public, public_text
from bojagi.trust.plan import Plan, Publisher, RoleKeys

FORMAT: Final = "bojagi-plan/1"
PUBLISHER: Final = "publisher"
"""How people name the role of a publisher: `publisher:NAME`."""
ROLES: Final[Mapping[str, str]] = {
    Root.type: "root",
    Targets.type: "targets",
    "withdrawals": "withdrawals",
    Snapshot.type: "snapshot",
    Timestamp.type: "timestamp",
}
"""The roles that people name by a word of their own."""

Draft = dict[str, Any]
"""A plan that may still lack keys: `roles` and `publishers` by name, with keys and threshold."""


def empty_draft() -> Draft:
    """Return a plan without any key."""
    return {"format": FORMAT, "roles": {}, "publishers": {}}


def load_draft(raw: bytes) -> Draft:
    """Read a plan's file.

    Raises:
        InvalidValueError: when it isn't one.
    """
    try:
        draft: Draft = json.loads(raw)
        is_ours = draft["format"] == FORMAT and all(
            isinstance(draft[part], dict) for part in ("roles", "publishers")
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidValueError("plan", "this file", f"the JSON of {FORMAT}") from error
    if not is_ours:
        raise InvalidValueError("plan", "this file", f"the JSON of {FORMAT}")
    return draft


def draft_bytes(draft: Draft) -> bytes:
    """Write a plan's file."""
    return (json.dumps(draft, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def part_of(draft: Draft, role: str) -> Draft:
    """Return the part of a plan that holds a role's keys, begun when it is missing.

    Args:
        draft: the plan.
        role: root, targets, withdrawals, snapshot, timestamp, or publisher:NAME.

    Raises:
        InvalidValueError: when there is no such role.
    """
    kind, colon, name = role.partition(":")
    if kind == PUBLISHER and colon and name.strip():
        publishers = draft["publishers"]
        if name not in publishers:
            numbers = [each["number"] for each in publishers.values()]
            number = max([*numbers, draft.get("last_publisher", 0)]) + 1  # never used again
            draft["last_publisher"] = number
            publishers[name] = {"number": number, "keys": [], "threshold": 1}
        part: Draft = publishers[name]
        return part
    if role not in ROLES:
        names = ", ".join((*ROLES, f"{PUBLISHER}:NAME"))
        raise InvalidValueError("role", role, names)
    least = 2 if role in {Root.type, Targets.type} else 1
    found: Draft = draft["roles"].setdefault(role, {"keys": [], "threshold": least})
    return found


def plan_from(draft: Draft, locales: int) -> Plan:
    """Return the plan of a draft to which nothing is missing.

    Args:
        draft: the draft.
        locales: how many locales the shelf has.

    Raises:
        InvalidValueError: naming the role that lacks keys.
    """
    parts = draft["roles"]
    return Plan(
        root=_role_keys("root", parts),
        targets=_role_keys("targets", parts),
        snapshot=_role_keys("snapshot", parts),
        timestamp=_role_keys("timestamp", parts),
        withdrawals=_role_keys("withdrawals", parts),
        publishers=tuple(
            Publisher(part["number"], locales, _role_keys(name, draft["publishers"]), name)
            for name, part in sorted(
                draft["publishers"].items(), key=lambda item: int(item[1]["number"])
            )
        ),
    )


def _role_keys(name: str, parts: Mapping[str, Any]) -> RoleKeys:
    try:
        part = parts[name]
        keys = tuple(load_public(json.dumps(key)) for key in part["keys"])
        return RoleKeys(keys, int(part["threshold"]))
    except KeyError as error:
        raise InvalidValueError(
            "plan", f"without keys for {name}", "keys for every role"
        ) from error
    except (TypeError, ValueError, BojagiError) as error:
        raise InvalidValueError(
            f"keys of {name}", "this", f"what 'keys add' wrote: {error}"
        ) from error


def public_fields(text: str) -> Draft:
    """Return a public key's file as a plan holds it; raises as `keys.load_public` does."""
    fields: Draft = json.loads(public_text(load_public(text)))
    return fields
