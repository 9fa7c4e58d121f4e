"""A shelf's tree on disk: whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bojagi.building import tree
from bojagi.building.tree import (
    CURRENT,
    FORMAT,
    MANIFEST,
    PUBLIC,
    Route,
    current_tree,
    place_of,
    read_apart,
    read_order,
    read_routes,
    routes_of,
    take_down,
    write_order,
    write_tree,
)
from bojagi.errors import DataFolderError

FILES: dict[str, Path | bytes] = {
    "index.html": b"list",
    "1.html": b"edition",
    "1.html.br": b"packed",
    "1/1.html": b"article",
    "errors/404.html": b"no page",
    "library/index.html": b"library",
    "library/files/12345678.html": b"file",
}


def content(folder: Path) -> dict[str, bytes]:
    """Return what is served."""
    served = current_tree(folder)
    assert served is not None
    public = served / PUBLIC
    return {
        path.relative_to(public).as_posix(): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file()
    }


def trees(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if entry.is_dir()}


def test_a_written_tree_is_the_one_that_is_served(tmp_path: Path) -> None:
    name = write_tree(tmp_path / "a3", FILES)
    assert current_tree(tmp_path / "a3") == tmp_path / "a3" / name
    assert content(tmp_path / "a3") == FILES
    assert {entry.name for entry in (tmp_path / "a3").iterdir()} == {name, CURRENT}


def test_the_same_content_is_the_same_tree_wherever_it_comes_from(tmp_path: Path) -> None:
    source = tmp_path / "article"
    source.write_bytes(b"article")
    one = write_tree(tmp_path / "a", FILES)
    other = write_tree(tmp_path / "b", {**FILES, "1/1.html": source})
    assert one == other
    assert write_tree(tmp_path / "a", FILES) == one
    assert trees(tmp_path / "a") == {one}


def test_another_content_is_another_tree(tmp_path: Path) -> None:
    names = {
        write_tree(tmp_path, FILES),
        write_tree(tmp_path, {**FILES, "1.html": b"changed"}),
        write_tree(tmp_path, {**FILES, "2.html": b"edition"}),
        write_tree(tmp_path, {path: raw for path, raw in FILES.items() if path != "1.html"}),
    }
    assert len(names) == 4


def test_what_is_taken_off_a_shelf_does_not_stay_on_its_host(tmp_path: Path) -> None:
    write_tree(tmp_path, FILES)
    second = write_tree(tmp_path, {"index.html": b"2"})
    assert trees(tmp_path) == {second}
    assert not [path for path in tmp_path.rglob("*") if path.name == "1.html"]


def test_a_shelf_that_is_taken_down_leaves_nothing(tmp_path: Path) -> None:
    write_tree(tmp_path, FILES)
    take_down(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["link_or_copy", "_sync", "write_whole"])
def test_until_the_pointer_is_swapped_the_last_tree_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"new")
    folder = tmp_path / "a3"
    write_tree(folder, FILES)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(tree, step, fail)
        with pytest.raises(OSError, match="No space left"):
            write_tree(folder, {"index.html": source})
    assert content(folder) == FILES
    assert write_tree(folder, {"index.html": source})
    assert content(folder) == {"index.html": b"new"}
    assert not [entry for entry in folder.iterdir() if entry.name.startswith(".part-")]


def test_what_an_interrupted_build_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".part-tree-0123" / PUBLIC).mkdir(parents=True)
    (tmp_path / "tree-0123").mkdir()
    name = write_tree(tmp_path, FILES)
    assert trees(tmp_path) == {name}


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "manifest"])
def test_a_tree_that_was_damaged_is_not_taken_again(tmp_path: Path, damage: str) -> None:
    served = tmp_path / write_tree(tmp_path, FILES)
    match damage:
        case "changed":
            (served / PUBLIC / "1.html").write_bytes(b"edition!")
        case "missing":
            (served / PUBLIC / "1.html").unlink()
        case "added":
            (served / PUBLIC / "evil.html").write_bytes(b"evil")
        case _:
            (served / MANIFEST).write_bytes(b"{}")
    again = write_tree(tmp_path, FILES)
    assert tmp_path / again != served
    assert content(tmp_path) == FILES
    assert read_routes(tmp_path / again)["1"] == Route("1.html")
    assert write_tree(tmp_path, FILES) == again


def test_a_file_of_the_cache_that_was_damaged_and_mended_is_mended_in_the_tree(
    tmp_path: Path,
) -> None:
    source = tmp_path / "cached"
    source.write_bytes(b"good")
    write_tree(tmp_path / "a3", {"index.html": source})
    source.write_bytes(b"evil")  # the same file as in the tree, where the file system has links
    source.unlink()
    source.write_bytes(b"good")
    write_tree(tmp_path / "a3", {"index.html": source})
    assert content(tmp_path / "a3") == {"index.html": b"good"}


def test_files_are_copied_where_the_file_system_has_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    source = tmp_path / "source"
    source.write_bytes(b"new")
    write_tree(tmp_path / "a3", {"index.html": source})
    assert content(tmp_path / "a3") == {"index.html": b"new"}


def test_addresses_have_no_endings_and_packed_forms_and_errors_have_no_address() -> None:
    assert routes_of(list(FILES)) == {
        "": Route("index.html"),
        "1": Route("1.html"),
        "1/1": Route("1/1.html"),
        "library/": Route("library/index.html"),
        "library/files/12345678.html": Route(
            "library/files/12345678.html", download="12345678.html"
        ),
    }


def test_every_file_of_an_edition_has_its_place() -> None:
    assert place_of("pages/1/2.html.zst") == "1/2.html.zst"
    assert place_of("files/12345678.html") == "library/files/12345678.html"


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ({"format": "bojagi-tree/3", "routes": [{"new": "shape"}]}, "this version reads"),
        ({"routes": {}}, "can't be read"),
        ({"format": FORMAT, "routes": []}, "can't be read"),
        ({"format": FORMAT, "routes": {"": {"other": "x"}}}, "can't be read"),
        ([], "can't be read"),
        (None, "can't be read"),
    ],
)
def test_a_tree_of_another_version_or_none_is_refused(
    tmp_path: Path, manifest: object, expected: str
) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(DataFolderError, match=expected):
        read_routes(tmp_path)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe"])
def test_rubbish_in_the_place_of_a_list_of_routes_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(raw)
    with pytest.raises(DataFolderError, match="run 'bojagi build'"):
        read_routes(tmp_path)
    (tmp_path / MANIFEST).unlink()
    with pytest.raises(DataFolderError, match="run 'bojagi build'"):
        read_routes(tmp_path)


@pytest.mark.parametrize("pointer", [b"", b"tree-nothing\n", b"../a3\n", b"\xff", b"/\n"])
def test_a_pointer_to_nothing_serves_nothing(tmp_path: Path, pointer: bytes) -> None:
    write_tree(tmp_path, FILES)
    (tmp_path / CURRENT).write_bytes(pointer)
    assert current_tree(tmp_path) is None
    write_tree(tmp_path, FILES)
    assert content(tmp_path) == FILES


def test_only_the_shelves_that_are_named_are_served_and_in_that_order(tmp_path: Path) -> None:
    for code in ("a3", "d5", "f8"):
        write_tree(tmp_path / code, FILES)
    write_order(tmp_path, ["d5", "a3"])
    assert read_order(tmp_path) == ["d5", "a3"]
    assert trees(tmp_path) == {"a3", "d5"}


def test_a_shelf_that_stands_apart_is_marked_and_keeps_its_place(tmp_path: Path) -> None:
    for code in ("a3", "h4", "d5"):
        write_tree(tmp_path / code, FILES)
    write_order(tmp_path, ["a3", "h4", "d5"], {"h4"})
    assert read_order(tmp_path) == ["a3", "h4", "d5"]
    assert read_apart(tmp_path) == {"h4"}
    assert trees(tmp_path) == {"a3", "h4", "d5"}


def test_before_the_first_build_no_shelf_is_served(tmp_path: Path) -> None:
    assert read_order(tmp_path) == []
    assert read_apart(tmp_path) == set()
    assert current_tree(tmp_path / "a3") is None


def test_an_order_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "order").write_bytes(b"\xff")
    with pytest.raises(DataFolderError, match="order can't be read"):
        read_order(tmp_path)
