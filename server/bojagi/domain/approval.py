"""Approvals: who signed off exactly which bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bojagi.domain.pack import Pack, SignOff
from bojagi.errors import InvalidValueError

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Approval:
    """One person's sign-off of one edition.

    Attributes:
        digest: the SHA-256 of the edition's bytes, in hex; any other byte, and it is void.
        by: a pseudonym.
    """

    digest: str
    kind: SignOff
    by: str
    on: date

    def __post_init__(self) -> None:
        """Refuse an approval of nothing, or by nobody."""
        if not _DIGEST.fullmatch(self.digest):
            raise InvalidValueError("digest", self.digest, "64 lower-case hexadecimal digits")
        if not self.by.strip():
            raise InvalidValueError("pseudonym", self.by, "the pseudonym of who approved it")


ApprovalsOf = Callable[[str], tuple[Approval, ...]]
"""The digest of an edition's bytes in, the approvals of exactly them out."""


def missing_sign_offs(
    pack: Pack, digest: str, approvals: Iterable[Approval]
) -> tuple[SignOff, ...]:
    """Return the sign-offs that an edition of a pack still needs before real use.

    Args:
        pack: the pack.
        digest: of the edition's bytes; an approval of other bytes counts for nothing.
        approvals: those the pack has.
    """
    given = {approval.kind for approval in approvals if approval.digest == digest}
    return tuple(kind for kind in pack.needed_sign_offs if kind not in given)
