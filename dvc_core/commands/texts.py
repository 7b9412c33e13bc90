"""One gate for every text of every command: what cannot be shown or printed safely is refused by field."""

from collections.abc import Iterator

import msgspec

from dvc_core.domain.kernel import Refusal
from dvc_core.domain.text import TEXT, fault_of

LONGEST = {"content": 20_000, "said": 20_000}
"""Fields that carry what a device sent, as it was sent."""

KEYS = frozenset({"kana_key", "phone_key", "address_key", "house_key"})
"""Keys of the search: the command makes them itself, with a separator that nobody can type."""


def _texts(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            if field not in KEYS:
                yield from _texts(getattr(value, field), field)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key, name)
            yield from _texts(item, name)


def refused_text(command: msgspec.Struct) -> Refusal | None:
    """The first text of a command that cannot be stored, as a refusal with its field."""
    for name, text in _texts(command, ""):
        fault = fault_of(text, limit=LONGEST.get(name, TEXT))
        if fault is not None:
            return Refusal(
                fault.code, {"field": name.replace("_", "-"), "length": fault.length, "limit": fault.limit}
            )
    return None
