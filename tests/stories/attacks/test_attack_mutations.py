"""Two thousand random mutations of a published tree and of its bundles: none passes for genuine.

A mutation flips a bit, cuts a file short, empties it, swaps two, renames one, or lays one down a
second time. A published tree is bent in place and mended again; a bundle is bent as bytes, and also
written anew as a bundle whose entries were bent, which no checksum of ZIP's notices. The seed
stands in a failure; `BOJAGI_SEED` varies it.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import brotli
import pytest
import zstandard
from tests.making import DAY, OPEN_GATE, make_project
from tests.stories.measured import MEASURED
from tests.stories.trees import current

from bojagi.domain.verdicts import Verdict
from bojagi.errors import BojagiError, NothingOursError
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo
from bojagi.services.verifying import Keys, Verifier
from bojagi.trust.bundle import BundleSource, make_bundle
from bojagi.trust.memory import FolderMemory
from bojagi.trust.pins import Pins
from bojagi.trust.verifier import Report

SEED: Final = int(os.environ.get("BOJAGI_SEED", "20261126"))
OF_TREES: Final = 150
"""Mutations of each shelf's tree, for each of two memories."""
OF_BUNDLES: Final = 350
"""The same of a bundle."""
SHELVES: Final = ("a3", "d5")
KINDS: Final = ("flip", "cut", "empty", "swap", "rename", "double")
PAGES: Final = "pages"
"""What a judgement of the list of pages calls it; without the list no page is looked at."""
ROOT: Final = "repository/metadata/1.root.json"
STRANGE: Final = frozenset({Verdict.DAMAGED, Verdict.NOT_OURS})

Files = Mapping[str, bytes]
Changes = dict[str, bytes | None]
"""What stands at each path afterwards; None for nothing."""

parts = pytest.mark.parametrize(
    ("code", "has_seen"), [(code, seen) for code in SHELVES for seen in (False, True)]
)


