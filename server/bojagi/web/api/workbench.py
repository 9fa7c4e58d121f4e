"""What the routes work with: the verbs, and the clock; put in when the application is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from flask import Flask, current_app

from bojagi.services.desk import Desk
from bojagi.services.door import Door
from bojagi.services.listing import Listing
from bojagi.services.releases import Releases

_NAME: Final = "bojagi.workbench"


@dataclass(frozen=True)
class Workbench:
    """The verbs of one studio.

    Attributes:
        clock: returns the time, with its zone.
        https: people reach it by https only, so that cookies travel by nothing else.
    """

    desk: Desk
    clock: Callable[[], datetime]
    https: bool = False

    @property
    def door(self) -> Door:
        """The verbs of people."""
        return Door(self.desk.database)

    @property
    def listing(self) -> Listing:
        """The lists."""
        return Listing(self.desk.database, self.desk.blobs)

    @property
    def releases(self) -> Releases:
        """The verbs of releases."""
        return Releases(self.desk)

    def put_into(self, app: Flask) -> None:
        """Let an application's routes work with this."""
        app.extensions[_NAME] = self


def bench_of(app: Flask) -> Workbench:
    """Return what an application works with."""
    return cast("Workbench", app.extensions[_NAME])


def bench() -> Workbench:
    """Return what the application that answers works with."""
    return bench_of(current_app)


def now() -> datetime:
    """Return the time."""
    return bench().clock()
