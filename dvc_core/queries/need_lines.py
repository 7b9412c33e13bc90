"""A need with whose it is: the line of every list of the needs desk."""

import uuid
from collections.abc import Collection

import msgspec

from dvc_core.domain.need import Need, Site
from dvc_core.ports import Reader


class NeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One need in the list of the needs desk."""

    need: Need
    site: Site


def lines_of(reader: Reader, ids: Collection[uuid.UUID]) -> tuple[NeedLine, ...]:
    """The needs of these ids, in their order; who is not there is left out."""
    needs, sites = reader.many(Need, ids), reader.many(Site, ids)
    return tuple(NeedLine(need=needs[i], site=sites[i]) for i in ids if i in needs and i in sites)
