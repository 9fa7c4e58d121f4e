"""The machine goes down in the middle of a build, again and again; readers never meet half a tree.

A build runs in a process of its own and is killed (SIGKILL) before a file-system step chosen at
random, or at a random time from outside, while the content changes between three versions. Power
that fails is another matter: what the disk then keeps is up to the disk, and isn't tested here.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
import yaml
from tests.conftest import PROJECT
from tests.making import DAY, OPEN_GATE
from tests.stories.running import program_environment
from tests.stories.trees import all_shelf_codes, current, vouched_for

from bojagi.authoring.library import Library, read_library
from bojagi.domain.verdicts import Verdict
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo

SEED: Final = 20261123
STEPS: Final = 18
"""Builds killed before a step of the file system."""
MOMENTS: Final = 4
"""Builds killed at a time, from outside."""

NEVER: Final = 10**9

SIGNED: Final = re.compile(r"repository/|library/files/.*\.zip")
"""What is signed, beside the pages: it counts releases."""

VERSIONS: Final = ("하나", "둘", "셋")

BUILD: Final = """
import io, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bojagi.authoring.library import read_library
from bojagi.domain.approval import Approval
from bojagi.domain.pack import SignOff
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import Gate, publish_demo

DAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
STEPS = {"open", "write", "flush", "fsync", "sync", "link", "mkdir", "replace", "rename", "unlink",
         "rmdir", "copyfile"}
TURNS = {"fsync", "sync", "replace", "rename"}
KILL_AT = int(sys.argv[3])
step, turns = 0, []

def all_signed_off(digest):
    return tuple(Approval(digest, kind, kind, DAY.date()) for kind in SignOff)

def count(frame, event, function):
    global step
    if event != "c_call" or function.__name__ not in STEPS:
        return
    if isinstance(getattr(function, "__self__", None), (str, io.StringIO, io.BytesIO)):
        return  # it happens in memory
    step += 1
    if function.__name__ in TURNS:
        turns.append(step)
    if step == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    library = read_library(Path(sys.argv[1]))
    print("ready", flush=True)
    sys.setprofile(count)
    gate = Gate({}, all_signed_off)
    publish_demo(library, DataFolder(Path(sys.argv[2])), gate, DAY, lambda _: None)
    sys.setprofile(None)
    print(step, *turns, flush=True)
"""

Tree = dict[str, str]
"""The digest of every file of every shelf's current tree, by shelf and path."""


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three versions of a small publisher: two packs of two articles, on two shelves."""
    folder = tmp_path_factory.mktemp("versions")
    return {version: _small_project(folder / version, version) for version in VERSIONS}


def _small_project(root: Path, version: str) -> Path:
    place = root / "content_packs"
    place.mkdir(parents=True)
    shutil.copy(PROJECT / "content_packs" / "hotlines.yaml", place)
    shelves = yaml.safe_load((PROJECT / "content_packs" / "shelves.yaml").read_text("utf-8"))
    few = {code: shelves[code] for code in ("a3", "d5", "f8")}
    (place / "shelves.yaml").write_text(yaml.safe_dump(few, sort_keys=False), "utf-8")
    for path in PROJECT.glob("i18n/*/LC_MESSAGES/interface.po"):
        (root / path.parent.relative_to(PROJECT)).mkdir(parents=True)
        shutil.copy(path, root / path.relative_to(PROJECT))
    shutil.copy(PROJECT / "i18n" / "locales.yaml", root / "i18n")
    for number, (pack, shelf, audience, locale) in enumerate(
        (("one", "a3", "worker", "ko_KP"), ("two", "d5", "settled", "ko_KR")), 1
    ):
        place = root / "content_packs" / pack
        place.mkdir()
        (place / "pack.yaml").write_text(
            f"id: {pack}\nnumber: {number}\nversion: 1\nissued: 2026-11-23\ntitle: 묶음\n"
            f"source_locale: {locale}\naudience: {audience}\nexposure: ordinary\nshelf: {shelf}\n"
            "jurisdictions: [any]\nlicence: CC-BY-SA-4.0\npublisher: demo\nsign_offs: [safety]\n"
            "articles: [first, second]\n",
            "utf-8",
        )
        for index, article in enumerate(("first", "second"), 1):
            (place / f"0{index}-{article}.md").write_text(
                f"---\nid: {article}\ntitle: 글\nsummary: 짧은 글\nsources:\n  - title: a\n"
                "    issuer: b\n    seen_on: 2026-11-23\nchecked_on: 2026-11-23\n"
                "review_by: 2027-05-23\nreview_class: guidance\njurisdictions: [any]\n"
                f"time_critical: false\n---\n판 {version}.\n",
                "utf-8",
            )
    return root


def built(library: Library, data: Path) -> Tree:
    """Build to the end, here, and return what stands there then."""
    build = publish_demo(library, DataFolder(data), OPEN_GATE, DAY, lambda _: None)
    assert build.failures == []
    return standing(data)


def standing(data: Path) -> Tree:
    """What is served now. Every file that the manifest names must be there, and be signed.

    Signatures count releases, so the repository isn't the same for the same pages: it is verified.
    """
    found: Tree = {}
    for code in all_shelf_codes(data):
        tree = current(data, code)
        public = tree / "public"
        routes = json.loads((tree / "tree.json").read_text("utf-8"))["routes"]
        for route in routes.values():
            assert (public / route["path"]).is_file(), f"{code} lacks {route['path']}"
        assert vouched_for(public, DAY) <= {Verdict.CURRENT}
        for path in sorted(public.rglob("*")):
            place = path.relative_to(public).as_posix()
            if path.is_file() and not SIGNED.match(place):
                found[f"{code}/{place}"] = sha256(path.read_bytes()).hexdigest()
    return found


def shelf_of(tree: Tree, code: str) -> Tree:
    """The part of one shelf."""
    return {path: digest for path, digest in tree.items() if path.startswith(f"{code}/")}


def start(root: Path, data: Path, folder: Path, steps: int) -> subprocess.Popen[str]:
    """Start a build that kills itself before a step; it has read its sources when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(root), str(data), str(steps)],
        env=program_environment(folder),
        stdout=subprocess.PIPE,
        encoding="ascii",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def assert_whole(data: Path, trees: dict[str, Tree]) -> None:
    """Every shelf stands whole, as it was in one of the versions."""
    now = standing(data)
    for code in all_shelf_codes(data):
        versions = [version for version in VERSIONS if shelf_of(trees[version], code)]
        part = shelf_of(now, code)
        assert part in [shelf_of(trees[version], code) for version in versions], (
            f"what {code} serves is no version of it"
        )