@dataclass
class Judge:
    """A support worker: judges with a memory that saw the genuine tree, or with a new one."""

    root: bytes
    folder: Path
    has_seen: bool
    public: Path
    count: int = 0
    seen: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pins = self._pins()
        if self.has_seen:
            assert self._judge(pins, self.public).verdict is Verdict.CURRENT
            self.seen = bytes_below(pins.folder)

    def of(self, thing: Path) -> Report:
        """Judge something, and make sure that nothing false was learned from it."""
        report = self._judge(self._pins(), thing)
        if self.has_seen:
            assert bytes_below(self._pins().folder) == self.seen, "it taught the memory something"
        return report

    def _pins(self) -> Pins:
        self.count += not self.has_seen
        pins = Pins(self.folder / str(self.count))
        place = pins.folder / "0"
        if not place.exists():
            place.mkdir(parents=True)
            (place / "pinned.json").write_bytes(self.root)
        return pins

    def _judge(self, pins: Pins, thing: Path) -> Report:
        [checked] = Verifier(pins, Keys(), DAY, DAY.date()).verify(str(thing))
        return checked.report


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The public folders of both open shelves, each a copy that may be bent."""
    folder = tmp_path_factory.mktemp("mutations")
    project = make_project(folder / "project")
    build = publish_demo(
        project.library(), DataFolder(project.data), OPEN_GATE, DAY, lambda _: None
    )
    assert build.failures == []
    for code in SHELVES:
        shutil.copytree(current(project.data, code) / "public", folder / code)
    return {code: folder / code for code in SHELVES}


def bytes_below(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def kind_of(path: str) -> str:
    """What a file of a tree is there for."""
    if path.endswith((".gz", ".br", ".zst")):
        return "compressed"
    if path.startswith("repository/metadata/"):
        return "metadata"
    if path.startswith("repository/targets/"):
        return "edition"
    return "bundle" if path.endswith(".zip") else "page"


def edition_of(path: str) -> str:
    """The opaque path of the edition that a file holds."""
    folder, _, name = path.rpartition("targets/")[2].rpartition("/")
    return f"{folder}/{name.partition('.')[2]}"


def current_of(report: Report) -> set[tuple[str, str]]:
    return {(j.path, j.digest) for j in report.judgements if j.verdict is Verdict.CURRENT}


def mutate(chance: random.Random, files: Files, another: Callable[[str], str]) -> Changes:
    """Bend one or two files; what comes back differs from what was there."""
    kinds = sorted({kind_of(path) for path in files})
    chosen = chance.choice(kinds)
    path = chance.choice([each for each in sorted(files) if kind_of(each) == chosen])
    data, how = files[path], chance.choice(KINDS)
    if how == "swap":
        near = [each for each in files if kind_of(each) == chosen and files[each] != data]
        far = [each for each in files if files[each] != data]
        other = chance.choice(sorted(near if near and chance.random() < 0.6 else far))
        return {path: files[other], other: data}
    if how == "rename":
        return {path: None, another(path): data}
    if how == "double":
        return {another(path): data}
    if how == "empty" or not data:
        return {path: b"" if data else b"\0"}
    if how == "cut":
        return {path: data[: chance.randrange(len(data))]}
    return {path: flipped(chance, data)}


def flipped(chance: random.Random, data: bytes) -> bytes:
    bent = bytearray(data)
    bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
    return bytes(bent)


def another_name(chance: random.Random, path: str) -> str:
    """A name of the same look that nothing has, in the same folder or at the top."""
    folder, slash, name = path.rpartition("/")
    stem, dot, rest = name.partition(".")
    new = f"{stem[:-1]}{chance.randrange(10**6, 10**7)}{dot}{rest}"
    is_page = kind_of(path) in {"page", "compressed"}
    return new if is_page and chance.random() < 0.2 else f"{folder}{slash}{new}"


def laid_down(public: Path, files: Files, changes: Changes) -> Iterator[None]:
    """Bend a tree, and mend it again."""
    for path, data in changes.items():
        if data is None:
            (public / path).unlink()
        else:
            (public / path).write_bytes(data)
    try:
        yield
    finally:
        for path in changes:
            if path in files:
                (public / path).write_bytes(files[path])
            else:
                (public / path).unlink()


@parts
def test_no_mutation_of_a_tree_passes_for_what_was_published(
    trees: dict[str, Path],
    tmp_path: Path,
    code: str,
    *,
    has_seen: bool,
    record_property: Callable[[str, object], None],
) -> None:
    public, began = trees[code], time.monotonic()
    files = bytes_below(public)
    judge = Judge(files[ROOT], tmp_path, has_seen, public)
    genuine = current_of(judge.of(public))
    assert len(genuine) == (2 if code == "a3" else 1)
    chance = random.Random(f"{SEED} {code} {has_seen}")  # noqa: S311 - no secret hangs on it
    seen: Counter[str] = Counter()
    for number in range(OF_TREES):
        changes = mutate(chance, files, lambda path: another_name(chance, path))
        told = f"seed {SEED}, mutation {number}: {sorted(changes)}"
        for _ in laid_down(public, files, changes):
            try:
                report = judge.of(public)
            except BojagiError:
                seen["refused"] += 1
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
                pytest.fail(f"{told}: {error!r}")
            wrong = list(overlooked(files, changes, report, genuine))
            assert not wrong, f"{told}: {wrong}; {report}"
        seen[report.verdict.name] += 1
    assert judge.of(public).verdict is Verdict.CURRENT, "the tree was mended"
    assert seen["DAMAGED"] > OF_TREES // 3
    assert seen["NOT_OURS"] > OF_TREES // 20
    counted = ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))
    seconds = time.monotonic() - began
    record_property(MEASURED, f"  mutations of {code}: {counted}; seed {SEED}, {seconds:.1f} s")


def overlooked(
    files: Files, changes: Changes, report: Report, genuine: set[tuple[str, str]]
) -> Iterator[str]:
    """Say what a judgement of a bent tree overlooks."""
    strange = {each.path: each.verdict for each in report.judgements if each.verdict in STRANGE}
    is_refused = report.verdict in STRANGE
    kinds = {kind_of(path) for path in changes}
    if bool(strange or not report.judgements) is not is_refused:
        yield "the whole isn't judged as its worst part"
    if not current_of(report) <= genuine:
        yield "something is current that never was published"
    if current_of(report) != genuine and not (is_refused and kinds & {"edition", "metadata"}):
        yield "other editions than those that were published"
    if not report.judgements or PAGES in strange:
        return
    now = {**files, **changes}
    for path in sorted(set(changes) - set(strange)):
        if not is_harmless(path, files, now, strange):
            yield f"a changed {kind_of(path)}: {path}"


def is_harmless(
    path: str, files: Files, now: Mapping[str, bytes | None], strange: Mapping[str, Verdict]
) -> bool:
    """Whether a change that isn't named needs no name; metadata was looked at as a whole."""
    kind, data = kind_of(path), now[path]
    if kind == "edition" and path in files:
        return strange.get(edition_of(path)) is Verdict.DAMAGED
    if kind == "compressed":
        return data is None or whole_of(path, data) == now.get(path.rpartition(".")[0])
    if kind == "bundle":  # one that is genuine may lie under any name
        return data is None or data in files.values()
    return kind == "metadata"


def whole_of(path: str, data: bytes) -> bytes | None:
    """Unpack all that any reader might find in a compressed form, however often it begins anew."""
    try:
        if path.endswith(".gz"):
            return gzip.decompress(data)
        if path.endswith(".zst"):
            unpacker = zstandard.ZstdDecompressor()
            return unpacker.stream_reader(BytesIO(data), read_across_frames=True).read()
        return bytes(brotli.decompress(data))
    except (OSError, EOFError, zlib.error, brotli.error, zstandard.ZstdError):
        return None


def bundle_of(public: Path) -> bytes:
    """The heaviest bundle that a tree offers."""
    return max((path.read_bytes() for path in public.glob("library/files/*.zip")), key=len)


