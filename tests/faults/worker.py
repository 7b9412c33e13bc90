"""A process that works until it is killed: `python -m tests.faults.worker DATA ROUND`.

Three people register others and let them arrive and leave, each batch one transaction, as fast as it goes. A
line `try THREAD BATCH` goes out before a batch is handed over, `ok THREAD BATCH COUNTS` after it was
confirmed, with the number of journal entries of each of its commands. The ids follow from round, thread
and batch.
"""

import itertools
import os
import sys
import threading
import uuid
from pathlib import Path

from dvc_core.bootstrap import Config, Services, build
from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Actor, Answer, Envelope
from dvc_core.commands.operation import Start
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act
from dvc_core.domain.operation import Disaster, Operation, current
from dvc_core.domain.volunteer import Person
from dvc_core.ports import ConflictError
from dvc_core.store.duck import DuckEngine

THREADS = 3
WORKER = Actor(id="chief", roles=frozenset({"chief", "kiosk"}))
_out = threading.Lock()


def envelopes(turn: int, thread: int, batch: int) -> list[Envelope]:
    """The batch: somebody registers, arrives and leaves. The same numbers give the same ids and contents."""
    token = uuid.uuid5(uuid.NAMESPACE_OID, f"token/{turn}/{thread}/{batch}").hex
    person = Person(id=uuid.UUID(int=0), name="見本 花子", kana="ミホン ハナコ", phone="000-0000-0000")
    commands = (
        Register(person=person, card=NewCard(token=token, key_id="13210-kill")),
        Scan(act=Act.ARRIVE, token=token),
        Scan(act=Act.LEAVE, token=token),
    )
    ids = (uuid.uuid5(uuid.NAMESPACE_OID, f"{turn}/{thread}/{batch}/{nth}") for nth in itertools.count())
    return [
        Envelope(command_id=command_id, command=command, actor=WORKER, station="desk", source="desk")
        for command_id, command in zip(ids, commands, strict=False)
    ]


def start_operation(services: Services) -> Answer | None:
    """An operation, unless one is running already."""
    with services.reader() as reader:
        if current(reader.find(Operation, closed_at=None)) is not None:
            return None
    command = Start(disaster=Disaster.EARTHQUAKE, started_at=services.clock.now(), title="訓練の地震")
    return services.do(command, WORKER)


def _say(*words: object) -> None:
    with _out:
        print(*words, flush=True)


def _work(services: Services, turn: int, thread: int) -> None:
    for batch in itertools.count():
        _say("try", thread, batch)
        try:
            answers = services.run_all(envelopes(turn, thread, batch))
        except ConflictError:
            continue
        _say("ok", thread, batch, *(len(answer.entries) for answer in answers))
        if batch % 8 == 7 and isinstance(services.database.engine, DuckEngine):
            services.database.engine.checkpoint()


def _end(failure: threading.ExceptHookArgs) -> None:
    """The others must not work on as if nothing had happened: the test sees a process that ended."""
    threading.__excepthook__(failure)
    os._exit(1)


def main(data: Path, turn: int) -> None:
    """Open the store, say so, and work for ever."""
    services = build(Config(data=data, database_url=os.environ.get("TASUKI_DATABASE_URL")))
    threading.excepthook = _end
    _say("open")
    start_operation(services)
    threads = [threading.Thread(target=_work, args=(services, turn, nth)) for nth in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
