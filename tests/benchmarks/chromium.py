"""How long the browser's rules take over twenty editions, on a processor six times slower."""

from __future__ import annotations

import base64
import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import CDPSession, Page, Playwright, sync_playwright
from tests.benchmarks import servers
from tests.benchmarks.reporting import Cell, Report, Table, progress, ratio, say
from tests.benchmarks.signed_shelves import EDITIONS, OURS, PLACES, SignedShelf
from tests.benchmarks.tapping import tapped
from tests.benchmarks.updates import ANSWER_AIM, TIMESTAMP
from tests.conftest import CHROMIUM, launch
from tests.field.serving import FOLDERS, Harness, serving
from tests.making import DAY

AIM_MS: Final = 1500
RUNS: Final = 5
VERIFIER: Final = FOLDERS["field"] / "trust" / "verifier.js"

_ASK: Final = """
async ({ paths, cache }) => {
  for (const path of paths) await (await fetch(path, { cache })).text();
}
"""
"""Fetch one after another."""

_PREPARE: Final = """
async ({ files, root, clock, built, chosen }) => {
  const [{ verify }, { NoMemory }, { verifySignature }] = await Promise.all(
    ["verifier", "client", "signature"].map((name) => import(`/field/trust/${name}.js`)),
  );
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const held = new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)]));
  const source = { read: async (path) => held.get(path) ?? null };
  globalThis.verifyOnce = async () => {
    let [signatures, count] = [0, 0];
    const clocked = async (...given) => {
      const start = performance.now();
      const answer = await verifySignature(...given);
      signatures += performance.now() - start;
      count += 1;
      return answer;
    };
    const memory = new NoMemory(new Map([["root", bytes(root)]]));
    const options = { verify: clocked, chosen: chosen && new Set(chosen) };
    const start = performance.now();
    const { judgements, reason } = await verify(source, memory, clock, built, options);
    const whole = performance.now() - start;
    const wrong = judgements.find((each) => each.reason)?.reason ?? "";
    return { whole, signatures, count, judged: judgements.length, wrong: reason || wrong };
  };
}
"""
"""Load the rules and the repository; nothing is remembered from one run to the next."""


@dataclass(frozen=True)
class Scene:
    """How the rules are run.

    Attributes:
        hidden: without the browser's own Ed25519.
        slowdown: how many times slower.
        alone: only the roles of the editions' own locale.
    """

    hidden: bool
    slowdown: int
    alone: bool = False

    @property
    def signatures_by(self) -> str:
        return "tweetnacl" if self.hidden else "native Ed25519"

    @property
    def roles_of(self) -> str:
        return "the locale" if self.alone else "the shelf"


SCENES: Final = tuple(
    scene
    for hidden in (False, True)
    for scene in (Scene(hidden, 6), Scene(hidden, 6, alone=True), Scene(hidden, 1))
)


@dataclass(frozen=True)
class Run:
    """What one run took, in milliseconds; `processor` of the page's own thread."""

    whole: float
    signatures: float
    processor: float
    count: int


def add_tables(report: Report) -> None:
    """Verify in Chromium, with its own Ed25519 and with tweetnacl."""
    if not VERIFIER.is_file():
        say("\nVerifying in a browser: the field library's rules aren't there yet")
        return
    if not any(Path(each).exists() for each in CHROMIUM):
        say("\nVerifying in a browser: Chromium is missing")
        return
    shelf = SignedShelf.of_real_editions([EDITIONS, *[0] * (PLACES - 1)])
    found: dict[Scene, list[Run]] = {}
    with sync_playwright() as playwright, serving() as origin:
        for scene in SCENES:
            progress(
                f"verifying in Chromium by {scene.signatures_by}, the roles of {scene.roles_of},"
                f" {scene.slowdown} times slower"
            )
            found[scene] = _measure(playwright, origin, shelf, scene)
        fetched = _fetches(playwright, shelf)
    report.add(_table(shelf, found))
    report.add(_fetches_table(fetched))


