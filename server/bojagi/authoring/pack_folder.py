"""A pack as a folder: read, and written back byte for byte.

A file whose meaning hasn't changed keeps its bytes, comments and all; one that changed is written
in the canonical form. So a folder that was read and written again is the same folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bojagi.authoring import yaml_text
from bojagi.authoring.article_file import ArticleFile, article_text, read_article, source_data
from bojagi.authoring.edit_file import EDITS, Edits, read_edits
from bojagi.authoring.files import (
    entries,
    read_bytes,
    read_text,
    refuse_odd_name,
    write_atomically,
)
from bojagi.authoring.schemas import (
    FactSchema,
    PackSchema,
    is_whole_number,
    load,
    says_the_same,
)
from bojagi.authoring.units import Known, known_units
from bojagi.authoring.yaml_text import Document
from bojagi.domain import limits
from bojagi.domain.identifiers import ArticleId, FactId, UnitId
from bojagi.domain.pack import Pack
from bojagi.domain.sources import Fact
from bojagi.errors import InvalidValueError, Problem, SourceError

PACK_ARTICLE: Final = "pack"
"""What stands in the place of an article's id where the pack itself is meant: its title."""
ARTICLE_NAME: Final = re.compile(r"(\d\d)-([a-z0-9-]+)\.md")
_PICTURE_NAME: Final = re.compile(r"[a-z0-9-]+\.png")
_PASSAGE_ID: Final = re.compile(r"[a-z2-7]{6}")
_KEPT_FILES: Final = {"approvals.yaml", EDITS}
"""What is about a pack and not of it: written by verbs of its own."""
_KNOWN_FILES: Final = {"pack.yaml", "facts.yaml", "units.yaml", "images", *_KEPT_FILES}


@dataclass(frozen=True)
class PackFolder:
    """A pack and the files it was read from.

    Attributes:
        name: path of the folder below the project's folder.
        files: every file's bytes, by name inside the folder.
        articles: where each article stands.
        settings: `pack.yaml` with its lines.
        facts: `facts.yaml` with its lines.
        keeps_units: whether `units.yaml` says just what the articles need.
        edits: what is said of the edits of its texts.
    """

    name: str
    pack: Pack
    files: Mapping[str, bytes] = field(repr=False)
    articles: Mapping[ArticleId, ArticleFile] = field(repr=False)
    settings: Document = field(repr=False)
    facts: Document = field(repr=False)
    keeps_units: bool
    edits: Edits = field(default_factory=dict, repr=False)


def read_pack(folder: Path, name: str) -> PackFolder:
    """Read a pack's folder.

    Args:
        folder: where it is.
        name: how it is named in errors: its path below the project's folder.

    Raises:
        SourceError: with every problem that could be found.
    """
    files = _read_files(folder, name)
    settings = _document(files, name, "pack.yaml")
    data = load(PackSchema(), settings)
    if data["id"] != folder.name:
        raise SourceError.at(
            settings.file,
            f"expected the folder's name, {folder.name!r}",
            line=settings.line_of(("id",)),
            name="id",
        )
    known = _known_units(files, name)
    facts_document = _document(files, name, "facts.yaml")
    articles = _read_articles(files, name, known)
    _refuse_bad_order(data["articles"], articles, settings)
    try:
        pack = Pack(
            **{
                **data,
                "jurisdictions": tuple(data["jurisdictions"]),
                "sign_offs": tuple(data["sign_offs"]),
                "articles": tuple(articles[each].article for each in data["articles"]),
                "facts": _facts(facts_document),
                "images": {n: raw for n, raw in files.items() if n.startswith("images/")},
            }
        )
    except InvalidValueError as error:
        line = settings.line_of((error.what,))
        raise SourceError.at(settings.file, str(error), line=line, name=error.what) from error
    keeps = {article.id: known_units(article.units) for article in pack.articles} == known and all(
        list(known[article.id]) == list(known_units(article.units)) for article in pack.articles
    )
    edits = read_edits(files.get(EDITS, b""), f"{name}/{EDITS}")
    return PackFolder(name, pack, files, articles, settings, facts_document, keeps, edits)


