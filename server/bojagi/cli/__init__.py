"""The command line: one module for each group of verbs; this one puts them together.

Exit codes: 0 done, and for `verify` all is current; 1 a check blocks, something could not be built,
or isn't current; 2 the words of the command are off; 3 it can't be done here and now (a port in
use, a missing approval, a wrong passphrase).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from bojagi.cli import (
    bundles,
    content,
    database,
    exchange,
    i18n,
    keys,
    people,
    releases,
    reviews,
    serving,
    verifying,
)
from bojagi.cli.options import CANT, WORDS, WordsError
from bojagi.errors import BojagiError

_GROUPS = (
    *(serving, content, i18n, exchange, reviews, keys, releases),
    *(verifying, bundles, people, database),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that can't show Hangul gets its code points, never a trace.
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except WordsError as error:
        print(f"bojagi: {error}", file=sys.stderr)
        return WORDS
    except BojagiError as error:
        print(f"bojagi: {error}", file=sys.stderr)
        return CANT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bojagi", description="Safety-first publishing of small Korean-language packs."
    )
    parser.set_defaults(run=lambda _: _help(parser))
    commands = parser.add_subparsers(metavar="command")
    for group in _GROUPS:
        group.add_to(commands)
    return parser


def _help(parser: argparse.ArgumentParser) -> int:
    parser.print_help(sys.stderr)
    return WORDS
