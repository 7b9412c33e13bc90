"""ニーズ受付票の欄: the four that must be there, the rest in any order (practice 3.4, 4.9; field2026 7)."""

import uuid
from enum import StrEnum
from typing import TypeVar

import msgspec
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dvc_core.domain.need import MOST_PEOPLE, Details, Need, Site
from dvc_core.i18n import has_text, text
from dvc_core.importing.reference import load_skills
from pages._shell import services
from pages.components import lazy

NOBODY = uuid.UUID(int=0)
PICK = "選ぶ（いくつでも）"
MOST_TRUCKS = 20
E = TypeVar("E", bound=StrEnum)


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What the form says: whose and where, and what of it rules may see."""

    site: Site
    details: Details


def works_line(codes: tuple[str, ...]) -> str:
    """Works by their names, those that volunteers do not do marked."""
    return "、".join(_work(code) for code in codes) or "作業はまだ分からない"


def names(table: str, codes: tuple[str, ...]) -> str:
    """Codes of tools or skills by their names in the reference tables."""
    known = _tools() if table == "tools" else _skills()
    return "、".join(known.get(code, code) for code in codes)


def or_code(key: str, code: str) -> str:
    """The word of a code, or the code where the council added one that has no word yet."""
    return text(f"{key}.{code}") if has_text(f"{key}.{code}") else code


def _work(code: str) -> str:
    work = services().reference.work(code)
    if work is None:
        return code
    return work.name + {"no": "【受けない】", "ask": "【相談】", "yes": ""}[work.accept]


def _tools() -> dict[str, str]:
    return {tool.code: tool.name for tool in services().reference.tools}


def _skills() -> dict[str, str]:
    return {skill.code: skill.name for skill in load_skills(services().config.reference)}


def fields(key: str, site: Site | None, details: Details | Need | None) -> Filled:
    """Draw the fields inside a form of the page and give back what they hold."""
    old = site or Site(id=NOBODY, name="")
    known = details or Details()
    left, right = st.columns(2)
    basics = {
        "name": left.text_input("氏名（必須）", old.name, key=f"{key}-name", max_chars=60),
        "kana": right.text_input("ふりがな", old.kana, key=f"{key}-kana", max_chars=80),
        "phone": left.text_input("電話（必須）", old.phone, key=f"{key}-phone", max_chars=20),
        "address": right.text_input(
            "場所（必須）",
            old.address,
            key=f"{key}-address",
            max_chars=200,
            placeholder="例：本町一丁目2-3",
        ),
        "trouble": st.text_area(
            "困りごと（必須・話した言葉のまま）", old.trouble, key=f"{key}-trouble", max_chars=2000, height=90
        ),
    }
    more = st.expander("くわしく（分かったものから、順番は自由）", key=f"{key}-more", on_change="rerun")
    facts = {name: getattr(known, name) for name in Details.__struct_fields__}
    said: dict[str, str] = {}
    if lazy.opened(f"{key}-more", now=bool(more.open)):
        with more:
            facts |= _judged(key, known) | _worked(key, known)
            said = _said(key, old)
    return Filled(site=msgspec.structs.replace(old, **basics, **said), details=Details(**facts))


def _judged(key: str, known: Details | Need) -> dict[str, object]:
    """What the taker judges: how soon, survey, signs of 危機介入 and 見守り."""
    whose = _one(st.container(), "だれのニーズ", known.whose, f"{key}-whose", "need.whose")
    left, right = st.columns(2)
    return {
        "whose": whose,
        "priority": _one(left, "優先度", known.priority, f"{key}-priority", "need.priority"),
        "survey": _one(right, "現地調査", known.survey, f"{key}-survey", "need.survey"),
        "crisis": left.checkbox("危機介入（統括にすぐ知らせる）", known.crisis, key=f"{key}-crisis"),
        "watch_over": right.checkbox("見守りが要る", known.watch_over, key=f"{key}-watch"),
    }


def _worked(key: str, known: Details | Need) -> dict[str, object]:
    """What is to be done, where, by how many and with what."""
    chosen = works(f"{key}-works", known.works)
    st.caption("【受けない】作業は断って終わりにせず、受け付けて専門の団体や市などに引き継ぎます。")
    left, right = st.columns(2)
    inside = left.radio(
        "作業の場所",
        [True, False],
        index=0 if known.inside else 1,
        format_func=lambda here: "屋内（建物に入る）" if here else "屋外",
        horizontal=True,
        key=f"{key}-inside",
    )
    hazard = _one(right, "応急危険度判定", known.hazard, f"{key}-hazard", "need.hazard")
    least = left.number_input("人数（少なくとも）", 1, MOST_PEOPLE, known.people_min, key=f"{key}-min")
    most = right.number_input("人数（多くて）", 1, MOST_PEOPLE, known.people_max, key=f"{key}-max")
    tools, skills = _tools(), _skills()
    needed = left.multiselect(
        "資機材",
        list(tools),
        default=[code for code in known.tools if code in tools],
        format_func=lambda code: tools[code],
        key=f"{key}-tools",
        placeholder=PICK,
    )
    able = right.multiselect(
        "技能",
        list(skills),
        default=[code for code in known.skills if code in skills],
        format_func=lambda code: skills[code],
        key=f"{key}-skills",
        placeholder=PICK,
    )
    trucks = left.number_input("軽トラック（台）", 0, MOST_TRUCKS, known.trucks, key=f"{key}-trucks")
    return {
        "works": chosen,
        "inside": bool(inside),
        "hazard": hazard,
        "people_min": None if least is None else int(least),
        "people_max": None if most is None else int(most),
        "tools": tuple(needed),
        "skills": tuple(able),
        "trucks": int(trucks),
    }


_LINES = (
    ("relation", "続柄（本人・家族・近所・民生委員など）"),
    ("contact_time", "連絡できる時間"),
    ("second_name", "第二連絡先の氏名（親族・民生委員）"),
    ("second_phone", "第二連絡先の電話"),
    ("second_relation", "第二連絡先の続柄"),
    ("household", "世帯の様子（高齢・一人・乳幼児など）"),
    ("parking", "駐車（台数・場所）"),
    ("language", "ことば（日本語が苦手なとき）"),
)
_BEFORE = (
    ("photos", "捨てる前の写真（撮った・まだ）"),
    ("certificate", "罹災証明（申請・調査の様子）"),
    ("owner_consent", "持ち主・管理会社の承諾（借家・共用部）"),
    ("given_up", "捨てると決めたもの"),
    ("kept", "残すもの（貴重品・位牌・写真）"),
    ("pets", "ペット"),
    ("press", "報道・撮影（よい・だめ）"),
)


def _said(key: str, old: Site) -> dict[str, str]:
    """What is kept in people's own words."""
    said = _asked(key, old, _LINES) | before(key, old)
    said["detail"] = st.text_area(
        "作業の詳しいこと（量・場所・捨てないもの）",
        old.detail,
        key=f"{key}-detail",
        max_chars=2000,
        height=70,
    )
    said["note"] = st.text_area("メモ", old.note, key=f"{key}-note", max_chars=2000, height=70)
    return said


def before(key: str, old: Site) -> dict[str, str]:
    """What is asked before anything is thrown away (practice 4.9)."""
    st.caption("罹災証明用の写真と、持ち主の承諾のまえに、物を捨てたり動かしたりしません。")
    return _asked(key, old, _BEFORE)


def _asked(key: str, old: Site, lines: tuple[tuple[str, str], ...]) -> dict[str, str]:
    columns = st.columns(2)
    return {
        name: columns[place % 2].text_input(label, getattr(old, name), key=f"{key}-{name}", max_chars=200)
        for place, (name, label) in enumerate(lines)
    }


def works(key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Which works, by the table of works."""
    return tuple(
        st.multiselect(
            "作業",
            [work.code for work in services().reference.works],
            default=[code for code in known if services().reference.work(code)],
            format_func=_work,
            key=key,
            placeholder=PICK,
        )
    )


def _one(place: DeltaGenerator, label: str, now: E, key: str, words: str) -> E:
    options = list(type(now))
    return place.selectbox(
        label,
        options,
        index=options.index(now),
        format_func=lambda code: text(f"{words}.{code}"),
        key=key,
        placeholder="選ぶ",
    )