@pytest.fixture(scope="module")
def libraries(roots: dict[str, Path]) -> dict[str, Library]:
    """The three versions, read."""
    read = {version: read_library(root) for version, root in roots.items()}
    assert [library.problems for library in read.values()] == [(), (), ()]
    return read


@pytest.fixture(scope="module")
def trees(
    libraries: dict[str, Library], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Tree]:
    """What each version is when it is built in peace."""
    made = {
        version: built(library, tmp_path_factory.mktemp("peace"))
        for version, library in libraries.items()
    }
    assert len({json.dumps(tree) for tree in made.values()}) == len(VERSIONS)
    return made


def test_whenever_a_build_is_killed_a_whole_tree_is_served_and_the_next_build_is_right(
    roots: dict[str, Path],
    libraries: dict[str, Library],
    trees: dict[str, Tree],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    data = tmp_path / "data"
    built(libraries[VERSIONS[0]], data)
    built(libraries[VERSIONS[1]], data)
    with start(roots[VERSIONS[2]], data, tmp_path, NEVER) as process:
        began = time.monotonic()
        steps, *turns = map(int, process.communicate()[0].split())
        seconds = time.monotonic() - began
    assert steps > 100
    assert len(turns) > 10
    with capsys.disabled():
        sys.stdout.write(f"\n  killed builds: seed {SEED}, {steps} steps, {seconds:.2f} s each\n")

    before, now = VERSIONS[1:]
    seen: Counter[str] = Counter()
    for attempt in range(STEPS + MOMENTS):
        # The third version is neither served nor kept for those who still read: `before` must go.
        new = next(each for each in VERSIONS if each not in {before, now})
        at = chance.choice([chance.randint(1, steps), chance.choice(turns) + chance.randint(-2, 3)])
        with start(roots[new], data, tmp_path, at if attempt < STEPS else NEVER) as process:
            if attempt >= STEPS:
                time.sleep(chance.uniform(0, seconds))
                process.kill()
            process.communicate()
        try:
            assert_whole(data, trees)
            served = standing(data)
            left = next((each for each in VERSIONS if served == trees[each]), "mixed")
            following = chance.choice([before, now if left == new else new])
            assert built(libraries[following], data) == trees[following]
        except AssertionError as error:
            pytest.fail(f"attempt {attempt}: {before}, {now}, {new} killed at {at}: {error}")
        seen["old" if left == now else "new" if left == new else "mixed"] += 1
        before, now = new if left == new else now, following
    assert min(seen["old"], seen["new"]) > 3, "some were killed before the turn, some after"


@pytest.mark.parametrize("harm", ["a file is gone", "a file is cut", "the manifest is gone"])
def test_the_same_look_sees_a_tree_that_is_not_whole(
    libraries: dict[str, Library], trees: dict[str, Tree], tmp_path: Path, harm: str
) -> None:
    data = tmp_path / "data"
    built(libraries[VERSIONS[0]], data)
    assert_whole(data, trees)
    tree = current(data, all_shelf_codes(data)[0])
    page = tree / "public" / "1" / "1.html"
    if harm == "a file is cut":
        raw = page.read_bytes()
        page.unlink()  # it is linked to the cache
        page.write_bytes(raw[:100])
    else:
        (page if harm == "a file is gone" else tree / "tree.json").unlink()
    with pytest.raises((AssertionError, FileNotFoundError)):
        assert_whole(data, trees)


def files_below(folder: Path) -> int:
    """How many files there are."""
    return sum(path.is_file() for path in folder.rglob("*"))


def test_nothing_piles_up_however_often_builds_are_killed(
    roots: dict[str, Path], libraries: dict[str, Library], tmp_path: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    data = tmp_path / "data"
    for version in VERSIONS:
        built(libraries[version], data)
    usual = files_below(data)
    for _ in range(6):
        with start(
            roots[chance.choice(VERSIONS)], data, tmp_path, chance.randint(20, 400)
        ) as process:
            process.communicate()
    for version in VERSIONS:
        built(libraries[version], data)
    assert files_below(data) == usual
    assert list(data.rglob(".part-*")) == []
