"""Measures Bojagi beside what people use today. Nothing here asserts a time.

    python3 run.py bench [names] [--quick] [--json FILE]

Times are of this machine at this moment: compare ratios of one run, not seconds of two.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "sizes": "bytes of editions beside EPUB, ZIM and the packers",
    "building": "10, 100 and 1,000 packs; one change; none",
    "serving": "requests per second and memory beside nginx and kiwix-serve",
    "trust": "bytes of metadata and updates; verifying, sealing, bundles; the browser",
    "checks": "an article and the whole library",
    "translations": "10,000 units brought in step and taken in, beside msgmerge",
    "api": "10,000 requests made from the API's own description",
    "text": "folding for search and the steps of markup",
}


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; return the exit code."""
    # As `python tests/benchmarks/run_all.py`, only this folder is on the path.
    sys.path[:0] = [str(ROOT), str(ROOT / "server")]
    from tests.benchmarks.reporting import Report, machine, say

    options = _parser().parse_args(arguments)
    facts = machine()
    say("; ".join(f"{name} {value}" for name, value in facts.items()))
    report = Report(quick=options.quick)
    try:
        for name in options.names or NAMES:
            importlib.import_module(f"tests.benchmarks.{name}").run(report)
    finally:
        if options.json:
            told = {"machine": facts, "tables": [table.as_json() for table in report.tables]}
            text = json.dumps(told, ensure_ascii=False, indent=1)
            options.json.write_text(text + "\n", "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    about = "\n".join(f"  {name:12} {what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="run.py bench",
        description=f"Measure; all of it, or of these:\n{about}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", type=_name, help="what to measure")
    parser.add_argument("--quick", action="store_true", help="leave out the 1,000 packs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    return parser


def _name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of: {', '.join(NAMES)}")
    return text


if __name__ == "__main__":
    sys.exit(main())
