"""The chain of a locale: everything an update needs, in one file, and no trust in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.trust.shelf import DAY, Shelf, make_signers

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.chain import (
    CHAIN_FILES,
    ChainSource,
    chain_files,
    chain_name,
    make_chain,
    parse_chain,
)
from bojagi.trust.client import NoMemory
from bojagi.trust.verifier import verify


class Counting:
    """A shelf's host that counts what is asked of it, chains included."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.asked: list[str] = []

    def read(self, path: str, limit: int) -> bytes | None:
        self.asked.append(path)
        chains = chain_files(self.shelf.repository, 2)
        name = path.removeprefix("metadata/")
        return chains[name] if name in chains else self.shelf.read(path, limit)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.offer("1/0/1", "추위".encode())
    made.offer("1/1/1", b"cold")
    made.release()
    return made


def test_an_update_is_two_requests_and_the_editions_of_its_locale(shelf: Shelf) -> None:
    host = Counting(shelf)
    report = verify(ChainSource(host, 0), shelf.pinned(), DAY, DAY.date(), places={0})
    assert [(j.path, j.verdict) for j in report.judgements] == [("1/0/1", Verdict.CURRENT)]
    assert [path for path in host.asked if path.startswith("metadata/")] == [
        "metadata/timestamp.json",
        "metadata/chain/1.1.0.txt",
    ]


def test_a_new_root_travels_in_the_chain(shelf: Shelf) -> None:
    pinned = shelf.pinned()
    old = shelf.root
    shelf.root = make_signers(3)
    shelf.release(DAY + timedelta(days=1), [*old, *shelf.root, *shelf.targets])
    host = Counting(shelf)
    source = ChainSource(host, 0)
    assert source.read("metadata/2.root.json", 10**6) == shelf.repository.files["2.root.json"]
    assert source.read("metadata/3.root.json", 10**6) is None
    assert len(host.asked) == 2, "the chain holds every root: no further one is asked for"
    verify(source, pinned, DAY, DAY.date())
    assert pinned.recall("root") == shelf.repository.files["2.root.json"]


def test_a_chain_holds_one_locale_and_does_not_grow_with_another(shelf: Shelf) -> None:
    before = len(make_chain(shelf.repository, 0))
    for number in range(2, 40):
        shelf.offer(f"1/1/{number}"[:5] + f"{number % 10}", f"{number}".encode())
    shelf.release()
    assert abs(len(make_chain(shelf.repository, 0)) - before) < 20
    assert len(make_chain(shelf.repository, 1)) > before
    assert b" " + shelf.repository.files["1.1-0.json"] in make_chain(shelf.repository, 0)


def test_a_chain_is_named_by_what_the_timestamp_says(shelf: Shelf) -> None:
    assert chain_name(shelf.repository.files["timestamp.json"]) == "1.1"
    assert set(chain_files(shelf.repository, 2)) == {"chain/1.1.0.txt", "chain/1.1.1.txt"}


@pytest.mark.parametrize(
    "timestamp",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"signed": {"chain": 1}}',
        b'{"signed": {"chain": "../1"}}',
        b'{"signed": {"chain": "1.1\\n"}}',
        b'{"signed": {"chain": "1"}}',
        b"[" * 100_000,
    ],
)
def test_a_name_that_is_none_is_not_asked_for(timestamp: bytes) -> None:
    assert chain_name(timestamp) is None


LINE = b"1.root.json {}\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"1.root.json {}",
        b"root.json {}\n",
        b"1.root.json\n",
        b"1.Root.json {}\n",
        b"../1.root.json {}\n",
        "1.글.json {}\n".encode(),
        LINE * 2,
        b"\n",
        b"".join(b"%d.a.json {}\n" % number for number in range(CHAIN_FILES + 1)),
    ],
)
def test_what_is_no_chain_is_damaged(raw: bytes) -> None:
    with pytest.raises(TrustError) as refused:
        parse_chain(raw)
    assert refused.value.verdict is Verdict.DAMAGED


def test_a_chain_of_somebody_else_convinces_nobody(shelf: Shelf) -> None:
    stranger = Shelf()
    stranger.offer("1/0/1", "거짓".encode())
    stranger.release()
    memory = NoMemory({"root": shelf.repository.files["1.root.json"]})
    report = verify(ChainSource(Counting(stranger), 0), memory, DAY, DAY.date())
    assert report.verdict is Verdict.NOT_OURS
