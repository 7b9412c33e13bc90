"""貼り紙 on the needs desk: listed places, whose house they may be, towns never graded, the table."""

import uuid

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.gate import SetAreas, WorkOutAgain
from dvc_core.commands.gate_facts import arounds, standing
from dvc_core.domain.need import ENDED, Need
from dvc_core.domain.operation import Operation, current
from dvc_core.geo.councils import councils
from dvc_core.i18n import text
from dvc_core.queries import stickers
from dvc_core.queries.stickers import Proposal
from pages._look import numbers
from pages._shell import run, services
from pages.components import codes, gate_words, lined, need_papers
from pages.components.lined import Cell
from pages.components.plain import plain

SHOWN = 20


def show(me: Who, operation_id: uuid.UUID) -> None:
    """Numbers, open questions, search; the chief's acts and the table below."""
    with services().reader() as reader:
        counted = stickers.counts(reader, operation_id)
        asked = stickers.proposals(reader, operation_id)
    numbers(
        (
            ("記録した紙", counted.papers),
            ("うち赤", counted.red),
            ("うち黄", counted.yellow),
            ("ニーズのない家", counted.without_need),
            ("同じ家か確かめる", len(asked)),
        )
    )
    st.caption(gate_words.NO_GRADE)
    _proposals(asked)
    _search(operation_id)
    _areas(me, operation_id)
    _table(me, operation_id)


def after_import() -> None:
    """What a list that was just taken over leaves for a person."""
    with services().reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        if operation is None:
            return
        counted = stickers.counts(reader, operation.id)
        asked = len(stickers.proposals(reader, operation.id))
    given = counted.papers - counted.without_need
    st.info(
        f"ニーズのある家の紙は {given} 枚で、立ち入りを計算しなおしました。"
        f"あとの {counted.without_need} 枚は、ニーズを受け付けたときに住所が同じなら、すぐに当てます。"
    )
    if asked:
        st.warning(f"同じ家かもしれない紙が {asked} 枚あります。「ニーズ」の「貼り紙」で決めます。")


def _proposals(asked: list[Proposal]) -> None:
    if not asked:
        return
    st.markdown("**同じ家か、確かめる紙**")
    for each in asked[:SHOWN]:
        st.markdown(f"N-{each.need.number:03d}　{plain(each.site.name)}　{plain(each.site.address)}")
        need_papers.propose(each.need, each.line, key="desk")
    if len(asked) > SHOWN:
        st.caption(f"ほかに {len(asked) - SHOWN} 枚あります。上から決めると、つぎが出ます。")


def _search(operation_id: uuid.UUID) -> None:
    st.markdown("**貼り紙のある家をさがす**")
    wanted = st.text_input("住所の一部", key="papers-wanted", max_chars=60, placeholder="例：本町一丁目2")
    if not wanted:
        return
    with services().reader() as reader:
        found = stickers.search(reader, operation_id, wanted)
    if not found:
        st.write("この住所の紙は、記録にありません。")
    for line in found:
        st.markdown(f"- {plain(line.site.address)}　{gate_words.words(line)}")


def _areas(me: Who, operation_id: uuid.UUID) -> None:
    """Towns that were never graded; the chief says so with a reason."""
    with services().reader() as reader:
        said = stickers.areas(reader, operation_id)
    own = councils().own
    towns = {code: town.name for code, town in codes.towns().items() if town.city_code == own}
    names = [
        towns.get(area.town_code or "", area.town_code) if area.town_code else "市の全部"
        for area in said
        if area.ungraded
    ]
    st.markdown("**応急危険度判定をしていない町**")
    st.write("、".join(str(name) for name in names) or "記録した町はありません。")
    if not services().roles.may(me.roles, "chief"):
        st.caption("町の記録は、統括が理由をつけて変えます。")
        return
    with st.form("areas", border=False):
        chosen = st.multiselect(
            "町（選ばなければ、市の全部）",
            list(towns),
            format_func=towns.__getitem__,
            key="areas-towns",
            placeholder="町を選ぶ（いくつでも）",
        )
        ungraded = st.radio(
            "判定",
            [True, False],
            format_func=lambda no: "していない（判定に来ない）" if no else "した・これから来る",
            horizontal=True,
            key="areas-ungraded",
        )
        reason = st.text_input("理由（必須）", key="areas-why", max_chars=200, placeholder="例：市に聞いた")
        if st.form_submit_button("町の記録を変える"):
            command = SetAreas(city_code=own, towns=tuple(chosen), ungraded=bool(ungraded), reason=reason)
            run(command, key="areas", done="町の記録を変え、その町のニーズの立ち入りを計算しなおしました。")
            st.rerun()


def _table(me: Who, operation_id: uuid.UUID) -> None:
    """The gate's table as data has it, and the chief's act after it was changed."""
    reference = services().reference
    with st.expander("安全ゲートの表（上から、はじめに合う行。いちばんきびしい紙が決める）"):
        lined.show(
            ("行", "立ち入り", "わけ"),
            (
                (
                    Cell(rule.name),
                    Cell(text(f"value.gate.{rule.gate}")),
                    Cell(rule.why + gate_words.unsure(rule.source)),
                )
                for rule in reference.gate
            ),
        )
        st.caption(
            "この表は、社協が災害ごとに決めます（設定ファイル gate.toml。出どころも、そこに書いてあります）。"
        )
    if not services().roles.may(me.roles, "chief"):
        return
    with services().reader() as reader:
        needs = [n for n in reader.find(Need, operation_id=operation_id) if n.state not in ENDED]
        facts = arounds(reader, operation_id, needs)
    differ = sum(standing(reference, need, facts[need.id]).gate is not need.gate for need in needs)
    if differ:
        st.warning(f"表を変えたあと、計算しなおしていないニーズが {differ} 件あります。")
        if st.button("すべてのニーズを、いまの表で計算しなおす", key="work-out"):
            run(WorkOutAgain(), key="work-out", done="いまの表で計算しなおしました。")
            st.rerun()
