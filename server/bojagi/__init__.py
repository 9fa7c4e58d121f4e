"""Bojagi: safety-first publishing of small Korean-language content packs."""

from datetime import date
from typing import Final

__version__ = "0.1.0"

BUILT: Final = date(2026, 11, 26)
"""The day this version was made. A clock that says an earlier one is wrong, and not believed."""
