"""`bojagi people`: who works here, under a pseudonym; invitations, roles, tokens."""

from __future__ import annotations

import argparse
import json
from io import StringIO
from typing import TYPE_CHECKING

from bojagi.cli.acting import ask_secret, open_desk, person_of, person_options
from bojagi.cli.options import WordsError, data_options, now
from bojagi.errors import InvalidValueError

if TYPE_CHECKING:
    from bojagi.cli.options import Commands
    from bojagi.services.listing import ListedPerson

_ROLES = ("author", "translator", "safety_reviewer", "publisher", "admin")
_SCOPES = ("read", "write", "review", "release", "people")


def add_to(commands: Commands) -> None:
    """Add the verbs to the command line."""
    people = commands.add_parser("people", help="who works here, under a pseudonym")
    verbs = people.add_subparsers(required=True, metavar="verb")
    studio, acting = [data_options()], [data_options(), person_options()]

    add = verbs.add_parser(
        "add",
        parents=acting,
        help="add a person and print their invitation; the first one needs no --as",
    )
    add.add_argument("name", metavar="NAME", help="a pseudonym, in any script")
    _add_roles(add)
    add.set_defaults(run=_add)

    listing = verbs.add_parser("list", parents=acting, help="list everybody, their roles and state")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)

    roles = verbs.add_parser("roles", parents=acting, help="give a person other roles")
    roles.add_argument("name", metavar="NAME")
    _add_roles(roles)
    roles.set_defaults(run=_change_roles)

    disable = verbs.add_parser("disable", parents=acting, help="let a person in no more")
    disable.add_argument("name", metavar="NAME")
    disable.set_defaults(run=_disable)

    reset = verbs.add_parser(
        "reset",
        parents=acting,
        help="end a person's password and sessions, and print a new invitation",
    )
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(run=_reset)

    accept = verbs.add_parser(
        "accept", parents=studio, help="take an invitation and choose a password"
    )
    accept.set_defaults(run=_accept)

    token = verbs.add_parser(
        "token", parents=acting, help="make a token by which a program acts as --as NAME"
    )
    token.add_argument("name", metavar="NAME", help="what it is for; names the token")
    what = token.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--scope", action="append", choices=_SCOPES, help="what it opens; may be given again"
    )
    what.add_argument("--revoke", action="store_true", help="end the token of this name")
    token.set_defaults(run=_token)


def _add_roles(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--role",
        action="append",
        required=True,
        choices=_ROLES,
        dest="roles",
        help="may be given again: one person may hold several",
    )


def _add(options: argparse.Namespace) -> int:
    from bojagi.services.door import Door
    from bojagi.services.upkeep import add_first, is_empty
    from bojagi.storage.people import Role

    roles = [Role(role) for role in options.roles]
    with open_desk(options) as desk:
        try:
            if is_empty(desk.database):
                person, secret = add_first(desk.database, options.name, roles, now())
            else:
                admin = person_of(options, desk)
                person, secret = Door(desk.database).add(admin, options.name, roles, now())
        except InvalidValueError as error:
            raise WordsError(str(error)) from error
    print(f"{person.pseudonym}: {', '.join(sorted(person.role_names))}")
    _say_invitation(secret)
    return 0


def _say_invitation(secret: str) -> None:
    print(f"invitation: {secret}")
    print("Give it in person. It holds for 7 days, once: bojagi people accept")


def _list(options: argparse.Namespace) -> int:
    from bojagi.services.listing import LARGEST, ListedPerson, Listing, Page
    from bojagi.services.permissions import require

    with open_desk(options) as desk:
        require(person_of(options, desk), "people")
        listed = Listing(desk.database, desk.blobs).people(Page(0, LARGEST)).items
    rows = [
        {"pseudonym": each.pseudonym, "roles": list(each.roles), "state": _state(each)}
        for each in listed
        if isinstance(each, ListedPerson)
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        print(f"{row['state']:8}  {row['pseudonym']}: {', '.join(row['roles'])}")
    return 0


def _state(person: ListedPerson) -> str:
    if person.disabled:
        return "disabled"
    return "active" if person.signs_in else "invited"


def _change_roles(options: argparse.Namespace) -> int:
    from bojagi.services.door import Door
    from bojagi.storage.people import Role

    roles = [Role(role) for role in options.roles]
    with open_desk(options) as desk:
        admin = person_of(options, desk)
        person = Door(desk.database).change_roles(admin, options.name, roles, now())
    print(f"{person.pseudonym}: {', '.join(sorted(person.role_names))}")
    return 0


def _disable(options: argparse.Namespace) -> int:
    from bojagi.services.door import Door

    with open_desk(options) as desk:
        Door(desk.database).disable(person_of(options, desk), options.name, now())
    print(f"{options.name}: let in no more. What they wrote and approved stays.")
    return 0


def _reset(options: argparse.Namespace) -> int:
    from bojagi.services.door import Door
    from bojagi.services.upkeep import reset_only_admin

    with open_desk(options) as desk:
        admin = person_of(options, desk)
        if admin.pseudonym == options.name:
            secret = reset_only_admin(desk.database, options.name, now())
        else:
            secret = Door(desk.database).invite(admin, options.name, now())
    print(f"{options.name}: password, one-time code and sessions have ended")
    _say_invitation(secret)
    return 0


def _accept(options: argparse.Namespace) -> int:
    import pyotp
    import segno

    from bojagi.services.accounts import PASSWORD_CHARACTERS
    from bojagi.services.door import Door

    secret = ask_secret("the invitation")
    password = ask_secret(f"a password of {PASSWORD_CHARACTERS} characters or more")
    if ask_secret("the password once more") != password:
        raise WordsError("the two passwords differ; nothing was changed")
    with open_desk(options) as desk:
        accepted = Door(desk.database).accept(secret, password, now())
    # Without an issuer: the name of a publisher on a phone tells what its owner does.
    address = pyotp.TOTP(accepted.secret).provisioning_uri(name=accepted.person.pseudonym)
    code = StringIO()
    segno.make(address, error="m", micro=False).terminal(code, compact=True)
    print(f"{accepted.person.pseudonym}: the password is set")
    print("For the program of one-time codes on your phone:")
    print(f"\n{code.getvalue()}\n{address}\n")
    print("Recovery codes, each for one sign-in without the phone. They are shown this once;")
    print("keep them on paper, apart from the phone:")
    for each in accepted.recovery_codes:
        print(f"  {each}")
    return 0


def _token(options: argparse.Namespace) -> int:
    from bojagi.services.door import Door
    from bojagi.services.permissions import require

    with open_desk(options) as desk:
        person = person_of(options, desk)
        require(person, "read")
        if options.revoke:
            Door(desk.database).revoke_token(person, options.name, now())
            print(f"{options.name}: ended")
            return 0
        secret = Door(desk.database).make_token(person, options.name, options.scope, now())
    print(f"{options.name} acts as {person.pseudonym}: {', '.join(sorted(set(options.scope)))}")
    print(f"token: {secret}")
    print("It is shown this once, and holds for a year.")
    return 0
