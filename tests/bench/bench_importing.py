"""Reading a list of 5,000 people: what an evening's export of a form tool costs."""

import csv
import io
from datetime import date

from openpyxl import Workbook

from dvc_core.importing import read
from tests.bench.table import Row
from tests.bench.timing import measured
from tests.importing.make_samples import FORM_HEADINGS, FORM_ROWS

PEOPLE = 5_000
TODAY = date(2026, 11, 24)


def _rows() -> list[list[str]]:
    rows = [list(FORM_HEADINGS)]
    for number in range(PEOPLE):
        row = list(FORM_ROWS[number % 3])
        row[7] = f"090-{number // 10_000:04}-{number % 10_000:04}"
        rows.append(row)
    return rows


def run() -> list[Row]:
    """The same list as CSV and as a workbook, beside the bare parsing of the CSV."""
    rows = _rows()
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    data = text.getvalue().encode("utf-8-sig")
    book = Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    acts = {
        "bare": lambda: list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))),
        "csv": lambda: read("volunteers", data, today=TODAY),
        "xlsx": lambda: read("volunteers", made.getvalue(), today=TODAY),
    }
    timings = measured(acts, n=3, warm_up=1)
    bare = timings["bare"].median
    facts = f"{PEOPLE} 行 × {len(FORM_HEADINGS)} 列"
    names = {"csv": f"名簿の読み取り（CSV、{len(data):,} バイト）", "xlsx": "名簿の読み取り（.xlsx）"}
    return [
        Row(
            words,
            timings[name].n,
            timings[name].median,
            timings[name].p95,
            baseline="csv.reader だけ",
            ratio=timings[name].median / bare,
            facts=facts,
        )
        for name, words in names.items()
    ]
