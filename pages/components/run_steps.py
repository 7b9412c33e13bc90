"""手順の画面の部品: 版の承認、開始、班ごとの今・次・遅れ、一つずつの記録."""

import msgspec
import streamlit as st

from dvc_core.commands.manual import Approve, Mark, StartRun
from dvc_core.domain.day import activity_day
from dvc_core.domain.deadline import Daily, StepState
from dvc_core.domain.kernel import derive
from dvc_core.domain.manual_run import ManualEdition, MarkState, RunKind, StepMark
from dvc_core.i18n import describe, text
from dvc_core.manual.edition import Edition, Ownership
from dvc_core.manual.render import render
from dvc_core.manual.sections import read_sections
from pages._look import numbers
from pages._read import drawn
from pages._shell import local, run, services
from pages.components import lined
from pages.components.lined import Cell
from pages.components.plain import plain
from pages.components.run_progress import Progress, Standing, editions

STATES = {StepState.OVERDUE: "遅れ", StepState.NOW: "今", StepState.NEXT: "次", StepState.WAITING: "待ち"}
DUE = (StepState.OVERDUE, StepState.NOW, StepState.NEXT)
BADGES = {
    StepState.OVERDUE: "red",
    StepState.NOW: "orange",
    StepState.NEXT: "blue",
    StepState.WAITING: "gray",
}


def choose(kind: RunKind) -> None:
    """Approve an edition, start a run from an approved one; broken editions with file, line and the mend."""
    with services().reader() as reader:
        approved = {(row.name, row.edition): row for row in reader.find(ManualEdition)}
    for edition in editions(services()):
        if edition.kind is not None and edition.kind.value == kind.value:
            _edition(edition, approved.get((edition.name, edition.edition)), kind)


def _edition(edition: Edition, approval: ManualEdition | None, kind: RunKind) -> None:
    key = f"{edition.name}-{edition.edition}"
    altered = approval is not None and approval.digest != edition.digest
    with st.container(border=True):
        st.markdown(f"**{plain(edition.title)}**　{plain(edition.edition)}　｜　{len(edition.steps)} 手順")
        errors = [problem for problem in edition.problems if problem.level == "error"]
        if altered:
            st.error(text("refusal.edition-altered") + text("refusal.edition-altered.next"))
        elif approval is None and errors:
            st.caption("直すところがあるので、まだ承認できません。直してから、この画面を開きなおします。")
        elif approval is None:
            st.caption("まだ承認されていません。中身を読んでから承認します。")
            if st.button("この版を承認する", key=f"approve-{key}"):
                command = Approve(
                    name=edition.name, edition=edition.edition, digest=edition.digest, problems=len(errors)
                )
                run(
                    command,
                    key=f"approve-{key}",
                    done=f"{plain(edition.title)} {plain(edition.edition)} を承認しました。",
                )
                st.rerun()
        else:
            st.caption(f"承認済み：{local(approval.approved_at)}　指紋 {edition.digest[:12]}")
            if st.button("この版で手順を始める", key=f"start-{key}", type="primary"):
                run(_start(edition, kind), key=f"start-{key}", done="手順を始めました。")
                st.rerun()
        if errors:
            found = (describe(problem) for problem in errors)
            lined.show(("直すところ", "場所"), [_problem(each) for each in found])


def _problem(said: dict[str, object]) -> tuple[Cell, Cell]:
    line = f"{said['line']} 行" if said.get("line") else ""
    return (
        Cell(str(said["message"]), small=str(said["hint"])),
        Cell(str(said.get("file") or ""), small=line),
    )


def _start(edition: Edition, kind: RunKind) -> StartRun:
    commissioned = tuple(f.code for f in edition.functions if f.ownership is Ownership.COMMISSIONED)
    return StartRun(
        manual=kind,
        name=edition.name,
        edition=edition.edition,
        digest=edition.digest,
        steps=tuple(step.id for step in edition.steps),
        commissioned=commissioned,
    )


