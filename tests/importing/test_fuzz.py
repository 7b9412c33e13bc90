"""Whatever the bytes are, the answer is a result with problems in words, and no row is lost."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from dvc_core.i18n import describe
from dvc_core.importing import ImportResult, as_answer, read
from tests.importing.make_samples import SAMPLE_FILES
from tests.importing.sheets import NEED, PERSON, TODAY, book_of, csv_of

SAMPLES = [make() for make in SAMPLE_FILES.values()]
KINDS = st.sampled_from(["volunteers", "needs"])
ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)
PLAUSIBLE = st.sampled_from(
    [
        *(
            "",
            "未定",
            "同上",
            "なし",
            "5~6名",
            "9000000001",
            "S63.4.1",
            "2月30日",
            "○",
            "はい",
            "男・女",
            "１２",
        ),
        *("=1+1", "\u202e", "訓練 太郎", "2026/11/26", "10名以上", "150", "加入済", "赤", "\n", '"', "#REF!"),
    ]
)


def _holds(result: ImportResult) -> None:
    """What must be true of every result."""
    for problem in result.problems:
        shown = describe(problem)
        assert shown["message"]
        assert shown["hint"]
    answer = as_answer(result)
    assert answer["good"] + answer["set_aside"] + len(result.repeated) == answer["rows_read"]
    rows = [row.row for row in (*result.good, *result.set_aside)] + [*result.repeated, *result.skipped]
    assert len(set(rows)) == len(rows)
    failed = {problem.row for problem in result.problems if problem.level == "error"}
    assert {row.row for row in result.set_aside} <= failed
    assert not failed & {row.row for row in result.good}
    if not result.columns:
        assert any(problem.level == "error" for problem in result.problems)


@given(KINDS, st.binary(max_size=400))
def test_random_bytes(kind: str, data: bytes) -> None:
    _holds(read(kind, data, today=TODAY))


@given(
    KINDS,
    st.sampled_from([b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b$B", "氏名,電話\n".encode(), b'"']),
    st.binary(max_size=200),
)
def test_random_bytes_behind_a_true_beginning(kind: str, head: bytes, data: bytes) -> None:
    _holds(read(kind, head + data, today=TODAY))


@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), max_size=20))
def test_bytes_flipped_in_true_files(sample: bytes, flips: list[tuple[int, int]]) -> None:
    data = bytearray(sample)
    for place, value in flips:
        data[place % len(data)] = value
    for kind in ("volunteers", "needs"):
        _holds(read(kind, bytes(data), today=TODAY))


@given(
    st.integers(0, 2**31), st.integers(0, 255), st.sampled_from(["xl/worksheets/sheet1.xml", "xl/styles.xml"])
)
def test_bytes_flipped_inside_a_workbook(place: int, value: int, part: str) -> None:
    """A zip checks its own bytes, so what lies in it is broken before it is packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAMPLES[2])) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = bytearray(source.read(name))
            if name == part:
                content[place % len(content)] = value
            target.writestr(name, bytes(content))
    _holds(read("needs", made.getvalue(), today=TODAY))


@given(st.lists(st.lists(st.one_of(PLAUSIBLE, st.text(max_size=12)), max_size=12), max_size=8))
def test_any_cells_in_a_text_file(rows: list[list[str]]) -> None:
    data = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    _holds(read("volunteers", csv_of([list(PERSON), *data]), today=TODAY))
    _holds(read("needs", csv_of([list(NEED), *data]), today=TODAY))


@given(st.lists(st.lists(st.one_of(PLAUSIBLE, ANYTHING), min_size=8, max_size=10), max_size=5))
def test_any_cells_in_a_workbook(rows: list[list[object]]) -> None:
    clean = [[_storable(cell) for cell in row] for row in rows]
    _holds(read("volunteers", book_of([list(PERSON), *clean]), today=TODAY))
    _holds(read("needs", book_of([list(NEED), *clean]), today=TODAY))


def _storable(cell: object) -> object:
    """A workbook's XML holds no control characters and no lone surrogates; its writer refuses them."""
    if isinstance(cell, str):
        return "".join(mark for mark in cell if mark >= " " and not "\ud800" <= mark <= "\udfff")
    return cell
