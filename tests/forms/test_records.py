"""Chronology, state, BCP and rosters: what each says, and what it never leaves out."""

from datetime import timedelta

import msgspec

from dvc_core import i18n
from dvc_core.domain.board_facts import GROUPS
from dvc_core.forms import data as d
from dvc_core.forms import render_here
from tests.forms import pdf, samples


def row(seq: int, **changes: object) -> d.ChronologyRow:
    made = d.ChronologyRow(
        seq=seq,
        occurred_at=samples.MORNING,
        recorded_at=samples.MORNING,
        section="受付",
        source="kiosk",
        words="受付番号 012 が到着した。",
    )
    return msgspec.structs.replace(made, **changes)


def chronology(*rows: d.ChronologyRow, **changes: object) -> str:
    return pdf.text(
        render_here("chronology", msgspec.structs.replace(samples.chronology(1), rows=rows, **changes))
    )


def test_the_journal_head_is_short_at_the_start_and_whole_at_the_end() -> None:
    pages = pdf.pages(render_here("chronology", samples.chronology(60)))
    assert "記録の末尾 4312番 照合符号 0123456789ab…" in " ".join(pages[0].split())
    assert samples.HASH in pages[-1]
    assert samples.HASH not in pages[0]


def test_a_filtered_print_says_so_with_both_counts() -> None:
    printed = chronology(row(1))
    assert "しぼり込み：班：ニーズ、受付、8月1日から" in printed
    assert "この用紙 1件／記録の総数 4312件" in printed
    assert "すべての記録" in chronology(row(1), filters=())


def test_a_correction_shows_both_entries() -> None:
    printed = chronology(row(7, corrected_by=9), row(9, corrects=7))
    assert "【9番で訂正済み】" in printed
    assert "【7番の訂正】" in printed
    assert printed.count("受付番号 012 が到着した。") == 2


def test_a_late_entry_shows_when_it_was_written() -> None:
    assert "に記録" not in chronology(row(1))
    assert "（10:45 に記録）" in chronology(row(1, recorded_at=samples.MORNING + timedelta(minutes=75)))
    assert "（8/3 09:30 に記録）" in chronology(row(1, recorded_at=samples.MORNING + timedelta(days=2)))


def test_a_whole_state_is_one_sheet_in_a_drill_too() -> None:
    groups = tuple(
        d.StatusGroup(
            title=i18n.text(f"board.group.{group}"),
            items=tuple(
                d.StatusItem(label=i18n.text(f"board.item.{item}"), value="事前登録と当日受付")
                for item in items
            ),
        )
        for group, items in GROUPS.items()
    )
    sheet = msgspec.structs.replace(samples.STATUS, groups=groups, drill="秋の設置訓練")
    assert len(pdf.pages(render_here("status_sheet", sheet))) == 1


def test_days_are_tokyo_days() -> None:
    """22:00 UTC is the next morning in Tokyo."""
    printed = chronology(row(1), row(2, occurred_at=samples.MORNING + timedelta(hours=21, minutes=30)))
    assert "2026年8月1日（土）" in printed
    assert "2026年8月2日（日）" in printed
    assert "07:00" in printed


def test_every_row_of_two_thousand_is_there(tmp_path) -> None:
    pages = pdf.words(render_here("chronology", samples.chronology(2000)), tmp_path)
    found = {word for page in pages for word, *_ in page}
    assert {str(seq) for seq in range(1, 2001)} <= found


def test_the_state_has_number_time_reader_and_every_cell() -> None:
    printed = pdf.text(render_here("status_sheet", samples.STATUS))
    assert "公表 第12号" in printed
    assert "2026年8月1日（土）09:30 現在" in printed
    assert "確認者 訓練 花子（統括）" in " ".join(printed.split())
    for item in (item for group in samples.STATUS.groups for item in group.items):
        assert item.label in printed
        assert item.value in printed
        assert item.note in printed


def business(**changes: object) -> str:
    base = d.BusinessRow(name="見本業務", ownership="commissioned", state="stopped")
    sheet = msgspec.structs.replace(samples.BUSINESS, rows=(msgspec.structs.replace(base, **changes),))
    return pdf.text(render_here("business_sheet", sheet))


def test_business_is_set_against_its_time() -> None:
    late = business(due_at=samples.MORNING - timedelta(hours=15, minutes=20))
    assert "【15時間20分 超過】" in late
    assert "再開していない業務 1" in late
    assert "あと 1日8時間" in business(due_at=samples.MORNING + timedelta(hours=32, minutes=40))
    running = business(state="running", due_at=samples.MORNING - timedelta(hours=1))
    assert "再開していない業務 0" in running
    assert "超過" not in running
    assert "1日15時間経過" in running


def test_a_stopped_commissioned_function_without_talk_is_named() -> None:
    assert "協議の記録なし" in business()
    assert "協議の記録なし" not in business(talk="市の担当と 7/31")
    assert "協議の記録なし" not in business(ownership="own")
    assert "協議の記録なし" not in business(state="running")
    assert "協議の記録なし" not in business(state="unknown")


def test_everyone_who_is_out_has_a_box() -> None:
    printed = pdf.text(render_here("out_roster", samples.OUT))
    assert "2班 7名" in " ".join(printed.split())
    assert printed.count("□ 0") == 7
    assert "【30分 超過】" in printed
    assert "帰着予定 未定" in printed
    assert "000-1111-2222" in printed
    assert "個人情報です" in printed


def test_an_empty_roster_says_nobody() -> None:
    assert "外に出ている班はありません" in pdf.text(
        render_here("out_roster", msgspec.structs.replace(samples.OUT, teams=()))
    )


def test_attendance_counts_who_is_still_here() -> None:
    printed = pdf.text(render_here("attendance_roster", samples.ATTENDANCE))
    assert "受付 30名／まだ帰っていない 26名" in printed
    assert "12:30" in printed
    assert "個人情報です" in printed


def test_visits_have_boxes_for_the_result() -> None:
    printed = pdf.text(render_here("visit_roster", samples.VISITS))
    assert "12件" in printed
    assert printed.count("□ 完了") == 12
    assert "注意：ブロック塀" in printed


def test_the_answer_sheet_is_one_page_and_marks_what_is_not_decided() -> None:
    many = tuple(d.AnswerLine(question=f"問い {n}", answer="答え" * 40, unconfirmed=True) for n in range(12))
    made = render_here("answer_sheet", msgspec.structs.replace(samples.ANSWERS, lines=many))
    assert len(pdf.pages(made)) == 1
    printed = pdf.text(render_here("answer_sheet", samples.ANSWERS))
    assert printed.count("未確認") == 1
    assert "確かめて折り返します" in printed


def test_a_moment_looked_back_at_says_both_and_from_which_record() -> None:
    printed = pdf.text(render_here("as_of", samples.AS_OF))
    for words in ("その時 分かっていたこと", "ほんとうのこと", "来た 08:50", "123 番まで", "訂正 1 件"):
        assert words in printed
    same = pdf.text(render_here("as_of", msgspec.structs.replace(samples.AS_OF, lines=())))
    assert "ちがいのある人はいません" in same
