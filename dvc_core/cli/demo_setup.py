"""The demonstration's days before the opening: accounts, editions, 発災, decision, BCP, tools, tablets."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from dvc_core.access.kiosks import CODE_LASTS, code_digest, new_credential
from dvc_core.access.passwords import hash_password, one_time_code
from dvc_core.cli.demo_teller import Act, Teller
from dvc_core.commands.account import Add
from dvc_core.commands.base import Actor
from dvc_core.commands.bcp import HoldTalk, SetFunction
from dvc_core.commands.kiosk import Add as AddKiosk
from dvc_core.commands.manual import Approve, Mark, StartRun
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.commands.team import CountTools
from dvc_core.domain.bcp import FunctionState
from dvc_core.domain.deadline import Daily
from dvc_core.domain.kernel import derive
from dvc_core.domain.manual_run import OPENING_STEP, MarkState, RunKind
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.manual.edition import Edition, Ownership, Phase, Step
from dvc_core.manual.library import library
from dvc_core.simulation.shape import at, happens

LOGINS = {
    "chief": "tokatsu",
    "general": "somu",
    "reception": "uketsuke",
    "needs": "needs",
    "matching": "matching",
    "return": "kichaku",
    "bcp": "bcp",
    "viewer": "etsuran",
    "admin": "kanri",
}
"""A login name for every role of `data/reference/roles.toml`."""

LEFT_OPEN = 0.06
"""Share of the steps that nobody has marked: something is overdue in every real center."""

CHAPTERS = {
    "shodo": (-4, 7),
    "honbu": (-4, 11),
    "handan": (-3, 13),
    "junbi": (-3, 16),
    "kaisetsu": (-2, 8),
}
"""Day and hour at which a chapter's steps begin to be marked; those of the desks the evening before."""
THE_EVENING_BEFORE = (-3, 18)
LAST_CHAPTER = "heisho"


def accounts(teller: Teller, moment: datetime) -> dict[str, str]:
    """An account for every role; their passwords, by login name. Passwords follow from no seed."""
    teller.by["cli"] = Actor(id="cli", roles=frozenset({"admin"}))
    passwords: dict[str, str] = {}
    for role, login in sorted(LOGINS.items(), key=lambda pair: pair[0] != "admin"):
        passwords[login] = one_time_code()
        add = Add(
            login=login,
            name=f"訓練 {teller.services.roles.name(role)}",
            roles=(role,),
            password_hash=hash_password(passwords[login]),
            # Nine people to show would be nine passwords to change before anything is seen.
            one_time=False,
        )
        command_id = teller.tell(moment, "cli", add, login, station="cli", source="cli")
        teller.by[role] = Actor(id=str(derive(command_id, "account")), roles=frozenset({role}))
    teller.by["public"] = Actor(id="public", roles=frozenset({"public"}))
    teller.send()
    return passwords


def tablets(teller: Teller, moment: datetime) -> None:
    """Three kiosks, of which the last is cut off later; nobody has their credentials."""
    for number, label in enumerate(("受付1", "受付2", "集合場所"), 1):
        add = AddKiosk(
            label=label,
            code=code_digest(one_time_code()),
            expires_at=teller.services.wall.now() + CODE_LASTS,
            credential=new_credential().digest,
        )
        command_id = teller.tell(moment, "chief", add, number)
        kiosk_id = derive(command_id, "kiosk")
        teller.by[f"kiosk-{number}"] = Actor(id=str(kiosk_id), roles=frozenset({"kiosk"}), kiosk_id=kiosk_id)
    teller.send()


class Manuals:
    """The newest usable editions of the center's manual and of the BCP."""

    def __init__(self, root: Path) -> None:
        found = [edition for edition in library(root) if edition.usable and edition.kind is not None]
        self.by_kind: dict[RunKind, Edition] = {}
        for edition in sorted(found, key=lambda each: each.edition):
            assert edition.kind is not None
            self.by_kind[RunKind(edition.kind.value)] = edition


def approve(teller: Teller, manuals: Manuals, moment: datetime) -> None:
    """The chief approves both editions in peacetime."""
    for edition in manuals.by_kind.values():
        command = Approve(name=edition.name, edition=edition.edition, digest=edition.digest)
        teller.tell(moment, "chief", command, edition.name)
    teller.send()


def begin(teller: Teller, manuals: Manuals, quake: datetime) -> None:
    """発災 and both runs."""
    title = "見本の地震（訓練）"
    start = Start(disaster=Disaster.EARTHQUAKE, started_at=quake, title=title)
    teller.tell(quake + timedelta(minutes=40), "chief", start, "first")
    teller.send()
    for kind, edition in manuals.by_kind.items():
        run = StartRun(
            manual=kind,
            name=edition.name,
            edition=edition.edition,
            digest=edition.digest,
            steps=tuple(step.id for step in edition.steps),
            commissioned=tuple(f.code for f in edition.functions if f.ownership is Ownership.COMMISSIONED),
        )
        who = "bcp" if kind is RunKind.BCP else "chief"
        teller.tell(quake + timedelta(minutes=50), who, run, kind.value)
    teller.send()


