"""Printing in a process of its own: the same bytes, stopped when asked, a problem in words when it cannot."""

import subprocess
import sys
import threading
import time

import msgspec
import pytest

from dvc_core.domain.problem import Problem
from dvc_core.forms import (
    FORMS,
    PrintCancelled,
    PrintError,
    apart,
    render,
    render_here,
    render_pack,
    render_pack_here,
    typesetting,
)
from dvc_core.forms.data import Form
from tests.forms import pdf, samples

PYTHON = (sys.executable, "-m", "dvc_core.forms")


def test_another_process_makes_the_same_bytes() -> None:
    assert render("work_order", samples.WORK_ORDER) == render_here("work_order", samples.WORK_ORDER)


def test_a_pack_numbers_each_form_by_itself() -> None:
    made = render_pack([samples.OUT, samples.WORK_ORDER, samples.BLANK[1], samples.OUT])
    assert made == render_pack_here([samples.OUT, samples.WORK_ORDER, samples.BLANK[1], samples.OUT])
    numbers = [page.partition("ページ")[0].rsplit(maxsplit=1)[-1] for page in pdf.pages(made)]
    assert numbers == ["1／1", "1／2", "2／2", "1／2", "2／2", "1／1"]


@pytest.mark.parametrize("form", samples.FILLED, ids=FORMS)
def test_forms_survive_the_way_to_the_other_process(form: Form) -> None:
    sent = msgspec.json.encode(msgspec.to_builtins([form]))
    assert msgspec.json.decode(sent, type=list[Form]) == [form]


def test_the_wrong_data_for_a_kind_is_a_mistake_of_the_caller() -> None:
    for act in (render, render_here):
        with pytest.raises(TypeError, match="chronology"):
            act("chronology", samples.WORK_ORDER)
        with pytest.raises(TypeError, match="letter"):
            act("letter", samples.WORK_ORDER)


def test_a_naive_time_is_a_mistake_of_the_caller() -> None:
    naive = msgspec.structs.replace(samples.WORK_ORDER, printed_at=samples.MORNING.replace(tzinfo=None))
    with pytest.raises(ValueError, match="aware"):
        render_here("work_order", naive)


def test_cancelled_printing_ends_at_once_and_leaves_no_process(monkeypatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def remembered(*arguments: object, **named: object) -> subprocess.Popen[bytes]:
        started.append(real(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", remembered)
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(PrintCancelled, match="印刷をやめました"):
        render("chronology", samples.chronology(6000), cancel=cancel)
    timer.join()
    assert time.monotonic() - begun < 3
    assert started[0].returncode is not None


def test_the_time_limit_ends_the_process() -> None:
    with pytest.raises(PrintError) as failed:
        render("chronology", samples.chronology(6000), time_limit=0.3)
    assert failed.value.problem.code == "print-too-long"


def test_a_problem_comes_back_from_the_other_process() -> None:
    broken = msgspec.structs.replace(
        samples.cards(1), cards=(msgspec.structs.replace(samples.cards(1).cards[0], modules=("01",)),)
    )
    with pytest.raises(PrintError) as failed:
        render("volunteer_cards", broken)
    assert failed.value.problem == Problem(code="print-code-broken")
    with pytest.raises(PrintError) as failed:
        render_pack([])
    assert failed.value.problem == Problem(code="print-nothing")


@pytest.mark.parametrize(
    "sent", [b"", b"{", b"[]x", b'[{"kind":"letter"}]', b'[{"kind":"work_order","serial":1}]']
)
def test_data_that_are_no_forms_are_named(sent: bytes) -> None:
    done = subprocess.run(PYTHON, input=sent, capture_output=True, timeout=60, cwd=apart.ROOT, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert msgspec.json.decode(done.stderr, type=Problem).code == "print-data-broken"


def test_a_process_that_dies_is_a_problem_in_words(monkeypatch, tmp_path) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text("#!/bin/sh\necho 'killed by a stranger' >&2\nexit 9\n")
    stand_in.chmod(0o755)
    monkeypatch.setattr(apart.sys, "executable", str(stand_in))
    with pytest.raises(PrintError, match="killed by a stranger") as failed:
        render("work_order", samples.WORK_ORDER)
    assert failed.value.problem.code == "print-failed"


def test_a_missing_font_is_named_with_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(typesetting, "FONT_WHEEL", "no-such-wheel")
    typesetting._fonts.cache_clear()
    try:
        with pytest.raises(PrintError, match="no-such-wheel") as failed:
            render_here("work_order", samples.WORK_ORDER)
    finally:
        typesetting._fonts.cache_clear()
    assert failed.value.problem.code == "print-font-missing"


def test_printing_changes_no_data() -> None:
    before = msgspec.json.encode(samples.WORK_ORDER)
    render_here("work_order", samples.WORK_ORDER)
    assert msgspec.json.encode(samples.WORK_ORDER) == before
