"""What trust costs: bytes of metadata and of an update, time to verify, to seal and to bundle."""

from __future__ import annotations

from tests.benchmarks import chromium, metadata, packing, updates, verification
from tests.benchmarks.reporting import Report


def run(report: Report) -> None:
    """Measure what a client of one shelf and locale fetches, and what it does with it."""
    for part in (metadata, updates, verification, packing, chromium):
        part.add_tables(report)