def before_opening(teller: Teller, random: Random, manuals: Manuals, today: datetime) -> list[Act]:
    """Everything up to and with the opening, two days before today."""
    story = _decision(today) + _continuity(manuals, today) + _tools(teller, today)
    story += _steps(random, manuals.by_kind.get(RunKind.CENTER), today)
    return story + _bcp_steps(random, manuals.by_kind.get(RunKind.BCP), today)


def on(today: datetime, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment some days from today, at an hour in Japan."""
    return at((today + timedelta(days=day)).date(), hour, minute)


def _decision(today: datetime) -> list[Act]:
    considering = DecideOpening(
        decision=OpeningDecision.CONSIDERING, reason="市災害対策本部の情報と、ふだんの相談の件数を見ている"
    )
    opening = DecideOpening(
        decision=OpeningDecision.OPEN, reason="片付けの相談が60件をこえる見込み。市と協議し、設置する"
    )
    return [
        (on(today, -4, 10), "chief", considering, ("considering",)),
        (on(today, -3, 15, 10), "chief", opening, ("open",)),
    ]


def _continuity(manuals: Manuals, today: datetime) -> list[Act]:
    """A commissioned function stopped after its talk; own ones reduced or stopped."""
    edition = manuals.by_kind.get(RunKind.BCP)
    if edition is None:
        return []
    held = on(today, -4, 13)
    acts: list[Act] = []
    commissioned = next((f for f in edition.functions if f.ownership is Ownership.COMMISSIONED), None)
    if commissioned is not None:
        talk = HoldTalk(
            function=commissioned.code,
            held_at=held,
            consignor=f"{commissioned.consignor or '委託者'} 担当 架空 五郎",
            ours="訓練 BCP事務局",
            agreed="来所の窓口は3日間休む。急ぐ人の電話は続ける。3日後にもう一度話す。",
        )
        stop = SetFunction(
            code=commissioned.code, state=FunctionState.STOPPED, reason="建物の安全確認と職員の参集のため"
        )
        acts += [(held + timedelta(minutes=20), "bcp", talk, (commissioned.code,))]
        acts += [(held + timedelta(minutes=30), "bcp", stop, (commissioned.code,))]
    others = [f for f in edition.functions if f.ownership is not Ownership.COMMISSIONED][-3:]
    states = (FunctionState.STOPPED, FunctionState.REDUCED, FunctionState.REDUCED)
    for number, (function, state) in enumerate(zip(others, states, strict=False)):
        command = SetFunction(code=function.code, state=state, reason="センターの応援に職員を回すため")
        acts.append((on(today, -4, 14, 10 * number), "bcp", command, (function.code,)))
    return acts


def _tools(teller: Teller, today: datetime) -> list[Act]:
    kinds = teller.services.reference.tools
    return [
        (
            on(today, -3, 17, number),
            "matching",
            CountTools(code=kind.code, total=kind.count),
            (kind.code,),
        )
        for number, kind in enumerate(kinds)
    ]


def _marked(step: Step, kind: RunKind, moment: datetime, who: str, *, daily: bool) -> Act:
    day = moment.date() if daily else None
    applies = not step.disasters or Disaster.EARTHQUAKE in step.disasters
    mark = Mark(
        manual=kind,
        step=step.id,
        state=MarkState.DONE if applies else MarkState.NOT_APPLICABLE,
        reason="" if applies else "地震のため、あてはまらない",
        day=day,
    )
    return moment, who, mark, (kind.value, step.id, day or "")


def _steps(random: Random, edition: Edition | None, today: datetime) -> list[Act]:
    acts: list[Act] = []
    count: dict[str, int] = {}
    for step in edition.steps if edition else ():
        place = count[step.chapter] = count.get(step.chapter, 0) + 1
        if step.chapter == LAST_CHAPTER or isinstance(step.deadline, Daily):
            continue
        if step.id != OPENING_STEP and happens(random, LEFT_OPEN):
            continue
        day, hour = CHAPTERS.get(step.chapter, THE_EVENING_BEFORE)
        acts.append(_marked(step, RunKind.CENTER, on(today, day, hour, 5 * place % 60), "chief", daily=False))
    return acts


def _bcp_steps(random: Random, edition: Edition | None, today: datetime) -> list[Act]:
    acts: list[Act] = []
    days = {Phase.H3: -4, Phase.H24: -4, Phase.H72: -3}
    for number, step in enumerate(edition.steps if edition else ()):
        if step.phase in days and not isinstance(step.deadline, Daily) and not happens(random, LEFT_OPEN):
            hour = 8 if step.phase is Phase.H3 else 15
            moment = on(today, days[step.phase], hour, number % 50)
            acts.append(_marked(step, RunKind.BCP, moment, "bcp", daily=False))
    return acts


def daily_steps(edition: Edition | None, moment: datetime, upto: int) -> list[Act]:
    """The first `upto` daily steps of the center's manual, marked one after the other from a moment on."""
    daily = [step for step in (edition.steps if edition else ()) if isinstance(step.deadline, Daily)]
    return [
        _marked(step, RunKind.CENTER, moment + timedelta(minutes=2 * n), "chief", daily=True)
        for n, step in enumerate(daily[:upto])
    ]
