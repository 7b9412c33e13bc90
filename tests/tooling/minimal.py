"""The smallest value of a type: what a command or a query needs, and nothing more."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import inspect as types

T = TypeVar("T")

WHEN = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
_SIMPLE: dict[type[types.Type], object] = {
    types.NoneType: None,
    types.AnyType: None,
    types.BoolType: False,
    types.FloatType: 0.0,
    types.BytesType: b"",
    types.DateType: WHEN.date(),
    types.TimeType: time(9),
    types.DateTimeType: WHEN,
    types.UUIDType: uuid.UUID(int=1),
    types.ListType: [],
    types.SetType: [],
    types.FrozenSetType: [],
    types.VarTupleType: [],
    types.DictType: {},
}
_TEXTS = ("a", "0" * 64, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g", "2026-07-28", "09:00")
"""A plain word, a digest, a password's hash, a day, a time: one of them fits every pattern in use."""


def minimal(kind: type[T]) -> T:
    """A value of the type in which everything that may be left out is left out."""
    return msgspec.convert(
        _value(types.type_info(kind)), kind, builtin_types=(date, datetime, time, uuid.UUID)
    )


def _value(kind: types.Type) -> Any:
    value: Any
    match kind:
        case types.Metadata():
            value = _value(kind.type)
        case types.StructType():
            value = {field.encode_name: _value(field.type) for field in kind.fields if field.required}
        case types.UnionType():
            value = None if kind.includes_none else _value(kind.types[0])
        case types.EnumType():
            value = next(iter(kind.cls)).value
        case types.LiteralType():
            value = kind.values[0]
        case types.TupleType():
            value = [_value(item) for item in kind.item_types]
        case types.IntType():
            value = max(1, kind.ge or 1)
        case types.StrType():
            value = _text(kind)
        case _:
            value = _SIMPLE[type(kind)]
    return value


def _text(kind: types.StrType) -> str:
    wanted = msgspec.Meta(pattern=kind.pattern, min_length=kind.min_length, max_length=kind.max_length)
    for text in _TEXTS:
        try:
            return msgspec.convert(text, Annotated[str, wanted])
        except msgspec.ValidationError:
            continue
    raise ValueError(f"no text fits {kind}")
