"""Who may vouch for a path: walks, cycles, diamonds, shadows and odd names."""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from urllib.parse import quote

import pytest
from tests.stories.attacks.repository import (
    Repository,
    make_signers,
    open_client,
    refusal,
    refusal_of,
)

from bojagi.domain.verdicts import Verdict
from bojagi.trust.rules import MOST_DELEGATIONS

Edge = tuple[str, str, str, bool]
"""A delegator, a role, its paths, and whether the walk ends there."""

T: Final = "targets"


def _grow(edges: list[Edge]) -> Repository:
    repository = Repository()
    for delegator, role, paths, terminating in edges:
        repository.delegate(role, paths.split(), delegator, terminating=terminating)
    repository.release_all()
    return repository


def _walk(repository: Repository, target: str = "ㄱ") -> list[str]:
    client = open_client(repository, repository.pinned)
    repository.reads.clear()
    assert client.find(target) is None
    return [path.removeprefix("metadata/2.").removesuffix(".json") for path in repository.reads]


@pytest.mark.parametrize(
    ("edges", "walked"),
    [
        pytest.param([(T, "A", "*", False)], "A", id="one"),
        pytest.param([(T, "A", "*", False), (T, "B", "*", False)], "AB", id="siblings"),
        pytest.param(
            [(T, "A", "*", False), (T, "B", "*", False), (T, "C", "*", False)], "ABC", id="in-order"
        ),
        pytest.param(
            [(T, "A", "*", False), (T, "B", "*", False), ("A", "C", "*", False)], "ACB", id="depth"
        ),
        pytest.param(
            [
                (T, "A", "*", False),
                (T, "B", "*", False),
                ("A", "C", "*", False),
                ("C", "D", "*", False),
            ],
            "ACDB",
            id="deeper",
        ),
        pytest.param([(T, "A", "*", True), (T, "B", "*", False)], "A", id="ends"),
        pytest.param(
            [
                (T, "A", "*", False),
                (T, "B", "*", False),
                ("A", "C", "*", True),
                ("A", "D", "*", False),
            ],
            "AC",
            id="ends-below",
        ),
        pytest.param(
            [
                (T, "A", "*", False),
                (T, "B", "*", False),
                ("A", "C", "*", True),
                ("C", "D", "*", False),
            ],
            "ACD",
            id="an-end-has-children",
        ),
        pytest.param([(T, "A", "ㄴ", True), (T, "B", "*", False)], "B", id="an-end-elsewhere"),
        pytest.param([(T, "A", "ㄴ", False), ("A", "C", "*", False)], "", id="unclaimed-branch"),
        pytest.param([(T, "A", "*", False), ("A", "A", "*", False)], "A", id="itself"),
        pytest.param(
            [
                (T, "A", "*", False),
                ("A", "B", "*", False),
                ("B", "C", "*", False),
                ("C", "A", "*", False),
            ],
            "ABC",
            id="cycle",
        ),
        pytest.param(
            [
                (T, "A", "*", False),
                (T, "B", "*", False),
                ("B", "C", "*", False),
                ("A", "C", "*", False),
            ],
            "ACB",
            id="diamond",
        ),
        pytest.param(
            [
                (T, "A", "*", False),
                (T, "B", "*", False),
                ("B", "C", "*", False),
                ("A", "C", "ㄴ", False),
            ],
            "ABC",
            id="diamond-by-one-side",
        ),
    ],
)
def test_a_walk_is_in_order_and_each_role_is_read_once(edges: list[Edge], walked: str) -> None:
    assert _walk(_grow(edges)) == list(walked)


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("1/0/7", "1-0"),
        ("1/0/7/8", None),
        ("1/7", None),
        ("1/00/7", None),
        ("2/0/7", None),
        ("1/0/../../2/0/7", None),
        ("/1/0/7", None),
        ("1//7", None),
    ],
)
def test_a_publisher_vouches_for_its_own_paths_only(path: str, by: str | None) -> None:
    repository = Repository()
    repository.delegate("1-0", ["1/0/*"], terminating=True)
    repository.add(path, b"1", "1-0")
    repository.release_all()
    found = open_client(repository, repository.pinned).find(path)
    assert (found is not None) == (by is not None)


