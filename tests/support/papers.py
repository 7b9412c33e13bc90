"""Papers and checks for stories: what a surveyor would write down of a place, with as little as it takes."""

import uuid
from datetime import date

from dvc_core.commands.gate import MakeCheck
from dvc_core.commands.sticker import Post
from dvc_core.domain.gate_check import CheckAnswer
from dvc_core.domain.operation import Disaster
from tests.support.center import Center
from tests.support.day import TODAY


def checked(
    center: Center,
    need_id: uuid.UUID,
    disaster: Disaster = Disaster.EARTHQUAKE,
    *,
    on: date = TODAY,
    **found: CheckAnswer,
) -> MakeCheck:
    """A whole check of a place: all is safe but what is `found` (`tilt=CheckAnswer.DANGER`)."""
    items = [item.code for item in center.services.reference.checks if disaster in item.disasters]
    answers = {code: found.get(code.removeprefix("check."), CheckAnswer.SAFE) for code in items}
    return MakeCheck(need_id=need_id, answers=answers, surveyor="見本 建築士", checked_on=on)


def paper(need_id: uuid.UUID, colour: str, kind: str = "building", **more: object) -> Post:
    """A paper at the place of a need, seen by the surveyor."""
    facts = {"source": "seen-by-surveyor", **more}
    return Post(need_id=need_id, paper=kind, colour=colour, **facts)  # type: ignore[arg-type]
