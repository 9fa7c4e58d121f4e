"""Unit ids that survive edits and moves (`units.yaml`).

The file keeps, for each article, the ids of its passages in reading order, each with the digest
of the text it stood for. When the text has changed since, ids are carried over like this:

1. a passage whose text stands there unchanged keeps its id, wherever it moved to;
2. between two passages that kept theirs, as many new passages as old ones get the old ids in
   order: an edited passage keeps its id, and its translation is seen to be stale;
3. everything else gets a new id, made from the article's id and the text, so that two people who
   run the tool on the same folder get the same file.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from bojagi.domain.identifiers import ArticleId, UnitId
from bojagi.domain.pack import Unit, UnitKind
from bojagi.markup.passages import split

Known = Mapping[UnitId, str]
"""Unit ids in reading order, each with the digest of its text."""


def text_digest(text: str) -> str:
    """Return the first 12 hex digits of the SHA-256 of a unit's text."""
    return sha256(text.encode("utf-8")).hexdigest()[:12]


def units_of(data: Mapping[str, Any], body: str, known: Known) -> tuple[Unit, ...]:
    """Return every unit of an article in reading order.

    Args:
        data: the article's loaded front matter.
        body: its Markdown.
        known: what `units.yaml` kept of it.

    Raises:
        MarkupError: where the body leaves the allow-list.
    """
    found = [(passage.kind, passage.text) for passage in split(body)]
    found += [(UnitKind.CARD, card.text) for card in data["cards"]]
    ids = carry_over(data["id"], known, [text for _, text in found])
    return (
        Unit(UnitId("title"), UnitKind.TITLE, data["title"]),
        Unit(UnitId("summary"), UnitKind.SUMMARY, data["summary"]),
        *(Unit(unit, kind, text) for unit, (kind, text) in zip(ids, found, strict=True)),
    )


def known_units(units: Sequence[Unit]) -> dict[UnitId, str]:
    """Return what `units.yaml` keeps of an article's units."""
    return {
        unit.id: text_digest(unit.text)
        for unit in units
        if unit.kind not in {UnitKind.TITLE, UnitKind.SUMMARY}
    }


def carry_over(article: ArticleId, known: Known, texts: Sequence[str]) -> list[UnitId]:
    """Give each text its id: the one it had, or a new one."""
    digests = [text_digest(text) for text in texts]
    ids: list[UnitId | None] = [None] * len(texts)
    left = list(known.items())
    for index, digest in enumerate(digests):
        for unit, old in left:
            if old == digest:
                ids[index] = unit
                left.remove((unit, old))
                break
    _carry_over_edits(list(known), {unit for unit, _ in left}, ids)
    used = set(known) | {unit for unit in ids if unit}
    result: list[UnitId] = []
    for kept, text in zip(ids, texts, strict=True):
        fresh = kept or _new_id(article, text, used)
        used.add(fresh)
        result.append(fresh)
    return result


def _carry_over_edits(known: Sequence[UnitId], free: set[UnitId], ids: list[UnitId | None]) -> None:
    """Between the same neighbours, give as many new texts the ids of as many old ones."""
    start = 0
    while start < len(ids):
        if ids[start] is not None:
            start += 1
            continue
        end = start
        while end < len(ids) and ids[end] is None:
            end += 1
        before = known.index(ids[start - 1]) + 1 if start and ids[start - 1] in known else 0
        gap: list[UnitId] = []
        for unit in known[before:]:
            if unit not in free:
                break
            gap.append(unit)
        if len(gap) == end - start:
            ids[start:end] = gap
            free -= set(gap)
        start = end


def _new_id(article: ArticleId, text: str, used: set[UnitId]) -> UnitId:
    attempt = 0
    while True:
        seed = f"{article}\n{attempt}\n{text}".encode()
        unit = UnitId(b32encode(sha256(seed).digest()).decode("ascii")[:6].lower())
        if unit not in used:
            return unit
        attempt += 1
