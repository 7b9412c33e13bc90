"""回答一覧の数: what a person has set, and where nothing is set what the day's numbers say."""

import uuid
from datetime import date

import msgspec

from dvc_core.domain.answers import AnswersNow, answers_id
from dvc_core.domain.attendance import Intake, intake_id
from dvc_core.ports import Reader
from dvc_core.queries.base import query


class AnswerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is said today. `places` None: not limited; `set_by_hand`: a person set the places."""

    now: AnswersNow
    places: int | None
    set_by_hand: bool


@query("answers.facts", role="view")
def facts(reader: Reader, operation_id: uuid.UUID, today: date) -> AnswerFacts:
    """A day that is over is said no more: what was set for it is left out."""
    row_id = answers_id(operation_id)
    row = reader.get(AnswersNow, row_id) or AnswersNow(id=row_id)
    if row.next_day is not None and row.next_day < today:
        row = msgspec.structs.replace(row, next_day=None, places=None)
    intake = reader.get(Intake, intake_id(operation_id, row.next_day or today))
    counted = intake.left if intake is not None else None
    by_hand = row.places is not None
    return AnswerFacts(now=row, places=row.places if by_hand else counted, set_by_hand=by_hand)
