"""Reading in a process of its own: the same answer, and an end at every deadline."""

import threading

from dvc_core.importing import read, read_apart
from tests.importing.make_samples import SAMPLES
from tests.importing.sheets import NEED, TODAY, codes, csv_of
from tests.importing.test_needs import _locate


def test_another_process_says_the_same() -> None:
    for kind, name in (("volunteers", "volunteers_form_utf8.csv"), ("needs", "needs_phone.xlsx")):
        path = SAMPLES / name
        here = read(kind, path, today=TODAY, locate=_locate)
        assert read_apart(kind, path, today=TODAY, locate=_locate) == here


def test_a_list_longer_than_a_pipe_holds() -> None:
    people = [[*list(NEED.values())[:3], f"{number} の困りごと" + "あ" * 300] for number in range(600)]
    data = csv_of([list(NEED)[:4], *people])

    assert len(data) > 500_000
    assert len(read_apart("needs", data, today=TODAY, file="表.csv").good) == 600


def test_what_takes_too_long_is_ended() -> None:
    result = read_apart("needs", SAMPLES / "needs_phone.xlsx", today=TODAY, time_limit=0)

    assert (codes(result), result.good, result.problems[0].file) == (
        ["import-too-long"],
        (),
        "needs_phone.xlsx",
    )


def test_a_person_may_stop_it() -> None:
    stopped = threading.Event()
    stopped.set()

    assert codes(read_apart("needs", csv_of([list(NEED)]), today=TODAY, cancel=stopped)) == ["import-failed"]


def test_a_missing_file_needs_no_process() -> None:
    assert codes(read_apart("needs", SAMPLES / "ない.csv", today=TODAY)) == ["file-missing"]
