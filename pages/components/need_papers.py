"""貼り紙 on the need's card: what hangs there, one more, put right, taken down, whose house it is."""

import uuid
from datetime import date

import streamlit as st

from dvc_core.commands.sticker import Apply, Correct, Post, PutApart, TakeDown
from dvc_core.domain.day import activity_day
from dvc_core.domain.need import ENDED, Need
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import Gone, Sticker, StickerColour, StickerKind, StickerSource
from dvc_core.i18n import text
from dvc_core.queries.stickers import OfNeed, StickerLine
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import gate_words, lazy
from pages.components.plain import plain

LONGEST = 300
_LIVES = {"yes": "住んでいる", "no": "住んでいない", "unknown": "聞いていない"}


def show(need: Need, place: OfNeed) -> None:
    """Every paper with what can be done with it, proposals of lists, and the form for one more."""
    st.markdown("**貼り紙（応急危険度判定）**")
    st.caption(gate_words.NO_GRADE)
    if need.hazard is not HazardGrade.NONE:
        told = text(f"need.hazard.{need.hazard}")
        st.markdown(f"- {text('gate.told')}：{told}（ちがうときは「直す」の応急危険度判定を直します）")
    if not place.papers:
        st.caption("記録した紙はありません。")
    for line in place.papers:
        _paper(need, line)
    for line in place.proposed:
        propose(need, line, key="card")
    for line in place.apart:
        st.caption(f"別の家の紙とした：{plain(line.site.address)}")
        if st.button("やはり、この家の紙にする", key=f"back-{line.sticker.id}-{need.id}"):
            _apply(need, line.sticker.id)
    _post(need)


def _paper(need: Need, line: StickerLine) -> None:
    row = line.sticker
    if not row.counts:
        when = f"{row.removed_on:%m/%d}　" if row.removed_on else ""
        gone = text(f"value.gone.{row.gone}") if row.gone else ""
        st.caption(f"はがした：{when}{gone}　{plain(line.site.reason)}")
        return
    said, more = st.columns([4, 1], vertical_alignment="center")
    said.markdown(f"- {gate_words.words(line)}")
    key = f"paper-{row.id}-{need.id}"
    box = more.popover("直す・はがした", key=key, on_change="rerun", width="stretch")
    if lazy.opened(key, now=bool(box.open)):
        with box:
            _correct(line, key)
            _take_down(row, key)
            _apart(need, row, key)


def propose(need: Need, line: StickerLine, *, key: str) -> None:
    """A listed paper whose address begins like the need's: a person says whether it is one house."""
    with st.container(border=True):
        st.markdown(
            f"**同じ家かもしれません。** 名簿の住所：{plain(line.site.address)}　{gate_words.words(line)}"
        )
        same, other = st.columns(2)
        slot = f"{key}-{line.sticker.id}-{need.id}"
        if same.button("この家の紙にする", key=f"same-{slot}", type="primary", width="stretch"):
            _apply(need, line.sticker.id)
        if other.button("別の家", key=f"other-{slot}", width="stretch"):
            apart = PutApart(sticker_id=line.sticker.id, need_id=need.id)
            run(apart, key=f"other-{slot}", done="別の家の紙として残しました。")
            st.rerun()


def _apply(need: Need, sticker_id: uuid.UUID) -> None:
    done = f"N-{need.number:03d} の家の紙にしました。立ち入りを計算しなおしました。"
    run(Apply(sticker_id=sticker_id, need_id=need.id), key=f"apply-{sticker_id}-{need.id}", done=done)
    st.rerun()


def _fields(key: str, row: Sticker | None, reason: str, photo: str) -> dict[str, object]:
    """What is read off a paper: the same fields for a new one and for one that is put right."""
    left, right = st.columns(2)
    kind = left.radio(
        "紙の種類",
        list(StickerKind),
        index=list(StickerKind).index(row.kind) if row else 0,
        format_func=lambda code: text(f"value.sticker-kind.{code}"),
        key=f"{key}-kind",
    )
    colour = right.radio(
        "色",
        list(StickerColour),
        index=list(StickerColour).index(row.colour) if row else None,
        format_func=lambda code: text(f"value.sticker-colour.{code}"),
        key=f"{key}-colour",
    )
    source = left.radio(
        "だれが見ましたか",
        list(StickerSource)[: None if row and row.source is StickerSource.LIST else 2],
        index=list(StickerSource).index(row.source) if row else 0,
        format_func=lambda code: text(f"value.sticker-source.{code}"),
        key=f"{key}-source",
    )
    posted = right.date_input(
        "貼った日（分からなければ空）",
        row.posted_on if row else None,
        max_value=activity_day(services().clock.now()),
        format="YYYY/MM/DD",
        key=f"{key}-day",
    )
    said = st.text_input(
        "紙に書かれた理由・何が危ないか",
        reason,
        key=f"{key}-reason",
        max_chars=LONGEST,
        placeholder="例：ブロック塀",
    )
    where = st.text_input(
        "写真を撮ったとき、その番号と場所",
        photo,
        key=f"{key}-photo",
        max_chars=80,
        placeholder="例：タブレット2 0012",
    )
    return {
        "paper": kind or "none",
        "colour": colour or "none",
        "source": source or "none",
        "posted_on": posted if isinstance(posted, date) else None,
        "reason": said,
        "photo": where,
    }


