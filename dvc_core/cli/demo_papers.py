"""The demonstration's papers: a list of red places, things that may fall, a town never graded."""

import uuid
from datetime import datetime, timedelta

from dvc_core.cli.demo_days import Center
from dvc_core.commands.gate import SetAreas
from dvc_core.commands.listed_sticker import TakeSticker
from dvc_core.commands.sticker import Post
from dvc_core.domain.day import activity_day
from dvc_core.domain.need import Need, Site
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import StickerSite

NOBODY = uuid.UUID(int=0)
OUTSIDE = frozenset({"tiles", "yard"})
THINGS = (
    ("toppling", "red", "ブロック塀が道のほうへかたむいている"),
    ("falling", "yellow", "瓦が落ちかけている"),
)
REASONS = ("一階の柱が大きくかたむいている", "土台がずれている")


def hang(center: Center, moment: datetime) -> None:
    """On the evening of the first calls: a list arrives, surveyors were out, the chief asked the city."""
    with center.services.reader() as reader:
        needs = sorted(reader.find(Need), key=lambda need: need.number)
        sites = reader.many(Site, [need.id for need in needs])
    day = activity_day(moment)
    gardens = [need for need in needs if OUTSIDE & set(need.works)]
    for (kind, colour, reason), need in zip(THINGS, gardens, strict=False):
        seen = Post(
            need_id=need.id,
            paper=kind,
            colour=colour,
            source="seen-by-surveyor",
            posted_on=day - timedelta(days=1),
            reason=reason,
            photo=f"タブレット1 {need.number:04d}",
        )
        center.teller.tell(moment, "needs", seen, need.id)
    red = [need for need in needs if need.hazard is HazardGrade.RED]
    for reason, need in zip(REASONS, red, strict=False):
        site = sites[need.id]
        hangs = StickerSite(id=NOBODY, address=site.address, town=site.town, reason=reason)
        _listed(center, moment, need, hangs)
    towns = [need for need in needs if need.town_code and need.hazard is HazardGrade.NONE]
    if towns:
        center.teller.tell(moment, "chief", _ungraded(towns[0]), towns[0].id)
    center.teller.send()


def _listed(center: Center, moment: datetime, need: Need, hangs: StickerSite) -> None:
    row_id = center.teller.id("listed-paper", need.id)
    taken = TakeSticker(
        row_id=row_id,
        content="demo",
        paper="building",
        colour="red",
        posted_on=activity_day(moment) - timedelta(days=1),
        site=hangs,
    )
    center.teller.tell(moment, "chief", taken, need.id, station="import", source="import")


def _ungraded(need: Need) -> SetAreas:
    towns = (need.town_code,) if need.town_code else ()
    return SetAreas(
        city_code=need.city_code or "", towns=towns, ungraded=True, reason="市に聞いた。この町の判定はしない"
    )
