"""Where quick inspection never came: towns that asked for none stay ungraded for ever (field2026 2.5)."""

import hashlib
import unicodedata
import uuid
from datetime import datetime
from typing import ClassVar

from dvc_core.domain.kernel import Code, Event, Row, Stamp, derive


class GradedArea(Row, frozen=True, kw_only=True):
    """A town, or a whole city (`town_code` None), as the chief has set it."""

    table: ClassVar[str] = "graded_area"
    operation_id: uuid.UUID
    city_code: Code
    town_code: Code | None = None
    ungraded: bool
    set_at: datetime
    set_by: str


class AreaSet(Event, frozen=True, kw_only=True):
    """The chief said that a town or city was not graded, or that it was after all."""

    kind: ClassVar[str] = "graded_area.set"
    subject: ClassVar[type[Row]] = GradedArea
    city_code: Code
    town_code: Code | None = None
    ungraded: bool

    def evolve(self, row: GradedArea | None, stamp: Stamp) -> GradedArea:
        """So it stands from now on."""
        return GradedArea(
            id=self.id,
            operation_id=stamp.operation_id,
            city_code=self.city_code,
            town_code=self.town_code,
            ungraded=self.ungraded,
            set_at=stamp.occurred_at,
            set_by=stamp.actor_id,
        )


def area_id(operation_id: uuid.UUID, city_code: str, town_code: str | None = None) -> uuid.UUID:
    """One row an operation and town, or city."""
    return derive(operation_id, "graded-area", city_code, town_code or "")


def town_code(city_code: str | None, town: str) -> Code | None:
    """The code of a 町丁目: its city's and a digest of its name, since the map's towns have no number."""
    name = "".join(unicodedata.normalize("NFKC", town).split())
    if not city_code or not name:
        return None
    return f"{city_code}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def is_ungraded(town: GradedArea | None, city: GradedArea | None) -> bool:
    """What was said of the town goes before what was said of its city."""
    said = town or city
    return said is not None and said.ungraded
