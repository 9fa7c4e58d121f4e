"""`bojagi review`: an edition is submitted, read, returned, signed off: exactly its bytes."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli import unit_reviews
from bojagi.cli.acting import agrees, open_desk, person_of, person_options
from bojagi.cli.options import (
    BLOCKED,
    WordsError,
    data_options,
    locale_options,
    now,
    read_file,
    words_of,
    write_file,
)
from bojagi.domain.pack import SignOff
from bojagi.errors import GateError, InvalidValueError

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.services.desk import Desk
    from bojagi.services.listing import ListedEdition
    from bojagi.services.waiting import Waiting

_SHORT = 16
_DIGEST = "of the edition's bytes: its first 8 digits, or more"


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    review = commands.add_parser("review", help="submit, read, return and sign off editions")
    verbs = review.add_subparsers(required=True, metavar="verb")
    studio, acting = [data_options()], [data_options(), person_options()]

    submit = verbs.add_parser(
        "submit",
        parents=[*acting, locale_options()],
        help="ask others to review an edition as it stands; 1 when a check stops it",
    )
    submit.add_argument("pack", metavar="PACK")
    submit.add_argument("in_locale", metavar="LOCALE")
    submit.set_defaults(run=_submit)

    listing = verbs.add_parser(
        "list", parents=acting, help="list what waits, and the sign-offs it lacks"
    )
    listing.add_argument("--all", action="store_true", help="what is approved and unchanged, too")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)

    show = verbs.add_parser("show", parents=acting, help="say how far an edition has come")
    show.add_argument("digest", metavar="DIGEST", help=_DIGEST)
    show.add_argument("--out", type=Path, metavar="FILE", help="write it as one page to read")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)

    back = verbs.add_parser("return", parents=acting, help="return an edition with comments")
    back.add_argument("digest", metavar="DIGEST", help=_DIGEST)
    back.add_argument(
        "--comment",
        nargs=2,
        action="append",
        required=True,
        metavar=("ARTICLE/UNIT", "WORDS"),
        help="what to mend where, as 'review show' names passages; may be given again",
    )
    back.set_defaults(run=_return)

    approve = verbs.add_parser("approve", parents=acting, help="sign off exactly these bytes")
    approve.add_argument("digest", metavar="DIGEST", help=_DIGEST)
    approve.add_argument("--kind", required=True, choices=[*SignOff], help="as what")
    approve.set_defaults(run=_approve)

    unit_reviews.add_to(verbs, acting)

    waive = verbs.add_parser(
        "waive", parents=acting, help="let a warning stand on a file's present bytes"
    )
    waive.add_argument("path", metavar="PATH", help="of the file, as 'bojagi check' names it")
    waive.add_argument("--rule", required=True, metavar="RULE")
    waive.add_argument("--found", metavar="WORDS", help="what it found, where it found several")
    waive.add_argument("--reason", required=True, metavar="WORDS")
    waive.set_defaults(run=_waive)

    true = verbs.add_parser(
        "still-true", parents=acting, help="renew the dates of articles that were checked again"
    )
    true.add_argument("paths", nargs="+", metavar="PATH", help="of an article's file")
    true.add_argument("--review-by", required=True, type=_day, metavar="DAY", help="2027-05-23")
    true.set_defaults(run=_still_true)

    link = verbs.add_parser(
        "link",
        parents=acting,
        help="print what lets somebody without an account sign off an edition, once",
    )
    link.add_argument("digest", metavar="DIGEST", help=_DIGEST)
    link.add_argument("--kind", required=True, choices=[*SignOff])
    link.add_argument(
        "--for", required=True, dest="pseudonym", metavar="NAME", help="their pseudonym"
    )
    link.set_defaults(run=_link)

    sign = verbs.add_parser(
        "sign-off",
        parents=studio,
        help="for somebody without an account: read an edition and sign it off",
    )
    sign.add_argument(
        "what", metavar="FILE", help="that holds what 'review link' printed; or just that"
    )
    sign.add_argument(
        "--out", type=Path, metavar="PAGE", help="where the page to read goes; default DIGEST.html"
    )
    sign.add_argument("--yes", action="store_true", help="record it without asking once more")
    sign.set_defaults(run=_sign_off)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; expected 2027-05-23") from error


def _digest(desk: Desk, digits: str) -> str:
    from bojagi.services.waiting import digest_from

    try:
        return digest_from(desk, digits)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error


def _submit(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person = person_of(options, desk)
        try:
            done = desk.submit(person, options.pack, options.in_locale, now())
        except GateError as error:
            print(f"bojagi: {error}", file=sys.stderr)
            _say_findings(desk, options)
            return BLOCKED
        except InvalidValueError as error:
            raise WordsError(str(error)) from error
    print(f"{done.pack} in {done.locale}, version {done.version}: submitted for review")
    print(f"digest {done.digest}")
    print(f"needs: {', '.join(done.needed)}, each by somebody else who wrote none of it")
    return 0


def _say_findings(desk: Desk, options: argparse.Namespace) -> None:
    """Say what stops a pack, file by file."""
    from bojagi.authoring.checks.wording import sentence
    from bojagi.authoring.library import PACKS

    said = words_of(options.locale).translations
    for finding in desk.check(now().date()):
        file = finding.place.file
        is_theirs = file.startswith(f"{PACKS}/{options.pack}/") or not file.startswith(PACKS)
        if is_theirs and finding.blocks(demo=True):
            print(f"{finding.place}: {finding.rule}: {sentence(finding, said)}")


def _list(options: argparse.Namespace) -> int:
    from bojagi.services.permissions import require
    from bojagi.services.waiting import waiting

    with open_desk(options) as desk:
        require(person_of(options, desk), "read")
        found = [each for each in waiting(desk) if options.all or not each.is_done]
    if options.json:
        print(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=1))
        return 0
    for each in found:
        print(f"{each.digest[:_SHORT]}  {each.pack} in {each.locale}, version {each.version}")
        print(f"    {_how_far(each)}")
    if not found:
        print("Nothing waits for review.")
    return 0


def _how_far(edition: Waiting) -> str:
    if not edition.stands:
        return "changed since: what stands now was submitted by nobody, and approved by nobody"
    if edition.state == "returned":
        return "returned for changes: 'bojagi review show' has the comments"
    given = ", ".join(f"{kind} by {by}" for kind, by in edition.given.items())
    parts = [f"submitted by {edition.by}", f"signed off: {given or 'nothing'}"]
    if edition.missing:
        parts.append(f"missing: {', '.join(edition.missing)}")
    return "; ".join(parts)


def _show(options: argparse.Namespace) -> int:
    from bojagi.services.listing import Listing
    from bojagi.services.permissions import require
    from bojagi.services.waiting import passages

    with open_desk(options) as desk:
        require(person_of(options, desk), "read")
        edition = Listing(desk.database, desk.blobs).edition(_digest(desk, options.digest))
        if options.out:
            write_file(options.out, desk.preview(edition.digest).encode("utf-8"))
        words = passages(desk, edition.pack, edition.locale)
    if options.json:
        shown = {**_as_json(edition), "passages": words}
        print(json.dumps(shown, ensure_ascii=False, indent=1))
        return 0
    print(f"{edition.digest}\n{edition.pack} in {edition.locale}, version {edition.version}")
    print(f"{edition.state}; submitted by {edition.by} on {edition.at:%Y-%m-%d}")
    for approval in edition.approvals:
        print(f"signed off for {approval.kind} by {approval.by} on {approval.on}")
    if edition.missing:
        print(f"missing: {', '.join(edition.missing)}")
    for said in edition.comments:
        print(f"{said.by} on {said.article}/{said.unit}: {said.words}")
    if words:
        print("passages of the pack as it stands:")
    for place, text in words.items():
        print(f"  {place}: {' '.join(text.split())}")
    if options.out:
        print(f"{options.out}: read all of it")
    return 0


def _as_json(edition: ListedEdition) -> dict[str, object]:
    return {
        "digest": edition.digest,
        "pack": edition.pack,
        "locale": edition.locale,
        "version": edition.version,
        "state": edition.state,
        "by": edition.by,
        "at": edition.at.isoformat(),
        "missing": list(edition.missing),
        "approvals": [
            {"kind": each.kind, "by": each.by, "on": each.on.isoformat()}
            for each in edition.approvals
        ],
        "comments": [
            {"article": each.article, "unit": each.unit, "words": each.words, "by": each.by}
            for each in edition.comments
        ],
    }


def _return(options: argparse.Namespace) -> int:
    from bojagi.services.listing import Listing
    from bojagi.services.reviewing import Passage
    from bojagi.services.waiting import passages

    places = [(*place.partition("/"), words) for place, words in options.comment]
    said = [Passage(article, unit, words) for article, _, unit, words in places]
    with open_desk(options) as desk:
        person, digest = person_of(options, desk), _digest(desk, options.digest)
        edition = Listing(desk.database, desk.blobs).edition(digest)
        known = passages(desk, edition.pack, edition.locale)
        for place, _ in options.comment:
            if known and place not in known:
                raise WordsError(f"there is no passage {place!r}; 'bojagi review show' lists them")
        desk.give_back(person, digest, said, now())
    print(f"{digest[:_SHORT]}: returned with {len(said)} comments; what is mended has other bytes")
    return 0


def _approve(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person, digest = person_of(options, desk), _digest(desk, options.digest)
        is_all = desk.approve(person, digest, SignOff(options.kind), now())
    _say_signed(digest, options.kind, person.pseudonym, is_all=is_all)
    return 0


def _say_signed(digest: str, kind: str, by: str, *, is_all: bool) -> None:
    print(f"{digest[:_SHORT]}: signed off for {kind} by {by}")
    print("It has every sign-off it needs." if is_all else "It needs others still.")


def _waive(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person = person_of(options, desk)
        found = {
            finding.found
            for finding in desk.check(now().date())
            if (finding.place.file, finding.rule) == (options.path, options.rule)
        }
        if options.found is not None:
            found &= {options.found}
        if len(found) != 1:
            shown = ", ".join(repr(each) for each in sorted(found)) or "nothing"
            raise WordsError(
                f"{options.rule} finds {shown} in {options.path}; --found names one of them"
            )
        try:
            desk.waive(person, options.path, options.rule, found.pop(), options.reason, now())
        except InvalidValueError as error:
            raise WordsError(str(error)) from error
    print(f"{options.path}: {options.rule} may stand, until any byte of the file changes")
    return 0


def _still_true(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person = person_of(options, desk)
        try:
            renewed = desk.still_true(person, options.paths, options.review_by, now())
        except InvalidValueError as error:
            raise WordsError(str(error)) from error
    for path in renewed:
        print(f"{path}: checked today, again by {options.review_by}")
    return 0


def _link(options: argparse.Namespace) -> int:
    with open_desk(options) as desk:
        person, digest = person_of(options, desk), _digest(desk, options.digest)
        kind = SignOff(options.kind)
        try:
            secret = desk.invite_sign_off(person, digest, kind, options.pseudonym, now())
        except InvalidValueError as error:
            raise WordsError(str(error)) from error
    print(secret)
    print(
        f"For {options.pseudonym}, once, within 14 days: bojagi review sign-off. Give it in "
        "person: whoever has it signs off in their name.",
        file=sys.stderr,
    )
    return 0


def _sign_off(options: argparse.Namespace) -> int:
    from bojagi.services.waiting import linked

    secret, file = options.what, Path(options.what)
    if file.is_file():
        secret = read_file(file, "what 'review link' printed").decode("utf-8", "replace").strip()
    with open_desk(options) as desk:
        link = linked(desk, secret, now())
        out = options.out or Path(f"{link.digest[:_SHORT]}.html")
        write_file(out, desk.preview(link.digest).encode("utf-8"))
        print(f"{out}: read all of it")
        question = f"Do you, {link.pseudonym}, sign off just this text for {link.kind}?"
        if not options.yes and not agrees(question):
            print("Nothing was recorded.")
            return BLOCKED
        is_all = desk.sign_off(secret, now())
    _say_signed(link.digest, link.kind, link.pseudonym, is_all=is_all)
    return 0
