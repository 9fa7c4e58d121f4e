"""Clocks that are wrong by ten years, sticks from last winter, lists that leave something out.

A shelf is published in November, kept through spring with nothing new, published anew in summer,
and its edition is called back the day after. Everything that was ever served is kept on sticks, as
trees, bundles and one-file HTML, and is judged by people whose clocks are wrong.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from tests.making import DAY, OPEN_GATE, PAY, WAGE, Project, all_signed_off, make_project
from tests.stories.attacks.bundles import Worker, bundle_of, make_shelf
from tests.stories.trees import current
from tests.trust.shelf import DAY as SHELF_DAY
from tests.trust.shelf import Shelf
from tuf.api.metadata import TargetFile

from bojagi.domain.identifiers import ShelfCode
from bojagi.domain.verdicts import Verdict, worst
from bojagi.domain.withdrawal import WithdrawalReason
from bojagi.services.data_folder import DataFolder
from bojagi.services.keyring import Keyring
from bojagi.services.publishing import publish_demo
from bojagi.services.studio import Studio
from bojagi.services.verifying import Keys, Verifier
from bojagi.trust.pins import Pins
from bojagi.trust.verifier import REASON

TEN_YEARS: Final = timedelta(days=3653)
SUMMER: Final = DAY + timedelta(days=200)
BUILT: Final = DAY.date()
"""The day of a program that came with the November shelf."""
BUILT_LATER: Final = SUMMER.date()
CLOCKS: Final = {
    "ten years behind": -TEN_YEARS,
    "right": timedelta(0),
    "ten years ahead": TEN_YEARS,
}
KINDS: Final = ("tree", "bundle", "file")
TIMES: Final = ("november", "spring", "summer", "called back")

any_kind = pytest.mark.parametrize("kind", KINDS)
any_clock = pytest.mark.parametrize("wrong", CLOCKS.values(), ids=CLOCKS)


@dataclass(frozen=True)
class Sticks:
    """What was served at each time: `<time>/` is the public folder of then."""

    folder: Path

    def at(self, when: str, kind: str) -> Path:
        """Return what one would carry of a time: the tree, its bundle, or its whole edition."""
        public = self.folder / when
        if kind == "tree":
            return public
        ending = ".zip" if kind == "bundle" else ".html"
        return max(public.glob(f"library/files/*{ending}"), key=lambda path: path.stat().st_size)


@pytest.fixture(scope="module")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> Sticks:
    """One shelf through four times, each on a stick of its own."""
    folder = tmp_path_factory.mktemp("clocks")
    project, made = make_project(folder / "project"), Sticks(folder / "sticks")
    project.replace(f"{PAY}/facts.yaml", "2026-12-31", "2027-05-23")
    for when, now in zip(TIMES, (DAY, DAY + timedelta(days=100), SUMMER), strict=False):
        if when == "summer":
            renew(project)
        build = publish_demo(
            project.library(), DataFolder(project.data), OPEN_GATE, now, lambda _: None
        )
        assert build.failures == []
        shutil.copytree(current(project.data, "d5") / "public", made.folder / when)
    call_back_on_demo(project)
    shutil.copytree(current(project.data, "d5") / "public", made.folder / "called back")
    return made


def renew(project: Project) -> None:
    """Write a new version of the edition, to be checked again in winter."""
    project.replace(f"{PAY}/pack.yaml", "version: 1", "version: 2")
    project.replace(WAGE, "물어볼 곳은", "더 물어볼 곳은")
    project.replace(WAGE, "checked_on: 2026-11-23", f"checked_on: {SUMMER:%Y-%m-%d}")
    for file in (WAGE, f"{PAY}/facts.yaml"):
        project.replace(file, "2027-05-23", "2027-12-01")
    assert project.library().problems == ()


def call_back_on_demo(project: Project) -> None:
    library, data = project.library(), DataFolder(project.data)
    keyring = Keyring.open(project.root / "keys", data.shelves)
    with data.locked():
        studio = Studio(library, data, keyring, str, SUMMER + timedelta(days=1), all_signed_off)
        shelf = library.shelves[ShelfCode("d5")]
        studio.withdraw(shelf, "1", WithdrawalReason.OUTDATED, None)


@dataclass(frozen=True)
class Person:
    """Somebody with a memory, a program of some day, and a clock."""

    memory: Path
    clock: datetime = DAY
    built: date = BUILT

    @classmethod
    def with_root(cls, folder: Path, sticks: Sticks) -> Person:
        root = sticks.at("november", "tree") / "repository" / "metadata" / "1.root.json"
        Pins(folder).add(root.read_bytes())
        return cls(folder)

    def judge(self, thing: Path) -> Verdict:
        checked = Verifier(Pins(self.memory), Keys(), self.clock, self.built).verify(str(thing))
        return worst(each.report.verdict for each in checked)

    def having_seen(self, sticks: Sticks, *times: str) -> Person:
        for when in times:
            self.judge(sticks.at(when, "tree"))
        return self


@pytest.fixture
def person(sticks: Sticks, tmp_path: Path) -> Person:
    return Person.with_root(tmp_path / "memory", sticks)


def test_what_is_new_is_current_for_a_clock_that_is_right(person: Person, sticks: Sticks) -> None:
    """Positive control for all below."""
    for when, now in (("november", DAY), ("summer", SUMMER)):
        someone = replace(person, clock=now)
        for kind in KINDS:
            assert someone.judge(sticks.at(when, kind)) is Verdict.CURRENT, (when, kind)


@any_kind
@any_clock
def test_who_saw_a_newer_edition_never_takes_the_older_for_current(
    person: Person, sticks: Sticks, kind: str, wrong: timedelta
) -> None:
    someone = replace(person, clock=SUMMER + wrong)
    someone.having_seen(sticks, "november", "summer")
    for when in ("november", "spring"):
        verdict = someone.judge(sticks.at(when, kind))
        assert verdict is Verdict.OLDER_THAN_YOURS, when
    newest = someone.judge(sticks.at("summer", kind))
    assert newest is (Verdict.OLD if wrong > timedelta(0) else Verdict.CURRENT)


@any_kind
@any_clock
def test_a_program_built_after_its_day_of_review_knows_an_edition_to_be_old(
    person: Person, sticks: Sticks, kind: str, wrong: timedelta
) -> None:
    """Without any memory, and whatever the clock says."""
    someone = replace(person, clock=SUMMER + wrong, built=BUILT_LATER)
    if kind == "file":
        someone.having_seen(sticks, "november")
    assert someone.judge(sticks.at("november", kind)) is Verdict.OLD


@any_kind
def test_a_clock_ahead_makes_everything_old_and_nothing_forged(
    person: Person, sticks: Sticks, kind: str
) -> None:
    someone = replace(person, clock=DAY + TEN_YEARS)
    for when in TIMES[:3]:
        someone.having_seen(sticks, when)
        assert someone.judge(sticks.at(when, kind)) is Verdict.OLD, when


@any_kind
def test_what_was_signed_later_tells_a_slow_clock_what_day_it_is(
    person: Person, sticks: Sticks, kind: str
) -> None:
    """The edition is the newest there is; a later signed day says that its review is overdue."""
    slow = replace(person, clock=DAY - TEN_YEARS)
    slow.having_seen(sticks, "november")
    assert slow.judge(sticks.at("november", kind)) is Verdict.CURRENT
    late = sticks.folder / "late"
    if not late.exists():
        keep_up(sticks, late)
    slow.judge(late)
    assert slow.judge(sticks.at("november", kind)) is Verdict.OLD


def keep_up(sticks: Sticks, target: Path) -> None:
    """Publish the November shelf once more in summer, with nothing new on it."""
    project = make_project(sticks.folder / "late project")
    project.replace(f"{PAY}/facts.yaml", "2026-12-31", "2027-05-23")
    for now in (DAY, SUMMER):
        publish_demo(project.library(), DataFolder(project.data), OPEN_GATE, now, lambda _: None)
    shutil.copytree(current(project.data, "d5") / "public", target)


@any_kind
@any_clock
def test_a_withdrawal_that_was_seen_counts_on_every_older_stick(
    person: Person, sticks: Sticks, kind: str, wrong: timedelta
) -> None:
    someone = replace(person, clock=SUMMER + wrong)
    someone.having_seen(sticks, "summer", "called back")
    assert someone.judge(sticks.at("summer", kind)) is Verdict.WITHDRAWN
    someone.having_seen(sticks, "november", "summer")
    assert someone.judge(sticks.at("summer", kind)) is Verdict.WITHDRAWN


def test_the_shelf_that_called_it_back_says_so_to_who_saw_nothing(
    person: Person, sticks: Sticks
) -> None:
    called_back = sticks.at("called back", "tree")
    assert replace(person, clock=SUMMER).judge(called_back) is Verdict.WITHDRAWN
    assert not list(called_back.glob("library/files/*")), "and offers nothing of it"


def test_a_one_file_edition_is_current_older_withdrawn_or_not_ours(
    person: Person, sticks: Sticks, tmp_path: Path
) -> None:
    someone = replace(person, clock=SUMMER)
    old, new = sticks.at("november", "file"), sticks.at("summer", "file")
    assert someone.judge(new) is Verdict.NOT_OURS, "nothing was seen yet that names it"
    someone.having_seen(sticks, "november")
    assert someone.judge(old) is Verdict.OLD
    assert someone.judge(new) is Verdict.NOT_OURS
    someone.having_seen(sticks, "summer")
    assert someone.judge(new) is Verdict.CURRENT
    assert someone.judge(old) is Verdict.OLDER_THAN_YOURS
    someone.having_seen(sticks, "called back")
    assert someone.judge(new) is Verdict.WITHDRAWN
    assert someone.judge(old) is Verdict.OLDER_THAN_YOURS
    for number, bent in enumerate(bent_files(new.read_bytes())):
        assert bent != new.read_bytes()
        file = tmp_path / f"{number}.html"
        file.write_bytes(bent)
        assert someone.judge(file) is Verdict.NOT_OURS, number


def bent_files(raw: bytes) -> Iterator[bytes]:
    yield raw + b"\n"
    yield raw.replace(b"2027", b"2037")
    yield raw[:-1]
    yield b"\xef\xbb\xbf" + raw
    yield b""


@any_clock
def test_a_later_list_that_leaves_a_withdrawal_out_brings_nothing_back(
    tmp_path: Path, wrong: timedelta
) -> None:
    """Whoever stole the reviewer's key, and the host's, can sign such a list."""
    shelf = make_shelf()
    worker = replace(Worker.of(tmp_path / "there" / "here", shelf), clock=SHELF_DAY + wrong)
    fresh = replace(Worker.of(tmp_path / "there" / "fresh", shelf), clock=SHELF_DAY)
    call_back(shelf, "1/0/1")
    assert worker.verdicts(bundle_of(shelf))["1/0/1"] is Verdict.WITHDRAWN
    call_back(shelf, "1/1/1")
    without = bundle_of(shelf)
    assert fresh.verdicts(without)["1/0/1"] is Verdict.CURRENT, "who never saw it can't know"
    for _ in range(2):
        assert worker.verdicts(without)["1/0/1"] is Verdict.WITHDRAWN


def call_back(shelf: Shelf, path: str) -> None:
    """Sign a list of withdrawals that holds one edition and no other."""
    digest = shelf.offered[path[:3].replace("/", "-")][path].hashes["sha256"]
    call = TargetFile.from_data(f"w/{digest}", b"", ["sha256"])
    call.unrecognized_fields["custom"] = {REASON: WithdrawalReason.FORGED.value}
    shelf.offered["w"] = {call.path: call}
    shelf.release(SHELF_DAY + timedelta(days=1), shelf.reviewer)