def pack_files(pack: Pack, previous: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return every file of a pack's folder.

    Args:
        pack: what is to be written.
        previous: the files as they stand now; those that still say the same keep their bytes.
    """
    files = {name: raw for name, raw in previous.items() if name in _KEPT_FILES}
    files["pack.yaml"] = _yaml(_pack_data(pack), previous.get("pack.yaml"), _is_same_pack)
    if pack.facts or "facts.yaml" in previous:
        facts = _facts_data(pack.facts)
        files["facts.yaml"] = _yaml(facts, previous.get("facts.yaml"), _are_same_facts)
    units = {str(a.id): _strings(known_units(a.units)) for a in pack.articles}
    files["units.yaml"] = _yaml(units, previous.get("units.yaml"), _are_same_units)
    for article in pack.articles:
        name = f"{article.number:02d}-{article.id}.md"
        before = previous.get(name)
        text = article_text(article, before.decode("utf-8") if before else None)
        files[name] = text.encode("utf-8")
    files.update(pack.images)
    return dict(sorted(files.items()))


def write_pack(folder: Path, pack: Pack, previous: Mapping[str, bytes]) -> None:
    """Write a pack's folder; each file is written whole or not at all.

    A file of `previous` that the pack no longer has (an article taken out, or renamed) is removed.

    Raises:
        SourceError: when something can't be written.
    """
    files = pack_files(pack, previous)
    for name, content in files.items():
        write_atomically(folder / name, content)
    for name in previous.keys() - files.keys():
        (folder / name).unlink(missing_ok=True)


def _read_files(folder: Path, name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for entry in entries(folder, name):
        where = f"{name}/{entry}"
        try:
            refuse_odd_name(name, entry)
            if entry == "images":
                files.update(_read_pictures(folder / entry, where))
            elif entry in _KNOWN_FILES or ARTICLE_NAME.fullmatch(entry):
                files[entry] = read_text(folder / entry, where).encode("utf-8")
            else:
                raise SourceError.at(
                    where, "a pack holds pack.yaml, facts.yaml, units.yaml, NN-name.md and images/"
                )
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(tuple(problems))
    if "pack.yaml" not in files:
        raise SourceError.at(f"{name}/pack.yaml", "missing; expected a file here")
    return files


def _read_pictures(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in entries(folder, name):
        refuse_odd_name(name, entry)
        if not _PICTURE_NAME.fullmatch(entry):
            message = "expected a picture named in a-z, 0-9 and '-', ending in .png"
            raise SourceError.at(f"{name}/{entry}", message)
        raw = read_bytes(folder / entry, f"{name}/{entry}", limit=limits.SOURCE_IMAGE_BYTES)
        yield f"images/{entry}", raw


def _document(files: Mapping[str, bytes], name: str, entry: str) -> Document:
    return yaml_text.load(files.get(entry, b"").decode("utf-8"), f"{name}/{entry}")


def _known_units(files: Mapping[str, bytes], name: str) -> dict[str, Known]:
    document = _document(files, name, "units.yaml")
    known: dict[str, Known] = {}
    if not isinstance(document.data, dict):
        raise SourceError.at(document.file, "expected unit ids by article", line=1)
    for article, units in document.data.items():
        if not isinstance(units, dict):
            raise SourceError.at(
                document.file, "expected unit ids", line=document.line_of((article,)), name=article
            )
        try:
            known[article] = {_passage_id(unit): str(digest) for unit, digest in units.items()}
        except InvalidValueError as error:
            line = document.line_of((article, str(error.value)))
            raise SourceError.at(document.file, str(error), line=line, name=article) from error
    return known


def _passage_id(text: str) -> UnitId:
    """Read the id of a passage; titles and summaries have theirs by their place."""
    unit = UnitId(text)
    if not _PASSAGE_ID.fullmatch(unit):
        raise InvalidValueError("id of a passage", text, "six characters of a-z and 2-7")
    return unit


def _read_articles(
    files: Mapping[str, bytes], name: str, known: dict[str, Known]
) -> dict[ArticleId, ArticleFile]:
    articles: dict[ArticleId, ArticleFile] = {}
    problems: list[Problem] = []
    for entry, raw in files.items():
        match = ARTICLE_NAME.fullmatch(entry)
        if not match:
            continue
        where = f"{name}/{entry}"
        try:
            read = read_article(raw.decode("utf-8"), where, int(match[1]), known)
            line = read.front_matter.line_of(("id",))
            if read.article.id == PACK_ARTICLE:
                message = f"{PACK_ARTICLE!r} is how catalogues name the pack itself; choose another"
                raise SourceError.at(where, message, line=line, name="id")
            if read.article.id in articles:
                other = articles[read.article.id].name
                message = f"{read.article.id!r} is the id of {other} too; expected each id once"
                raise SourceError.at(where, message, line=line, name="id")
            if read.article.id != match[2]:
                message = f"expected the name of its file, {match[2]!r}"
                raise SourceError.at(where, message, line=line, name="id")
            articles[read.article.id] = read
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(tuple(problems))
    return articles


def _refuse_bad_order(
    order: list[ArticleId], articles: Mapping[ArticleId, ArticleFile], settings: Document
) -> None:
    problems = [
        Problem(
            settings.file,
            settings.line_of(("articles", index)),
            "articles",
            f"there is no article {each!r}; expected one of: {', '.join(sorted(articles))}",
        )
        for index, each in enumerate(order)
        if each not in articles
    ]
    problems += [
        Problem(
            settings.file,
            settings.line_of(("articles",)),
            "articles",
            f"{file.name} is not in the order; expected every article once",
        )
        for each, file in articles.items()
        if each not in order
    ]
    problems += [
        Problem(
            settings.file,
            settings.line_of(("articles", index)),
            "articles",
            f"{each!r} stands here twice; expected every article once",
        )
        for index, each in enumerate(order)
        if each in order[:index]
    ]
    if problems:
        raise SourceError(tuple(problems))


def _facts(document: Document) -> dict[FactId, Fact]:
    facts: dict[FactId, Fact] = {}
    problems: list[Problem] = []
    if not isinstance(document.data, dict):
        raise SourceError.at(document.file, "expected facts by their ids", line=1)
    for key in document.data:
        try:
            data = load(FactSchema(), document, (key,))
            value: int | str = data.pop("value")
            if isinstance(value, str) and is_whole_number(value):
                value = int(value)
            facts[FactId(key)] = Fact(id=FactId(key), value=value, **data)
        except SourceError as error:
            problems += error.problems
        except InvalidValueError as error:
            problems.append(Problem(document.file, document.line_of((key,)), key, str(error)))
    if problems:
        raise SourceError(tuple(problems))
    return facts


def _yaml(
    data: dict[str, Any], previous: bytes | None, is_same: Callable[[Any, Any], bool]
) -> bytes:
    if previous is not None and is_same(yaml_text.load(previous.decode("utf-8"), "").data, data):
        return previous
    return yaml_text.dump(data).encode("utf-8")


def _is_same_pack(before: Any, data: Any) -> bool:  # noqa: ANN401 - YAML
    return says_the_same(PackSchema(), before, data)


def _are_same_facts(before: dict[str, Any], data: dict[str, Any]) -> bool:
    return list(before) == list(data) and all(
        says_the_same(FactSchema(), before[key], data[key]) for key in data
    )


def _are_same_units(before: dict[str, Any], data: dict[str, Any]) -> bool:
    return before == data and all(list(before[key]) == list(data[key]) for key in data)


def _pack_data(pack: Pack) -> dict[str, Any]:
    return {
        "id": str(pack.id),
        "number": str(pack.number),
        "version": str(pack.version),
        "issued": pack.issued.isoformat(),
        "title": pack.title,
        "source_locale": str(pack.source_locale),
        "audience": str(pack.audience),
        "exposure": str(pack.exposure),
        "shelf": str(pack.shelf),
        "jurisdictions": [str(code) for code in pack.jurisdictions],
        "licence": pack.licence,
        "publisher": pack.publisher,
        "sign_offs": [str(kind) for kind in pack.sign_offs],
        "articles": [str(article.id) for article in pack.articles],
        **({"fallbacks": _strings(pack.fallbacks)} if pack.fallbacks else {}),
    }


def _facts_data(facts: Mapping[FactId, Fact]) -> dict[str, Any]:
    return {str(fact.id): _fact_data(fact) for fact in facts.values()}


def _fact_data(fact: Fact) -> dict[str, Any]:
    cited: dict[str, Any] = source_data(fact.source)
    dated: dict[str, Any] = {key: cited.pop(key) for key in ("seen_on", "to_check") if key in cited}
    return {
        "value": str(fact.value),
        "unit": fact.unit,
        "source": cited,
        **dated,
        "review_by": fact.review_by.isoformat(),
    }


def _strings(values: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): str(value) for key, value in values.items()}
