from __future__ import annotations

import ast
from pathlib import Path

from bojagi.domain import limits
from bojagi.domain.pack import ReviewClass


def test_the_budgets_are_those_of_the_design() -> None:
    assert limits.ARTICLE_TEXT_BYTES == 6_144
    assert limits.EDITION_COMPRESSED_BYTES == 49_152
    assert limits.IMAGE_BYTES == 6_144
    assert limits.FIRST_READ_BYTES == 14_336


def test_a_check_holds_as_long_as_the_design_says() -> None:
    assert limits.REVIEW_DAYS == {"procedure": 90, "statute": 365, "guidance": 365}
    assert set(limits.REVIEW_DAYS) == set(ReviewClass)


def test_every_limit_is_a_positive_whole_number() -> None:
    names = [name for name in vars(limits) if name.isupper()]
    numbers = {name: getattr(limits, name) for name in names if name != "REVIEW_DAYS"}
    assert len(numbers) > 10
    assert [name for name, value in numbers.items() if type(value) is not int or value < 1] == []


def test_every_limit_has_its_unit_in_its_name() -> None:
    tree = ast.parse(Path(limits.__file__).read_text("utf-8"))
    names = [
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    units = (
        "BYTES",
        "PIXELS",
        "GRAPHEMES",
        "DAYS",
        "LEVELS",
        "_PER_PACK",
        "_PER_SHELF",
        "_PER_ARTICLE",
    )
    assert [name for name in names if not name.endswith(units)] == ["KIB"]


def test_what_is_read_at_all_leaves_room_for_what_is_right() -> None:
    assert limits.SOURCE_TEXT_BYTES > limits.ARTICLE_TEXT_BYTES
    assert limits.SOURCE_IMAGE_BYTES > limits.IMAGE_BYTES
    assert limits.CATALOGUE_BYTES > limits.SOURCE_TEXT_BYTES
