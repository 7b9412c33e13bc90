"""What a new edition adds, removes, changes and moves, by the ids of its steps: reviewers read only that."""

from fractions import Fraction

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.manual.edition import Edition, Step

# What a step says. Its place (chapter, position) and its 班 are where it stands: see `Difference.moved`.
_SAYS = (
    *("title", "deadline", "requires", "conditions", "forms", "evidence"),
    *("business_function", "phase", "body_markdown"),
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The steps that differ, each in exactly one list, in the order of the edition that has them.

    `changed`: the title, a field or the text differs (`fields` says which). `moved`: all that is the same,
    but the chapter, the place among the other steps or the 班 differs. Renumbering moves none.
    """

    added: tuple[Code, ...]
    removed: tuple[Code, ...]
    changed: tuple[Code, ...]
    moved: tuple[Code, ...]
    fields: dict[Code, tuple[str, ...]]


def diff(before: Edition, after: Edition) -> Difference:
    """What turns one edition into the other."""
    old, new = {step.id: step for step in before.steps}, {step.id: step for step in after.steps}
    common = [step_id for step_id in new if step_id in old]
    fields = {step_id: _changed(old[step_id], new[step_id]) for step_id in common}
    places = {step_id: place for place, step_id in enumerate(old)}
    jumped = _jumped([places[step_id] for step_id in common], [bool(fields[step_id]) for step_id in common])
    return Difference(
        added=tuple(step_id for step_id in new if step_id not in old),
        removed=tuple(step_id for step_id in old if step_id not in new),
        changed=tuple(step_id for step_id in common if fields[step_id]),
        moved=tuple(
            step_id
            for position, step_id in enumerate(common)
            if not fields[step_id] and (position in jumped or _elsewhere(old[step_id], new[step_id]))
        ),
        fields={step_id: changed for step_id, changed in fields.items() if changed},
    )


def _changed(old: Step, new: Step) -> tuple[str, ...]:
    return tuple(name for name in _SAYS if getattr(old, name) != getattr(new, name))


def _elsewhere(old: Step, new: Step) -> bool:
    if old.chapter != new.chapter:
        return True
    # 受付 and 受付班 are one 班; names that nobody knows are compared as they are written.
    return (old.section_code or old.section) != (new.section_code or new.section)


def _jumped(places: list[int], changed: list[bool]) -> set[int]:
    """The positions that break the old order, chosen so that the fewest unchanged steps are among them.

    What stays is the heaviest rising sequence of old places; a changed step weighs next to nothing, since it
    is told as changed wherever it stands.
    """
    best: list[tuple[Fraction, tuple[int, ...]]] = []
    for position, place in enumerate(places):
        rising = (best[before] for before in range(position) if places[before] < place)
        weight, kept = max(rising, key=lambda found: found[0], default=(Fraction(0), ()))
        own = Fraction(1, len(places) + 1) if changed[position] else Fraction(1)
        best.append((weight + own, (*kept, position)))
    stayed = max(best, key=lambda found: found[0], default=(Fraction(0), ()))[1]
    return set(range(len(places))) - set(stayed)
