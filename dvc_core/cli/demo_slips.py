"""What goes wrong in the demonstration and is put right: 要確認 of several kinds, corrections, answers."""

import uuid
from datetime import date, datetime, timedelta

import msgspec

from dvc_core.cli.demo_days import Center, Window
from dvc_core.commands.attendance import CorrectTime, Record, Scan
from dvc_core.commands.chronology import Correct
from dvc_core.commands.dispatch import Say
from dvc_core.commands.kiosk import Revoke
from dvc_core.commands.listed import SetAside
from dvc_core.commands.need import End
from dvc_core.commands.operation import DecideOpening
from dvc_core.commands.referral import SettleReferral
from dvc_core.commands.review import Settle
from dvc_core.commands.volunteer import IssueCard, NewCard
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.kernel import derive
from dvc_core.domain.need import Need, NeedState
from dvc_core.domain.referral import Referral
from dvc_core.domain.review import Review, ReviewState
from dvc_core.domain.team import Word

LENT_TABLET = 3
LIST_ROWS: tuple[dict[str, object], ...] = (
    {"file": "事前登録（見本）.xlsx", "row": 14, "cells": ["見本 海子", "", "2月31日", "加入済"]},
    {"file": "事前登録（見本）.xlsx", "row": 27, "cells": ["", "000-0000-0427", "34", "未加入"]},
)
"""A day that does not exist, and a line without a name: as the import sets rows aside."""


def cut_off(center: Center, moment: datetime, day: date) -> None:
    """The third tablet was left at a meeting place; it is cut off, and what it still sends waits."""
    teller = center.teller
    kiosk = uuid.UUID(teller.by[f"kiosk-{LENT_TABLET}"].id)
    teller.tell(moment, "chief", Revoke(kiosk_id=kiosk), LENT_TABLET)
    late = Scan(act=Act.LEAVE, fault="cut-off-kiosk", number=7)
    place = f"kiosk-{LENT_TABLET}"
    teller.tell(moment + timedelta(minutes=2), place, late, "late", day, station=place, source="kiosk")
    teller.send()


def lost_card(center: Center, moment: datetime, day: date) -> None:
    """Someone lost the card and got a new one; the old one is held up all the same, and strange codes too."""
    index = min(center.known)
    key_id = center.services.keys.current.key_id
    fresh = NewCard(token=center.random.randbytes(16).hex(), key_id=key_id)
    issue = IssueCard(volunteer_id=center.known[index], card=fresh, replaces=True)
    center.teller.tell(moment, "reception", issue, index)
    strange = (
        Scan(act=Act.ARRIVE, token=center.people[index].token),
        Scan(act=Act.ARRIVE, number=999),
        Scan(act=Act.ARRIVE, fault="forged", said="TSK1.見本.にせもの"),
        Scan(act=Act.LEAVE, fault="foreign", said="TSK1.13208.見本"),
    )
    for number, scan in enumerate(strange):
        name = ("strange", number, day)
        center.teller.tell(moment, "kiosk-1", scan, *name, station="kiosk-1", source="kiosk")
    center.teller.send()


def lists(center: Center, moment: datetime) -> None:
    """Two rows of a list that could not be taken."""
    for number, row in enumerate(LIST_ROWS):
        aside = SetAside(content=msgspec.json.encode(row).decode())
        center.teller.tell(moment, "general", aside, number, station="import", source="import")
    center.teller.send()


def papers(center: Center, moment: datetime) -> None:
    """A photocopied slip: one number, two people; and a slip about a team that there is not."""
    teller = center.teller
    one, other = sorted(center.known)[3:5]
    for index in (one, other):
        slip = Record(act=Act.LEAVE, volunteer_id=center.known[index])
        teller.tell(moment, "reception", slip, "paper", station="desk", source="paper")
        teller.send()
    nobody = Say(team_id=derive("demo", "no-team"), word=Word.FINISHED, words="終わった（紙の班番号 41）")
    teller.tell(moment, "matching", nobody, "paper", source="paper")
    teller.send()


def settle_one(center: Center, moment: datetime) -> None:
    """One of what waited was looked at and stays apart, with the reason."""
    with center.services.reader() as reader:
        waiting = reader.find(Review, state=ReviewState.OPEN, reason="unknown-number")
    for row in waiting:
        words = "番号の打ちまちがい。本人は、そのあと自分のカードで受付をすませた"
        settle = Settle(review_id=row.id, state=ReviewState.KEPT_APART, words=words)
        center.teller.tell(moment, "reception", settle, row.id)
    center.teller.send()


def correct(center: Center, window: Window, moment: datetime) -> None:
    """Somebody came earlier than was written; and words are added to the entry of the first decision."""
    teller = center.teller
    with center.services.reader() as reader:
        days = [row for row in reader.find(Attendance, day=window.day) if row.arrived_at is not None]
    late = max(days, key=lambda row: (row.arrived_at or window.begin, row.id))
    assert late.arrived_at is not None
    earlier = (window.begin + (late.arrived_at - window.begin) / 2).replace(microsecond=0)
    time = CorrectTime(
        volunteer_id=late.volunteer_id,
        day=window.day,
        act=Act.ARRIVE,
        corrected=earlier,
    )
    teller.tell(moment, "reception", time, window.day, supersedes=late.arrived_entry)
    entry = derive(teller.id(DecideOpening.kind, "considering"), 0)
    words = Correct(entry_id=entry, words="この時刻は書いた時刻。市との協議は9時40分に始めた")
    teller.tell(moment, "general", words, "considering")
    teller.send()


def answers(center: Center, moment: datetime) -> None:
    """Partners answer: the first took the need over and it ends here, the second gave it back."""
    teller = center.teller
    with center.services.reader() as reader:
        waiting = [r for r in reader.find(Referral, settled_at=None) if r.to != "chief"]
        needs = reader.many(Need, [r.need_id for r in waiting])
    waiting = [r for r in waiting if needs[r.need_id].state is not NeedState.CANCELLED]
    waiting.sort(key=lambda r: (r.reason in ("watch-over", "not-workable"), needs[r.need_id].number, r.id))
    said = ((True, "業者を手配した。あとは直接連絡する"), (False, "今週は人が足りず、受けられない"))
    for referral, (taken, words) in zip(waiting, said, strict=False):
        settle = SettleReferral(referral_id=referral.id, taken=taken, words=words)
        teller.tell(moment, "needs", settle, referral.id)
        if taken:
            end = End(need_id=referral.need_id, state=NeedState.HANDED_OVER, reason="引き継いだ先が手配した")
            teller.tell(moment, "needs", end, referral.need_id)
    teller.send()
