"""What the board's people do: read and publish the own state, type another's, take files, compare keys."""

from datetime import datetime

import streamlit as st

from dvc_core import forms
from dvc_core.bootstrap import TOKYO
from dvc_core.commands.board import Publish, TakeFile, Type, VerifyKey
from dvc_core.domain.board import Compared, FileReading, FileRefused, FileVerdict, Heard
from dvc_core.domain.board_facts import GROUPS, Told
from dvc_core.exchange.status_file import MOST_BYTES
from dvc_core.forms.data import StatusGroup, StatusItem, StatusSheet
from dvc_core.geo.councils import Councils
from dvc_core.i18n import text
from dvc_core.queries.board import BoardLine, Draft
from dvc_core.web import board_files
from pages._shell import run, services
from pages.components import board_form
from pages.components.board_tiles import word


def own(draft: Draft, line: BoardLine | None, printed_by: str) -> None:
    """自センター: what was counted, read by a person, then published; the file and the sheet of it."""
    st.write(
        "記録から数えた、いまの状況です。読んで、ちがう欄は直してから公開します。名前や自由な文は入りません。"
    )
    with st.form("board-own"):
        told = board_form.fields(f"own-{draft.seen_number}", draft.told)
        read = st.checkbox("全部の欄を読みました")
        pressed = st.form_submit_button(f"公開する（{draft.seen_number + 1} 回目）", type="primary")
    if pressed and not read:
        st.warning("読んだ人がいない状況は公開できません。読んで、しるしをつけてから押してください。")
    elif pressed:
        run(Publish(told=told, seen_number=draft.seen_number), key="board-own", done="公開しました。")
        st.rerun()
    if line is None or line.published_at is None:
        st.info("まだ一度も公開していません。")
        return
    made = board_files.write(services())
    if made is not None:
        name = f"tasuki-board-{services().council_id}-{made.number}.json"
        st.download_button("署名したファイルを書き出す", made.content, name, on_click="ignore")
    if st.button("FAXで送る紙を作る（PDF）"):
        pdf = _sheet(line, printed_by)
        st.download_button("PDFを開く", pdf, "board.pdf", "application/pdf", on_click="ignore")
    st.caption("この社協の鍵の数字（電話で聞かれたら読み上げます）")
    digits(services().keys.current.public.fingerprint())


def _sheet(line: BoardLine, printed_by: str) -> bytes:
    cells = {shown.cell.item: shown for shown in line.cells}
    groups = [
        StatusGroup(
            title=text(f"board.group.{group}"),
            items=tuple(
                StatusItem(label=text(f"board.item.{item}"), value=word(cells[item]))
                for item in items
                if item in cells
            ),
        )
        for group, items in GROUPS.items()
        if any(item in cells for item in items)
    ]
    assert line.published_at is not None
    sheet = StatusSheet(
        council=services().council_name,
        printed_at=services().clock.now().replace(microsecond=0),
        printed_by=printed_by,
        drill=services().drill,
        serial=f"S-{line.number:04d}",
        number=line.number,
        as_of=line.published_at.replace(microsecond=0),
        read_by=line.published_by,
        groups=tuple(groups),
    )
    return forms.render("status_sheet", sheet)


def digits(fingerprint: str) -> None:
    """Twelve groups of four digits, four to a line, big enough to be read out."""
    groups = fingerprint.split()
    st.code("\n".join("　".join(groups[n : n + 4]) for n in range(0, 12, 4)), language=None)


def type_in(councils: Councils) -> None:
    """電話・FAXで聞いたことを書く. Empty fields leave what is on the board."""
    names = {c.code: c.city for c in councils.councils if c.code != services().council_id}
    now = services().clock.now().astimezone(TOKYO)
    with st.form("board-type"):
        first, second, third, fourth = st.columns(4)
        code = first.selectbox("社協", list(names), format_func=names.__getitem__)
        ways = [Heard.TELEPHONE, Heard.FAX, Heard.NEIGHBOUR]
        heard = second.selectbox("聞き方", ways, format_func=lambda way: text(f"value.heard.{way}"))
        day = third.date_input("いつ時点（日）", now.date(), format="YYYY/MM/DD")
        at = fourth.time_input("いつ時点（時刻）", now.time().replace(second=0, microsecond=0), step=60)
        told = board_form.fields("type", Told())
        corrects = st.checkbox("前の書きまちがいの訂正（前の時刻より古くても入れかえる）")
        if st.form_submit_button("盤に書く", type="primary"):
            moment = datetime.combine(day, at, TOKYO)
            command = Type(council_code=code, heard=heard, as_of=moment, told=told, corrects=corrects)
            run(command, key="board-type", done=f"{names[code]}の状況を書きました。")
            st.rerun()


def files(councils: Councils) -> None:
    """署名ファイルを取り込む, and the comparison of a key that is new."""
    chosen = st.file_uploader("ほかの社協の状況ファイル", type=["json"], max_upload_size=1)
    if chosen is None:
        return
    raw = chosen.getvalue()[: MOST_BYTES + 1]
    found = board_files.read(services(), raw)
    if st.button("取り込む", type="primary"):
        answer = run(TakeFile(raw=raw), key=f"board-file-{found.digest}", done="取り込みました。")
        refused = next((event for event in answer.events if isinstance(event, FileRefused)), None)
        if refused is not None:
            problem = f"problem.board-file-{refused.verdict.replace('_', '-')}"
            facts = {"number": refused.number, "key_id": refused.key_id}
            words = f"**{text(problem, **facts)}**\n\n{text(problem + '.hint')}"
            st.session_state["_said"] = ("error", words)
            if refused.verdict is FileVerdict.UNKNOWN_KEY:
                st.session_state["_board_key"] = found
        st.rerun()
    waiting: FileReading | None = st.session_state.get("_board_key")
    if waiting is not None and waiting.digest == found.digest:
        _compare(councils, waiting)


def _compare(councils: Councils, found: FileReading) -> None:
    council = councils.council(found.council_code or "")
    if council is None or found.key_id is None or found.public_key is None:
        st.error("一覧にない社協のファイルです。社協の一覧に加えてから取り込んでください。")
        return
    st.markdown(f"**{council.city}の鍵を確かめる**（{found.key_id}）")
    st.write("前から知っている番号に電話し、相手に数字を読み上げてもらって、12組すべてをくらべます。")
    digits(board_files.fingerprint(found.key_id, found.public_key))
    rows = [st.checkbox(f"{n}行めの4組が同じ", key=f"row-{n}-{found.digest[:8]}") for n in (1, 2, 3)]
    how = st.radio(
        "くらべ方", list(Compared), format_func=lambda way: text(f"value.compared.{way}"), horizontal=True
    )
    if st.button("この社協の鍵として信じる", disabled=not all(rows)):
        command = VerifyKey(
            council_code=council.code, key_id=found.key_id, public_key=found.public_key, compared=how
        )
        run(
            command,
            key=f"key-{found.digest}",
            done="鍵を確かめました。もう一度「取り込む」を押します。",
        )
        st.session_state.pop("_board_key", None)
        st.rerun()
