"""二つの登録を左右に: 行ごとにくらべ、ちがう行に印をつける。せまい画面でも左右のまま読める."""

from html import escape

import streamlit as st

from dvc_core.domain.attendance import Attendance
from dvc_core.i18n import text
from dvc_core.queries.same_person import Beside, Shown
from pages._shell import local

_STYLE = """<style>
.beside { width: 100%; border-collapse: collapse; table-layout: fixed; }
.beside th, .beside td { border: 0; border-bottom: 1px solid #c3ccd4; padding: .3rem .4rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
.beside th { width: 26%; font-size: .9rem; font-weight: 400; }
.beside tr.differs td { background: #fff3c4; font-weight: 700; }
.beside tr.differs th::after { content: " ≠"; font-weight: 700; }
</style>"""
YES, NO, NONE = "はい", "いいえ", "―"
APART = frozenset({"number", "days", "cards", "today"})
"""Rows that differ between any two registrations and say nothing against their being one person."""


def draw(found: Beside) -> None:
    """Every row that one of them fills in; those that differ stand out in colour, sign and weight."""
    one, other = _rows(found.one), _rows(found.other)
    lines = []
    for name, left in one.items():
        right = other[name]
        if left == right == NONE:
            continue
        differs = name not in APART and NONE not in (left, right) and left != right
        mark = ' class="differs"' if differs else ""
        cells = f"<td>{escape(left)}</td><td>{escape(right)}</td>"
        lines.append(f"<tr{mark}><th>{escape(text(f'merge.field.{name}'))}</th>{cells}</tr>")
    st.html(f'{_STYLE}<table class="beside">{"".join(lines)}</table>')


def _rows(side: Shown) -> dict[str, str]:
    row, person = side.volunteer, side.person
    guardian = f"{person.guardian_name}（同意{'あり' if row.guardian_consents else 'なし'}）"
    emergency = f"{person.emergency_name} {person.emergency_phone}".strip()
    vehicle = "・".join(word for word, has in (("運転できる", row.driver), ("軽トラック", row.truck)) if has)
    insurance = text(f"insurance.{row.insurance}") + ("（加入証を見た）" if row.insurance_seen else "")
    return {
        "number": f"{row.number:03d}" + "".join(f"・{number:03d}" for number in side.merged),
        "name": person.name or NONE,
        "kana": person.kana or NONE,
        "phone": person.phone or NONE,
        "birth_date": person.birth_date.strftime("%Y/%m/%d") if person.birth_date else NONE,
        "age": NONE if person.age is None else str(person.age),
        "address": person.address or NONE,
        "minor": YES if row.minor else NO,
        "guardian": guardian if row.minor else NONE,
        "emergency": emergency or NONE,
        "insurance": insurance,
        "health": "よい" if row.health_ok else "気をつけることあり",
        "leader": YES if row.leader_able else NO,
        "vehicle": vehicle or NONE,
        "group": side.group or NONE,
        "note": person.note or NONE,
        "confirmed": "確かめた" if row.confirmed_at_desk else "まだ",
        "today": _today(side.today),
        "days": f"{side.days} 日",
        "cards": f"{side.cards} まい",
    }


def _today(day: Attendance | None) -> str:
    if day is None or day.arrived_at is None:
        return "来ていない"
    state = "外出中" if day.out else "来所中" if day.present else "帰宅"
    return f"{state}（来た {local(day.arrived_at, '%H:%M')}）"
