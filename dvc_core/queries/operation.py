"""The operation that runs now."""

from dvc_core.domain.operation import Operation, current
from dvc_core.ports import Reader
from dvc_core.queries.base import query


@query("operations.current", role="view")
def running(reader: Reader) -> Operation | None:
    """The operation that entries belong to when none is named; None in peacetime."""
    return current(reader.find(Operation, closed_at=None))
