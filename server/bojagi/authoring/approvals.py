"""`approvals.yaml`: whose sign-offs a pack has, each of exactly the bytes of one edition.

- digest: <SHA-256 of the edition's bytes>
  kind: safety
  by: a pseudonym
  on: 2026-11-23
"""

from __future__ import annotations

from typing import Final

from bojagi.authoring import yaml_text
from bojagi.authoring.pack_folder import PackFolder
from bojagi.authoring.schemas import ApprovalSchema, load
from bojagi.domain.approval import Approval
from bojagi.errors import InvalidValueError, SourceError

APPROVALS: Final = "approvals.yaml"


def read_approvals(folder: PackFolder) -> tuple[Approval, ...]:
    """Return the approvals that a pack has.

    Raises:
        SourceError: when the file is no list of approvals; then none of it counts.
    """
    raw = folder.files.get(APPROVALS, b"")
    if not raw.strip():
        return ()
    name = f"{folder.name}/{APPROVALS}"
    document = yaml_text.load(raw.decode("utf-8"), name)
    if not isinstance(document.data, list):
        raise SourceError.at(name, "expected a list of approvals, each with its digest")
    approvals = []
    for index in range(len(document.data)):
        data = load(ApprovalSchema(), document, (index,))
        try:
            approvals.append(Approval(**data))
        except InvalidValueError as error:
            line = document.line_of((index,))
            raise SourceError.at(name, str(error), line=line, name=error.what) from error
    return tuple(approvals)
