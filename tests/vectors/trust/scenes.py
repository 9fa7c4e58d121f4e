"""Shelves beside those of `tests/trust/test_verifier.py`, whose reports are recorded as vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from securesystemslib.signer import CryptoSigner
from tests.trust.shelf import BUILT, DAY, Shelf, keys_of, make_signers
from tuf.api.metadata import TargetFile

from bojagi.domain.verdicts import TrustError, Verdict
from bojagi.trust.client import Memory, NoMemory
from bojagi.trust.demo import DemoKeys
from bojagi.trust.plan import Plan, Publisher
from bojagi.trust.verifier import REASON, REVIEW_BY, VERSION, Report, verify

Verifier = Callable[..., Report]
"""`verify`, or what records it."""

COLD: Final = "추위와 동상".encode()
HEAT: Final = "더위".encode()
TEN_YEARS: Final = timedelta(days=3652)


@dataclass
class Place(Shelf):
    """A shelf of two organisations, as files that a scene may bend."""

    other: list[CryptoSigner] = field(default_factory=lambda: make_signers(2))
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """Who may sign what: the second organisation needs two signatures."""
        publishers = (
            Publisher(1, 2, keys_of(self.publisher)),
            Publisher(2, 2, keys_of(self.other, 2)),
        )
        return replace(super().plan, publishers=publishers)

    def put(self, now: datetime = DAY) -> Place:
        """Release what is offered, by everybody's keys, and serve it."""
        self.release(now, [*self.root, *self.targets, *self.publisher, *self.other, *self.reviewer])
        self.files = {f"metadata/{name}": data for name, data in self.repository.files.items()}
        self.files |= {f"targets/{name}": data for name, data in self.content.items()}
        return self

    def read(self, path: str, limit: int) -> bytes | None:
        """Serve a file, as any source does."""
        data = self.files.get(path)
        if data is not None and len(data) > limit:
            raise TrustError(
                Verdict.DAMAGED, f"{path} is longer than the {limit} bytes it may have"
            )
        return data

    def call_back(self, path: str, reason: str) -> None:
        """Withdraw an edition; the next release signs it."""
        publisher, place, _ = path.split("/")
        digest = self.offered[f"{publisher}-{place}"][path].hashes["sha256"]
        call = TargetFile.from_data(f"w/{digest}", b"", ["sha256"])
        call.unrecognized_fields["custom"] = {REASON: reason}
        self.offered.setdefault("w", {})[call.path] = call

    def path_of(self, target: str) -> str:
        """Return where a target's content is served."""
        return next(path for path in self.files if path.startswith(f"targets/{target[:4]}"))


def make_place() -> Place:
    """Make a shelf with three editions of two organisations."""
    place = Place()
    place.offer("1/0/1", COLD)
    place.offer("1/1/1", HEAT)
    place.offer("2/0/7", "로동 계약".encode())
    return place.put()


