"""A correction goes out while people are reading: nobody meets an error, everybody gets it soon."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.making import DAY, OPEN_GATE
from tests.stories.running import running_server
from tests.stories.trees import files_of, shelf_codes
from tests.stories.wire import Asker

from bojagi.authoring.library import Library
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo

SOON_SECONDS = 4.0


def with_title(library: Library, title: str) -> Library:
    """The same packs, the first one with another title."""
    first = next(iter(library.folders))
    folder = library.folders[first]
    files = {**folder.files, "note": title.encode()}
    changed = replace(folder, pack=replace(folder.pack, title=title), files=files)
    return replace(library, folders={**library.folders, first: changed}, catalogues={})


def test_readers_meet_no_error_while_new_trees_are_taken_up(few: Library, tmp_path: Path) -> None:
    data = tmp_path / "data"
    publish_demo(few, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    folder = tmp_path / "server"
    folder.mkdir()
    shelf = shelf_codes(data)[0]
    addresses = list(files_of(data, shelf))
    statuses: Counter[int] = Counter()
    with running_server(data, folder) as server, closing(Asker(server.port)) as asker:
        for number in range(3):
            title = f"바뀐 제목 {number}"
            build = publish_demo(
                with_title(few, title), DataFolder(data), OPEN_GATE, DAY, lambda _: None
            )
            assert build.failures == []
            kept = [each for each in addresses if each in files_of(data, shelf)]
            began = time.monotonic()
            while time.monotonic() - began < SOON_SECONDS / 3:
                for address in kept:
                    statuses[asker.ask(f"/{address}").status] += 1
        lists = {asker.ask("/").text for _ in range(20)}
        assert all(title in html for html in lists), "every process serves the newest"
    assert statuses.keys() == {200}
    assert server.errors.read_text("utf-8") == ""


def test_two_corrections_within_a_second_are_no_error_to_a_reader_either(
    few: Library, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    publish_demo(few, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(data, folder) as server, closing(Asker(server.port)) as asker:
        time.sleep(1.1)  # so that the next question makes it look for new trees, just now
        assert asker.ask("/").status == 200
        for number in range(2):
            changed = with_title(few, f"바뀐 제목 {number}")
            publish_demo(changed, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
        statuses = Counter(asker.ask("/1/1").status for _ in range(100))
    assert statuses.keys() == {200}
