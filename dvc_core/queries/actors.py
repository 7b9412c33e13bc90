"""Who did it, as people read it: a person's name, a tablet's number, a word for what is nobody."""

import uuid
from collections.abc import Iterable

from dvc_core.domain.account import Operator
from dvc_core.domain.kiosk import Kiosk
from dvc_core.i18n import text
from dvc_core.ports import Reader

NOBODY = ("cli", "setup", "rule", "public")


def called(reader: Reader, actors: Iterable[str]) -> dict[str, str]:
    """The words for an entry's `actor_id`; one that is not known any more stands as it is."""
    words = {actor: text(f"value.source.{actor}") if actor in NOBODY else actor for actor in actors}
    ids = {found for actor in words if (found := _id(actor)) is not None}
    kiosks = reader.many(Kiosk, ids)
    return {
        **words,
        **{str(i): text("value.station.kiosk", number=row.number) for i, row in kiosks.items()},
        **{str(i): row.name for i, row in reader.many(Operator, ids).items()},
    }


def _id(actor: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(actor)
    except ValueError:
        return None
