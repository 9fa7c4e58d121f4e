"""The list of a shelf's pages and files, which the snapshot vouches for by its digest.

    {"format": "pages/1",
     "pages": {"1/3.html": sha256, …},                every file of the tree beside the repository
     "files": {sha256: ["1/0/1", 2, sha256], …}}      the one-file renditions, and what of

Pages are made from editions by the studio's host, so its online key vouches for them: whoever took
over the public host, or a mirror, can change none unseen. Editions themselves stay under offline
keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from bojagi.domain.verdicts import TrustError, Verdict

FORMAT: Final = "pages/1"
LIST_BYTES: Final = 8 * 1024 * 1024


class MadeOf(NamedTuple):
    """The edition a file was made of: opaque path, version, SHA-256 of the signed bytes."""

    path: str
    version: int
    digest: str


@dataclass(frozen=True)
class PageList:
    """What a shelf's public folder holds beside its repository.

    Attributes:
        pages: the SHA-256 of each file by its path.
        files: of which edition each one-file rendition is made, by the rendition's SHA-256.
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, MadeOf] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the list."""
        fields = {
            "format": FORMAT,
            "pages": dict(self.pages),
            "files": {digest: list(of) for digest, of in self.files.items()},
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("utf-8")

    @classmethod
    def from_bytes(cls, raw: bytes, expected: str) -> PageList:
        """Read the list that a snapshot names.

        Args:
            raw: the list.
            expected: its SHA-256, from the snapshot.

        Raises:
            TrustError: when it isn't that list.
        """
        if sha256(raw).hexdigest() != expected:
            raise TrustError(Verdict.DAMAGED, "the list of pages isn't the one that was signed")
        try:
            fields = json.loads(raw)
            pages = {str(path): str(digest) for path, digest in fields["pages"].items()}
            files = {
                str(digest): MadeOf(str(path), int(version), str(of))
                for digest, (path, version, of) in fields["files"].items()
            }
            is_ours = fields["format"] == FORMAT
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise TrustError(Verdict.DAMAGED, "not a list of pages") from error
        if not is_ours:
            raise TrustError(Verdict.DAMAGED, f"a list of pages, but not {FORMAT}")
        return cls(pages, files)
