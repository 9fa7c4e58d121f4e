"""`bojagi review units` and `approve-units`: a second person compares translations."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from bojagi.cli.acting import open_desk, person_of
from bojagi.cli.options import now
from bojagi.domain.translation import UnitState

if TYPE_CHECKING:
    from bojagi.cli.options import Commands


def add_to(verbs: Commands, acting: list[argparse.ArgumentParser]) -> None:
    """Add the verbs to those of `bojagi review`."""
    units = verbs.add_parser(
        "units", parents=acting, help="show the translations that wait for a second person"
    )
    units.add_argument("pack", metavar="PACK")
    units.add_argument("in_locale", metavar="LOCALE")
    units.add_argument("--all", action="store_true", help="what is approved, too")
    units.add_argument("--json", action="store_true")
    units.set_defaults(run=_units)

    approve = verbs.add_parser(
        "approve-units",
        parents=acting,
        help="approve translations as they stand, having compared both texts",
    )
    approve.add_argument("pack", metavar="PACK")
    approve.add_argument("in_locale", metavar="LOCALE")
    chosen = approve.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--unit", action="append", default=[], metavar="ARTICLE#UNIT")
    chosen.add_argument(
        "--waiting", action="store_true", help="all that wait for review and aren't your own"
    )
    approve.set_defaults(run=_approve_units)


def _units(options: argparse.Namespace) -> int:
    from bojagi.services.permissions import require

    with open_desk(options) as desk:
        require(person_of(options, desk), "read")
        found = desk.units(options.pack, options.in_locale)
    left_out = {UnitState.APPROVED, UnitState.MISSING, UnitState.DRAFT}
    told = [unit for unit in found if options.all or unit.state not in left_out]
    if options.json:
        print(
            json.dumps(
                [
                    {
                        "unit": unit.context,
                        "state": unit.state,
                        "risk": unit.risk,
                        "source": unit.source,
                        "before": unit.entry.made_from if unit.entry else "",
                        "text": unit.text,
                    }
                    for unit in told
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
        return 0
    for unit in told:
        risk = f" [{unit.risk}]" if unit.risk else ""
        print(f"{unit.context}  {unit.state}{risk}")
        if unit.state.is_stale and unit.entry:
            print(f"  was:  {unit.entry.made_from}")
        print(f"  from: {unit.source}\n  to:   {unit.text}")
    print(f"{len(told)} of {len(found)} units")
    return 0


def _approve_units(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person = person_of(options, desk)
        units = () if options.waiting else tuple(options.unit)
        approved = desk.approve_units(person, options.pack, options.in_locale, units, now())
    for unit in approved:
        print(unit)
    print(f"{len(approved)} units approved")
    return 0
