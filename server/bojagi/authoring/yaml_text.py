"""YAML as authors write it: every scalar is text, every value knows its line.

What always holds:

- No scalar is guessed at: `no`, `1:30` and `2026-01-01` are the text that stands there. Schemas
  decide what a value is (YAML 1.1 would make them false, 90 and a date).
- Anchors, aliases, tags and repeated keys are refused.
- `dump(load(text).data)` is the canonical form; loading it again gives the same data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from bojagi.errors import Problem, SourceError

Path = tuple[str | int, ...]
"""The way to a value: keys and list places."""

_MAXIMUM_DEPTH: Final = 12
_LOST_WHEN_PLAIN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass
class Document:
    """A loaded YAML text.

    Attributes:
        data: mappings, lists and strings.
        lines: the line of each value, counted from 1 in its file.
    """

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a value, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load(text: str, file: str, *, first_line: int = 1) -> Document:
    """Load a YAML text.

    Args:
        text: the YAML.
        file: how the file is named in errors.
        first_line: the line of the file on which the text begins.

    Raises:
        SourceError: with file, line and what was expected.
    """
    try:
        _refuse_features(text, file, first_line)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise SourceError.at(file, f"not valid YAML: {error.problem}", line=line) from error
    except yaml.YAMLError as error:
        raise SourceError.at(file, "not valid YAML: a character YAML forbids") from error
    document = Document(file, {})
    if node is not None:
        document.data = _build(node, (), document, first_line)
    return document


def dump(data: object) -> str:
    """Write the canonical form: block style, keys in the given order, plain scalars."""
    return yaml.dump(
        data,
        Dumper=_PlainDumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,
        indent=2,
    )


def _refuse_features(text: str, file: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        # Composing goes into itself for each level, and would end the whole process.
        if depth > _MAXIMUM_DEPTH:
            raise SourceError.at(file, "nested too deeply", line=line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise SourceError.at(file, "anchors and aliases are not used here", line=line)
        if getattr(event, "tag", None):
            raise SourceError.at(file, "YAML tags ('!…') are not used here", line=line)


def _build(node: yaml.Node, path: Path, document: Document, first_line: int) -> Any:  # noqa: ANN401
    line = first_line + node.start_mark.line
    document.lines[path] = line
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(child, (*path, index), document, first_line)
            for index, child in enumerate(node.value)
        ]
    built: dict[str, Any] = {}
    problems: list[Problem] = []
    for key_node, value_node in node.value:
        key = key_node.value
        key_line = first_line + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            raise SourceError.at(document.file, "a key must be a word", line=key_line)
        if key in built:
            problems.append(Problem(document.file, key_line, key, "this key stands here twice"))
            continue
        built[key] = _build(value_node, (*path, key), document, first_line)
        if isinstance(value_node, yaml.CollectionNode):
            document.lines[*path, key] = key_line  # what it is called, not where its first part is
    if problems:
        raise SourceError(tuple(problems))
    return built


class _PlainDumper(yaml.SafeDumper):
    """Writes every scalar plainly where syntax allows, and lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)  # noqa: FBT003


def _represent_text(dumper: _PlainDumper, text: str) -> yaml.ScalarNode:
    """Quote what plain writing would lose: nothing at all, and breaks YAML 1.1 takes for LF."""
    style = None if text and not _LOST_WHEN_PLAIN.search(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_PlainDumper.yaml_implicit_resolvers = {}
_PlainDumper.add_representer(str, _represent_text)
