"""Whoever telephones in whatever order: a household has one caller, and a caller has one household."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.calling import Calling, CallPurpose, Heard, PutBack, Tried, Whom, calling_id, take
from dvc_core.domain.kernel import Event, Outcome, Stamp

NOBODY = uuid.UUID(int=0)
NEEDS = tuple(uuid.UUID(int=n) for n in range(1, 4))
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["take", "back", "heard", "wait"])), max_size=60
)


class Telephones:
    """The households as the journal would fold them."""

    def __init__(self) -> None:
        self.rows: dict[uuid.UUID, Calling] = {}
        self.now = datetime(2026, 7, 28, 6, tzinfo=UTC)

    def fold(self, event: Event, by: str) -> None:
        stamp = Stamp(
            entry_id=NOBODY, operation_id=NOBODY, occurred_at=self.now, recorded_at=self.now, actor_id=by
        )
        need_id = event.need_id  # type: ignore[attr-defined]
        row = event.evolve(self.rows.get(need_id), stamp)
        assert isinstance(row, Calling)
        self.rows[need_id] = row

    def held_by(self, who: str) -> list[Calling]:
        return [row for row in self.rows.values() if row.holder(self.now) == who]

    def act(self, who: str, step: str) -> None:
        mine = self.held_by(who)
        if step == "wait":
            self.now += timedelta(minutes=6)
        elif step == "take":
            decided = take(NEEDS, self.rows, mine, self.now, who)
            for event in decided.events if isinstance(decided, Outcome) else ():
                self.fold(event, who)
        elif mine:
            need_id = mine[0].need_id
            self.fold(_over(need_id, step), who)
            assert not self.held_by(who)


def _over(need_id: uuid.UUID, step: str) -> Event:
    if step == "back":
        return PutBack(id=calling_id(need_id), need_id=need_id)
    return Tried(
        id=calling_id(need_id),
        need_id=need_id,
        purpose=CallPurpose.VISIT,
        whom=Whom.RESIDENT,
        reached=Heard.NO_ANSWER,
    )


@given(STEPS)
def test_one_caller_a_household_and_one_household_a_caller(steps: list[tuple[int, str]]) -> None:
    telephones = Telephones()
    tried = 0
    for number, step in steps:
        who = f"caller-{number}"
        tried += step == "heard" and bool(telephones.held_by(who))
        telephones.act(who, step)
        holders = [row.holder(telephones.now) for row in telephones.rows.values()]
        named = [holder for holder in holders if holder is not None]
        assert len(named) == len(set(named))
    assert sum(row.tries for row in telephones.rows.values()) == tried


def test_a_household_that_was_left_is_free_again_and_keeps_its_tries() -> None:
    telephones = Telephones()
    telephones.act("a", "take")
    telephones.act("a", "heard")
    telephones.act("a", "take")
    left = telephones.held_by("a")[0]
    assert msgspec.structs.replace(left, held_by=None, held_at=None).tries == 1
    for _ in range(3):
        telephones.act("b", "wait")
    assert telephones.held_by("a") == []
