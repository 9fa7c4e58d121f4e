"""Libraries of any size made of the real articles of one pack."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bojagi.authoring.library import CATALOGUES, INTERFACE, PACKS
from bojagi.domain.limits import PACKS_PER_SHELF

PATTERN: Final = "site-safety"
_SHELF: Final = """\
{code}:
  audiences: [worker]
  locales: [ko_KP, en, ko_KR, ru, zh_Hans]
  library_locale: ko_KR
  ceiling: ordinary
  sealed: false
"""


def make_library(project: Path, root: Path, packs: int) -> None:
    """Write a library of so many packs, in one locale each, on as many full shelves as it takes.

    Every pack has the real articles with its number in their titles and summaries, so that no two
    packs have a page or a file in common.
    """
    (root / PACKS).mkdir(parents=True)
    shutil.copy(project / PACKS / "hotlines.yaml", root / PACKS)
    _copy_catalogues(project / CATALOGUES, root / CATALOGUES)
    codes = []
    for index in range(packs):
        shelf, number = divmod(index, PACKS_PER_SHELF)
        codes.append(f"s{shelf + 1}")
        write_pack(project / PACKS / PATTERN, root / PACKS, codes[-1], number + 1)
    shelves = "".join(_SHELF.format(code=code) for code in dict.fromkeys(codes))
    (root / PACKS / "shelves.yaml").write_text(shelves, "utf-8")


def write_pack(pattern: Path, packs: Path, shelf: str, number: int) -> None:
    """Write one pack."""
    name = f"pack-{shelf}-{number}"
    folder = packs / name
    folder.mkdir()
    values = {"id": name, "number": str(number), "shelf": shelf}
    if (pattern / "images").is_dir():
        shutil.copytree(pattern / "images", folder / "images")
    for path in sorted(pattern.glob("*.*")):
        text = path.read_text("utf-8")
        if path.name == "pack.yaml":
            for field, value in values.items():
                text = re.sub(rf"(?m)^{field}: .*$", f"{field}: {value}", text)
        mark = rf"\g<0> {shelf[1:]}-{number}"
        text = re.sub(r"(?m)^(?:title|summary): .*$", mark, text)
        (folder / path.name).write_text(text, "utf-8")


def change_an_article(root: Path) -> str:
    """Change one word in one article of the first pack, and return the pack's name."""
    article = min((root / PACKS / "pack-s1-1").glob("[0-9]*.md"))
    head, fence, body = article.read_text("utf-8").rpartition("\n---\n")
    word, space, rest = body.partition(" ")
    article.write_text(head + fence + "새로 " + word + space + rest, "utf-8")
    return article.parent.name


def _copy_catalogues(source: Path, target: Path) -> None:
    target.mkdir()
    shutil.copy(source / "locales.yaml", target)
    for path in _interfaces(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)


def _interfaces(source: Path) -> Iterator[Path]:
    yield from sorted(source.glob(f"*/LC_MESSAGES/{INTERFACE}.po"))