def _post(need: Need) -> None:
    key = f"post-{need.id}"
    box = st.expander("貼り紙を記録する", key=f"{key}-box", on_change="rerun")
    if not lazy.opened(f"{key}-box", now=bool(box.open)):
        return
    with box, st.form(key, border=False, enter_to_submit=False, clear_on_submit=False):
        st.caption(
            "A3 は建物、A4 の横長の紙は、落ちる物（瓦・ガラス・壁）か倒れる物（門・塀）だけのものです。"
            "写真そのものは、ここには入れません。番号と置き場所だけを残します。"
        )
        facts = _fields(key, None, "", "")
        lives = st.radio(
            "この家に人が住んでいますか",
            list(_LIVES),
            index=2,
            format_func=_LIVES.__getitem__,
            horizontal=True,
            key=f"{key}-lives",
        )
        if st.form_submit_button("貼り紙を保存する", type="primary"):
            lived_in = {"yes": True, "no": False}.get(lives or "")
            command = Post(need_id=need.id, lived_in=lived_in, **facts)  # type: ignore[arg-type]
            done = f"N-{need.number:03d} の貼り紙を記録し、立ち入りを計算しなおしました。"
            if need.state in ENDED:
                done += "このニーズは終わっていますが、場所の記録として残します。"
            if run(command, key=key, done=done).stored:
                for name in list(st.session_state):
                    if str(name).startswith(f"{key}-") and name != f"{key}-box":
                        del st.session_state[name]
            st.rerun()


def _correct(line: StickerLine, key: str) -> None:
    row = line.sticker
    with st.form(f"{key}-correct", border=False, enter_to_submit=False):
        st.markdown("**直す**")
        facts = _fields(f"{key}-c", row, line.site.reason, line.site.photo)
        if st.form_submit_button("貼り紙を直す"):
            command = Correct(sticker_id=row.id, **facts)  # type: ignore[arg-type]
            run(command, key=f"{key}-correct", done="貼り紙を直しました。", seen=drawn_row(row))
            st.rerun()


def _take_down(row: Sticker, key: str) -> None:
    with st.form(f"{key}-down", border=False, enter_to_submit=False):
        st.markdown("**はがした**")
        st.caption("風や雨で紙だけがなくなったときは、記録しません。危ないままです。")
        gone = st.radio(
            "わけ",
            list(Gone),
            index=None,
            format_func=lambda code: text(f"value.gone.{code}"),
            key=f"{key}-gone",
        )
        today = activity_day(services().clock.now())
        day = st.date_input("いつ", today, max_value=today, format="YYYY/MM/DD", key=f"{key}-gone-day")
        reason = st.text_input("見たこと・だれに聞いたか（必須）", key=f"{key}-gone-why", max_chars=LONGEST)
        if st.form_submit_button("はがしたと記録する"):
            command = TakeDown(
                sticker_id=row.id,
                gone=gone or "none",
                removed_on=day if isinstance(day, date) else None,
                reason=reason,
            )
            run(command, key=f"{key}-down", done="はがしたと記録しました。", seen=drawn_row(row))
            st.rerun()


def _apart(need: Need, row: Sticker, key: str) -> None:
    with st.form(f"{key}-apart", border=False, enter_to_submit=False):
        reason = st.text_input("この家の紙ではないわけ", key=f"{key}-apart-why", max_chars=LONGEST)
        if st.form_submit_button("別の家の紙にする"):
            command = PutApart(sticker_id=row.id, need_id=need.id, reason=reason)
            run(command, key=f"{key}-apart", done="別の家の紙として残しました。", seen=drawn_row(row))
            st.rerun()
