"""Sheets of the reception: volunteers' cards, a kiosk's sign, how to trust the CA, 受付票."""

from datetime import date, datetime
from typing import Literal

import msgspec

from dvc_core.domain.person_facts import Insurance
from dvc_core.forms.sheet import Modules, Sheet


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One card: the number people read and the code machines read. No name unless one is given."""

    number: str
    modules: Modules
    name: str | None = None
    note: str | None = None


class VolunteerCards(Sheet, tag="volunteer_cards", frozen=True, kw_only=True):
    """Cards to cut out, eight a sheet; the same card is for arriving and for going home."""

    serial: str
    phone: str
    cards: tuple[Card, ...]


class TabletSign(Sheet, tag="tablet_sign", frozen=True, kw_only=True):
    """The sheet by which a tablet is enrolled as a kiosk: code, address, steps in the caller's words."""

    serial: str
    kiosk: str
    station: str
    modules: Modules
    url: str
    steps: tuple[str, ...]
    expires_at: datetime | None = None


class DeviceSteps(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of device learns to trust the council's certificate."""

    device: str
    steps: tuple[str, ...]


class TrustSheet(Sheet, tag="trust_sheet", frozen=True, kw_only=True):
    """Where the council's CA is fetched, how its own tablets trust it, the fingerprint to compare."""

    serial: str
    modules: Modules
    url: str
    fingerprint: str
    devices: tuple[DeviceSteps, ...]


Licence = Literal["licence_car", "licence_large", "licence_motorcycle", "machine"]
"""The licences of the paper, by their codes in the table of skills."""

Skill = Literal[
    "building", "civil", "electric", "car_repair", "computer", "nursing", "care", "sign_language",
    "note_taking", "braille", "interpreting", "tax", "local_knowledge", "other",
]  # fmt: skip
"""The abilities of the paper, by their codes in the table of skills; the rest is told beside 「その他」."""


class VolunteerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One ボランティア受付票 (practice 3.2, field2026 7). `number` is the paper's own (P-001)."""

    number: str
    desk_number: str | None = None
    received_at: datetime | None = None
    received_by: str | None = None
    first_time: bool | None = None
    last_day: date | None = None
    kana: str | None = None
    name: str | None = None
    gender: Literal["female", "male", "unstated"] | None = None
    birth_date: date | None = None
    age: int | None = None
    postal_code: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    group: str | None = None
    emergency_name: str | None = None
    emergency_relation: str | None = None
    emergency_phone: str | None = None
    guardian_name: str | None = None
    guardian_phone: str | None = None
    guardian_consent: bool | None = None
    insurance: Insurance | None = None
    insurance_proof: Literal["certificate", "mail", "told"] | None = None
    days: str | None = None
    experience: bool | None = None
    experience_note: str | None = None
    health: Literal["good", "concern"] | None = None
    health_note: str | None = None
    licence: tuple[Licence, ...] = ()
    vehicle: Literal["light_truck", "car", "bicycle", "none"] | None = None
    skills: tuple[Skill, ...] = ()
    skills_note: str | None = None
    tools_brought: str | None = None
    activity: Literal["general", "skilled", "operating"] | None = None


class VolunteerForm(Sheet, tag="volunteer_form", frozen=True, kw_only=True):
    """ボランティア受付票（個人）: one sheet a copy, blank where nothing is given."""

    copies: tuple[VolunteerEntry, ...]