def test_the_first_to_vouch_shadows_the_later() -> None:
    repository = Repository()
    for role in ("A", "B"):
        repository.delegate(role)
        repository.add("ㄱ", role.encode(), role)
    repository.release_all()
    client = open_client(repository, repository.pinned)
    info = client.find("ㄱ")
    assert info is not None
    assert client.content(info) == b"A"


def test_an_ending_delegation_hides_who_comes_later() -> None:
    repository = Repository()
    repository.delegate("A", terminating=True)
    repository.delegate("B")
    repository.add("ㄱ", b"B", "B")
    repository.release_all()
    assert open_client(repository, repository.pinned).find("ㄱ") is None


@pytest.mark.parametrize("count", [MOST_DELEGATIONS, 500])
def test_a_walk_of_many_delegations_is_bounded(count: int) -> None:
    repository = _grow([(T, f"r{each}", "*", False) for each in range(count)])
    assert len(_walk(repository)) == MOST_DELEGATIONS - 1


def test_a_chain_of_many_delegations_is_bounded() -> None:
    names = [T, *(f"r{each}" for each in range(60))]
    repository = _grow([(a, b, "*", False) for a, b in pairwise(names)])
    assert len(_walk(repository)) == MOST_DELEGATIONS - 1


def test_a_role_the_snapshot_does_not_know_is_not_ours_and_is_not_read() -> None:
    repository = Repository()
    repository.delegate("1-0")
    repository.release_all()
    del repository.snapshot.meta["1-0.json"]
    repository.release()
    client = open_client(repository, repository.pinned)
    repository.reads.clear()
    assert refusal_of(client, "ㄱ") is Verdict.NOT_OURS
    assert repository.reads == []


def test_a_role_signed_by_another_publisher_is_not_ours() -> None:
    repository = Repository()
    repository.delegate("1-0", ["1/0/*"])
    repository.delegate("2-0", ["2/0/*"])
    repository.signers["1-0"] = repository.signers["2-0"]
    repository.release_all()
    assert refusal_of(open_client(repository, repository.pinned), "1/0/7") is Verdict.NOT_OURS


def test_a_publisher_whose_key_was_taken_back_is_not_ours() -> None:
    repository = Repository()
    memory = repository.pinned
    repository.delegate("1-0")
    repository.add("ㄱ", b"1", "1-0")
    repository.release_all()
    assert open_client(repository, memory).find("ㄱ") is not None
    thief, repository.signers["1-0"] = repository.signers["1-0"], make_signers(1)
    repository.delegate("1-0")
    repository.signers["1-0"] = thief
    repository.release_all()
    assert refusal_of(open_client(repository, memory), "ㄱ") is Verdict.NOT_OURS


def test_trust_in_a_role_is_not_carried_to_another_who_delegates_to_it() -> None:
    repository = Repository()
    for side in ("a", "b"):
        repository.delegate(side, [f"{side}/*"])
        repository.delegate("C", [f"{side}/*"], side)
        repository.add(f"{side}/1", side.encode(), "C")
        theirs, repository.signers["C"] = repository.signers["C"], make_signers(1)
        if side == "a":
            known = theirs
    repository.signers["C"] = known
    repository.release_all()
    client = open_client(repository, repository.pinned)
    assert client.find("a/1") is not None
    assert refusal_of(client, "b/1") is Verdict.NOT_OURS


@pytest.mark.parametrize(
    "role", ["?", "#", "/a", "../a", "..", ".", "a'b", 'a"b', "가/나", "가", "%2e", "a b", "a\n"]
)
def test_an_odd_role_name_is_quoted_and_stays_in_its_folder(role: str) -> None:
    repository = _grow([(T, role, "*", False)])
    assert _walk(repository) == [quote(role, "")]


@pytest.mark.parametrize("role", ["root", "timestamp", "snapshot", "targets", ""])
def test_nobody_delegates_to_a_name_of_the_top_level(role: str) -> None:
    repository = Repository()
    repository.delegate("1-0")
    repository.release_all()
    text = repository.files[repository.current(T)].replace(b'"1-0"', f'"{role}"'.encode())
    repository.serve(T, text)
    assert refusal(repository, repository.pinned) is Verdict.DAMAGED