def reports(verifier: Verifier = verify) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield scenes: a name, and what plays it by calling the verifier."""

    def judge(
        place: Place,
        memory: Memory | None = None,
        clock: datetime = DAY,
        chosen: set[str] | None = None,
    ) -> Report:
        return verifier(place, memory or place.pinned(), clock, BUILT, chosen=chosen)

    for scene in (
        _bent_files,
        _two_releases,
        _withdrawals,
        _clocks,
        _demo_keys,
        _older,
        _odd_custom,
        _memories,
        _chosen,
    ):
        for name, play in scene(judge):
            yield f"{scene.__name__.strip('_').replace('_', ' ')}: {name}", play


Judge = Callable[..., Report]
Scenes = Iterator[tuple[str, Callable[[], None]]]


def _bent_files(judge: Judge) -> Scenes:
    def bend(change: Callable[[dict[str, bytes], Place], object]) -> Callable[[], None]:
        def play() -> None:
            place = make_place()
            change(place.files, place)
            judge(place)

        return play

    def set_to(path: str, data: bytes) -> Callable[[dict[str, bytes], Place], object]:
        return lambda files, _: files.update({path: data})

    def at(target: str, data: bytes) -> Callable[[dict[str, bytes], Place], object]:
        return lambda files, place: files.update({place.path_of(target): data})

    def without(path: str) -> Callable[[dict[str, bytes], Place], object]:
        return lambda files, _: files.pop(path)

    def swap(files: dict[str, bytes], place: Place) -> None:
        one, other = place.path_of("1/0/1"), place.path_of("1/1/1")
        files[one], files[other] = files[other], files[one]

    def others_path() -> None:
        place = make_place()
        info = place.offer("2/0/8", b"theirs")
        place.offered["1-0"]["2/0/8"] = place.offered["2-0"].pop("2/0/8")
        assert info.path == "2/0/8"
        judge(place.put())

    yield "nothing bent", bend(lambda *_: None)
    yield "an edition changed", bend(at("1/0/1", COLD[::-1]))
    yield "an edition longer", bend(at("1/0/1", COLD + b" "))
    yield "an edition empty", bend(at("1/0/1", b""))
    yield "an edition gone", bend(lambda files, place: files.pop(place.path_of("1/0/1")))
    yield "two editions swapped", bend(swap)
    for name in ("timestamp", "1.snapshot", "1.targets", "1.1-0", "1.2-0", "1.w"):
        yield f"{name} gone", bend(without(f"metadata/{name}.json"))
        yield f"{name} empty", bend(set_to(f"metadata/{name}.json", b"{}"))
    yield "a path of another's", others_path
    yield "a root of nothing", bend(set_to("metadata/2.root.json", b"null"))
    yield (
        "one organisation's role under another's name",
        bend(lambda files, _: files.update({"metadata/1.1-0.json": files["metadata/1.2-0.json"]})),
    )


def _two_releases(judge: Judge) -> Scenes:
    def later(change: Callable[[Place], object], days: int = 1) -> Callable[[], None]:
        def play() -> None:
            place = make_place()
            memory = place.pinned()
            judge(place, memory)
            change(place)
            place.put(DAY + timedelta(days=days))
            judge(place, memory, DAY + timedelta(days=days))

        return play

    def rotate(place: Place) -> None:
        place.root = [*place.root[:2], *make_signers(1)]
        place.snapshot, place.timestamp = make_signers(2)

    yield "the same for longer", later(lambda _: None)
    yield "an edition anew", later(lambda place: place.offer("1/0/1", b"anew"))
    yield "an edition more", later(lambda place: place.offer("2/1/3", b"more"))
    yield "an edition less", later(lambda place: place.offered["2-0"].clear())
    yield "other keys", later(rotate)


def _withdrawals(judge: Judge) -> Scenes:
    def play(then: Callable[[Place], object]) -> Callable[[], None]:
        def in_order() -> None:
            place = make_place()
            memory = place.pinned()
            place.call_back("1/0/1", "unsafe")
            place.put()
            judge(place, memory)
            then(place)
            judge(place, memory)

        return in_order

    def forget(place: Place) -> None:
        place.offered["w"].clear()
        place.put(DAY + timedelta(days=1))

    def replace_it(place: Place) -> None:
        place.offer("1/0/1", b"better")
        place.put(DAY + timedelta(days=1))

    yield "seen again", play(lambda _: None)
    yield "a later list forgets one", play(forget)
    yield "a better edition takes its place", play(replace_it)
    yield "the host lets go of it", play(lambda place: place.files.pop(place.path_of("1/0/1")))
    yield "the list is gone", play(lambda place: place.files.pop("metadata/2.w.json"))


def _clocks(judge: Judge) -> Scenes:
    def at(clock: datetime, review_by: str = "2027-05-23") -> Callable[[], None]:
        def play() -> None:
            place = make_place()
            place.offer("1/0/1", COLD, review_by)
            place.put()
            judge(place, None, clock)

        return play

    def built_later() -> None:
        place = Place()
        place.offer("1/0/1", COLD, "2026-10-15")
        place.put(DAY - timedelta(days=60))
        judge(place, None, DAY - TEN_YEARS)

    yield "behind the day the program was built", built_later
    yield "ten years behind", at(DAY - TEN_YEARS)
    yield "ten years ahead", at(DAY + TEN_YEARS)
    yield "before computers", at(datetime(1970, 1, 1, tzinfo=UTC))
    yield "on the day of review", at(datetime(2027, 1, 10, 23, 59, 59, tzinfo=UTC), "2027-01-10")
    yield "on the day after", at(datetime(2027, 1, 11, tzinfo=UTC), "2027-01-10")
    yield "behind the newest signed day", at(DAY - timedelta(days=5), "2026-11-22")
    yield "the second a timestamp ends", at(DAY + timedelta(days=60))
    yield "the second before", at(DAY + timedelta(days=60) - timedelta(seconds=1))


def _demo_keys(judge: Judge) -> Scenes:
    def play() -> None:
        keys = DemoKeys("a3")
        snapshot, timestamp = keys.online
        place = Place(
            root=list(keys.root),
            targets=list(keys.targets),
            publisher=list(keys.publisher[:1]),
            reviewer=[keys.reviewer],
            snapshot=snapshot,
            timestamp=timestamp,
            other=list(keys.publisher),
        )
        place.offer("1/0/1", COLD)
        judge(place.put())

    yield "a demo says so", play


def _older(judge: Judge) -> Scenes:
    def play(
        between: Callable[[Place], object],
        clock: datetime = DAY,
        bend: Callable[[Place], object] = id,
    ) -> Callable[[], None]:
        def in_order() -> None:
            place = make_place()
            memory = place.pinned()
            old = dict(place.files)
            between(place)
            place.put(DAY + timedelta(days=1))
            judge(place, memory)
            place.files = old
            bend(place)
            judge(place, memory, clock)

        return in_order

    def short(place: Place) -> None:
        place.offer("1/0/1", COLD, review_by="2026-12-01")

    def claim(place: Place) -> None:
        place.offer("2/0/1", b"theirs")
        place.offered["2-0"]["1/0/1"] = TargetFile.from_data("1/0/1", b"theirs", ["sha256"])

    anew = play(lambda place: place.offer("1/0/1", b"anew"))
    yield "nothing changed since", play(lambda _: None)
    yield "an edition was made anew", anew
    yield "another organisation claims its path", play(claim)
    yield "an edition is no more", play(lambda place: place.offered["2-0"].clear())
    yield "an edition was called back", play(lambda place: place.call_back("1/0/1", "wrong"))
    yield "its review came closer", play(short, DAY + timedelta(days=30))
    yield "all of it ended", play(lambda _: None, DAY + TEN_YEARS)
    yield (
        "and it is damaged",
        play(lambda _: None, bend=lambda place: place.files.update({place.path_of("1/0/1"): b"?"})),
    )
    yield (
        "and its role is gone",
        play(lambda _: None, bend=lambda place: place.files.pop("metadata/1.1-0.json")),
    )


def _odd_custom(judge: Judge) -> Scenes:
    def play(custom: object) -> Callable[[], None]:
        def say() -> None:
            place = make_place()
            info = place.offer("1/0/1", COLD)
            info.unrecognized_fields["custom"] = custom
            judge(place.put())

        return say

    yield "an empty one", play({})
    yield "no day of review", play({VERSION: 3})
    yield "a day long ago", play({VERSION: 3, REVIEW_BY: "1999-01-01"})
    yield "a version that is a text", play({VERSION: "3", REVIEW_BY: "2027-01-01"})
    yield "a version that is true", play({VERSION: True, REVIEW_BY: "2027-01-01"})
    yield "more than we know", play({VERSION: 3, REVIEW_BY: "2027-01-01", "가": [{"": None}]})


def _memories(judge: Judge) -> Scenes:
    def play(change: Callable[[NoMemory, Place], object]) -> Callable[[], None]:
        def in_order() -> None:
            place = make_place()
            memory = place.pinned()
            judge(place, memory)
            change(memory, place)
            judge(place, memory)

        return in_order

    def spoil(role: str) -> Callable[[NoMemory, Place], object]:
        return lambda memory, _: memory.seen.update({role: b'{"signed": {}}'})

    for role in ("root", "timestamp", "snapshot", "targets", "1-0", "w"):
        yield f"{role} spoilt", play(spoil(role))
    yield "no root", play(lambda memory, _: memory.seen.pop("root"))
    yield (
        "a withdrawal from another place",
        play(lambda memory, _: memory.keep_withdrawn({sha256(COLD).hexdigest(): "outdated"})),
    )


def _chosen(judge: Judge) -> Scenes:
    def play(*targets: str) -> Callable[[], None]:
        def choose() -> None:
            place = make_place()
            kept = {place.path_of(target) for target in targets}
            place.files = {
                path: data
                for path, data in place.files.items()
                if path in kept or path.startswith("metadata/")
            }
            judge(place, chosen=kept)

        return choose

    yield "none", play()
    yield "one", play("1/1/1")
    yield "two", play("1/0/1", "2/0/7")
