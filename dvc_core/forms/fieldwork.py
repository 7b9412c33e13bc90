"""予定電話の一覧 and 現地調査のまわり表: the two lists that the needs desk carries away from the screen."""

from datetime import date, datetime

import msgspec

from dvc_core.domain.calling import CallPurpose
from dvc_core.domain.survey import SurveyAnswer
from dvc_core.forms.sheet import Sheet
from dvc_core.forms.work_order import MapSketch


class CallLine(msgspec.Struct, frozen=True, kw_only=True):
    """One household to telephone, with room for what it says."""

    need: str
    name: str
    phone: str
    reachable: str = ""
    second: str = ""
    about: str = ""
    trouble: str = ""
    tries: int = 0


class CallList(Sheet, tag="call_list", frozen=True, kw_only=True):
    """予定電話の一覧: two people telephone from two sheets; the results are typed in from it."""

    serial: str
    as_of: datetime
    purpose: CallPurpose
    day: date | None = None
    rows: tuple[CallLine, ...]


class RoundLine(msgspec.Struct, frozen=True, kw_only=True):
    """One house of a round. `number` stands on the map; `answer` once it is known."""

    number: str
    need: str
    name: str
    phone: str
    address: str
    when: str
    trouble: str
    caution: str = ""
    answer: SurveyAnswer | None = None


class SurveyRound(Sheet, tag="survey_round", frozen=True, kw_only=True):
    """現地調査のまわり表: the day's houses in walking order with a map and the three answers.

    It names residents, so it is handed out and taken back by its number (practice 4.9: a lost round sheet).
    """

    serial: str
    as_of: datetime
    day: date
    rows: tuple[RoundLine, ...]
    sketch: MapSketch | None = None
