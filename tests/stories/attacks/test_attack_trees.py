"""A tree on a stick with something in it that nobody published: named, and never waited for."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import brotli
import pytest
import zstandard
from tests.making import DAY, OPEN_GATE, environment_of_ours, make_project
from tests.stories.attacks.bundles import HUNG, JUDGE, KEY
from tests.stories.trees import current

from bojagi.domain.verdicts import Verdict
from bojagi.services.data_folder import DataFolder
from bojagi.services.publishing import publish_demo
from bojagi.services.verifying import Keys, Verifier
from bojagi.trust.bundle import BundleSource, make_bundle
from bojagi.trust.pins import Pins

MOST_BYTES: Final = 256 * 1024 * 1024
GIB: Final = 1024**3
STRANGE: Final = frozenset({Verdict.DAMAGED, Verdict.NOT_OURS})
MORE: Final = "<p>전화번호를 남기십시오.</p>".encode()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder of shelf a3."""
    folder = tmp_path_factory.mktemp("trees")
    project = make_project(folder / "project")
    publish_demo(project.library(), DataFolder(project.data), OPEN_GATE, DAY, lambda _: None)
    return current(project.data, "a3") / "public"


@pytest.fixture
def tree(published: Path, tmp_path: Path) -> Path:
    """A copy of it that may be bent."""
    shutil.copytree(published, tmp_path / "stick")
    Pins(tmp_path / "memory").add((published / ROOT).read_bytes())
    return tmp_path / "stick"


ROOT: Final = "repository/metadata/1.root.json"


def judge(tree: Path) -> tuple[Verdict, list[str]]:
    """Return the verdict of the whole, and what is named in it."""
    pins = Pins(tree.parent / "memory")
    [checked] = Verifier(pins, Keys(), DAY, DAY.date()).verify(str(tree))
    strange = [each.path for each in checked.report.judgements if each.verdict in STRANGE]
    return checked.report.verdict, strange


def test_what_was_published_is_current(tree: Path) -> None:
    """Positive control for all below."""
    assert judge(tree) == (Verdict.CURRENT, [])


@pytest.mark.parametrize(
    "name",
    [
        *("index2.html", "1/9.html", "run.exe", "library/files/1.html", "library/files/1.apk"),
        *("1/1.html.gz.gz", "9.html.br", ".htaccess", "_headers", "추위.html", "errors/200.html"),
        *("repository/x.json", "repository/targets/1/0/9", "repository/targets/x/../1.html"),
        f"repository/targets/1/0/{'0' * 64}.1",
    ],
)
def test_a_file_that_nobody_published_is_named(tree: Path, name: str) -> None:
    file = (tree / name).resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(MORE)
    verdict, strange = judge(tree)
    assert verdict in STRANGE
    assert strange == [file.relative_to(tree).as_posix()]


@pytest.mark.parametrize("ending", [".gz", ".zst", ".br"])
def test_nothing_may_stand_behind_a_compressed_form(tree: Path, ending: str) -> None:
    """Some readers go on where one stream ends and another begins."""
    path = min(tree.rglob(f"*.html{ending}"))
    pack = {".gz": gzip.compress, ".br": brotli.compress, ".zst": zstandard.compress}[ending]
    path.write_bytes(path.read_bytes() + pack(MORE))
    assert judge(tree) == (Verdict.DAMAGED, [path.relative_to(tree).as_posix()])


def test_a_compressed_form_names_nobody(tree: Path) -> None:
    """Gzip has room for a name and a time, which could mark a copy (RFC 1952, section 2.3)."""
    path = tree / "1.html.gz"
    path.write_bytes(gzip.compress((tree / "1.html").read_bytes(), mtime=1_795_000_000))
    assert judge(tree) == (Verdict.DAMAGED, ["1.html.gz"])


def test_a_bundle_in_a_tree_is_looked_into(tree: Path) -> None:
    path = min(tree.glob("library/files/*.zip"))
    files = dict(BundleSource.from_bytes(path.read_bytes()).files)
    name = next(name for name in files if name.startswith("targets/"))
    path.write_bytes(make_bundle({**files, name: MORE}))
    for form in path.parent.glob(f"{path.name}.*"):
        form.unlink()
    assert judge(tree) == (Verdict.DAMAGED, [path.relative_to(tree).as_posix()])


