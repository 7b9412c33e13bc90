"""A chapter taken apart: its heading, what stands before the first step, and each step as it is written.

markdown-it-py finds the headings and the list of fields, so that a `###` in a code block is not a step. What
looks like a step's heading and is none (no blank after the marks, full-width marks, a code block left open)
is a problem: a step that nobody sees is the worst mistake that a manual can have.
"""

import re
import unicodedata
from collections.abc import Iterator

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dvc_core.domain.problem import Problem
from dvc_core.manual.edition import UNCONFIRMED, Chapter, Unconfirmed
from dvc_core.manual.findings import Findings
from dvc_core.manual.settings import is_code
from dvc_core.manual.source import Source

STEP_LEVEL = 3
_NAME = re.compile(r"(?P<number>[0-9]{2,3})-(?P<key>.+)\.md", re.DOTALL)
_HEADING = re.compile(r"(?P<title>.*?)\s*\{#(?P<id>[^{}]*)\}\s*")
_LOOKS_LIKE_A_STEP = re.compile(r"[\s>*+\-.0-9]*[#＃]+.*[{｛]\s*[#＃][^{}｛｝]*[}｝]\s*")
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|[0-9]+\.)\s+(?:\[[ xX]\]\s+)?")
_PARSER = MarkdownIt("commonmark", {"html": False})


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One field as written, with the line where it stands."""

    name: str
    value: str
    line: int


class WrittenStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as written. `id` is None when it has none that can be used. Lines count from 1."""

    id: str | None
    title: str
    line: int
    fields: tuple[Written, ...]
    body: tuple[str, ...]
    body_line: int


class WrittenChapter(msgspec.Struct, frozen=True, kw_only=True):
    """A chapter with its steps in order; `broken_ids` are those that cannot be used as they stand."""

    chapter: Chapter
    steps: tuple[WrittenStep, ...]
    broken_ids: frozenset[str]
    unconfirmed: tuple[Unconfirmed, ...]
    problems: tuple[Problem, ...]


def read_chapter(source: Source) -> WrittenChapter:
    """A chapter from its file."""
    found = Findings(source.name)
    named = _NAME.fullmatch(source.name)
    if named is None:
        found.error("manual-chapter-name", 1)
    key = named["key"] if named else source.name.removesuffix(".md")
    tokens = _PARSER.parse(source.text)
    headings = [(index, _span(token)[0]) for index, token in enumerate(tokens) if _is_heading(token)]
    titles = [tokens[index + 1].content for index, _ in headings if tokens[index].tag == "h1"]
    if not titles:
        found.error("manual-chapter-title", 1)
    starts = [(index, line) for index, line in headings if tokens[index].tag == f"h{STEP_LEVEL}"]
    ends = [line for _, line in headings] + [len(source.lines)]
    steps = [
        _step(source, tokens, index, min(end for end in ends if end > line), found) for index, line in starts
    ]
    _find_hidden_steps(source, {line for _, line in starts}, found)
    introduction = source.lines[: starts[0][1] if starts else len(source.lines)]
    title = titles[0].strip() if titles else key
    return WrittenChapter(
        chapter=Chapter(
            key=key,
            number=int(named["number"]) if named else None,
            title=title,
            file=source.name,
            introduction_markdown="\n".join(introduction).strip(),
        ),
        steps=tuple(steps),
        broken_ids=frozenset(_broken_ids(tokens, starts)),
        unconfirmed=tuple(marked(introduction, 1, source.name, "章", title)),
        problems=(*source.problems, *found.problems),
    )


def marked(lines: tuple[str, ...], first: int, file: str, field: str, title: str) -> Iterator[Unconfirmed]:
    """The lines that hold the mark 未確認, each by the sentences that hold it."""
    for number, line in enumerate(lines, first):
        sentences = re.split("(?<=。)", _LIST_MARK.sub("", line))
        if text := "".join(sentence for sentence in sentences if UNCONFIRMED in sentence).strip():
            yield Unconfirmed(file=file, line=number, field=field, text=text, title=title)


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0 and int(token.tag[1]) <= STEP_LEVEL


