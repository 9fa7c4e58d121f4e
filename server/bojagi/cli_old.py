"""The command line: `bojagi serve`, `check`, `build`, `i18n update`.

Exit codes: 0 done; 1 a check blocks, or something could not be built; 2 the words of the command
are off; 3 it can't be done here and now (a port in use, a data folder from a newer version).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bojagi.domain.finding import Finding, Severity
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.errors import BojagiError, InvalidValueError, ServeError
from bojagi.settings import DATA, Settings, Surface

if TYPE_CHECKING:
    from datetime import date

    from bojagi.authoring.library import Library

BLOCKED: Final = 1
WORDS: Final = 2
CANT: Final = 3


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
    except _WordsError as error:
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


class _WordsError(BojagiError):
    """Words of the command name something that isn't there."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bojagi", description="Safety-first publishing of small Korean-language packs."
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--root", type=Path, default=Path(), help="the folder of content_packs/ and i18n/"
    )
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get(DATA, "var")),
        help=f"where what is built is kept (or {DATA}; default var/)",
    )
    parser.set_defaults(run=lambda _: _help(parser))
    commands = parser.add_subparsers(metavar="command")

    serve = commands.add_parser(
        "serve", parents=[shared, data], help="check, build and serve every open shelf as a demo"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument(
        "--surface", choices=[*Surface], default=Surface.ALL, help="which surfaces are offered"
    )
    serve.add_argument("--shelf", default="", metavar="CODE", help="serve this shelf alone, at /")
    serve.set_defaults(run=_serve)

    check = commands.add_parser("check", parents=[shared], help="check packs and catalogues")
    check.add_argument("packs", nargs="*", metavar="PACK", help="these packs alone")
    check.add_argument("--json", action="store_true", help="findings as JSON")
    check.add_argument("--locale", choices=["en", "ko_KR"], default=_own_locale())
    check.add_argument(
        "--real", action="store_true", help="judge a real release: a demo passes more"
    )
    check.add_argument("--explain", metavar="RULE", help="say what a rule is and what it misses")
    check.set_defaults(run=_check)

    build = commands.add_parser("build", parents=[shared, data], help="build the static trees")
    build.set_defaults(run=_build)

    i18n = commands.add_parser("i18n", help="catalogues of translations")
    verbs = i18n.add_subparsers(required=True, metavar="verb")
    update = verbs.add_parser(
        "update", parents=[shared], help="bring unit ids and catalogues in step with the articles"
    )
    update.add_argument(
        "--new",
        nargs=2,
        action="append",
        default=[],
        metavar=("PACK", "LOCALE"),
        help="begin a catalogue",
    )
    update.set_defaults(run=_update)
    return parser


def _help(parser: argparse.ArgumentParser) -> int:
    parser.print_help(sys.stderr)
    return WORDS


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; expected 1 to 65535")
    return int(text)


def _own_locale() -> str:
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "ko_KR" if (language or "").startswith("ko") else "en"


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _read(root: Path) -> Library:
    from bojagi.authoring.library import PACKS, read_library

    try:
        is_there = (root / PACKS).is_dir()
    except OSError as error:
        raise ServeError(f"{root} can't be read: {error.strerror}") from error
    if not is_there:
        raise ServeError(f"there is no {PACKS}/ in {root.resolve()}; expected the project's folder")
    return read_library(root)


def _serve(options: argparse.Namespace) -> int:
    from bojagi.web.server import refuse_taken_port, serve
    from bojagi.web.shelves import mount_shelves

    try:
        refuse_taken_port(options.host, options.port)
    except UnicodeError as error:
        raise ServeError(
            f"{options.host!r} is not a host; expected a name or an address"
        ) from error
    # In a process of its own, so that what building needs isn't held while serving.
    built = subprocess.run(  # noqa: S603 - ourselves
        [
            sys.executable,
            "-m",
            "bojagi.cli",
            "build",
            "--root",
            options.root,
            "--data",
            options.data,
        ],
        check=False,
    )
    if built.returncode not in {0, BLOCKED}:
        return built.returncode
    settings = Settings(options.data, Surface(options.surface), options.shelf)
    host = f"[{options.host}]" if ":" in options.host else options.host
    print("\nDemo: nobody has approved these packs and nothing is signed.\n")
    for shelf in mount_shelves(settings):
        address = f"http://{host}:{options.port}{shelf.prefix}"
        if "" in shelf.routes:
            print(f"  shelf {shelf.code}: pages    {address}")
        if any(route.startswith("library/") for route in shelf.routes):
            print(f"  shelf {shelf.code}: library  {address}library/")
    print("\nCtrl-C ends it.", flush=True)
    serve(settings, options.host, options.port)
    return 0


def _check(options: argparse.Namespace) -> int:
    from bojagi.authoring.checks.rules import RULES
    from bojagi.authoring.checks.wording import sentence, to_do
    from bojagi.services.checking import check

    library = _read(options.root)
    words = library.interface.get(LocaleCode(options.locale), {})
    if options.explain:
        if options.explain not in RULES:
            names = ", ".join(sorted(RULES))
            raise _WordsError(f"there is no rule {options.explain!r}; there are: {names}")
        rule = RULES[options.explain]
        for label, text in (
            (rule.severity, rule.words),
            ("to do", rule.to_do),
            ("blind spot", rule.blind_spot),
        ):
            print(f"{label}: {words.get(text, text)}")
        return 0
    findings = check(library, _today())
    if options.packs:
        findings = _only(options.packs, findings, options.root)
    stops = [finding for finding in findings if finding.blocks(demo=not options.real)]
    if options.json:
        print(
            json.dumps(
                [
                    {
                        "rule": finding.rule,
                        "severity": finding.severity,
                        "file": finding.place.file,
                        "line": finding.place.line,
                        "column": finding.place.column,
                        "words": sentence(finding, words),
                        "to_do": to_do(finding, words),
                        "real_release_only": finding.demo_allows,
                    }
                    for finding in findings
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for finding in findings:
            print(f"{finding.place}: {finding.rule}: {sentence(finding, words)}")
        counts = dict.fromkeys(Severity, 0)
        for finding in findings:
            counts[finding.severity] += 1
        later = sum(finding.demo_allows for finding in findings)
        print(
            f"{len(library.folders)} packs: {counts[Severity.BLOCK]} block "
            f"({later} of them a real release only), {counts[Severity.WARN]} warn, "
            f"{counts[Severity.NOTE]} note; {len(stops)} to mend now"
        )
    return BLOCKED if stops else 0


def _only(packs: list[str], findings: tuple[Finding, ...], root: Path) -> tuple[Finding, ...]:
    """Return the findings in these packs and their catalogues."""
    from bojagi.authoring.library import CATALOGUES, PACKS

    for pack in packs:
        if not (root / PACKS / pack).is_dir():
            raise _WordsError(f"there is no pack {pack!r} in {PACKS}/")
    folders = tuple(f"{PACKS}/{pack}/" for pack in packs)
    catalogues = tuple(f"/{pack}.po" for pack in packs)
    return tuple(
        finding
        for finding in findings
        if finding.place.file.startswith(folders)
        or (finding.place.file.startswith(CATALOGUES) and finding.place.file.endswith(catalogues))
    )


def _build(options: argparse.Namespace) -> int:
    from bojagi.authoring.checks.checking import check_library
    from bojagi.services.checking import blocked
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.publishing import publish

    data = DataFolder(options.data)
    library = _read(options.root)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    # What can't be built, building says itself.
    refused = blocked(library, check_library(library, _today()), demo=True)
    build = publish(library, data, refused, demo=True, report=lambda line: print(f"  {line}"))
    for failure in build.failures:
        print(f"left out: {failure}", file=sys.stderr)
    print(
        f"{len(build.built)} editions built, {build.kept} as they were, "
        f"{len(build.failures)} left out, {len(build.trees)} shelves"
    )
    if library.problems:
        print(
            f"{len(library.problems)} files can't be read (named above); what they hold is not "
            "on its shelf until they are mended",
            file=sys.stderr,
        )
    return BLOCKED if build.failures or library.problems else 0


def _update(options: argparse.Namespace) -> int:
    from bojagi.services.translating import update

    library = _read(options.root)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    try:
        new = tuple((PackId(pack), LocaleCode(locale)) for pack, locale in options.new)
        written = update(options.root, library, new).written
    except InvalidValueError as error:
        raise _WordsError(f"--new: {error}") from error
    for name in written:
        print(name)
    return BLOCKED if library.problems else 0


if __name__ == "__main__":
    sys.exit(main())
