"""`bojagi release`, `sign`, `publish`, `withdraw`: from approved editions to what is served."""

from __future__ import annotations

import argparse
import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bojagi.cli.acting import standing
from bojagi.cli.options import (
    BLOCKED,
    WordsError,
    data_options,
    key_options,
    keyring,
    locale_options,
    now,
    passphrase,
    read_file,
    shelf_of,
    words_of,
    write_file,
)
from bojagi.errors import InvalidValueError, KeyFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from securesystemslib.signer import CryptoSigner

    from bojagi.cli.options import Commands
    from bojagi.domain.approval import ApprovalsOf
    from bojagi.services.studio import Studio


_EDITION = re.compile(r"[0-9]{1,12}|[0-9a-f]{64}")


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    shared = [data_options(), key_options()]

    release = commands.add_parser("release", help="what is to be signed, and what it makes")
    verbs = release.add_subparsers(required=True, metavar="verb")
    prepare = verbs.add_parser(
        "prepare", parents=shared, help="write down what people have to sign for the next release"
    )
    prepare.add_argument("shelf", metavar="SHELF")
    prepare.add_argument("--out", type=Path, metavar="FILE", help="default SHELF-request.json")
    prepare.set_defaults(run=_prepare)

    finish = verbs.add_parser("finish", parents=shared, help="take the signatures that came back")
    finish.add_argument("shelf", metavar="SHELF")
    finish.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what 'sign' wrote")
    finish.set_defaults(run=_finish)

    status = verbs.add_parser(
        "status", parents=shared, help="say when each role ends; 1 when something ends soon"
    )
    status.add_argument("shelves", nargs="*", metavar="SHELF")
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=_status)

    refresh = verbs.add_parser(
        "refresh", parents=shared, help="sign that nothing newer exists today; for a timer"
    )
    refresh.add_argument("shelves", nargs="*", metavar="SHELF")
    refresh.set_defaults(run=_refresh)

    sign = commands.add_parser(
        "sign",
        parents=[key_options(), locale_options()],
        help="say in plain words what a request changes, and sign it",
    )
    sign.add_argument("request", type=Path, metavar="REQUEST")
    sign.add_argument("--key", required=True, metavar="NAME")
    sign.add_argument("--out", type=Path, metavar="FILE", help="default REQUEST-NAME.json")
    sign.add_argument("--yes", action="store_true", help="sign without asking once more")
    sign.set_defaults(run=_sign)

    publish = commands.add_parser("publish", parents=shared, help="serve what is signed of a shelf")
    publish.add_argument("shelf", metavar="SHELF")
    publish.set_defaults(run=_publish)

    withdraw = commands.add_parser(
        "withdraw", parents=shared, help="call an edition back, at once and for ever"
    )
    withdraw.add_argument(
        "edition",
        metavar="EDITION",
        help="shelf and number, as its address has it: a3/101; or shelf and SHA-256",
    )
    withdraw.add_argument(
        "--all-locales", action="store_true", help="every translation of the same pack, too"
    )
    withdraw.add_argument(
        "--reason", required=True, metavar="CODE", help="mistake, danger, outdated or forged"
    )
    withdraw.add_argument(
        "--key", metavar="NAME", help="a safety reviewer's, or the path of its file"
    )
    withdraw.set_defaults(run=_withdraw)


@contextmanager
def _studio(options: argparse.Namespace) -> Iterator[Studio]:
    """Hold the data folder while one verb runs on it, with what stands in the studio."""
    from bojagi.services.demo_desk import is_demo
    from bojagi.services.studio import Studio

    ring = keyring(options)
    asked: dict[str, str] = {}

    def ask(what: str) -> str:
        if what not in asked:
            asked[what] = passphrase(options, what)
        return asked[what]

    with standing(options) as (desk, library), desk.data.locked():
        approvals: ApprovalsOf = (lambda _: ()) if is_demo(desk) else desk.counting_approvals
        yield Studio(library, desk.data, ring, ask, now(), approvals, desk.waived())


def _prepare(options: argparse.Namespace) -> int:
    with _studio(options) as studio:
        for problem in studio.library.problems:
            print(problem, file=sys.stderr)
        shelf = shelf_of(studio.library, options.shelf)
        request = studio.prepare(shelf, report=lambda line: print(f"  {line}"))
        if not request.roles:
            print(f"shelf {shelf.code}: nothing to sign")
            return 0
        out = options.out or Path(f"{shelf.code}-request.json")
        write_file(out, request.to_bytes())
    print(f"{out}: {len(request.roles)} roles to sign, {len(request.contents)} editions inside")
    print(f"Take it to each who signs: bojagi sign {out.name} --key NAME")
    return 0


