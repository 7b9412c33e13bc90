"""A step's text for the screen: Markdown without raw HTML, without pictures, and without ways to the outside.

Shown with `st.html` or in a page of our own. A link inside the manual (`[受付](#uketsuke)`) stays a link; any
other becomes its words with the address behind them, to be read and not followed. `- [ ]` shows an empty box,
and a line stays a line, as officers write them.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_INSIDE = re.compile(r"#[a-z0-9._-]{1,64}")
_BOX = re.compile(r"\[[ xX]\]\s+")


def render(body: str) -> str:
    """Safe HTML of a Markdown text."""
    tokens = _PARSER.parse(body)
    for index, token in enumerate(tokens):
        if token.type == "inline":
            token.children = list(_calm(token.children or []))
            item = tokens[index - 2] if index > 1 else token
            if item.type == "list_item_open" and _draw_box(token.children):
                item.attrSet("style", "list-style-type:none")  # the box is the mark
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _calm(children: list[Token]) -> Iterator[Token]:
    """The inline parts of a text with outside links and pictures turned to words."""
    left_open: list[str | None] = []
    for token in children:
        if token.type == "image":
            yield _words(token.content)
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            outside = not _INSIDE.fullmatch(address)
            left_open.append(address if outside else None)
            if not outside:
                yield token
        elif token.type == "link_close":
            shown = left_open.pop()
            if shown is None:
                yield token
            elif token.markup != "autolink":  # whose words are the address
                yield _words(f"（{shown}）")
        else:
            yield token


def _draw_box(children: list[Token]) -> bool:
    """Whether the text began with `[ ]` or `[x]`, which is now a box."""
    box = _BOX.match(children[0].content) if children and children[0].type == "text" else None
    if box is not None:
        mark = "☐ " if box[0][1] == " " else "☑ "
        children[0] = _words(mark + children[0].content[box.end() :])
    return box is not None


def _words(text: str) -> Token:
    return Token("text", "", 0, content=text)
