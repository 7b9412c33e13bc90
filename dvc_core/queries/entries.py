"""A journal entry's columns read back as its event."""

import uuid

import msgspec

from dvc_core.domain.kernel import Event, event_class


def event_of(kind: str, subject_id: uuid.UUID, schema: int, body: str) -> Event:
    """The event in its present shape: old bodies are lifted."""
    cls = event_class(kind)
    content = msgspec.json.decode(body)
    lifted = content if schema == cls.schema else cls.lift(content, schema)
    return msgspec.convert({**lifted, "id": str(subject_id)}, cls, strict=False)
