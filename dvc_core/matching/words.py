"""Reasons in words, for screens and sheets: ids and codes become names on the way, never in the data."""

from collections.abc import Mapping

from dvc_core.i18n import has_text, text
from dvc_core.matching.model import Reason

NAMED = ("person", "group", "tool", "skill", "reason")
"""Facts that hold an id or a code of reference data; `names` knows what they are called."""


def words(reason: Reason, names: Mapping[str, str]) -> str:
    """The Japanese sentence of a reason; what `names` does not know stays as it is."""
    facts: dict[str, object] = dict(reason.facts)
    for fact in NAMED:
        if fact in facts:
            facts[fact] = names.get(str(facts[fact]), facts[fact] or text("app.unconfirmed"))
    for fact in ("missing", "cause"):
        if fact in facts and has_text(f"reason.{facts[fact]}.short"):
            facts[fact] = text(f"reason.{facts[fact]}.short")
    if "rule" in facts:
        facts["rule"] = text(f"refusal.{facts['rule']}")
    return text(f"reason.{reason.code}", **facts)