Plant = Callable[[Path], Path]


def link_of_a_file(tree: Path) -> Path:
    path = tree / "1.html"
    path.rename(tree.parent / "elsewhere.html")
    path.symlink_to(tree.parent / "elsewhere.html")
    return path


def link_of_a_folder(tree: Path) -> Path:
    (tree.parent / "elsewhere").mkdir()
    (tree.parent / "elsewhere" / "1.html").write_bytes(MORE)
    (tree / "7").symlink_to(tree.parent / "elsewhere", target_is_directory=True)
    return tree / "7"


def link_to_itself(tree: Path) -> Path:
    (tree / "1" / "up").symlink_to(tree, target_is_directory=True)
    return tree / "1" / "up"


def pipe(name: str) -> Plant:
    """A file that never ends to be opened: nobody writes to it."""

    def plant(tree: Path) -> Path:
        (tree / name).unlink(missing_ok=True)
        os.mkfifo(tree / name)
        return tree / name

    return plant


def endless(name: str) -> Plant:
    """Ten GiB that take no room on the disk."""

    def plant(tree: Path) -> Path:
        with (tree / name).open("r+b" if (tree / name).exists() else "wb") as file:
            file.truncate(10 * GIB)
        return tree / name

    return plant


def bomb(ending: str) -> Plant:
    """A compressed form that unpacks to a quarter of a GiB."""

    def plant(tree: Path) -> Path:
        path, piece = tree / f"1.html{ending}", bytes(1024 * 1024)
        if ending == ".gz":
            packer = zlib.compressobj(9, wbits=31)
            path.write_bytes(b"".join(packer.compress(piece) for _ in range(256)) + packer.flush())
        elif ending == ".zst":
            frames = zstandard.ZstdCompressor().compressobj(size=GIB // 4)
            path.write_bytes(b"".join(frames.compress(piece) for _ in range(256)) + frames.flush())
        else:
            brotlis = brotli.Compressor(quality=1)
            packed = [brotlis.process(piece) for _ in range(256)]
            path.write_bytes(b"".join(packed) + brotlis.finish())
        return path

    return plant


PLANTS: Final[dict[str, Plant]] = {
    "a link to a file": link_of_a_file,
    "a link to a folder": link_of_a_folder,
    "a link to itself": link_to_itself,
    "a pipe in place of a page": pipe("1.html"),
    "a pipe in place of a compressed form": pipe("1.html.gz"),
    "a pipe beside the editions": pipe("repository/targets/1/0/x"),
    "a pipe as a bundle": pipe("library/files/9.zip"),
    "a pipe as a chain": pipe("repository/metadata/chain/9.txt"),
    "a page without end": endless("1.html"),
    "a compressed form without end": endless("1.html.gz"),
    "a bundle without end": endless("library/files/9.zip"),
    "a chain without end": endless("repository/metadata/chain/9.txt"),
    "a withdrawal without end": endless("repository/targets/1/0/y"),
    "a gzip bomb": bomb(".gz"),
    "a zstd bomb": bomb(".zst"),
    "a brotli bomb": bomb(".br"),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_what_is_planted_is_named_without_waiting_or_filling_memory(
    tree: Path, plant: Plant
) -> None:
    planted = plant(tree).relative_to(tree).as_posix()
    memory = tree.parent / "memory"
    script = JUDGE + (
        "print(*(each.path for each in checked.report.judgements if each.verdict < 2), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(memory), str(tree), KEY.secret.hex()],
        env=environment_of_ours(),
        capture_output=True,
        check=False,
        timeout=HUNG,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    first, *strange = done.stdout.splitlines()
    verdict, kilobytes = first.split()
    assert verdict in {"DAMAGED", "NOT_OURS"}
    assert planted in strange
    assert int(kilobytes) * 1024 < MOST_BYTES
