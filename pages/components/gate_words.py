"""安全ゲートと貼り紙のことば: why a place is open or shut, which paper says so, what a team must keep to."""

from collections.abc import Iterable, Sequence

from dvc_core.domain.gate import SHUT, Reason, Standing
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import StickerColour, StickerKind
from dvc_core.i18n import text
from dvc_core.queries.stickers import StickerLine
from pages.components.plain import plain

NO_GRADE = (
    "紙の色は、余震で危ないかどうかを示すものです。罹災証明（全壊・半壊など）とは別の調査で、"
    "被害の大きさを決めるものではありません。"
)
MOST_THINGS, LONGEST_THING = 2, 20
_BADGE = {StickerColour.RED: "red", StickerColour.YELLOW: "orange", StickerColour.GREEN: "green"}
_MARKS = {Gate.HELD: "立入保留", Gate.CLOSED: "立入不可"}
_COLOURS = {HazardGrade.RED: "赤紙", HazardGrade.YELLOW: "黄紙"}


def marks(need: Need) -> list[str]:
    """What a list says of a need's gate in a word or two."""
    found = [_MARKS[need.gate]] if need.gate in SHUT else []
    return found + ([_COLOURS[need.colour]] if need.colour in _COLOURS else [])


def name_of(reason: Reason) -> str:
    """A line of the table, or a thing that the check found, in its own words."""
    if reason.rule.startswith("check."):
        return f"調査で「危ない」：{reason.name}"
    return reason.name or text("gate.no-line")


def why(standing: Standing) -> str:
    """The reason that decides, for the card's head."""
    return name_of(standing.first)


def reasons(standing: Standing, papers: Iterable[StickerLine]) -> list[str]:
    """Every reason that is not simply open, as lines of Markdown, each with its paper."""
    by_id = {line.sticker.id: line for line in papers}
    shown = [r for r in standing.reasons if r.gate is not Gate.OPEN or r is standing.first]
    lines = []
    for reason in shown:
        gate = text(f"value.gate.{reason.gate}") + ("→解除ずみ（条件つき）" if reason.released else "")
        paper = by_id.get(reason.sticker_id) if reason.sticker_id else None
        which = f"　紙：{words(paper)}" if paper else ""
        lines.append(f"- **{gate}**　{name_of(reason)}{which}")
        if reason.why:
            lines.append(f"    - :small[{reason.why}{unsure(reason.source)}]")
    return lines


def unsure(source: str) -> str:
    """That nobody has confirmed how the council decides here: the source itself is for who edits the data."""
    return "（決め方は未確認）" if "未確認" in source else ""


def words(line: StickerLine) -> str:
    """One paper on one line: what of, which colour, by whom and when, and what is written on it."""
    row = line.sticker
    parts = [
        f":{_BADGE[row.colour]}-badge[{text(f'value.sticker-colour.{row.colour}')}]",
        text(f"value.sticker-kind.{row.kind}"),
        f"【{text(f'value.sticker-source.{row.source}')}】",
        f"{row.posted_on:%m/%d} に貼られた" if row.posted_on else "貼った日は不明",
    ]
    parts += [f"「{plain(line.site.reason)}」"] if line.site.reason else []
    parts += [f"写真：{plain(line.site.photo)}"] if line.site.photo else []
    return "　".join(parts)


def hazards(need: Need, standing: Standing, things: Sequence[StickerLine]) -> list[str]:
    """What the order prints as warnings: the building, things that may fall or topple, conditions.

    Five rows at most: with more the fullest order would need a third page, and the report its own sheet.
    """
    grade = text(f"value.hazard-grade.{need.colour}")
    first = f"応急危険度判定：{grade}（立ち入り：{text(f'value.gate.{standing.gate}')}）"
    if len(things) > MOST_THINGS:
        first += f"　落ちる・倒れる物の紙 {len(things)} 枚"
    lines = [first]
    for line in things[:MOST_THINGS]:
        colour = text(f"value.sticker-colour.{line.sticker.colour}").partition("（")[0]
        what = {StickerKind.FALLING: "落ちる", StickerKind.TOPPLING: "倒れる"}[line.sticker.kind]
        thing = " ".join((line.site.reason or "紙のある物").split())[:LONGEST_THING]
        lines.append(f"【{what}・{colour}】{thing}：近づかない")
    told = {line.sticker.id for line in things}
    others = [w for reason in standing.reasons if reason.sticker_id not in told for w in reason.conditions]
    return lines + (["／".join(dict.fromkeys(others))] if others else [])
