"""The browser folds words for searching as Python does, in a real Chromium."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from tests.conftest import OpenBrowser
from tests.field.serving import FOLDERS, PROJECT, Harness, serving, told

from bojagi.domain.hangul import fold_pairs
from bojagi.domain.hangul.fold import search_fold, search_initials

VECTORS: Final = PROJECT / "tests" / "vectors" / "hangul"
SEED: Final = 20261126
RANDOM_TEXTS: Final = 3000
ODD: Final = (
    " \t\u00ad\u200b《》·~∼.,<>ㄱㄹㅀㄳA9ßΣİ\U0001f600\u1100\u1161\u11a8각력녀해됐여페\u0301"
)


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving() as address:
        yield address


def fold_cases() -> list[dict[str, Any]]:
    vectors = json.loads((VECTORS / "fold.json").read_text("utf-8"))
    cases = [{"text": row["text"], "gives": row["key"]} for row in vectors["one"]]
    for row in vectors["same"]:
        cases += [{"text": row[locale], "gives": row["key"]} for locale in ("ko_KR", "ko_KP")]
    texts = [row[part] for row in vectors["inside"] for part in ("query", "text")]
    return cases + [{"text": text, "gives": search_fold(text)} for text in texts]


def initial_cases() -> list[dict[str, Any]]:
    vectors = json.loads((VECTORS / "initials.json").read_text("utf-8"))
    return [{"text": row["text"], "gives": row["key"]} for row in vectors["keys"]]


def random_texts() -> list[str]:
    """Make texts of the pairs' words, odd signs and any syllables."""
    chance = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    pairs = (
        *fold_pairs.WORD_START_PAIRS,
        *fold_pairs.SPELLING_PAIRS,
        *fold_pairs.LOANWORD_PAIRS,
    )
    words = [form for pair in pairs for form in pair] + list(ODD)
    words += [chr(chance.randint(0xAC00, 0xD7A3)) for _ in range(len(words))]
    return ["".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(RANDOM_TEXTS)]


@pytest.mark.browser
def test_every_text_has_the_key_that_python_gives(
    open_browser: OpenBrowser, tmp_path: Path, origin: str
) -> None:
    harness = Harness.open(open_browser(tmp_path), origin)
    texts = random_texts()
    for kind, cases in (
        ("searchFold", fold_cases()),
        ("searchInitials", initial_cases()),
        ("searchFold", [{"text": text, "gives": search_fold(text)} for text in texts]),
        ("searchInitials", [{"text": text, "gives": search_initials(text)} for text in texts]),
    ):
        outcome = harness.run(kind, cases)
        assert outcome["count"] == len(cases) > 40
        assert outcome["failures"] == [], told(outcome)
    planted = harness.run("searchFold", [{"text": "로동", "gives": "로동"}])
    assert len(planted["failures"]) == 1


@pytest.mark.parametrize("name", ["WORD_START_PAIRS", "SPELLING_PAIRS", "LOANWORD_PAIRS"])
def test_the_browser_has_the_pairs_of_python(name: str) -> None:
    text = (FOLDERS["field"] / "search" / "fold_pairs.js").read_text("utf-8")
    found = re.search(rf"export const {name} = (\[.*?\n\]);", text, re.DOTALL)
    assert found
    rows = json.loads(re.sub(r",\s*\]", "]", found[1]))
    assert [tuple(row) for row in rows] == list(getattr(fold_pairs, name))
