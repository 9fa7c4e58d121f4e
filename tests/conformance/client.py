"""Our rules behind the command line of TUF's conformance suite (its CLIENT-CLI.md).

    pytest tuf_conformance --entrypoint "python tests/conformance/client.py"

With `BOJAGI_GRADED=1` what has expired is kept and named instead of refused, as `bojagi verify`
does; `docs/decisions/0008` lists the cases that then differ.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tuf.api.metadata import TargetFile

from bojagi.domain.verdicts import TrustError
from bojagi.errors import BojagiError
from bojagi.trust.client import Client
from bojagi.trust.sources import UrlSource


@dataclass(frozen=True)
class NamedMemory:
    """A memory whose files carry the roles' names, which the suite looks at."""

    folder: Path

    def recall(self, role: str) -> bytes | None:
        """Return what was believed last."""
        path = self._path(role)
        return path.read_bytes() if path.exists() else None

    def keep(self, role: str, data: bytes) -> None:
        """Keep what is believed now."""
        self._path(role).write_bytes(data)

    def recall_withdrawn(self) -> dict[str, str]:
        """Return nothing: the suite withdraws nothing."""
        return {}

    def keep_withdrawn(self, withdrawn: Mapping[str, str]) -> None:
        """Keep nothing."""

    def _path(self, role: str) -> Path:
        return self.folder / f"{quote(role, '')}.json"


@dataclass(frozen=True)
class TwoPlaces:
    """Metadata and targets at addresses of their own."""

    metadata: UrlSource
    targets: UrlSource | None

    def read(self, path: str, limit: int) -> bytes | None:
        """Read from the one the path belongs to."""
        kind, _, rest = path.partition("/")
        source = self.metadata if kind == "metadata" else self.targets
        assert source is not None
        return source.read(rest, limit)


def _is_there(client: Client, info: TargetFile, place: Path) -> bool:
    """Whether a target that was fetched before is still what is signed."""
    try:
        client.trusted.require_target(info, place.read_bytes())
    except (TrustError, FileNotFoundError):
        return False
    return True


def main() -> int:
    """Do one command of the suite."""
    parser = argparse.ArgumentParser()
    for name in ("--metadata-dir", "--metadata-url", "--target-dir", "--target-base-url"):
        parser.add_argument(name)
    parser.add_argument("--target-name", action="append", default=[])
    parser.add_argument("command", choices=["init", "refresh", "download"])
    parser.add_argument("root", nargs="?", type=Path)
    options = parser.parse_args()
    memory = NamedMemory(Path(options.metadata_dir))
    if options.command == "init":
        memory.keep("root", options.root.read_bytes())
        return 0
    targets = UrlSource(options.target_base_url) if options.target_base_url else None
    source = TwoPlaces(UrlSource(options.metadata_url), targets)
    strict = os.environ.get("BOJAGI_GRADED") != "1"
    try:
        client = Client(source, memory, datetime.now(UTC), strict=strict)
        client.refresh()
        for name in options.target_name:
            info = client.find(name)
            if info is None:
                return 1
            place = Path(options.target_dir) / quote(name, "")
            if not _is_there(client, info, place):
                place.write_bytes(client.content(info))
    except BojagiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
