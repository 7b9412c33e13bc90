"""班の端末: who may take one over, how wrong tries slow down, what a cut-off or copied one still is."""

import secrets
import uuid
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dvc_core.access import device_keys, kiosks, stations
from dvc_core.access.passwords import hash_password
from dvc_core.access.stations import Seen, TakeOver
from dvc_core.bootstrap import Services
from dvc_core.commands import account, station
from dvc_core.commands.base import Actor
from dvc_core.commands.operation import Start
from dvc_core.domain.operation import Disaster
from dvc_core.domain.pin import DEAD_AFTER, FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, PinTries, fault
from dvc_core.queries.stations import stations as listed
from tests.support.center import Center

PIN = "4071"
HASH = hash_password(PIN)
"""One hash for all: argon2 takes its time."""


def person(center: Center, login: str, *roles: str, reading: str = "") -> uuid.UUID:
    """An account with the PIN."""
    add = account.Add(login=login, name=f"訓練 {login}", roles=roles, password_hash=HASH, reading=reading)
    made = center.must(add, center.admin).entries[0].subject_id
    center.must(account.SetOwnPin(pin_hash=HASH), Actor(id=str(made)))
    return made


def tablet(center: Center, section: str = "reception") -> str:
    """A tablet enrolled at a desk: its cookie."""
    code = secrets.token_hex(8)
    center.must(
        station.Add(
            label="卓",
            section=section,
            code=kiosks.code_digest(code),
            expires_at=center.clock.now() + kiosks.CODE_LASTS,
        )
    )
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spoken = device_keys.base64.urlsafe_b64encode(
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    secret, command_id = kiosks.new_credential(), uuid.uuid4()
    enrol = station.Enrol(code=kiosks.code_digest(code), credential=secret.digest, public_key=spoken)
    answer = center.do(enrol, Actor(id="public"), command_id=command_id)
    assert answer.result == "accepted", answer
    return f"{station.station.credential_id(command_id)}.{secret.secret}"


def at(services: Services, cookie: str) -> Seen:
    with services.reader() as reader:
        found = stations.seen(reader, cookie, now=services.wall.now(), reference=services.reference)
    assert found is not None
    return found


def tried(services: Services, cookie: str, who: uuid.UUID, pin: str = PIN) -> TakeOver:
    return stations.take_over(
        services.database,
        at(services, cookie),
        who,
        pin,
        now=services.wall.now(),
        reference=services.reference,
    )


def test_three_people_in_turn_each_act_as_who_they_are(center_on_both: Center) -> None:
    center, services = center_on_both, center_on_both.services
    cookie = tablet(center)
    people = [person(center, name, "reception") for name in ("ichi", "ni", "san")]
    for each in people:
        assert tried(services, cookie, each).result == "in"
        me = at(services, cookie).person
        assert me is not None
        assert (me.account_id, me.station, me.roles) == (each, "station-1", frozenset({"reception"}))
        actor = Actor(id=str(me.account_id), roles=me.roles, station=me.station)
        answer = services.do(account.SetOwnPin(pin_hash=HASH), actor)
        with services.reader() as reader:
            said = reader.rows(
                "SELECT actor_id, station FROM journal WHERE council_id = $council AND seq = $seq",
                seq=answer.entries[0].seq,
            )
        assert said == [(str(each), "station-1")]
    stations.leave(services.database, at(services, cookie))
    assert at(services, cookie).person is None


def test_the_desk_gives_its_rights_and_takes_no_one_who_has_less(center: Center) -> None:
    cookie = tablet(center)
    admin, leader = person(center, "kanri", "admin"), person(center, "hancho", "reception", "leader")
    needs = person(center, "needs", "needs")
    with center.services.reader() as reader:
        desk = center.services.reference.desk("reception")
        assert desk is not None
        names = stations.people(reader, desk, now=center.clock.now(), reference=center.services.reference)
    assert {each.account_id for each in names} == {admin, leader}
    assert tried(center.services, cookie, needs).result == "out"
    tried(center.services, cookie, admin)
    me = at(center.services, cookie).person
    assert me is not None
    assert me.roles == {"reception"}, "an administrator at a desk is the desk"
    tried(center.services, cookie, leader)
    me = at(center.services, cookie).person
    assert me is not None
    assert me.roles == {"reception", "leader"}


def test_names_stand_in_the_order_of_their_kana_and_say_who_has_no_number(center: Center) -> None:
    tablet(center)
    last = person(center, "b", "reception", reading="ワ")
    first = person(center, "c", "reception", reading="アオイ")
    add = account.Add(login="d", name="訓練 d", roles=("reception",), password_hash=HASH, reading="カ")
    none = center.must(add, center.admin).entries[0].subject_id
    desk = center.services.reference.desk("reception")
    assert desk is not None
    with center.services.reader() as reader:
        names = stations.people(reader, desk, now=center.clock.now(), reference=center.services.reference)
    assert [(each.account_id, each.has_pin) for each in names] == [(first, True), (none, False), (last, True)]


def test_five_wrong_tries_slow_down_and_a_right_one_forgets_them(center_on_both: Center) -> None:
    center, services = center_on_both, center_on_both.services
    cookie, who = tablet(center), person(center, "ichi", "reception")
    for _ in range(FREE_TRIES - 1):
        assert tried(services, cookie, who, "0001") == TakeOver(result="wrong")
    fifth = tried(services, cookie, who, "0001")
    assert fifth == TakeOver(result="wrong", wait_until=center.clock.now() + FIRST_WAIT)
    assert tried(services, cookie, who).result == "wait", "not even the right one"
    center.clock.forward(seconds=FIRST_WAIT.total_seconds())
    right = tried(services, cookie, who)
    assert (right.result, right.wrong_before) == ("in", FREE_TRIES)
    assert tried(services, cookie, who, "0001") == TakeOver(result="wrong")


def test_a_script_that_guesses_is_dead_after_twenty_whatever_tablets_it_uses(center: Center) -> None:
    cookies, who = [tablet(center), tablet(center)], person(center, "ichi", "reception")
    began, guesses = center.clock.now(), 0
    results = []
    while "dead" not in results:
        answer = tried(center.services, cookies[guesses % 2], who, f"{guesses:04d}"[::-1])
        results.append(answer.result)
        if answer.wait_until is not None:
            center.clock.at = answer.wait_until
        guesses += answer.result in {"wrong", "dead"}
        assert guesses <= DEAD_AFTER
    assert center.clock.now() - began > timedelta(hours=1)
    center.clock.forward(days=1)
    assert tried(center.services, cookies[0], who).result == "dead", "the right number is dead, too"
    center.must(account.SetOwnPin(pin_hash=HASH), Actor(id=str(who)))
    assert tried(center.services, cookies[0], who).result == "in"


def test_wrong_tries_at_many_people_slow_the_tablet_down(center: Center) -> None:
    cookie = tablet(center)
    people = [person(center, f"p{n}", "reception") for n in range(FREE_TRIES + 1)]
    for each in people[:-1]:
        answer = tried(center.services, cookie, each, "0001")
    assert answer.wait_until is not None
    assert tried(center.services, cookie, people[-1]).result == "wait"
    with center.services.reader() as reader:
        assert [row.wrong_pins for row in listed(reader)] == [FREE_TRIES]
    other = tablet(center)
    assert tried(center.services, other, people[-1]).result == "in", "another tablet goes on"


@pytest.mark.parametrize("wrong", [0, 4, 5, 6, 12, 40])
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(center: Center, wrong: int) -> None:
    now = center.clock.now()
    until = PinTries(id=uuid.uuid4(), wrong=wrong, last_at=now).next_at
    waits = {5: FIRST_WAIT, 6: FIRST_WAIT * 2, 12: LONGEST_WAIT, 40: LONGEST_WAIT}
    assert until == (now + waits[wrong] if wrong in waits else None)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        *((bad, "pin-shape") for bad in ("407", "4071999", "４０７１", "40a1", "", "4071\n")),
        *((bad, "pin-weak") for bad in ("0000", "1234", "7890", "654321")),
        *((good, None) for good in ("4071", "930417")),
    ],
)
def test_which_numbers_may_be_chosen(pin: str, why: str | None) -> None:
    assert fault(pin) == why


