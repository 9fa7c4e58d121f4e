"""`bojagi serve`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bojagi.cli.options import BLOCKED, data_options, root_options
from bojagi.errors import ServeError
from bojagi.settings import SURFACE, Settings, Surface

if TYPE_CHECKING:
    from bojagi.cli.options import Commands

_PORTS = 65536


def add_to(commands: Commands) -> None:
    """Add the verb to the command line."""
    serve = commands.add_parser(
        "serve",
        parents=[root_options(), data_options()],
        help="check, build, sign and serve every shelf as a demo",
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument(
        "--surface", choices=[*Surface], default=Surface.ALL, help="which surfaces are offered"
    )
    serve.add_argument("--shelf", default="", metavar="CODE", help="serve this shelf alone, at /")
    serve.set_defaults(run=_serve)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; expected 1 to 65535")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    from bojagi.building.tree import read_apart
    from bojagi.web.server import refuse_taken_port, serve
    from bojagi.web.shelves import mount_shelves

    try:
        refuse_taken_port(options.host, options.port)
    except UnicodeError as error:
        raise ServeError(
            f"{options.host!r} is not a host; expected a name or an address"
        ) from error
    # In a process of its own, so that what building needs isn't held while serving.
    command = [sys.executable, "-m", "bojagi.cli", "build"]
    built = subprocess.run(  # noqa: S603 - ourselves
        [*command, "--root", options.root, "--data", options.data], check=False
    )
    if built.returncode not in {0, BLOCKED}:
        return built.returncode
    # What no option says comes from the environment: the studio's database, and https before it.
    settings = replace(
        Settings.from_environment({**os.environ, SURFACE: options.surface}),
        data=options.data,
        shelf=options.shelf,
    )
    host = f"[{options.host}]" if ":" in options.host else options.host
    shelves = mount_shelves(settings)
    ledger = options.data / "ledger"
    demos = [shelf.code for shelf in shelves if not (ledger / shelf.code / "plan.json").exists()]
    if demos:
        print(
            f"\nDemo ({', '.join(demos)}): nobody has approved these packs, and everybody has the "
            "keys that sign them."
        )
    print()
    mounted = {shelf.code for shelf in shelves}
    for shelf in shelves:
        address = f"http://{host}:{options.port}{shelf.prefix}"
        if "" in shelf.routes:
            print(f"  shelf {shelf.code}: pages       {address}")
        if any(route.startswith("library/") for route in shelf.routes):
            print(f"  shelf {shelf.code}: library     {address}library/")
        if any(route.startswith("repository/") for route in shelf.routes):
            print(f"  shelf {shelf.code}: repository  {address}repository/")
    for code in sorted(read_apart(options.data / "shelves").difference(mounted)):
        print(f"  shelf {code}: stands on a host of its own: bojagi serve --shelf {code}")
    if settings.surface.has_studio:
        print(f"  studio: API             http://{host}:{options.port}/api/v1/")
    print("\nCtrl-C ends it.", flush=True)
    serve(settings, options.host, options.port)
    return 0
