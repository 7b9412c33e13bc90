"""応援: 班長が、名前・班・守秘誓約・暗証番号・最後の日で人を入れ、終わったら外す."""

from datetime import timedelta

import streamlit as st

from dvc_core.access.passwords import hash_password
from dvc_core.commands.supporter import End, GivePin, Join
from dvc_core.domain import pin, supporter
from dvc_core.domain.day import activity_day
from dvc_core.domain.supporter import SupporterKind
from dvc_core.domain.text import NAME_LIMIT
from dvc_core.i18n import text
from dvc_core.queries.stations import SupporterRow, supporters
from pages._shell import head, local, require, run, services
from pages.components.plain import plain

me = require("supporters")
head("応援")
with services().reader() as reader:
    rows = supporters(reader)
reference = services().reference
today = activity_day(services().wall.now())
DESKS = "班"


def _pin_fields(key: str) -> tuple[str, str]:
    one, two = st.columns(2)
    first = one.text_input("暗証番号（数字4～6けた）", type="password", max_chars=6, key=f"pin-{key}")
    return first, two.text_input("もう一度", type="password", max_chars=6, key=f"again-{key}")


def _pin_problem(first: str, again: str) -> str | None:
    fault = pin.fault(first)
    if fault is not None:
        return text(f"pin.{fault.removeprefix('pin-')}")
    return text("pin.differs") if first != again else None


def _join() -> None:
    desks = [desk for desk in reference.desks if supporter.may_let_in(reference, me.roles, desk.code)]
    if not desks:
        st.info("応援の人を入れられる班がありません。班の役割も持つ班長か、統括が入れられます。")
        return
    turn = st.session_state.setdefault("_supporter", 0)
    with st.form(f"join-{turn}", border=True):
        one, two = st.columns(2)
        name = one.text_input("氏名", max_chars=NAME_LIMIT, key=f"name-{turn}")
        reading = two.text_input("ふりがな", max_chars=NAME_LIMIT, key=f"reading-{turn}")
        one, two = st.columns(2)
        desk = one.selectbox(DESKS, desks, format_func=lambda each: each.name, key=f"desk-{turn}")
        until = two.date_input(
            "最後の日",
            today + timedelta(days=reference.supporter_days - 1),
            min_value=today,
            max_value=today + timedelta(days=reference.supporter_days_most - 1),
            key=f"until-{turn}",
        )
        sort = st.radio(
            "どなたですか",
            [SupporterKind.VOLUNTEER, SupporterKind.SECONDED],
            format_func=lambda each: text(f"value.supporter-kind.{each}"),
            horizontal=True,
            key=f"sort-{turn}",
        )
        with st.container(border=True):
            st.markdown("**守秘誓約**（本人が読みます）")
            st.markdown("\n".join(f"- {plain(line)}" for line in reference.pledge))
            accepted = st.checkbox("読みました。受け入れます", key=f"pledge-{turn}")
        first, again = _pin_fields(f"join-{turn}")
        if not st.form_submit_button("入れる", type="primary"):
            return
    if problem := _pin_problem(first, again):
        st.error(problem)
        return
    answer = run(
        Join(
            name=name,
            reading=reading,
            section=desk.code,
            until=until,
            sort_of=sort,
            pledge=supporter.digest_of(reference.pledge),
            accepted=accepted,
            pin_hash=hash_password(first),
        ),
        key=f"join-{turn}",
        done=f"{plain(name.strip())} さんを {plain(desk.name)} に入れました。班の端末で交代できます。",
    )
    if answer.stored:
        st.session_state["_supporter"] = turn + 1
    st.rerun()


def _line(row: SupporterRow) -> None:
    desk = reference.desk(row.section)
    key = str(row.supporter_id)
    over = row.over_at is not None or row.until < today
    with st.container(border=True):
        about, act = st.columns([3, 1], vertical_alignment="center")
        badge = ":gray-badge[終わり]" if over else ":orange-badge[番号を決めなおす]" if row.pin_dead else ""
        about.markdown(f"**{plain(row.name)}**　{plain(row.kana)}　{badge}")
        about.caption(
            f"{text(f'value.supporter-kind.{row.sort}')}　{plain(desk.name if desk else row.section)}　"
            f"{row.until:%m/%d} まで　誓約 {local(row.pledged_at)}"
        )
        if over or not supporter.may_end(reference, me.roles, row.section):
            return
        if act.button("終わる", key=f"end-{key}", width="stretch"):
            run(
                End(supporter_id=row.supporter_id),
                key=f"end-{key}",
                done=f"{plain(row.name)} さんを終わりにしました。開いている画面も、すぐに使えなくなります。",
            )
            st.rerun()
        with act.popover("番号", width="stretch"):
            first, again = _pin_fields(key)
            if st.button("番号を決めなおす", key=f"give-{key}"):
                if problem := _pin_problem(first, again):
                    st.error(problem)
                    return
                run(
                    GivePin(supporter_id=row.supporter_id, pin_hash=hash_password(first)),
                    key=f"give-{key}",
                    done=f"{plain(row.name)} さんの番号を決めなおしました。",
                )
                st.rerun()


_join()
st.subheader("応援の人", anchor=False)
if not rows:
    st.write("まだいません。")
for each in sorted(rows, key=lambda row: row.over_at is not None or row.until < today):
    _line(each)
