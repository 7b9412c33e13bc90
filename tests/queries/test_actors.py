"""Who did it: a person by name, a tablet by number, the program by a word, a lost one by what it was."""

import uuid

from dvc_core.access import kiosks
from dvc_core.access.passwords import hash_password
from dvc_core.commands.account import Add as AddAccount
from dvc_core.commands.kiosk import Add as AddKiosk
from dvc_core.i18n import text
from dvc_core.queries.actors import called
from tests.support.center import Center


def test_people_tablets_and_the_program_have_words(center_on_both: Center) -> None:
    center = center_on_both
    account = AddAccount(
        login="hanako",
        name="見本 花子",
        roles=("reception",),
        password_hash=hash_password("himitsu-no-kotoba"),
    )
    person = next(
        e.subject_id for e in center.must(account, center.admin).entries if e.kind == "account.added"
    )
    shown = "ABCD-EFGH-JKLM"
    place = AddKiosk(label="受付1", code=kiosks.code_digest(shown), expires_at=center.clock.now())
    tablet = next(e.subject_id for e in center.must(place).entries if e.kind == "kiosk.added")
    gone = str(uuid.uuid4())
    with center.services.reader() as reader:
        assert called(reader, [str(person), str(tablet), "cli", gone, "desk"]) == {
            str(person): "見本 花子",
            str(tablet): text("value.station.kiosk", number=1),
            "cli": text("value.source.cli"),
            gone: gone,
            "desk": "desk",
        }
