"""送り出し・帰着の画面の部品: 待機の班と指示書、出ている班."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dvc_core import forms
from dvc_core.access.sessions import Who
from dvc_core.commands.attendance import Record
from dvc_core.commands.dispatch import ComeHome, Depart, Say, StraightHome
from dvc_core.domain.attendance import Act
from dvc_core.domain.gate import SHUT
from dvc_core.domain.team import Word, coming, usual_return
from dvc_core.i18n import text
from dvc_core.queries.teams import MemberLine, TeamLine
from pages._read import drawn_row
from pages._shell import local, run, services
from pages.components import lined, order, team_agreed
from pages.components.plain import plain

PICKED = "team-away"
TABLE = ("班", "ニーズ", "出ている人", "帰着予定", "最後の連絡")


def _title(line: TeamLine) -> str:
    need = f"N-{line.need.number:03d}" if line.need else ""
    return f"**班 {line.team.number}**　{need}　{line.team.size} 人　指示書 W-{line.team.order_number:04d}"


def late(line: TeamLine, now: datetime) -> None:
    """A team past its time: minutes, leader, telephone."""
    leader = next((m for m in line.members if m.member.leader), None)
    minutes = int((now - (line.team.expected_return_at or now)).total_seconds() // 60)
    phone = f"リーダー {plain(leader.name)} {plain(leader.phone)}" if leader else ""
    st.error(
        f"班 {line.team.number} が、帰着予定を **{minutes} 分** すぎています（{line.people_out} 人）。{phone}"
    )


def orders(lines: Sequence[TeamLine], printed_by: str) -> None:
    """The orders of all teams that wait, in one file: the morning's stack of paper."""
    if st.button(f"待機の {len(lines)} 班の指示書をまとめて作る（PDF）"):
        pdf = forms.render_pack([order.sheet(services(), line, printed_by) for line in lines])
        first, last = (line.team.order_number for line in (lines[0], lines[-1]))
        name = f"W-{first:04d}-{last:04d}.pdf"
        st.download_button("まとめた指示書を開く", pdf, name, "application/pdf", on_click="ignore")


def send(line: TeamLine, me: Who) -> None:
    """A team that waits: its order on paper, and departing in one tap."""
    key, seen = str(line.team.id), drawn_row(line.team)
    with st.container(border=True):
        st.markdown(_title(line))
        if line.need is not None and line.need.gate in SHUT:
            st.error(f"出発できません。{text('refusal.gate-stops-team.next')}")
        st.text("、".join(f"{named(m)}{'（リーダー）' if m.member.leader else ''}" for m in line.members))
        team_agreed.warn(line, me)
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        if left.button("指示書を作る（PDF）", key=f"order-{key}", use_container_width=True):
            pdf = order.render(services(), line, me.name)
            name = f"W-{line.team.order_number:04d}.pdf"
            left.download_button(
                "指示書を開く", pdf, name, "application/pdf", key=f"open-{key}", on_click="ignore"
            )
        band = line.visit.band.value if line.visit else "day"
        now = services().clock.now()
        usual = usual_return(now, band).time().replace(second=0, microsecond=0)
        at = middle.time_input("帰着予定", usual, key=f"back-{key}")
        if right.button("出発", key=f"go-{key}", type="primary", use_container_width=True):
            back = coming(now, at)
            run(
                Depart(team_id=line.team.id, expected_return_at=back),
                key=f"go-{key}",
                done=f"班 {line.team.number} の出発を記録しました。帰着予定は {at:%H:%M} です。",
                seen=seen,
            )
            st.rerun()


def out(lines: Sequence[TeamLine], now: datetime) -> None:
    """The team that somebody speaks to, and all that are out as one table, the first to be back first.

    One desk speaks to one team at a time; the buttons of fifty would take a second to draw.
    """
    by_id = {
        line.team.id: line
        for line in sorted(lines, key=lambda one: (one.team.expected_return_at or now, one.team.number))
    }
    if len(by_id) == 1:
        _away(lines[0])
        return
    if st.session_state.get(PICKED) not in by_id:
        st.session_state[PICKED] = next(iter(by_id))
    chosen = st.pills(
        "どの班ですか",
        list(by_id),
        format_func=lambda team_id: f"班 {by_id[team_id].team.number}",
        key=PICKED,
        required=True,
    )
    _away(by_id[chosen or next(iter(by_id))])
    lined.show(TABLE, (_row(one, now) for one in by_id.values()))