@parts
def test_no_mutation_of_a_bundle_passes_for_what_was_published(
    trees: dict[str, Path],
    tmp_path: Path,
    code: str,
    *,
    has_seen: bool,
    record_property: Callable[[str, object], None],
) -> None:
    public, raw, began = trees[code], bundle_of(trees[code]), time.monotonic()
    judge = Judge((public / ROOT).read_bytes(), tmp_path / "judge", has_seen, public)
    file = tmp_path / "902.zip"
    file.write_bytes(raw)
    genuine = current_of(judge.of(file))
    assert genuine
    chance = random.Random(f"{SEED} {code} {has_seen} bundle")  # noqa: S311 - no secret
    entries = {
        f"repository/{name}": data for name, data in BundleSource.from_bytes(raw).files.items()
    }
    seen: Counter[str] = Counter()
    for number in range(OF_BUNDLES):
        changes: Changes = {}
        if number % 2:
            bent = bent_bytes(chance, raw)
        else:
            changes = mutate(chance, entries, lambda path: another_entry(chance, path))
            bent = with_entries(entries, changes)
        told = f"seed {SEED}, mutation {number}: {sorted(changes) or 'of its bytes'}"
        file.write_bytes(bent)
        try:
            report = judge.of(file)
        except NothingOursError:
            assert bent[:4] != raw[:4], f"{told}: it begins as a bundle does"
            seen["no bundle"] += 1
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
            pytest.fail(f"{told}: {error!r}")
        wrong = list(overlooked_in_bundle(changes, report, genuine))
        assert not wrong, f"{told}: {wrong}; {report}"
        seen[report.verdict.name] += 1
    file.write_bytes(raw)
    assert judge.of(file).verdict is Verdict.CURRENT
    assert seen["DAMAGED"] > OF_BUNDLES // 3
    assert seen["NOT_OURS"] > OF_BUNDLES // 30
    counted = ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))
    seconds = time.monotonic() - began
    record_property(
        MEASURED, f"  mutations of {code}'s bundle: {counted}; seed {SEED}, {seconds:.1f} s"
    )


def bent_bytes(chance: random.Random, raw: bytes) -> bytes:
    """Bend a bundle as bytes: a bit, its end, nothing left, two stretches swapped, one doubled."""
    how, at = chance.choice(("flip", "cut", "empty", "swap", "double")), chance.randrange(len(raw))
    if how == "flip":
        return flipped(chance, raw)
    if how == "cut":
        return raw[:at]
    if how == "empty":
        return bytes(len(raw))
    if how == "double":
        return raw[:at] + raw[at // 2 : at + 1] + raw[at:]
    size = chance.randrange(1, 200)
    first, middle, last = raw[:at], raw[at : at + size], raw[at + size :]
    return last + middle + first if first + middle + last != last + middle + first else raw[:at]


def another_entry(chance: random.Random, path: str) -> str:
    """A name that an entry of a bundle could have and none has."""
    folder, _, name = path.rpartition("/")
    if kind_of(path) == "metadata":
        role = name.removesuffix(".json").rpartition(".")[2]
        return f"{folder}/{chance.randrange(2, 999)}.{role}.json"
    return f"{folder}/{sha256(chance.randbytes(8)).hexdigest()}.{name.partition('.')[2]}"


def with_entries(entries: Files, changes: Changes) -> bytes:
    """Write a bundle anew, as well as whoever bends it can."""
    now = {**entries, **changes}
    return make_bundle(
        {name.removeprefix("repository/"): data for name, data in now.items() if data is not None}
    )


def overlooked_in_bundle(
    changes: Changes, report: Report, genuine: set[tuple[str, str]]
) -> Iterator[str]:
    """Say what a judgement of a bent bundle overlooks."""
    if not changes and report.verdict is not Verdict.DAMAGED:
        yield "changed bytes that aren't damaged"
    if not current_of(report) <= genuine:
        yield "something is current that never was published"
    strange = {each.path: each.verdict for each in report.judgements if each.verdict in STRANGE}
    is_refused = not report.judgements and report.verdict is not Verdict.CURRENT
    for path in changes:
        if kind_of(path) == "edition" and report.verdict not in STRANGE:
            yield f"a changed target: {path}"
        is_seen = is_refused or strange or current_of(report) == genuine
        if kind_of(path) == "metadata" and not is_seen:
            yield f"changed metadata that changed what is current: {path}"


def test_the_same_look_names_each_kind_of_change(trees: dict[str, Path], tmp_path: Path) -> None:
    """A judge that didn't look into a kind of file would pass the rounds above unseen."""
    public = trees["a3"]
    files = bytes_below(public)
    judge = Judge(files[ROOT], tmp_path, has_seen=False, public=public)
    genuine = current_of(judge.of(public))
    report = judge.of(public)
    for kind in ("page", "compressed", "edition", "bundle"):
        path = next(each for each in sorted(files) if kind_of(each) == kind)
        assert list(overlooked(files, {path: files[path][:-9]}, report, genuine)), kind
    memory = FolderMemory(next((tmp_path / str(judge.count)).iterdir()))
    assert memory.recall("timestamp") == files["repository/metadata/timestamp.json"]
