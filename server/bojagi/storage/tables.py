"""All tables together: they are known once their modules are imported, and that is done here."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from bojagi.storage.content import Document
from bojagi.storage.people import Person
from bojagi.storage.schema import Row

METADATA: Final[MetaData] = Row.metadata
MODULES: Final = frozenset({Document.__module__, Person.__module__})
"""Where they stand."""