def _row(line: TeamLine, now: datetime) -> tuple[lined.Cell, ...]:
    back = line.team.expected_return_at
    over = int((now - back).total_seconds() // 60) if back is not None and back < now else 0
    need = f"N-{line.need.number:03d}" if line.need else ""
    word = line.team.last_word
    return (
        lined.Cell(str(line.team.number)),
        lined.Cell(need, small=line.site.town if line.site else ""),
        lined.Cell(f"{line.people_out} 人"),
        lined.Cell(local(back, "%H:%M"), strong=f"{over} 分すぎ" if over else ""),
        lined.Cell(text(f"value.word.{word}") if word else "", small=local(line.team.last_word_at, "%H:%M")),
    )


def _away(line: TeamLine) -> None:
    """A team that is out: voice log, every person, coming home with the tools."""
    key = str(line.team.id)
    with st.container(border=True):
        said = (
            f"　最後の連絡 {text(f'value.word.{line.team.last_word}')} {local(line.team.last_word_at)}"
            if line.team.last_word
            else ""
        )
        st.markdown(f"{_title(line)}　帰着予定 {local(line.team.expected_return_at, '%H:%M')}{said}")
        words = st.text_input("電話の内容（あれば）", key=f"words-{key}", max_chars=300, persist_state="page")
        for place, word in zip(st.columns(len(Word)), Word, strict=True):
            if place.button(text(f"value.word.{word}"), key=f"{word}-{key}", use_container_width=True):
                run(
                    Say(team_id=line.team.id, word=word, words=words),
                    key=f"say-{key}",
                    done="連絡を記録しました。",
                )
                st.rerun()
        each = st.expander(
            f"一人ずつの帰着（あと {line.people_out} 人）", key=f"each-{key}", on_change="rerun"
        )
        if each.open:
            with each:
                for member in line.members:
                    _member(line, member)
        back, lost = _tools(line)
        here = st.checkbox("全員が目の前にそろっている", key=f"here-{key}")
        if st.button("班の帰着を記録する", key=f"home-{key}", type="primary"):
            command = ComeHome(team_id=line.team.id, back=back, lost=lost, all_here=here)
            run(command, key=f"home-{key}", done=f"班 {line.team.number} は全員帰着しました。")
            st.rerun()


def named(member: MemberLine) -> str:
    """A member by number and name; the merged number under which they joined is told too."""
    joined = "" if member.joined_as is None else f"（統合済み {member.joined_as:03d}）"
    return f"{member.number:03d} {member.name}{joined}"


def _member(line: TeamLine, member: MemberLine) -> None:
    volunteer_id, number, out = member.member.volunteer_id, member.number, member.out
    key = f"{line.team.id}-{volunteer_id}"
    left, middle, right = st.columns([2, 1, 1])
    left.text(f"{named(member)}　{'外出中' if out else '帰着'}")
    if out and middle.button("もどった", key=f"ret-{key}", use_container_width=True):
        run(
            Record(act=Act.RETURN, volunteer_id=volunteer_id),
            key=f"ret-{key}",
            done=f"{number:03d} 番の帰着を記録しました。",
        )
        st.rerun()
    if out and right.button("直帰", key=f"str-{key}", use_container_width=True):
        run(
            StraightHome(team_id=line.team.id, volunteer_id=volunteer_id),
            key=f"str-{key}",
            done=f"{number:03d} 番の直帰を記録しました。",
        )
        st.rerun()


def _tools(line: TeamLine) -> tuple[dict[str, int], dict[str, int]]:
    kinds = {kind.code: kind.name for kind in services().reference.tools}
    back: dict[str, int] = {}
    lost: dict[str, int] = {}
    for loan in line.loans:
        left_out = loan.lent - loan.back - loan.lost
        if left_out > 0:
            one, two = st.columns(2)
            name = kinds.get(loan.code, loan.code)
            back[loan.code] = int(one.number_input(f"{name} 返却", 0, left_out, left_out, key=f"b-{loan.id}"))
            lost[loan.code] = int(two.number_input(f"{name} 紛失", 0, left_out, 0, key=f"l-{loan.id}"))
    return back, lost
