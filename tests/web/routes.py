"""The map of addresses, for tests that are made from it: of an application without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from bojagi.web.api.access import route_rules
from bojagi.web.api.application import create_studio
from bojagi.web.api.workbench import Workbench

if TYPE_CHECKING:
    from bojagi.services.desk import Desk

ANYWHERE: Final = create_studio(Workbench(cast("Desk", None), lambda: datetime.now(UTC)))
"""The application with nothing behind it."""
ROUTES: Final = route_rules(ANYWHERE)
