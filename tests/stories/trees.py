"""Published trees, read from disk the way an outsider would: which address, which bytes."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from bojagi.building.tree import read_apart, read_order
from bojagi.domain.verdicts import Verdict
from bojagi.services.verifying import Keys, Verifier
from bojagi.trust.pins import Pins

_BLOCKS: Final = frozenset(
    {
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "td",
        "th",
        "a",
        "div",
        "br",
        "article",
        "blockquote",
        "ul",
        "nav",
    }
)
_SILENT: Final = frozenset({"style", "script", "title"})


def all_shelf_codes(data: Path) -> list[str]:
    """Return the codes of the shelves that are published, sealed ones too, the one at `/` first."""
    return read_order(data / "shelves")


def shelf_codes(data: Path) -> list[str]:
    """Return the codes of the open shelves that are served together: those that have pages."""
    apart = read_apart(data / "shelves")
    return [
        code for code in all_shelf_codes(data) if code not in apart and "" in files_of(data, code)
    ]


def current(data: Path, shelf: str) -> Path:
    """Return the folder of the tree that is served."""
    folder = data / "shelves" / shelf
    return folder / (folder / "current").read_text("ascii").strip()


def files_of(data: Path, shelf: str) -> dict[str, Path]:
    """Return the file of each address of a shelf, without the leading `/`."""
    tree = current(data, shelf)
    routes = json.loads((tree / "tree.json").read_text("utf-8"))["routes"]
    return {address: tree / "public" / route["path"] for address, route in routes.items()}


def pages_of(data: Path, shelf: str) -> dict[str, Path]:
    """Return the file of each address that a browser shows as a page."""
    return {
        address: file for address, file in files_of(data, shelf).items() if file.suffix == ".html"
    }


def vouched_for(public: Path, now: datetime) -> set[Verdict]:
    """Return the verdicts on every edition of a tree, which is what its repository vouches for."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Pins(Path(folder))
        pins.add((public / "repository" / "metadata" / "1.root.json").read_bytes())
        [checked] = Verifier(pins, Keys(), now, now.date()).verify(str(public))
    verdicts = {each.verdict for each in checked.report.judgements}
    worst = checked.report.verdict
    assert worst in verdicts or worst is (Verdict.CURRENT if verdicts else Verdict.NOT_OURS), (
        checked
    )
    return verdicts


def is_reading_page(address: str) -> bool:
    """Whether an address is for readers; the others are for support workers and for programs."""
    return not address.startswith(("library/", "repository/"))


def is_article(address: str) -> bool:
    """Whether an address is that of an article: two numbers, the second not 0."""
    edition, _, article = address.partition("/")
    return edition.isdecimal() and article.isdecimal() and article != "0"


class _Lines(HTMLParser):
    """Collects the text of a page, a block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += data


def lines_of(html: str) -> list[str]:
    """Return the text a person sees on a page, a block a line."""
    parser = _Lines()
    parser.feed(html)
    parser.close()
    return [line for raw in parser.lines if (line := " ".join(raw.split()))]


def phrases_of(html: str, least: int = 12) -> list[str]:
    """Return the lines of a page that are long enough to be telling."""
    return [line for line in lines_of(html) if len(line) >= least]
