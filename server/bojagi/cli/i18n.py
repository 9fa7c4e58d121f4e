"""`bojagi i18n`: what translators, and who coordinates them, run."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bojagi.cli.options import (
    BLOCKED,
    WordsError,
    data_options,
    database_url,
    now,
    read,
    root_options,
    write_file,
)
from bojagi.domain.identifiers import LocaleCode, PackId
from bojagi.domain.translation import Change, UnitState
from bojagi.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bojagi.authoring.standing import Standing
    from bojagi.cli.options import Commands
    from bojagi.services.translation_status import Status

_SHOWN: Final = 20
"""Units that are named; the rest are counted."""
_EXCERPT: Final = 60
_COLUMNS: Final = {
    "units": None,
    "approved": UnitState.APPROVED,
    "review": UnitState.TO_REVIEW,
    "draft": UnitState.DRAFT,
    "missing": UnitState.MISSING,
    "stale": None,
    "unsayable": UnitState.UNSAYABLE,
}


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    i18n = commands.add_parser("i18n", help="translations: where they stand, out to tools and in")
    verbs = i18n.add_subparsers(required=True, metavar="verb")
    _add_status(verbs)

    update = verbs.add_parser(
        "update",
        parents=[root_options()],
        help="bring unit ids and catalogues in step with the articles",
    )
    update.add_argument(
        "--new",
        nargs=2,
        action="append",
        default=[],
        metavar=("PACK", "LOCALE"),
        help="begin a catalogue",
    )
    for change, what in (
        (Change.EDITORIAL, "a slip of the pen was mended: translations hold"),
        (Change.MINOR, "something small changed: the translation is shown with a note for a time"),
    ):
        update.add_argument(
            f"--{change}",
            action="append",
            default=[],
            metavar="PACK/ARTICLE#UNIT",
            help=f"say of an edit that {what}",
        )
    update.set_defaults(run=_update)

    out = verbs.add_parser(
        "export", parents=[root_options()], help="write a pack for a translator's tool"
    )
    out.add_argument("pack", metavar="PACK")
    out.add_argument("to_locale", metavar="LOCALE")
    out.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="ending in .po, .xlf or .csv"
    )
    out.set_defaults(run=_export)

    take = verbs.add_parser(
        "import",
        parents=[root_options()],
        help="say what a file that came back would change; 1 where not all of it can be taken",
    )
    take.add_argument("file", type=Path, metavar="FILE", help="ending in .po, .xlf or .csv")
    take.add_argument("--write", action="store_true", help="and take it")
    take.add_argument("--json", action="store_true")
    take.set_defaults(run=_import)

    draft = verbs.add_parser(
        "draft",
        parents=[root_options()],
        help="draft a pack, or words from standard input, in the other Korean",
    )
    draft.add_argument("source", metavar="SOURCE", help="ko_KR or ko_KP")
    draft.add_argument("target", metavar="TARGET", help="the other one")
    draft.add_argument("pack", metavar="PACK", help="a pack written in SOURCE; - reads words")
    draft.set_defaults(run=_draft)

    check = verbs.add_parser(
        "check",
        parents=[root_options()],
        help="check that catalogues are in step and whole; 1 where one isn't",
    )
    check.set_defaults(run=_check)

    extract = verbs.add_parser(
        "extract",
        parents=[root_options()],
        help="bring the catalogues of the programs' own words in step with the programs",
    )
    extract.add_argument("--check", action="store_true", help="only say what would change")
    extract.set_defaults(run=_extract)


def _add_status(verbs: Commands) -> None:
    status = verbs.add_parser(
        "status",
        parents=[root_options(), data_options()],
        help="how far the translations have come, and what blocks which edition",
    )
    status.add_argument("packs", nargs="*", metavar="PACK", help="these packs alone")
    status.add_argument(
        "--in", action="append", default=[], dest="locales", metavar="LOCALE", help="this one alone"
    )
    status.add_argument(
        "--studio", action="store_true", help="what stands in the studio, with its approvals"
    )
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=_status)


def _status(options: argparse.Namespace) -> int:
    found = _studio_statuses(options) if options.studio else _statuses_of_folders(options)
    if options.json:
        print(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=1))
    else:
        _print_table(found)
        for each in found:
            _print_units(each)
    return BLOCKED if any(each.blocking and each.is_offered for each in found) else 0


def _statuses_of_folders(options: argparse.Namespace) -> list[Status]:
    from bojagi.services.translation_status import statuses

    library = read(options.root)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    for pack in options.packs:
        if pack not in library.folders:
            raise WordsError(f"there is no pack {pack!r}; there are: {', '.join(library.folders)}")
    return list(statuses(library, options.packs, options.locales))


def _studio_statuses(options: argparse.Namespace) -> list[Status]:
    from bojagi.services.data_folder import DataFolder
    from bojagi.services.demo_desk import demo_or_studio
    from bojagi.services.translation_status import statuses

    desk = demo_or_studio(DataFolder(options.data), database_url())
    with closing(desk), desk.library() as library:
        return list(statuses(library, options.packs, options.locales))


def _print_table(found: Sequence[Status]) -> None:
    rows = [("pack", "locale", *_COLUMNS, "edition")]
    for each in found:
        counts = each.counts
        stale = sum(count for state, count in counts.items() if state.is_stale)
        special = {"units": len(each.units), "stale": stale}
        cells = [
            str(special[name] if state is None else counts[state])
            for name, state in _COLUMNS.items()
        ]
        rows.append((str(each.pack), str(each.locale), *cells, _edition(each)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        names = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:-1], widths[2:-1], strict=True)]
        print("  ".join((*names, *numbers, row[-1])).rstrip())


def _edition(status: Status) -> str:
    if not status.is_offered:
        return "not offered on its shelf"
    if not status.units:
        return "not begun"
    if status.blocking:
        return f"blocked by {len(status.blocking)}"
    return f"ready, {len(status.noted)} with a note" if status.noted else "ready"


def _print_units(status: Status) -> None:
    units = [*status.blocking, *status.noted] if status.units else []
    if not units:
        return
    print(f"\n{status.pack} in {status.locale}:")
    for unit in units[:_SHOWN]:
        print(f"  {unit.context}  {unit.state}{_risk(unit)}: {_excerpt(unit.source)}")
        if unit in status.noted:
            print(f"    readers get: {unit.showing}")
    if len(units) > _SHOWN:
        print(f"  and {len(units) - _SHOWN} more")


def _risk(unit: Standing) -> str:
    return f" [{unit.risk}]" if unit.risk else ""


def _excerpt(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _EXCERPT else f"{one_line[: _EXCERPT - 1]}…"


def _update(options: argparse.Namespace) -> int:
    from bojagi.services.translating import update

    library = read(options.root)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    said = dict.fromkeys(options.editorial, Change.EDITORIAL)
    said |= dict.fromkeys(options.minor, Change.MINOR)
    try:
        new = tuple((PackId(pack), LocaleCode(locale)) for pack, locale in options.new)
        done = update(options.root, library, now().date(), new, said)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error
    for name in done.written:
        print(name)
    for unit, states in done.stale.items():
        where = ", ".join(f"{locale}: {state}" for locale, state in states.items())
        print(f"{unit}: {where}", file=sys.stderr)
    return BLOCKED if library.problems else 0


def _export(options: argparse.Namespace) -> int:
    from bojagi.services.exchanging import export_sheet, format_of

    library = read(options.root)
    try:
        written_as = format_of(options.out)
        text = export_sheet(library, options.pack, options.to_locale, written_as)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error
    write_file(options.out, text.encode("utf-8"))
    print(f"{options.out}: {options.pack} in {options.to_locale}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from bojagi.services.exchanging import Outcome, look_at, take

    library = read(options.root)
    try:
        incoming = look_at(library, options.file)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error
    quiet = {Outcome.UNCHANGED, Outcome.EMPTY}
    told = [each for each in incoming.judged if each.outcome not in quiet or each.why]
    if options.json:
        print(
            json.dumps(
                [
                    {
                        "unit": each.row.context,
                        "line": each.row.line,
                        "outcome": each.outcome,
                        "why": each.why,
                        "there": each.row.text,
                        "here": each.here,
                    }
                    for each in told
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for each in told:
            where = f":{each.row.line}" if each.row.line else ""
            why = f" ({each.why})" if each.why else ""
            print(f"{options.file.name}{where}: {each.row.context}: {each.outcome}{why}")
            if each.outcome is Outcome.CONFLICTING:
                print(f"  here:  {each.here}\n  there: {each.row.text}")
        counts = incoming.counts
        numbers = ", ".join(f"{counts[each]} {each}" for each in Outcome if counts[each])
        print(f"{incoming.sheet.pack} in {incoming.sheet.locale}: {numbers or 'no units'}")
    if incoming.is_refused:
        print("Nothing of it can be taken until what is refused is mended.", file=sys.stderr)
        return BLOCKED
    if options.write:
        take(options.root, incoming)
    elif incoming.counts[Outcome.TAKEN]:
        print("Nothing was written; --write takes it.", file=sys.stderr)
    return 0 if incoming.is_clean else BLOCKED


def _draft(options: argparse.Namespace) -> int:
    from bojagi.authoring.origin.drafting import CLOSE, OPEN, draft
    from bojagi.domain.hangul.syllables import to_nfc
    from bojagi.services.translating import draft_pack, other_korean

    try:
        if options.pack == "-":
            target = other_korean(options.source, options.target)
            made = draft(to_nfc(sys.stdin.read()), target)
            sys.stdout.write(made.text)
            print(f"{made.changed} changed, {made.unsure} to decide", file=sys.stderr)
            return 0
        library = read(options.root)
        done = draft_pack(options.root, library, options.pack, options.source, options.target)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error
    print(f"{done.file}: {done.units} units drafted, {done.unsure} words to decide")
    print(f"Each is fuzzy, and no {OPEN}{CLOSE} may stay: a person finishes it, another approves.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from bojagi.services.exchanging import out_of_step
    from bojagi.services.interface_words import extract

    library = read(options.root)
    lines = [str(problem) for problem in library.problems]
    stray = out_of_step(options.root, library)
    lines += [f"{name}: not in step; run 'bojagi i18n update'" for name in stray]
    words = extract(options.root, only_look=True)
    lines += [f"{name}: not in step; run 'bojagi i18n extract'" for name in words.changed]
    lines += _lacking(words.missing)
    for line in lines:
        print(line)
    print(
        f"{len(library.catalogues)} catalogues of packs, {len(words.missing)} of the programs: "
        f"{len(lines)} to mend"
    )
    return BLOCKED if lines else 0


def _extract(options: argparse.Namespace) -> int:
    from bojagi.services.interface_words import extract

    done = extract(options.root, only_look=options.check)
    for name in done.changed:
        print(name)
    for line in _lacking(done.missing):
        print(line, file=sys.stderr)
    return BLOCKED if any(done.missing.values()) or (options.check and done.changed) else 0


def _lacking(missing: Mapping[LocaleCode, tuple[str, ...]]) -> list[str]:
    return [f"{locale} lacks {words!r}" for locale, lacking in missing.items() for words in lacking]
