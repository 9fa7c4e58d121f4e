"""What takes long to make is kept while what it was made of stays the same to the byte."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bojagi.authoring.checks import kept as keeping
from bojagi.authoring.checks.kept import kept


class Made:
    """Counts how often something is made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"made": self.times}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "_FOLDER", tmp_path / "cache")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "words.toml").write_text("[groups]\n", "utf-8")
    return tmp_path


def test_it_is_made_once_and_anew_when_a_file_changes(folder: Path) -> None:
    words, make = folder / "words.toml", Made()
    assert [kept("it", [words], make) for _ in range(3)] == [{"made": 1}] * 3
    words.write_text("[groups]\na = []\n", "utf-8")
    assert [kept("it", [words], make) for _ in range(2)] == [{"made": 2}] * 2
    assert kept("another", [words], make) == {"made": 3}


@pytest.mark.parametrize("harm", [b"", b"x", b"\x80\x05K"])
def test_what_was_damaged_is_made_anew(folder: Path, harm: bytes) -> None:
    words, make = folder / "words.toml", Made()
    kept("it", [words], make)
    (place,) = (folder / "cache").iterdir()
    place.write_bytes(place.read_bytes()[:32] + harm if harm != b"x" else harm)
    assert kept("it", [words], make) == {"made": 2}


def test_where_nothing_may_be_written_it_is_made_each_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Made()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept("it", [], make)
    assert not (folder / "cache").exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (folder / "cache").write_bytes(b"a file in the place of a folder")
    kept("it", [], make)
    assert make.times == 2
