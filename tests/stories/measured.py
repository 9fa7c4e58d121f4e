"""What tests measure, printed at the end of a run."""

from typing import Final

MEASURED: Final = "measured"
"""The property under which a test records a line for the summary."""
