"""A list that was read becomes rows of the center: counted in a dry run, stored in chunks, never twice."""

import hashlib
import hmac
import uuid
from datetime import date
from pathlib import Path

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.commands.base import Actor, Command, Envelope
from dvc_core.commands.listed import SetAside, TakeNeed, TakeVolunteer
from dvc_core.commands.listed_sticker import TakeSticker
from dvc_core.domain.kernel import derive
from dvc_core.domain.listed import ListedRow
from dvc_core.domain.need import Details, Place, Site
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.sticker import StickerSite
from dvc_core.domain.text import TEXT
from dvc_core.domain.volunteer import ADULT, Person, Traits
from dvc_core.geo import geocode
from dvc_core.importing.apart import read_apart
from dvc_core.importing.reading import Located
from dvc_core.importing.reference import Kind, load_skills
from dvc_core.importing.result import (
    AsideRow,
    GoodRow,
    ImportResult,
    NeedValues,
    StickerValues,
    VolunteerValues,
)

CHUNK = 200
"""Rows a transaction; between two the lock is free, so that a scan beside an import waits for one at most."""
FEW = 5
"""Rows a transaction of a list of papers: each works out the gate of whole houses, some 20 ms a row."""

NOBODY = uuid.UUID(int=0)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a list adds; `refused` rows were good in form and no rule let them in."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0


def read(
    services: Services, kind: Kind, source: Path | bytes, *, file: str | None, today: date
) -> ImportResult:
    """Read a list in a process of its own; the towns of needs by the offline table."""

    def locate(address: str) -> Located:
        place = geocode.geocode(address, city=services.council_id)
        return Located(town=place.town, problems=place.problems)

    return read_apart(kind, source, today=today, locate=locate if kind != "volunteers" else None, file=file)


def _keyed(services: Services, *parts: str) -> str:
    """A digest that cannot be turned back by trying names: its key lies in the database and can be erased."""
    key = bytes.fromhex(services.database.meta.content_key)
    return hmac.new(key, "/".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


def take(services: Services, result: ImportResult, actor: Actor, *, dry_run: bool) -> Counts:
    """Store the good rows and keep the others aside; a dry run only counts."""
    with services.reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        ids = {row.row: _row_id(services, operation, result.kind, row) for row in result.good}
        known = reader.many(ListedRow, ids.values())
    counts: dict[str, int] = {"new": 0, "unchanged": 0, "changed": 0, "refused": 0}
    envelopes: list[Envelope] = []
    for row in result.good:
        row_id, content = ids[row.row], _keyed(services, row.digest)
        before = known.get(row_id)
        if before is not None and before.content == content:
            counts["unchanged"] += 1
            continue
        counts["changed" if before else "new"] += 1
        command = _command(services, row, row_id, content)
        envelopes.append(_envelope(derive(row_id, content), command, actor))
    if not dry_run:
        envelopes += [_aside(services, result, row, actor) for row in result.set_aside]
        counts["refused"] = _run(services, envelopes, FEW if result.kind == "stickers" else CHUNK)
        counts["new"] = max(counts["new"] - counts["refused"], 0)
    return Counts(**counts)


def _run(services: Services, envelopes: list[Envelope], chunk: int) -> int:
    refused = 0
    for start in range(0, len(envelopes), chunk):
        answers = services.run_all(envelopes[start : start + chunk])
        refused += sum(answer.refusal is not None for answer in answers)
    return refused


def _row_id(services: Services, operation: Operation | None, kind: str, row: GoodRow) -> uuid.UUID:
    return derive(operation.id if operation else services.council_id, "list", kind, _keyed(services, row.key))


def _envelope(command_id: uuid.UUID, command: Command, actor: Actor) -> Envelope:
    return Envelope(command_id=command_id, command=command, actor=actor, station="import", source="import")


def _aside(services: Services, result: ImportResult, row: AsideRow, actor: Actor) -> Envelope:
    said = msgspec.json.encode(
        {"file": result.file, "row": row.row, "cells": row.cells}, order="sorted"
    ).decode()
    said = "".join(c if c.isprintable() or c == "\n" else "�" for c in said)
    return _envelope(
        derive("aside", _keyed(services, result.kind, said)), SetAside(content=said[:20_000]), actor
    )


def _command(services: Services, row: GoodRow, row_id: uuid.UUID, content: str) -> Command:
    values = row.values
    if isinstance(values, NeedValues):
        return _need(services, row, values, row_id, content)
    if isinstance(values, StickerValues):
        return _sticker(services, row, values, row_id, content)
    return _volunteer(services, values, row, row_id, content)


def _volunteer(
    services: Services, values: VolunteerValues, row: GoodRow, row_id: uuid.UUID, content: str
) -> TakeVolunteer:
    skills = [skill for skill in load_skills(services.config.reference) if skill.code in values.skills]
    person = Person(
        id=NOBODY,
        name=values.name,
        kana=values.kana,
        phone=values.phone or "",
        birth_date=values.birth_date,
        age=values.age,
        emergency_name=values.emergency_name or "",
        emergency_phone=values.emergency_phone or "",
        address=row.also.get("address", ""),
        note="\n".join([*([values.note] if values.note else []), *_others(row, "address")])[:TEXT],
    )
    traits = Traits(
        minor=values.age is not None and values.age < ADULT,
        insurance=values.insurance,
        driver=any(skill.trait == "driver" for skill in skills),
        truck=any(skill.trait == "truck" for skill in skills),
        skills=tuple(skill.code for skill in skills),
    )
    return TakeVolunteer(row_id=row_id, content=content, person=person, traits=traits)


def _others(row: GoodRow, *taken: str) -> list[str]:
    """What else the list says of a row, heading by heading: nothing that people wrote is dropped."""
    rest = {name: said for name, said in row.also.items() if name not in taken} | row.extra
    return [f"{heading}：{said}" for heading, said in rest.items() if said.strip()]


def _need(services: Services, row: GoodRow, values: NeedValues, row_id: uuid.UUID, content: str) -> TakeNeed:
    found = geocode.geocode(values.address, city=services.council_id)
    place = Place(
        lat=found.lat,
        lng=found.lng,
        city_code=found.city_code,
        match_level=found.level,
    )
    wanted = f"希望日：{values.wanted_date:%Y/%m/%d}\n" if values.wanted_date else ""
    site = Site(
        id=NOBODY,
        name=values.name,
        kana=row.also.get("kana", ""),
        phone=values.phone or "",
        address=values.address,
        town=values.town or "",
        trouble=values.trouble,
        note="\n".join([f"{wanted}{values.note or ''}", *_others(row, "kana")])[:TEXT],
    )
    details = Details(hazard=values.hazard_grade, people_min=values.people_min, people_max=values.people_max)
    return TakeNeed(row_id=row_id, content=content, site=site, details=details, place=place)


def _sticker(
    services: Services, row: GoodRow, values: StickerValues, row_id: uuid.UUID, content: str
) -> TakeSticker:
    found = geocode.geocode(values.address, city=services.council_id)
    site = StickerSite(
        id=NOBODY,
        address=values.address,
        town=values.town or "",
        reason=values.reason,
        note="\n".join([*([values.note] if values.note else []), *_others(row)])[:TEXT],
    )
    return TakeSticker(
        row_id=row_id,
        content=content,
        paper=values.kind.value,
        colour=values.colour.value,
        posted_on=values.posted_on,
        site=site,
        place=Place(lat=found.lat, lng=found.lng, city_code=found.city_code, match_level=found.level),
    )