def show(progress: Progress, kind: RunKind) -> None:
    """The run: counts, filter by 班 and state, each step with its text and its marks."""
    if progress.altered:
        st.error(text("refusal.edition-altered") + text("refusal.edition-altered.next"))
        return
    states = [each.state for each in progress.standings]
    numbers(
        (
            ("済んだ手順", f"{progress.settled} / {len(states)}"),
            *((STATES[s], states.count(s)) for s in DUE),
        )
    )
    names = {section.code: section.name for section in read_sections().items}
    present = [code for code in names if any(s.step.section_code == code for s in progress.standings)]
    left, right = st.columns(2)
    section = left.selectbox(
        "班", ["", *present], format_func=lambda c: names.get(c, "すべての班"), key=f"{kind}-sec"
    )
    which = right.selectbox(
        "しぼりこみ",
        ["due", "open", "all"],
        format_func=lambda w: {"due": "遅れ・今・次", "open": "まだのもの", "all": "すべて"}[w],
        key=f"{kind}-which",
    )
    fitting = [s for s in progress.standings if not section or s.step.section_code == section]
    if which == "due":
        # What is late comes first; the manual's own order within.
        fitting = [s for state in DUE for s in fitting if s.state is state]
    for standing in fitting:
        if standing.state is not None or which == "all":
            _step(standing, kind, names)


def _step(standing: Standing, kind: RunKind, names: dict[str, str]) -> None:
    step, mark = standing.step, standing.mark
    badge = (
        ":green-badge[" + text(f"value.mark-state.{mark.state}") + "]"
        if standing.state is None and mark
        else ""
    )
    if standing.state is not None:
        badge = f":{BADGES[standing.state]}-badge[{STATES[standing.state]}]"
    due = f"　期限 {local(standing.due_at)}" if standing.due_at else ""
    unconfirmed = "　:violet-badge[未確認あり]" if step.unconfirmed else ""
    who = names.get(step.section_code or "", step.section or "")
    with st.expander(f"{badge} **{plain(step.title)}**　{plain(who)}{due}{unconfirmed}"):
        st.html(f"<div>{render(step.body_markdown)}</div>")
        facts = [f"様式：{plain('、'.join(step.forms))}"] if step.forms else []
        facts += [f"完了の証拠：{plain(step.evidence)}"] if step.evidence else []
        facts += [f"記録：{local(mark.marked_at)}"] if mark else []
        if facts:
            st.caption("　".join(facts))
        _marks(standing, kind)


def _marks(standing: Standing, kind: RunKind) -> None:
    step, mark = standing.step, standing.mark
    day = activity_day(services().clock.now()) if isinstance(step.deadline, Daily) else None
    # Under the step's own key: the mark itself may not be there yet.
    seen = drawn(StepMark, derive("mark", kind.value, step.id, day or ""), mark.version if mark else 0)[0]
    reason = st.text_input("理由・メモ", key=f"why-{kind}-{step.id}", max_chars=300)
    places = st.columns(4)
    for place, state in zip(places, MarkState, strict=True):
        label = {"done": "済んだ", "not-applicable": "対象外", "skipped": "見送る", "open": "もどす"}[
            state.value
        ]
        primary = "primary" if state is MarkState.DONE else "secondary"
        if place.button(label, key=f"{state}-{kind}-{step.id}", use_container_width=True, type=primary):
            command = Mark(
                manual=kind,
                step=step.id,
                state=state,
                reason=reason,
                day=day,
                seen_version=seen.version,
            )
            run(
                command,
                key=f"mark-{kind}-{step.id}",
                done=f"「{plain(step.title)}」を記録しました。",
                seen=(msgspec.structs.replace(seen, id=mark.id),) if mark else (),
            )
            st.rerun()


def unconfirmed(edition: Edition) -> None:
    """Every place marked 未確認, on one page: what the council still has to fill in."""
    found = edition.unconfirmed
    st.write(f"未確認は {len(found)} か所です。社協で確かめて、次の版で書き入れます。")
    rows = ((Cell(u.title, small=f"{u.file}　{u.line} 行"), Cell(u.text, small=u.field)) for u in found)
    lined.show(("手順と場所", "未確認の文と欄"), rows)
