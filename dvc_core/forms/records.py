"""Sheets of record: the chronology with the journal's head, the council's state for FAX, the answer sheet."""

from datetime import datetime

import msgspec

from dvc_core.forms.sheet import Sheet, Source


class ChronologyRow(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry in words. `corrects` and `corrected_by` are the numbers of the linked entries."""

    seq: int
    occurred_at: datetime
    recorded_at: datetime
    section: str
    source: Source
    words: str
    number: str | None = None
    corrects: int | None = None
    corrected_by: int | None = None


class Chronology(Sheet, tag="chronology", frozen=True, kw_only=True):
    """クロノロジー: entries in words, the filter named in the head, the journal's head on every page.

    `filters` are the words of what was chosen (班, 期間, 種類), empty for all entries; `entries` counts the
    whole journal, so a filtered print is never taken for a full one. `head_hash` is whole on the last page.
    """

    serial: str
    operation: str
    filters: tuple[str, ...]
    entries: int
    head_seq: int
    head_hash: str
    rows: tuple[ChronologyRow, ...]


class StatusItem(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the state: aggregates and public facts only, never a person."""

    label: str
    value: str
    note: str = ""


class StatusGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Items that belong together: 募集, ニーズ, 人数, 不足 (practice 8.2)."""

    title: str
    items: tuple[StatusItem, ...]


class StatusSheet(Sheet, tag="status_sheet", frozen=True, kw_only=True):
    """The council's own state for FAX: big black letters, no grey, legible at 200 dpi in two tones."""

    serial: str
    number: int
    as_of: datetime
    read_by: str
    groups: tuple[StatusGroup, ...]
    contact: str = ""
    send_to: str = ""


class AnswerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One question and what is answered; `unconfirmed`: the council has not decided it yet."""

    question: str
    answer: str
    unconfirmed: bool = False


class AnswerSheet(Sheet, tag="answer_sheet", frozen=True, kw_only=True):
    """回答一覧: one page beside every telephone (practice 4.9), with the moment at which it was true."""

    serial: str
    lines: tuple[AnswerLine, ...]


class AsOfLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person by number, or one kind of heads: what was known at the moment, and what was."""

    number: str
    known: str
    was: str


class AsOfSheet(Sheet, tag="as_of", frozen=True, kw_only=True):
    """ふりかえり: one moment both ways, with the head of the journal that it was read from.

    `sums` are the heads: what is counted, as known, as it was.
    """

    serial: str
    at: datetime
    sums: tuple[AsOfLine, ...]
    corrected: int
    late: int
    head_seq: int
    head_hash: str
    lines: tuple[AsOfLine, ...] = ()
