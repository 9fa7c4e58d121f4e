"""How long a build takes, whether that is flat per pack, and what a change costs."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.benchmarks import servers
from tests.benchmarks.reporting import Cell, Report, Table, progress
from tests.benchmarks.synthetic import change_an_article, make_library

REPEATS: Final = {10: 5, 100: 2, 1000: 1}
"""How often each size is built from nothing; small builds vary more and cost less."""
_STAGES: Final = ("read", "rules", "check", "publish")


@dataclass(frozen=True)
class Run:
    """What one build process told."""

    told: dict[str, Any]

    @property
    def packs(self) -> int:
        count: int = self.told["packs"]
        return count

    @property
    def built(self) -> list[str]:
        names: list[str] = self.told["built"]
        return names

    def stage(self, name: str, *, processor: bool = False) -> float | None:
        """Return the seconds of a stage; None when it doesn't exist yet."""
        times = self.told["stages"].get(name)
        return times[processor] if times else None

    def total(self, *, processor: bool = False) -> float:
        """Return the seconds of a whole build: read, check, publish."""
        stages = (self.stage(name, processor=processor) for name in ("read", "check", "publish"))
        return sum(seconds for seconds in stages if seconds is not None)


def run(report: Report) -> None:
    """Build libraries of 10, 100 and 1,000 packs, then change one article, then nothing."""
    sizes = [size for size in REPEATS if size <= 100 or not report.quick]
    full: dict[int, list[Run]] = {}
    changed: dict[int, Run] = {}
    unchanged: dict[int, Run] = {}
    names: dict[int, str] = {}
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name:
        folder = Path(name)
        make_library(servers.ROOT, folder / "warm", 1)
        for size in sizes:
            root = folder / f"root-{size}"
            make_library(servers.ROOT, root, size)
            full[size] = []
            for again in range(REPEATS[size]):
                progress(f"building {size} packs, {again + 1} of {REPEATS[size]}")
                data = folder / f"data-{size}-{again}"
                full[size].append(_one_build(folder / "warm", root, data))
            names[size] = change_an_article(root)
            progress(f"building {size} packs after a change, and after none")
            changed[size] = _one_build(folder / "warm", root, data)
            unchanged[size] = _one_build(folder / "warm", root, data)
    report.add(_full_table(full))
    report.add(_flatness_table(full))
    report.add(_change_table(changed, unchanged, names))


def _one_build(warm: Path, root: Path, data: Path) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.one_build", warm, root, data],
        cwd=servers.ROOT,
        env=servers.environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    for line in (*told["problems"], *told["failures"]):
        progress(f"left out: {line}")
    return Run(told)


def _median(runs: list[Run], stage: str, *, processor: bool = False) -> float | None:
    times = [run.stage(stage, processor=processor) for run in runs]
    known = [seconds for seconds in times if seconds is not None]
    return statistics.median(known) if known else None


def _full_table(full: dict[int, list[Run]]) -> Table:
    rows: list[list[Cell]] = []
    for size, runs in full.items():
        editions = [1000 * seconds for run in runs for seconds in run.told["editions"]]
        tenths = statistics.quantiles(editions, n=10)
        rows.append(
            [
                size,
                len(runs[0].built),
                *(_median(runs, stage) for stage in _STAGES),
                statistics.median(run.total() for run in runs),
                tenths[0],
                tenths[4],
                tenths[8],
                max(run.told["peak_mb"] or 0 for run in runs),
            ]
        )
    return Table(
        "Building from nothing: seconds (medians), and milliseconds of one edition",
        [
            *("packs", "editions", "read s", "of check: rules s", "check s", "publish s"),
            *("all s", "edition 10 % ms", "50 % ms", "90 % ms", "peak MB"),
        ],
        rows,
        notes=(
            f"Built {', '.join(f'{len(runs)} times {size}' for size, runs in full.items())};",
            "each in a process of its own that has built one pack before the clock starts.",
            "The check renders every edition too; '-' where it isn't there yet.",
        ),
    )


def _flatness_table(full: dict[int, list[Run]]) -> Table:
    def per_pack(runs: list[Run], stage: str, *, processor: bool) -> float | None:
        if stage == "all":
            total = statistics.median(run.total(processor=processor) for run in runs)
            return 1000 * total / runs[0].packs
        seconds = _median(runs, stage, processor=processor)
        return None if seconds is None else 1000 * seconds / runs[0].packs

    rows: list[list[Cell]] = []
    for stage in (*_STAGES, "all"):
        for processor in (False, True):
            row = [per_pack(runs, stage, processor=processor) for runs in full.values()]
            least = row[0]
            ratios = [each / least if each and least else None for each in row[1:]]
            rows.append([stage, "processor" if processor else "clock", *row, *ratios])
    small, *larger = full
    return Table(
        "Per pack, milliseconds, and how flat that is (aim: within 0.90 to 1.10)",
        [
            *("stage", "time", *(f"{size:,} packs" for size in full)),
            *(f"{size:,} to {small}" for size in larger),
        ],
        rows,
        notes=(
            "'processor' counts this process alone; 'clock' counts whatever else ran here as well.",
        ),
    )


def _change_table(
    changed: dict[int, Run], unchanged: dict[int, Run], names: dict[int, str]
) -> Table:
    rows: list[list[Cell]] = []
    for what, runs in {"one article changed": changed, "nothing changed": unchanged}.items():
        for size, run in runs.items():
            own = sum(name.startswith(f"{names[size]} ") for name in run.built)
            rows.append(
                [
                    what,
                    size,
                    len(run.built),
                    len(run.built) - own,
                    *(run.stage(stage) for stage in ("read", "check", "publish")),
                    run.total(),
                    1000 * run.total() / size,
                ]
            )
    return Table(
        "Building again: editions built anew, and seconds",
        [
            *("what", "packs", "built anew", "of other packs", "read s", "check s"),
            *("publish s", "all s", "ms per pack"),
        ],
        rows,
        notes=("'of other packs' must be 0.",),
    )
