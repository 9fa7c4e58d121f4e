"""What a support worker is told of what they hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.trust.shelf import BUILT, DAY, Shelf
from tuf.api.metadata import TargetFile

from bojagi.domain.verdicts import Verdict
from bojagi.trust.memory import FolderMemory
from bojagi.trust.verifier import REASON, reference_time, verify


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.offer("1/0/1", "추위".encode())
    made.offer("1/1/1", b"cold")
    made.release()
    return made


def remember(shelf: Shelf, folder: Path) -> FolderMemory:
    memory = FolderMemory(folder)
    memory.keep("root", shelf.repository.files["1.root.json"])
    return memory


def test_a_fresh_shelf_is_current_and_the_missing_memory_is_said(shelf: Shelf) -> None:
    report = shelf.judge()
    assert report.verdict is Verdict.CURRENT
    assert [judgement.path for judgement in report.judgements] == ["1/0/1", "1/1/1"]
    assert report.newest_signed == date(2026, 11, 23)
    assert not report.had_memory


def test_a_changed_page_is_damaged_and_takes_no_other_with_it(shelf: Shelf) -> None:
    name = next(name for name in shelf.content if name.startswith("1/0/"))
    shelf.content[name] = "거짓".encode()
    report = shelf.judge()
    assert report.verdict is Verdict.DAMAGED
    assert {j.path: j.verdict for j in report.judgements} == {
        "1/0/1": Verdict.DAMAGED,
        "1/1/1": Verdict.CURRENT,
    }


def test_a_shelf_of_somebody_else_is_not_ours(shelf: Shelf) -> None:
    stranger = Shelf()
    stranger.offer("1/0/1", "추위".encode())
    stranger.release()
    stranger.repository = type(stranger.repository)(
        {**stranger.repository.files, "1.root.json": shelf.repository.files["1.root.json"]},
        stranger.repository.roles,
    )
    assert stranger.judge().verdict is Verdict.NOT_OURS


def test_a_withdrawn_edition_says_its_reason(shelf: Shelf) -> None:
    digest = shelf.offered["1-0"]["1/0/1"].hashes["sha256"]
    call = TargetFile.from_data(f"w/{digest}", b"", ["sha256"])
    call.unrecognized_fields["custom"] = {REASON: "wrong"}
    shelf.offered["w"] = {call.path: call}
    assert shelf.release(signers=shelf.reviewer)
    report = shelf.judge()
    assert report.verdict is Verdict.WITHDRAWN
    assert [(j.path, j.reason) for j in report.judgements if j.verdict is Verdict.WITHDRAWN] == [
        ("1/0/1", "wrong")
    ]


def test_a_reviewer_can_call_back_but_not_publish(shelf: Shelf) -> None:
    forged = Shelf(publisher=shelf.reviewer)
    assert forged.publisher[0].public_key.keyid == shelf.reviewer[0].public_key.keyid
    shelf.offer("1/0/1", "거짓".encode())
    with pytest.raises(Exception, match="1-0 has 0 of the 1"):
        shelf.release(signers=shelf.reviewer)


def test_what_was_seen_before_is_not_forgotten(shelf: Shelf, tmp_path: Path) -> None:
    memory = remember(shelf, tmp_path)
    last_year = shelf.repository
    shelf.offer("1/0/1", "추위, 다시".encode())
    shelf.release(DAY + timedelta(days=1))
    assert verify(shelf, memory, DAY, BUILT).verdict is Verdict.CURRENT
    shelf.repository = last_year
    report = verify(shelf, memory, DAY, BUILT)
    assert report.verdict is Verdict.OLDER_THAN_YOURS
    assert report.had_memory
    assert report.newest_signed == date(2026, 11, 24)


def test_an_edition_past_its_review_is_old_and_still_genuine(shelf: Shelf) -> None:
    shelf.offer("1/0/1", "추위, 다시".encode(), review_by="2026-11-30")
    shelf.release()
    report = shelf.judge(DAY + timedelta(days=10))
    assert {j.path: j.verdict for j in report.judgements} == {
        "1/0/1": Verdict.OLD,
        "1/1/1": Verdict.CURRENT,
    }


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_wrong_by_ten_years_never_makes_an_old_edition_current(
    shelf: Shelf, years: int, tmp_path: Path
) -> None:
    memory = remember(shelf, tmp_path)
    shelf.offer("1/1/1", b"newer")
    shelf.release(DAY + timedelta(days=200))
    assert verify(shelf, memory, DAY, BUILT).judgements
    shelf.release(DAY + timedelta(days=201))
    clock = DAY + timedelta(days=365 * years)
    report = verify(shelf, memory, clock, BUILT)
    verdicts = {j.path: j.verdict for j in report.judgements}
    assert verdicts["1/0/1"] is Verdict.OLD, "its review was due before the newest signed day"


def test_the_reference_time_is_the_latest_of_three() -> None:
    assert reference_time(DAY, BUILT, None) == DAY
    assert reference_time(DAY - timedelta(days=900), BUILT, None).date() == BUILT
    assert reference_time(DAY, BUILT, date(2027, 1, 1)).date() == date(2027, 1, 1)


def test_an_edition_that_is_missing_is_damaged(shelf: Shelf) -> None:
    shelf.content.clear()
    assert shelf.judge().verdict is Verdict.DAMAGED


def test_a_repository_without_a_timestamp_says_so(shelf: Shelf) -> None:
    files = {n: d for n, d in shelf.repository.files.items() if n != "timestamp.json"}
    shelf.repository = type(shelf.repository)(files, shelf.repository.roles)
    report = shelf.judge()
    assert (report.verdict, report.judgements) == (Verdict.DAMAGED, ())
    assert "timestamp.json is missing" in report.reason
