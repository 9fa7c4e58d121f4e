"""`bojagi check` and `build`: what authors run."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli.options import (
    BLOCKED,
    WordsError,
    data_options,
    database_url,
    locale_options,
    now,
    read,
    root_options,
)
from bojagi.domain.finding import Finding, Severity
from bojagi.domain.identifiers import LocaleCode

if TYPE_CHECKING:
    from bojagi.authoring.library import Library
    from bojagi.cli.options import Commands
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.publishing import Gate


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    check = commands.add_parser(
        "check", parents=[root_options(), locale_options()], help="check packs and catalogues"
    )
    check.add_argument("packs", nargs="*", metavar="PACK", help="these packs alone")
    check.add_argument("--json", action="store_true", help="findings as JSON")
    check.add_argument(
        "--real", action="store_true", help="judge a real release: a demo passes more"
    )
    check.add_argument("--explain", metavar="RULE", help="say what a rule is and what it misses")
    check.set_defaults(run=_check)

    build = commands.add_parser(
        "build",
        parents=[root_options(), data_options()],
        help="build the static trees of a demo, signed with demo keys",
    )
    build.set_defaults(run=_build)


def _check(options: argparse.Namespace) -> int:
    from bojagi.authoring.checks.rules import RULES
    from bojagi.authoring.checks.wording import sentence, to_do
    from bojagi.building.words import mark
    from bojagi.services.checking import check

    library = read(options.root)
    words = library.interface.get(LocaleCode(options.locale), {})
    if options.explain:
        if options.explain not in RULES:
            names = ", ".join(sorted(RULES))
            raise WordsError(f"there is no rule {options.explain!r}; there are: {names}")
        rule = RULES[options.explain]
        for label, text in (
            (rule.severity, rule.words),
            (mark("example"), rule.example),
            (mark("to do"), rule.to_do),
            (mark("blind spot"), rule.blind_spot),
        ):
            print(f"{words.get(label, label)}: {words.get(text, text)}")
        return 0
    findings = check(library, now().date(), options.packs)
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
            f"{len(options.packs or library.folders)} packs: {counts[Severity.BLOCK]} block "
            f"({later} of them a real release only), {counts[Severity.WARN]} warn, "
            f"{counts[Severity.NOTE]} note; {len(stops)} to mend now"
        )
    return BLOCKED if stops else 0


def _only(packs: list[str], findings: tuple[Finding, ...], root: Path) -> tuple[Finding, ...]:
    """Return the findings in these packs and their catalogues."""
    from bojagi.authoring.library import CATALOGUES, PACKS

    for pack in packs:
        if not (root / PACKS / pack).is_dir():
            raise WordsError(f"there is no pack {pack!r} in {PACKS}/")
    folders = tuple(f"{PACKS}/{pack}/" for pack in packs)
    catalogues = tuple(f"/{pack}.po" for pack in packs)
    return tuple(
        finding
        for finding in findings
        if finding.place.file.startswith(folders)
        or (finding.place.file.startswith(CATALOGUES) and finding.place.file.endswith(catalogues))
    )


def _build(options: argparse.Namespace) -> int:
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.demo_desk import DemoDesk
    from bojagi.services.desk import Desk
    from bojagi.services.publishing import Gate

    data = DataFolder(options.data)
    with closing(Desk.open(data, database_url())) as desk:
        if desk.has_people():
            print("People work in this studio: what stands there and is approved is built.")
            with desk.library() as library:
                return _publish_demo(library, data, Gate({}, desk.counting_approvals))
    read(options.root)  # says what isn't there
    with closing(DemoDesk(data, now())) as demo:
        for line in demo.import_folders(options.root):
            print(line, file=sys.stderr)
        demo.approve_units()
        with demo.desk.library() as library:
            return _publish_demo(
                library, data, Gate({}, demo.desk.counting_approvals, demo.approve)
            )


def _publish_demo(library: Library, data: DataFolder, gate: Gate) -> int:
    from bojagi.authoring.checks.checking import check_library
    from bojagi.services.checking import blocked, remembering
    from bojagi.services.publishing import publish_demo

    for problem in library.problems:
        print(problem, file=sys.stderr)
    # What can't be built, building says itself.
    with remembering(data):
        findings = check_library(library, now().date())
    refused = blocked(library, findings, demo=True)
    gate = replace(gate, refused=refused)
    build = publish_demo(library, data, gate, now(), lambda line: print(f"  {line}"))
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
