"""Who may sign what on a shelf: keys added, put in the place of others, taken away.

A change of the plan counts for nobody until enough people signed it: what is published goes on
under the keys that are in its metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bojagi.errors import GateError, InvalidValueError
from bojagi.services.ledger import Ledger
from bojagi.trust.demo import DemoKeys
from bojagi.trust.keys import fingerprint
from bojagi.trust.plan_file import PUBLISHER, Draft, part_of, public_fields

_LEAST_DIGITS = 8
"""Of a fingerprint, to name one key and no other."""


def add_key(ledger: Ledger, role: str, text: str, threshold: int | None) -> list[str]:
    """Let a key sign for a role.

    Args:
        ledger: of the shelf.
        role: root, targets, withdrawals, snapshot, timestamp, or publisher:NAME.
        text: the public key's file.
        threshold: how many keys of the role must sign from then on; None keeps it.

    Returns:
        What was done, a line each.

    Raises:
        GateError: for a demo key, or one that signs for the role already.
        KeyFileError: when the file isn't a public key's.
        InvalidValueError: for a role or threshold that can't be.
    """
    draft = ledger.draft
    part = part_of(draft, role)
    key = _new_key(ledger, part, text)
    part["keys"].append(key)
    if threshold is not None:
        part["threshold"] = threshold
    _refuse_impossible(part, role, growing=True)
    ledger.keep_draft(draft)
    return [f"{role}: key {fingerprint(key['keyid'])} added; {_rule(part)}"]


def rotate_key(ledger: Ledger, role: str, old: str, text: str) -> list[str]:
    """Put a key in the place of another; arguments and errors as for `add_key`."""
    draft = ledger.draft
    part = part_of(draft, role)
    gone = _find(part, role, old)
    key = _new_key(ledger, part, text)
    part["keys"][part["keys"].index(gone)] = key
    ledger.keep_draft(draft)
    return [f"{role}: key {fingerprint(gone['keyid'])} makes room for {fingerprint(key['keyid'])}"]


def revoke_key(ledger: Ledger, role: str, old: str, threshold: int | None) -> list[str]:
    """Take a key from a role; arguments and errors as for `add_key`."""
    draft = ledger.draft
    part = part_of(draft, role)
    gone = _find(part, role, old)
    part["keys"].remove(gone)
    if threshold is not None:
        part["threshold"] = threshold
    _refuse_impossible(part, role, growing=False)
    ledger.keep_draft(draft)
    return [f"{role}: key {fingerprint(gone['keyid'])} taken away; {_rule(part)}"]


def plan_lines(draft: Draft) -> Iterator[str]:
    """Say who may sign what, a line each."""
    parts = {
        **draft["roles"],
        **{f"{PUBLISHER}:{name}": part for name, part in draft["publishers"].items()},
    }
    for name, part in parts.items():
        yield f"{name}: {_rule(part)}"
        for key in part["keys"]:
            yield f"  {fingerprint(key['keyid'])}"


def _new_key(ledger: Ledger, part: Draft, text: str) -> dict[str, Any]:
    """Read a key that may sign here: no other shelf's, and no other role's.

    A key that signs for two shelves would let what one of them signed pass for the other's, and
    its name, which stands in both, would tell that they belong together.
    """
    key = public_fields(text)
    if key["keyid"] in DemoKeys(ledger.folder.name).key_ids:
        raise GateError("a demo key: everybody has its private side")
    for other in sorted(ledger.folder.parent.glob("*/")):
        others = Ledger(other).draft
        parts = (*others["roles"].values(), *others["publishers"].values())
        taken = {known["keyid"] for each in parts for known in each["keys"]}
        is_here = other.name == ledger.folder.name
        if key["keyid"] in taken and not is_here:
            raise GateError(f"this key signs for shelf {other.name}; make another for this one")
        if key["keyid"] in taken and not any(known == key for known in part["keys"]):
            raise GateError("this key signs for another role here; make another for this one")
    if any(known["keyid"] == key["keyid"] for known in part["keys"]):
        raise GateError(f"key {fingerprint(key['keyid'])} signs for this role already")
    return key


def _find(part: Draft, role: str, old: str) -> dict[str, Any]:
    digits = "".join(old.split()).lower()
    found = [key for key in part["keys"] if key["keyid"].startswith(digits)]
    if len(digits) < _LEAST_DIGITS or len(found) != 1:
        raise InvalidValueError(
            "fingerprint", old, f"at least {_LEAST_DIGITS} digits of one key of {role}"
        )
    key: dict[str, Any] = found[0]
    return key


def _refuse_impossible(part: Draft, role: str, *, growing: bool) -> None:
    """Refuse a threshold below 1, or, once a role isn't being filled any more, above its keys."""
    count = len(part["keys"])
    if part["threshold"] < 1 or (not growing and part["threshold"] > count):
        raise InvalidValueError(f"threshold of {role}", part["threshold"], f"1 to {count}")


def _rule(part: Draft) -> str:
    return f"{part['threshold']} must sign, of {len(part['keys'])}"
