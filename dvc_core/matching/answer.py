"""The plan as `match FILE` shows it, and as screens read it."""

from typing import Any

import msgspec

from dvc_core.matching.model import Plan


def answer(plan: Plan) -> dict[str, Any]:
    """The fields of INTERFACES `match FILE`, plain; a team also tells its `band` and if it was `locked`."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plan))
    return told
