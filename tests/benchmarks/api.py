"""The API against what its description allows and forbids: 10,000 requests that nobody wrote."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tests.benchmarks import servers
from tests.benchmarks.reporting import Report, Table, say
from tests.web.test_api_described import EXAMPLES, OPERATIONS

TARGET = 10_000
QUICK = 2_000
TEST = "tests/web/test_api_described.py"


def run(report: Report) -> None:
    """Ask what schemathesis thinks of, right and wrong, on SQLite, until the target is reached."""
    each = -(-(QUICK if report.quick else TARGET) // (2 * len(OPERATIONS)))
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", TEST, "-k", "nothing_that_is_sent and sqlite"],
        env={**os.environ, EXAMPLES: str(each)},
        cwd=servers.ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    took = time.monotonic() - began
    if done.returncode:
        say(done.stdout)
    report.add(
        Table(
            "The API and what it is sent (at most; an operation may have fewer ways to be wrong)",
            [
                "operations",
                "each, right and wrong",
                "requests",
                "per second",
                "answers not described",
            ],
            [
                [
                    len(OPERATIONS),
                    each,
                    2 * each * len(OPERATIONS),
                    2 * each * len(OPERATIONS) / took,
                    "some, see above" if done.returncode else "none",
                ]
            ],
        )
    )
