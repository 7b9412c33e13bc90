"""The demonstration's block: what each council's tile shows is told here, one way of hearing a council.

By their order in the list of councils, without our own: the first sends a file with a key that nobody has
compared, the second telephones, the third sends a FAX, two send signed files whose keys were compared, the
sixth was heard more than an hour ago, the others told nothing. Two further files are altered and outdated.
Files for trying it out by hand lie in `board/` beside the database.
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from dvc_core.cli.demo_days import Center, Window
from dvc_core.commands.board import Publish, TakeFile, Type, VerifyKey
from dvc_core.domain.board import Compared, Heard
from dvc_core.domain.board_facts import Help, Range, ReceptionMode, Told
from dvc_core.exchange import status_file
from dvc_core.geo.councils import councils
from dvc_core.queries.board import draft
from dvc_core.simulation import block
from dvc_core.tokens import signing
from dvc_core.tokens.files import READABLE, write_secret
from dvc_core.tokens.keys import SigningKey, generate

FOLDER = "board"
"""Beside the database: the next file of a council whose key is compared, and one of a key that is not."""

OLD = timedelta(minutes=95)


def publish(center: Center, moment: datetime, name: object, *, asks: bool = False) -> None:
    """総務 reads the own state and publishes it; help is asked for when `asks`."""
    with center.services.reader() as reader:
        counted = draft(reader, moment)
    told = msgspec.structs.replace(
        counted.told,
        range_people=Range.CITY,
        range_groups=Range.NEARBY,
        reception=ReceptionMode.BOTH,
        help=Help.ASKED if asks else Help.CONSIDERED,
        help_staff=4 if asks else None,
        help_days=7 if asks else None,
        help_trucks=2 if asks else None,
    )
    center.teller.tell(moment, "general", Publish(told=told, seen_number=counted.seen_number), name)
    center.teller.send()


def _others(center: Center) -> list[str]:
    listed = councils(center.services.config.reference / "councils.toml").councils
    return [council.code for council in listed if council.code != center.services.council_id]


def heard_early(center: Center, window: Window) -> None:
    """One council telephoned in the morning and was not heard since: its tile is grey by now."""
    code = next(iter(_others(center)[5:6]), None)
    if code is None:
        return
    moment = window.at(0.36)
    as_of = min(moment - timedelta(minutes=3), window.end - OLD)
    told = block.said_shortly(center.random)
    heard = Type(council_code=code, heard=Heard.TELEPHONE, as_of=as_of, told=told)
    center.teller.tell(moment, "general", heard, code)
    center.teller.send()


def heard_now(center: Center, window: Window) -> None:
    """The last half hour: telephone, FAX, files; then the own state goes out."""
    others = _others(center)
    ways = ((Heard.TELEPHONE, 12), (Heard.FAX, 25))
    for code, (heard, minutes) in zip(others[1:3], ways, strict=False):
        beginning = heard is Heard.FAX
        told = (
            block.beginning(center.random, window.day)
            if beginning
            else block.working(center.random, window.day, days=1)
        )
        typed = Type(council_code=code, heard=heard, as_of=_before(window, minutes), told=told)
        center.teller.tell(window.at(0.965), "general", typed, code)
    center.teller.send()
    for number, code in enumerate(others[3:5]):
        _by_file(center, window, code, minutes=9 + 8 * number, days=2 - number)
    for code in others[:1]:
        unknown = generate(code, window.begin, drill=True)
        told = block.working(center.random, window.day, days=1)
        raw = _file(unknown, 2, _before(window, 15), told)
        _bring(center, window, raw, code, "unknown")
        _lay_out(center.services.config.data, f"{code}-new-key.json", raw)
    publish(center, window.at(0.98), "today", asks=True)


def _before(window: Window, minutes: int) -> datetime:
    return (window.end - timedelta(minutes=minutes)).replace(microsecond=0)


def _file(key: SigningKey, number: int, as_of: datetime, told: Told) -> bytes:
    plain = status_file.document(key.public.council, number, as_of, told, key.public.base64url)
    return status_file.written(signing.sign(plain, key))


def _by_file(center: Center, window: Window, code: str, *, minutes: int, days: int) -> None:
    """Key compared by telephone, file taken; the first one also comes altered, and with an old number."""
    key = generate(code, window.begin, drill=True)
    told = block.working(center.random, window.day, days=days)
    number = 2 * days + 1
    verify = VerifyKey(
        council_code=code,
        key_id=key.key_id,
        public_key=key.public.raw.hex(),
        compared=Compared.TELEPHONE if days > 1 else Compared.IN_PERSON,
    )
    center.teller.tell(window.at(0.97), "general", verify, code)
    center.teller.send()
    raw = _file(key, number, _before(window, minutes), told)
    _bring(center, window, raw, code, number)
    if days > 1:
        done = told.needs_done or 0
        altered = raw.replace(b'"needs_done":%d' % done, b'"needs_done":%d' % (done + 100))
        _bring(center, window, altered, code, "altered")
        _bring(center, window, _file(key, number - 1, _before(window, 300), told), code, "outdated")
        later = msgspec.structs.replace(told, needs_done=done + 3, needs_left=(told.needs_left or 3) - 3)
        _lay_out(center.services.config.data, f"{code}-next.json", _file(key, number + 1, window.end, later))


def _bring(center: Center, window: Window, raw: bytes, *name: object) -> None:
    center.teller.tell(window.at(0.975), "general", TakeFile(raw=raw), *name)
    center.teller.send()


def _lay_out(data: Path, name: str, raw: bytes) -> None:
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    write_secret(folder / name, raw, mode=READABLE, replace=True)
