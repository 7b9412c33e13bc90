"""The fields of a step, from what is written to what it means; a problem for each that cannot be used."""

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from dvc_core.domain import deadline
from dvc_core.domain.operation import Disaster
from dvc_core.manual.chapter import Written, WrittenStep, marked
from dvc_core.manual.edition import UNCONFIRMED, BusinessFunction, Kind, Phase, Step, Unconfirmed
from dvc_core.manual.findings import Findings
from dvc_core.manual.sections import Sections

SECTION, DEADLINE, REQUIRES, CONDITIONS = "担当班", "期限", "前提", "条件"
FORMS, EVIDENCE, FUNCTION, PHASE = "様式", "完了の証拠", "業務", "段階"
FIELDS = (SECTION, DEADLINE, REQUIRES, CONDITIONS, FORMS, EVIDENCE, FUNCTION, PHASE)
BODY, TITLE = "本文", "題"
_BCP_FIELDS = (FUNCTION, PHASE)
_DISASTERS = {
    "地震": (Disaster.EARTHQUAKE,),
    "水害": (Disaster.FLOOD,),
    "風水害": (Disaster.FLOOD, Disaster.WIND),
    "強風": (Disaster.WIND,),
    "大雪": (Disaster.SNOW,),
}
PHASE_NAMES = {
    "3時間": Phase.H3,
    "24時間": Phase.H24,
    "72時間": Phase.H72,
    "1週間": Phase.W1,
    "1か月": Phase.M1,
}
_KA = re.compile("[ヶヵカケか箇個]")


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the fields of an edition may name."""

    kind: Kind | None
    sections: Sections
    functions: tuple[BusinessFunction, ...]


class ReadStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step, the lines of its fields, and its places marked 未確認."""

    step: Step
    lines: dict[str, int]
    unconfirmed: tuple[Unconfirmed, ...]


def read_step(
    written: WrittenStep, chapter: str, file: str, context: Context, found: Findings
) -> ReadStep | None:
    """The step; None when it has no id to be named by, though its problems are found."""
    fields = _collect(written, context, found)
    if not written.body:
        found.error("manual-body-empty", written.line, title=written.title)
    unconfirmed = tuple(_unconfirmed(written, fields, file))
    # What is still open is not wrong: it has no meaning yet.
    known = {name: field for name, field in fields.items() if UNCONFIRMED not in field.value}
    phase = _phase(known.get(PHASE), found)
    function = _function(known.get(FUNCTION), context, found)
    due = _deadline(known.get(DEADLINE), found)
    conditions = _conditions(known.get(CONDITIONS), found)
    section = _section(known.get(SECTION), context.sections, found)
    requires = _codes(known.get(REQUIRES))
    if written.id is None:
        return None
    step = Step(
        id=written.id,
        title=written.title,
        chapter=chapter,
        section=_value(fields, SECTION),
        section_code=section,
        deadline=due or (phase.deadline if phase else None),
        requires=requires,
        conditions=conditions,
        disasters=tuple(dict.fromkeys(d for name in conditions for d in _DISASTERS.get(name, ()))),
        forms=_list(fields.get(FORMS)),
        evidence=_value(fields, EVIDENCE),
        business_function=_value(fields, FUNCTION),
        function_code=function,
        phase=phase,
        body_markdown="\n".join(written.body),
        unconfirmed=bool(unconfirmed),
        unconfirmed_fields=tuple(dict.fromkeys(place.field for place in unconfirmed)),
        file=file,
        line=written.line,
    )
    return ReadStep(
        step=step,
        lines={name: field.line for name, field in fields.items()},
        unconfirmed=tuple(
            msgspec.structs.replace(place, step_id=step.id, section=step.section) for place in unconfirmed
        ),
    )


def _collect(written: WrittenStep, context: Context, found: Findings) -> dict[str, Written]:
    """The fields by name: each known, each once, none empty, and none missing that a step must have."""
    fields: dict[str, Written] = {}
    for field in written.fields:
        if field.name not in FIELDS:
            found.error("manual-field-unknown", field.line, field=field.name, fields="、".join(FIELDS))
        elif field.name in fields:
            found.error("manual-field-twice", field.line, field=field.name)
        elif not field.value:
            found.error("manual-field-empty", field.line, field=field.name)
        elif field.name in _BCP_FIELDS and context.kind is Kind.CENTER:
            found.error("manual-field-bcp", field.line, field=field.name)
        else:
            fields[field.name] = field
    needed = (SECTION, *_BCP_FIELDS) if context.kind is Kind.BCP else (SECTION,)
    named = {field.name for field in written.fields}
    for name in needed:
        if written.fields and name not in named:
            found.error("manual-field-missing", written.line, field=name, title=written.title)
    return fields


def _unconfirmed(written: WrittenStep, fields: dict[str, Written], file: str) -> Iterator[Unconfirmed]:
    yield from marked((written.title,), written.line, file, TITLE, written.title)
    for name, field in fields.items():
        yield from marked((field.value,), field.line, file, name, written.title)
    yield from marked(written.body, written.body_line, file, BODY, written.title)


def _value(fields: dict[str, Written], name: str) -> str | None:
    field = fields.get(name)
    return None if field is None else field.value


def _list(field: Written | None) -> tuple[str, ...]:
    """The words between commas, each once."""
    words = re.split("[,、，]", field.value) if field else []
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _codes(field: Written | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for word in _list(field) for code in word.split()))


def _section(field: Written | None, sections: Sections, found: Findings) -> str | None:
    # Without a list of 班 nothing can be said about a name; the list's own problem says why.
    if field is None or not sections.items:
        return None
    section = sections.find(field.value)
    if section is None:
        code = "manual-section-many" if len(_list(field)) > 1 else "manual-section-unknown"
        found.error(code, field.line, section=field.value, sections=sections.names())
        return None
    if not section.enabled:
        found.note("manual-section-off", field.line, section=section.name)
    return section.code


def _deadline(field: Written | None, found: Findings) -> deadline.Deadline | None:
    if field is None:
        return None
    read = deadline.parse(field.value)
    if read is None:
        found.error("manual-deadline", field.line, deadline=field.value)
    return read


def _conditions(field: Written | None, found: Findings) -> tuple[str, ...]:
    conditions = _list(field)
    for condition in conditions:
        if field is not None and condition not in _DISASTERS:
            known = "、".join(_DISASTERS)
            found.note("manual-condition-unknown", field.line, condition=condition, known=known)
    return conditions


def _phase(field: Written | None, found: Findings) -> Phase | None:
    if field is None:
        return None
    plain = "".join(unicodedata.normalize("NFKC", field.value).split()).replace("一", "1")
    phase = PHASE_NAMES.get(_KA.sub("か", plain))
    if phase is None:
        found.error("manual-phase", field.line, phase=field.value, phases="、".join(PHASE_NAMES))
    return phase


def _function(field: Written | None, context: Context, found: Findings) -> str | None:
    if field is None:
        return None
    for function in context.functions:
        if field.value in (function.code, function.name):
            return function.code
    names = "、".join(function.name for function in context.functions)
    found.error("manual-function-unknown", field.line, function=field.value, functions=names)
    return None
