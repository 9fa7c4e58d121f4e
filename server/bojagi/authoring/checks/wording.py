"""Findings in words: the rule's sentence in the author's language, its values filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bojagi.domain.finding import Finding

_VALUE: Final = re.compile(r"\{([a-z_]+)\}")


def sentence(finding: Finding, words: Mapping[str, str]) -> str:
    """Return what was found, in a sentence.

    Args:
        finding: of a rule that exists.
        words: English to the words of one locale; what it lacks stays English.

    Raises:
        KeyError: for a rule that doesn't exist, which is a bug.
    """
    message = RULES[finding.rule].words
    text = words.get(message) or message
    if set(_VALUE.findall(text)) != set(_VALUE.findall(message)):
        text = message  # a translation that would lose what was found
    values = {**finding.values, "found": finding.found}
    values = {name: words.get(value) or value for name, value in values.items()}
    return _VALUE.sub(lambda match: values.get(match[1], ""), text)


def to_do(finding: Finding, words: Mapping[str, str]) -> str:
    """Return what to do about it; arguments and errors as for `sentence`."""
    message = RULES[finding.rule].to_do
    return words.get(message) or message


def blind_spot(finding: Finding, words: Mapping[str, str]) -> str:
    """Return what the rule can't see; arguments and errors as for `sentence`."""
    message = RULES[finding.rule].blind_spot
    return words.get(message) or message