def _sign(options: argparse.Namespace) -> int:
    from bojagi.services.describing import ASK, NOTHING, SIGNS, describe
    from bojagi.trust.signing import Request, sign

    request = Request.from_bytes(read_file(options.request, "a request"))
    ring = keyring(options)
    shelf_key = None
    if ring.has_shelf_key(request.shelf):
        what = f"the key of shelf {request.shelf}"
        shelf_key = ring.shelf_key(request.shelf, passphrase(options, what))
    words = words_of(options.locale)
    for line in describe(request, words, shelf_key):
        print(line)
    roles = request.roles_of(ring.public(options.key).keyid)
    if not roles:
        raise KeyFileError(f"the key {options.key!r} has no say in anything of this request")
    print(words(SIGNS, key=options.key, roles=", ".join(roles)))
    if not options.yes and not _agrees(words(ASK, shelf=request.shelf)):
        print(words(NOTHING))
        return BLOCKED
    signer = ring.signer(options.key, passphrase(options, options.key))
    out = options.out or options.request.with_name(f"{options.request.stem}-{options.key}.json")
    write_file(out, sign(request, signer))
    print(f"{out}: take it back to who prepared the request")
    return 0


def _agrees(question: str) -> bool:
    if not sys.stdin.isatty():
        raise WordsError("no terminal to ask whether to sign; --yes signs without asking")
    return input(question).strip().lower() == "yes"


def _finish(options: argparse.Namespace) -> int:
    from bojagi.trust.signing import is_request

    files = [read_file(path, "signatures") for path in options.files]
    files = [raw for raw in files if not is_request(raw)]  # a star on the command line takes it in
    with _studio(options) as studio:
        shelf = shelf_of(studio.library, options.shelf)
        roles = studio.finish(shelf, files)
    print(f"shelf {shelf.code}: {', '.join(roles)} signed")
    print(f"To serve it: bojagi publish {shelf.code}")
    return 0


def _publish(options: argparse.Namespace) -> int:
    with _studio(options) as studio:
        shelf = shelf_of(studio.library, options.shelf)
        name = studio.publish(shelf)
        _say_where(studio, shelf.code, name)
    return 0


def _say_where(studio: Studio, code: str, name: str) -> None:
    print(f"shelf {code}: {studio.data.shelves / code / name / 'public'}")
    print("It is served on this host; copy it to the shelf's own host, if it has one.")


def _refresh(options: argparse.Namespace) -> int:
    with _studio(options) as studio:
        for code in options.shelves or studio.signed_shelves():
            shelf = shelf_of(studio.library, code)
            print(f"shelf {shelf.code}: {studio.publish(shelf, refresh=True)}")
    return 0


def _withdraw(options: argparse.Namespace) -> int:
    from bojagi.domain.withdrawal import WithdrawalReason

    code, slash, which = options.edition.partition("/")
    if not slash or not _EDITION.fullmatch(which):
        raise WordsError(f"{options.edition!r} is no edition; expected shelf and number: a3/101")
    try:
        reason = WithdrawalReason.from_name(options.reason)
    except InvalidValueError as error:
        raise WordsError(str(error)) from error
    with _studio(options) as studio:
        shelf = shelf_of(studio.library, code)
        signer = _reviewer(options, studio) if studio.has_plan(shelf) else None
        done = studio.withdraw(shelf, which, reason, signer, all_locales=options.all_locales)
    for name in done.withdrawn:
        print(f"{shelf.code}/{name}: called back ({reason.name.lower()})")
    for name in done.standing:
        print(f"STILL SERVED, the same pack in another language: {shelf.code}/{name}; it too?")
    print("It is served on this host; copy the tree to the shelf's own host, if it has one.")
    print("Say to people who saw it what its companion says; 'bojagi verify' shows it too.")
    return 0


def _reviewer(options: argparse.Namespace, studio: Studio) -> CryptoSigner:
    from bojagi.services.keyring import Keyring

    if not options.key:
        raise WordsError("--key names the safety reviewer's key that signs this")
    path = Path(options.key)
    ring = studio.keyring
    if path.suffix == ".key" or len(path.parts) > 1:
        ring = Keyring.open(path.parent, studio.data.shelves)
    return ring.signer(path.stem, passphrase(options, path.stem))


def _status(options: argparse.Namespace) -> int:
    from bojagi.services.studio import role_ends

    with _studio(options) as studio:
        codes = options.shelves or studio.signed_shelves()
        shelves = [shelf_of(studio.library, code) for code in codes]
        ends = [each for shelf in shelves for each in role_ends(studio.ledger(shelf), studio.now)]
    soon = [each for each in ends if each.ends_soon]
    if options.json:
        print(json.dumps([each.as_json() for each in ends], indent=1))
    else:
        for each in ends:
            mark = "ENDED" if each.days < 0 else "SOON" if each.ends_soon else ""
            line = f"{each.shelf}  {each.role:10} {each.version:>4}  {each.ends}  {each.days:>4} d"
            print(f"{line}  {mark}".rstrip())
        if soon:
            print(f"{len(soon)} end within 30 days: bojagi release prepare, or release refresh")
    return BLOCKED if soon else 0
