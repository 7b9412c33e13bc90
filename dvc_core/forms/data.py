"""All forms by their kind. The structs stand by meaning in the modules beside this one."""

from dvc_core.forms.continuity import (
    AttendanceLine,
    AttendanceRoster,
    BusinessRow,
    BusinessSheet,
    OutRoster,
    OutTeam,
    VisitLine,
    VisitRoster,
)
from dvc_core.forms.fieldwork import CallLine, CallList, RoundLine, SurveyRound
from dvc_core.forms.needs import NeedEntry, NeedForm, Sticker, SurveyEntry, SurveyForm
from dvc_core.forms.reception import (
    Card,
    DeviceSteps,
    TabletSign,
    TrustSheet,
    VolunteerCards,
    VolunteerEntry,
    VolunteerForm,
)
from dvc_core.forms.records import (
    AnswerLine,
    AnswerSheet,
    AsOfLine,
    AsOfSheet,
    Chronology,
    ChronologyRow,
    StatusGroup,
    StatusItem,
    StatusSheet,
)
from dvc_core.forms.sheet import Member, Modules, Sheet, Tool
from dvc_core.forms.work_order import (
    MapLine,
    MapMark,
    MapSketch,
    MapSpot,
    Report,
    ReportCopy,
    ReportForm,
    WorkOrder,
)

__all__ = [
    "FORMS",
    "AnswerLine",
    "AnswerSheet",
    "AsOfLine",
    "AsOfSheet",
    "AttendanceLine",
    "AttendanceRoster",
    "BusinessRow",
    "BusinessSheet",
    "CallLine",
    "CallList",
    "Card",
    "Chronology",
    "ChronologyRow",
    "DeviceSteps",
    "Form",
    "MapLine",
    "MapMark",
    "MapSketch",
    "MapSpot",
    "Member",
    "Modules",
    "NeedEntry",
    "NeedForm",
    "OutRoster",
    "OutTeam",
    "Report",
    "ReportCopy",
    "ReportForm",
    "RoundLine",
    "Sheet",
    "StatusGroup",
    "StatusItem",
    "StatusSheet",
    "Sticker",
    "SurveyEntry",
    "SurveyForm",
    "SurveyRound",
    "TabletSign",
    "Tool",
    "TrustSheet",
    "VisitLine",
    "VisitRoster",
    "VolunteerCards",
    "VolunteerEntry",
    "VolunteerForm",
    "WorkOrder",
    "kind_of",
]

Form = (
    VolunteerCards
    | WorkOrder
    | ReportForm
    | Chronology
    | StatusSheet
    | TabletSign
    | TrustSheet
    | VolunteerForm
    | NeedForm
    | SurveyForm
    | BusinessSheet
    | OutRoster
    | AttendanceRoster
    | VisitRoster
    | AnswerSheet
    | AsOfSheet
    | CallList
    | SurveyRound
)


def kind_of(form: type[Form] | Form) -> str:
    """The name by which a form is asked for: `work_order`, `volunteer_cards`, ..."""
    cls = form if isinstance(form, type) else type(form)
    return str(cls.__struct_config__.tag)


FORMS: dict[str, type[Form]] = {kind_of(cls): cls for cls in Form.__args__}
"""Every form's struct by its kind."""
