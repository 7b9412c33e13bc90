"""Rows of lists that were taken over (事前登録, 民生委員の聞き取り): the same list twice adds nothing."""

import uuid
from typing import ClassVar

from dvc_core.domain.kernel import Code, Event, Row, Stamp


class ListedRow(Row, frozen=True, kw_only=True):
    """One row of a list and what it became; `content` is a keyed digest that tells a changed row."""

    table: ClassVar[str] = "listed_row"
    operation_id: uuid.UUID
    of: Code
    subject_id: uuid.UUID
    content: Code


class RowTaken(Event, frozen=True, kw_only=True):
    """A row of a list was taken over, anew or changed."""

    kind: ClassVar[str] = "list.row_taken"
    subject: ClassVar[type[Row]] = ListedRow
    of: Code
    subject_id: uuid.UUID
    content: Code

    def evolve(self, row: ListedRow | None, stamp: Stamp) -> ListedRow:
        """The row as it was read last."""
        return ListedRow(
            id=self.id,
            operation_id=stamp.operation_id,
            of=self.of,
            subject_id=self.subject_id,
            content=self.content,
        )
