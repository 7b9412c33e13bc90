"""What printing costs: one order here, packs in a process of their own, beside an empty sheet."""

import msgspec

from dvc_core.forms import render, render_here
from tests.bench.table import Row
from tests.bench.timing import measured
from tests.forms import samples

BLANK = msgspec.structs.replace(samples.STATUS, groups=())
CARDS, ROWS = samples.cards(300), samples.chronology(2000)


def run() -> list[Row]:
    """A work order in this process; 300 cards and 2,000 chronology rows in another, start included."""
    sheet = measured(
        {
            "blank": lambda: render_here("status_sheet", BLANK),
            "order": lambda: render_here("work_order", samples.WORK_ORDER),
        },
        n=20,
    )
    packs = measured(
        {
            "blank": lambda: render("status_sheet", BLANK),
            "cards": lambda: render("volunteer_cards", CARDS),
            "rows": lambda: render("chronology", ROWS),
        },
        n=3,
        warm_up=1,
    )
    named = [
        ("活動指示書 1枚（同じプロセス）", sheet, "order", "空の用紙", "地図つき、裏面の報告書つき"),
        (
            "ボランティアカード 300枚（別プロセス）",
            packs,
            "cards",
            "空の用紙（別プロセス）",
            "QR はすべてベクトル、38 ページ",
        ),
        ("クロノロジー 2,000行（別プロセス）", packs, "rows", "空の用紙（別プロセス）", "2,000 行"),
    ]
    return [
        Row(
            what,
            timing[name].n,
            timing[name].median,
            timing[name].p95,
            baseline,
            timing[name].median / timing["blank"].median,
            facts=facts,
        )
        for what, timing, name, baseline, facts in named
    ]