def test_cut_off_it_is_nobodys_and_takes_nobody(center_on_both: Center) -> None:
    center, services = center_on_both, center_on_both.services
    cookie, who = tablet(center), person(center, "ichi", "reception")
    tried(services, cookie, who)
    before = at(services, cookie)
    center.must(station.Revoke(station_id=before.station_id))
    after = at(services, cookie)
    assert (after.cut_off, after.person) == (True, None)
    late = stations.take_over(
        services.database, before, who, PIN, now=center.clock.now(), reference=services.reference
    )
    assert late.result == "out", "what was looked up before the cut does not help"
    assert center.refused(station.Revoke(station_id=before.station_id)) == "station-revoked"
    assert center.refused(station.Move(station_id=before.station_id, section="needs")) == "station-revoked"


@pytest.mark.parametrize("meanwhile", ["pin", "cut", "ended"])
def test_what_was_proved_and_taken_back_at_the_same_moment_lets_nobody_in(
    center: Center, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    cookie, who = tablet(center), person(center, "ichi", "reception")
    where = at(center.services, cookie)
    real = stations.matches

    def slow(kept: str, pin: str) -> bool:
        if meanwhile == "pin":
            center.must(account.SetOwnPin(pin_hash=hash_password("8350")), Actor(id=str(who)))
        elif meanwhile == "cut":
            center.must(station.Revoke(station_id=where.station_id))
        else:
            center.must(account.Disable(account_id=who), center.admin)
        return real(kept, pin)

    monkeypatch.setattr(stations, "matches", slow)
    assert tried(center.services, cookie, who).result == "out"
    assert at(center.services, cookie).person is None


def test_moved_to_another_desk_only_who_may_work_there_stays(center: Center) -> None:
    cookie = tablet(center)
    both, one = person(center, "ryoho", "reception", "needs"), person(center, "ichi", "reception")
    tried(center.services, cookie, both)
    where = at(center.services, cookie)
    center.must(station.Move(station_id=where.station_id, section="needs"))
    me = at(center.services, cookie).person
    assert me is not None
    assert me.roles == {"needs"}
    assert tried(center.services, cookie, one).result == "out"
    assert center.refused(station.Move(station_id=where.station_id, section="needs")) == "station-same-desk"
    assert center.refused(station.Move(station_id=where.station_id, section="none")) == "section-unknown"


def test_a_pause_and_the_end_of_an_account_leave_the_station_to_nobody(center: Center) -> None:
    cookie, who = tablet(center), person(center, "ichi", "reception")
    idle = center.services.reference.idle_minutes
    tried(center.services, cookie, who)
    center.clock.forward(minutes=idle - 1)
    assert at(center.services, cookie).person is not None
    stations.note_use(center.services.database, at(center.services, cookie), now=center.clock.now())
    center.clock.forward(minutes=idle - 1)
    assert at(center.services, cookie).person is not None
    center.clock.forward(minutes=1)
    assert at(center.services, cookie).person is None
    tried(center.services, cookie, who)
    center.must(account.Disable(account_id=who), center.admin)
    assert at(center.services, cookie).person is None
    assert tried(center.services, cookie, who).result == "out"


def test_a_code_works_once_and_not_too_late_and_a_guessed_cookie_is_none(center: Center) -> None:
    code = kiosks.code_digest("abc")
    expires = center.clock.now() + kiosks.CODE_LASTS
    center.must(station.Add(label="卓", section="reception", code=code, expires_at=expires))
    enrol = station.Enrol(code=code, credential="a" * 64, public_key="k")
    public = Actor(id="public")
    center.must(enrol, public)
    assert center.refused(enrol, public) == "enrol-code-used"
    unknown = station.Enrol(code="b" * 64, credential="a" * 64, public_key="k")
    assert center.refused(unknown, public) == "enrol-code-unknown"
    late = kiosks.code_digest("late")
    center.must(station.Add(label="卓", section="reception", code=late, expires_at=expires))
    center.clock.forward(minutes=kiosks.CODE_LASTS.total_seconds() / 60)
    assert center.refused(station.Enrol(code=late, credential="a" * 64, public_key="k"), public) == (
        "enrol-code-expired"
    )
    cookie = tablet(center)
    named, _, _ = cookie.partition(".")
    with center.services.reader() as reader:
        for bad in (None, "", "x", f"{named}.", f"{named}.wrong", f"{uuid.uuid4()}.{secrets.token_hex()}"):
            found = stations.seen(reader, bad, now=center.clock.now(), reference=center.services.reference)
            assert found is None, bad


def test_only_the_tablets_own_key_signs_its_word() -> None:
    own, foreign = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    credential, word = uuid.uuid4(), device_keys.challenge()

    def spoken(key: ec.EllipticCurvePrivateKey) -> str:
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return device_keys.base64.urlsafe_b64encode(der).decode().rstrip("=")

    def sign(key: ec.EllipticCurvePrivateKey, said: str) -> str:
        r, s = decode_dss_signature(key.sign(device_keys.message(credential, said), ec.ECDSA(SHA256())))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return device_keys.base64.urlsafe_b64encode(raw).decode().rstrip("=")

    right = sign(own, word)
    assert device_keys.signed(spoken(own), credential, word, right)
    assert not device_keys.signed(spoken(own), credential, "another word", right), "a word works once"
    assert not device_keys.signed(spoken(own), uuid.uuid4(), word, right)
    assert not device_keys.signed(spoken(foreign), credential, word, right)
    assert not device_keys.signed(spoken(own), credential, word, sign(foreign, word))
    for bad in ("", "%%", right[:-4], "A" * 86):
        assert not device_keys.signed(spoken(own), credential, word, bad)
    assert not device_keys.signed("no key", credential, word, right)


def test_a_refused_place_says_why(center: Center) -> None:
    expires = center.clock.now() + kiosks.CODE_LASTS

    def add(label: str, section: str) -> station.Add:
        return station.Add(label=label, section=section, code=secrets.token_hex(32), expires_at=expires)

    assert center.refused(add("", "reception")) == "kiosk-label"
    assert center.refused(add("卓", "no-desk")) == "section-unknown"
    center.must(Start(disaster=Disaster.FLOOD, started_at=center.clock.now(), title="訓練の水害"))
    center.must(add("卓", "reception"))
