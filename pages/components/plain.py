"""Words that people typed, shown in Markdown without becoming any: no link, picture or colour of theirs."""

import re

_MARKS = frozenset(r"\`*_{}[]()#+-.!|<>~$:&")
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"


def plain(words: str) -> str:
    """The words with every sign escaped that Markdown, its pictures, formulas or badges could be made of.

    A bare address becomes a link even when it is escaped, so an invisible joiner breaks it.
    """
    broken = _LINKS.sub(_JOINER, words)
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in broken)