def _span(token: Token) -> tuple[int, int]:
    """First line and the line after the last, from 0. Every block token that opens has them."""
    start, end = token.map or (0, 0)
    return start, end


def _broken_ids(tokens: list[Token], starts: list[tuple[int, int]]) -> Iterator[str]:
    for index, _ in starts:
        heading = _HEADING.fullmatch(tokens[index + 1].content)
        if heading is not None and not is_code(heading["id"]):
            yield heading["id"]


def _step(source: Source, tokens: list[Token], index: int, end: int, found: Findings) -> WrittenStep:
    line, after = _span(tokens[index])
    content = tokens[index + 1].content
    heading = _HEADING.fullmatch(content)
    title = heading["title"] if heading else content
    step_id = heading["id"] if heading else ""
    if heading is None:
        found.error("manual-id-missing", line + 1, title=title)
    elif not is_code(step_id):
        found.error("manual-id-form", line + 1, id=step_id, title=title, proposal=_proposal(step_id, line))
    if not title:
        found.error("manual-title-empty", line + 1)
    fields: tuple[Written, ...] = ()
    body_start = after
    following = tokens[index + 3] if index + 3 < len(tokens) else None
    if following is not None and following.type == "bullet_list_open":
        items = _items(tokens, index + 4)
        body_start = min(_end_of_fields(source, set(items), _span(following), found), end)
        fields = tuple(_fields(items, body_start, found))
    if not fields:
        found.error("manual-fields-missing", line + 1, title=title)
    body, body_line = _trim(source.lines[body_start:end], body_start + 1)
    return WrittenStep(
        id=step_id if is_code(step_id) else None,
        title=title,
        line=line + 1,
        fields=fields,
        body=body,
        body_line=body_line,
    )


def _items(tokens: list[Token], index: int) -> dict[int, str]:
    """The items of the list that opened just before `index`: line from 0, and text."""
    items: dict[int, str] = {}
    for position in range(index, len(tokens)):
        token = tokens[position]
        if token.type == "bullet_list_close" and token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1:
            inline = tokens[position + 2] if position + 2 < len(tokens) else None
            text = inline.content if inline is not None and inline.type == "inline" else ""
            items[_span(token)[0]] = text
    return items


def _end_of_fields(source: Source, items: set[int], span: tuple[int, int], found: Findings) -> int:
    """The line after the last field.

    Markdown joins a checklist that follows the fields to their list, and a text that clings to the last field
    to its value. Here a blank line ends the fields, and so does a line that is no item and not indented.
    """
    for number in range(*span):
        line = source.lines[number]
        if not line.strip():
            return number
        if number not in items and not line[0].isspace():
            found.error("manual-field-clings", number + 1, text=line[:40])
            return number
    return span[1]


def _fields(items: dict[int, str], end: int, found: Findings) -> Iterator[Written]:
    """The items that begin before the line `end` as names and values."""
    for line, text in items.items():
        if line >= end:
            continue
        name, colon, value = text.replace("：", ":", 1).partition(":")
        if colon and name.strip():
            value = " ".join(" ".join(value.split("\n")[: end - line]).split())
            yield Written(name=name.strip(" *_　"), value=value, line=line + 1)
        else:
            found.error("manual-field-form", line + 1, text=text[:40])


def _trim(lines: tuple[str, ...], first: int) -> tuple[tuple[str, ...], int]:
    """The lines without blank ones at both ends, and the number of the first."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    if not filled:
        return (), first
    return tuple(line.rstrip() for line in lines[filled[0] : filled[-1] + 1]), first + filled[0]


def _find_hidden_steps(source: Source, seen: set[int], found: Findings) -> None:
    for number, line in enumerate(source.lines):
        if number not in seen and _LOOKS_LIKE_A_STEP.fullmatch(line):
            found.error("manual-step-hidden", number + 1, text=line.strip()[:40])


def _proposal(step_id: str, line: int) -> str:
    """An id that would do, as near to the written one as can be."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", unicodedata.normalize("NFKC", step_id).lower()).strip("-")
    return plain[:64] or f"step-{line + 1}"
