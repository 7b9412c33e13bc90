"""活動報告 from paper, keyboard first: the order's number, then the sheet from top to bottom, Enter."""

import uuid
from collections.abc import Sequence

import streamlit as st

from dvc_core.commands.dispatch import Report
from dvc_core.domain.need import Place, Site
from dvc_core.domain.visit import Result
from dvc_core.geo.geocode import geocode
from dvc_core.i18n import text
from dvc_core.queries.teams import TeamLine
from pages._shell import run, services
from pages.components.plain import plain

NOBODY = uuid.UUID(int=0)


def choose(lines: Sequence[TeamLine]) -> None:
    """The sheet that lies on the table, by the number printed on it, and its form."""
    waiting = {line.team.order_number: line for line in lines}
    number = st.selectbox(
        "指示書の番号（紙の右上）",
        list(waiting),
        format_func=lambda n: f"W-{n:04d}　班 {waiting[n].team.number}",
    )
    _report(waiting[number])


def _report(line: TeamLine) -> None:
    key = f"report-{line.team.id}"
    need = f"N-{line.need.number:03d}　{line.site.name if line.site else ''}" if line.need else ""
    with st.form(key):
        st.markdown(f"**班 {line.team.number}**　{plain(need)}　{line.team.size} 人")
        result = st.radio(
            "結果", list(Result), format_func=lambda r: text(f"value.result.{r}"), horizontal=True
        )
        agrees = st.checkbox("完了を、依頼した人と確かめた")
        left, right = st.columns(2)
        people = left.number_input("残りの人数（継続のとき）", 1, 200, None)
        days = right.number_input("残りの日数（継続のとき）", 1, 100, None)
        words = st.text_area("したこと・気づいたこと・依頼した人の様子", max_chars=1000, height=70)
        accident = st.text_input("けが・事故・ヒヤリ（あれば）", max_chars=300)
        st.markdown("**あたらしい困りごと**（聞いたときだけ。4つとも書きます）")
        heard = _heard()
        if st.form_submit_button("報告を記録する", type="primary"):
            command = Report(
                team_id=line.team.id,
                result=result,
                resident_agrees=agrees,
                remaining_people=None if people is None else int(people),
                remaining_days=None if days is None else int(days),
                words=words,
                accident=accident,
                heard=heard,
                heard_place=_place(heard),
            )
            more = "　あたらしいニーズも受け付けました。" if heard else ""
            run(command, key=key, done=f"班 {line.team.number} の報告を記録しました。{more}")
            st.rerun()


def _heard() -> Site | None:
    left, right = st.columns(2)
    site = Site(
        id=NOBODY,
        name=left.text_input("氏名", max_chars=60),
        phone=right.text_input("電話", max_chars=20),
        address=left.text_input("場所", max_chars=200),
        trouble=right.text_input("困りごと", max_chars=300),
    )
    said = (site.name, site.phone, site.address, site.trouble)
    return site if any(words.strip() for words in said) else None


def _place(heard: Site | None) -> Place:
    """Where the table of towns is sure; else the needs desk asks."""
    if heard is None:
        return Place()
    found = geocode(heard.address, city=services().council_id)
    if found.lat is None or found.city_code is None:
        return Place()
    return Place(lat=found.lat, lng=found.lng, city_code=found.city_code, match_level=found.level)
