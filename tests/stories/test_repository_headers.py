"""Curious networks: what every answer below a repository says beside its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from tests.stories.running import RunningServer
from tests.stories.test_headers import NEVER
from tests.stories.trees import all_shelf_codes, files_of, shelf_codes
from tests.stories.wire import Answer, Asker

from bojagi.building.tree import read_apart


@pytest.fixture
def asker(server: RunningServer) -> Iterator[Asker]:
    """A connection to the server."""
    with closing(Asker(server.port)) as open_one:
        yield open_one


DATA: Final = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, noarchive",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""What every answer below a repository says; a browser shows none of them as a page."""


def assert_safe_data(answer: Answer, what: str) -> None:
    """Hold an answer of a repository to what must stand in its head, and to what never may."""
    assert {name: answer.header(name) for name in DATA} == DATA, what
    assert NEVER.intersection(name for name, _ in answer.headers) == set(), what
    assert "html" not in answer.header("content-type"), what


def repository_paths(data: Path, code: str, prefix: str) -> Iterator[tuple[str, Path]]:
    for address, file in files_of(data, code).items():
        if address.startswith("repository/"):
            yield prefix + address, file


def test_metadata_and_open_editions_may_be_kept_for_ever_and_only_the_newest_is_asked_about(
    server: RunningServer, asker: Asker
) -> None:
    kinds = set()
    for index, code in enumerate(shelf_codes(server.data)):
        for path, file in repository_paths(server.data, code, f"/{code}/" if index else "/"):
            answer = asker.ask(path, Accept_Encoding="br")
            assert answer.decoded == file.read_bytes(), path
            assert_safe_data(answer, path)
            kinds.add(answer.header("cache-control"))
            is_newest = path.endswith("/timestamp.json")
            expected = "no-cache" if is_newest else "public, max-age=31536000, immutable"
            assert answer.header("cache-control") == expected, path
            again = asker.ask(path, Accept_Encoding="br", If_None_Match=answer.header("etag"))
            assert (again.status, again.body) == (304, b"")
            assert_safe_data(again, path)
    assert len(kinds) == 2


def test_nobody_on_the_way_may_keep_anything_of_a_sealed_shelf(
    server: RunningServer, asker: Asker
) -> None:
    together = set(all_shelf_codes(server.data)) - read_apart(server.data / "shelves")
    sealed = together - set(shelf_codes(server.data))
    assert sealed
    for code in sealed:
        paths = dict(repository_paths(server.data, code, f"/{code}/"))
        assert len(paths) > 8
        for path, file in paths.items():
            answer = asker.ask(path)
            assert answer.body == file.read_bytes(), path
            assert answer.header("cache-control") == "no-store", path
            assert_safe_data(answer, path)


@pytest.mark.parametrize(
    "path", ["/repository/metadata/2.root.json", "/f8/repository/x", "/repository/"]
)
def test_what_a_repository_does_not_hold_is_told_without_words(asker: Asker, path: str) -> None:
    answer = asker.ask(path)
    assert (answer.status, answer.body) == (404, b"")
    assert_safe_data(answer, path)
    assert asker.ask(path, "POST").status in {404, 405}