def _measure(playwright: Playwright, origin: str, shelf: SignedShelf, scene: Scene) -> list[Run]:
    """Slow a browser of its own down, and let it verify: once to be warm, then by the clock."""
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name, ExitStack() as stack:
        context = launch(playwright, _chromium(), Path(name))
        stack.callback(context.close)
        harness = Harness.open(context, origin, hidden=scene.hidden)
        session = context.new_cdp_session(harness.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": scene.slowdown})
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        harness.page.evaluate(
            _PREPARE,
            {
                "files": {path: _text(data) for path, data in shelf.files.items()},
                "root": _text(shelf.root),
                "clock": int(1000 * DAY.timestamp()),
                "built": DAY.date().isoformat(),
                "chosen": list(shelf.editions) if scene.alone else None,
            },
        )
        return [_run(harness.page, session) for _ in range(RUNS + 1)]


def _run(page: Page, session: CDPSession) -> Run:
    before = _processor_seconds(session)
    told = page.evaluate("() => verifyOnce()")
    spent = _processor_seconds(session) - before
    if told["wrong"] or told["judged"] != EDITIONS:
        raise RuntimeError(f"{told['judged']} editions judged: {told['wrong']}")
    return Run(float(told["whole"]), float(told["signatures"]), 1000 * spent, told["count"])


def _processor_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def _fetches(playwright: Playwright, shelf: SignedShelf) -> dict[str, list[int]]:
    """Let Chromium ask a running server; return connections, requests, bytes asked and answered."""
    with tempfile.TemporaryDirectory(prefix="bojagi-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        shelf.write_tree(folder / "data")
        tap = stack.enter_context(tapped(stack.enter_context(servers.ours(folder / "data")).port))
        # Nothing may fetch from a page of ours; the field library will have a page that may.
        context = launch(playwright, _chromium(), folder / "profile", bypass_csp=True)
        stack.callback(context.close)
        page = context.new_page()
        page.goto(f"http://{servers.HOST}:{tap.port}/out", wait_until="networkidle")
        version = shelf.repository.roles["snapshot"].signed.version
        chain = f"metadata/chain/1.{version}.{OURS}.txt"
        asks = {
            "the first time: timestamp and chain": ([TIMESTAMP, chain], "reload"),
            "nothing new: the timestamp": ([TIMESTAMP], "no-cache"),
        }
        found = {}
        for what, (paths, cache) in asks.items():
            before = [tap.connections, tap.requests, len(tap.asked), tap.answered]
            page.evaluate(
                _ASK, {"paths": [f"/repository/{path}" for path in paths], "cache": cache}
            )
            after = [tap.connections, tap.requests, len(tap.asked), tap.answered]
            found[what] = [now - then for now, then in zip(after, before, strict=True)]
    return found


def _fetches_table(found: dict[str, list[int]]) -> Table:
    return Table(
        "The requests of the field library as Chromium makes them of the running server",
        ["what", "new connections", "requests", "asked B", "answered B", "aim B"],
        [
            [what, *counts, ANSWER_AIM if "nothing" in what else None]
            for what, counts in found.items()
        ],
        notes=("On the connection that the page came over.",),
    )


def _chromium() -> Path:
    return next(Path(each) for each in CHROMIUM if Path(each).exists())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _table(shelf: SignedShelf, found: dict[Scene, list[Run]]) -> Table:
    rows: list[list[Cell]] = []
    for scene, (first, *rest) in found.items():
        median = statistics.median(run.whole for run in rest)
        signatures = statistics.median(run.signatures for run in rest)
        rows.append(
            [
                *(scene.signatures_by, scene.roles_of, scene.slowdown, first.whole, median),
                *(min(run.whole for run in rest), max(run.whole for run in rest)),
                AIM_MS if scene.slowdown > 1 else None,
                statistics.median(run.processor for run in rest),
                *(first.count, signatures, ratio(100 * signatures, median)),
            ]
        )
    size = sum(map(len, shelf.editions.values()))
    return Table(
        f"Verifying {EDITIONS} editions, {size / 1e6:.1f} MB, {PLACES} locales, in Chromium,"
        f" milliseconds: the first run, and the median of {RUNS} after it",
        [
            *(
                "signatures by",
                "roles of",
                "slowdown",
                "first ms",
                "median ms",
                "least ms",
                "most ms",
            ),
            *("aim ms", "processor ms", "signatures", "of it ms", "of it %"),
        ],
        rows,
        notes=(
            "The slowdown is DevTools': of the page's thread, beside which the browser's own",
            "digests and Ed25519 run. 'processor' is that thread's time, whatever else ran here.",
            "The first run also chooses who verifies, and may load tweetnacl. Verified are the",
            "signatures of all roles of the shelf, or of those of the editions' locale alone.",
        ),
        digits=1,
    )
