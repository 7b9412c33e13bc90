"""A step's text on the screen: readable, and harmless whatever was written into it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.manual.render import render

SAFE = {
    *("p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "hr", "br", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


class Tags(HTMLParser):
    """The tags of a text and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.other: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            elif name not in {"class", "style", "start"}:
                self.other.append(name)


def test_lists_tables_and_boxes() -> None:
    shown = render("**大事**\n\n- [ ] 机\n- [x] 椅子\n- 紙\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<strong>大事</strong>" in shown
    assert '<li style="list-style-type:none">☐ 机</li>' in shown
    assert "☑ 椅子</li>" in shown
    assert "<li>紙</li>" in shown
    assert "<td>1</td>" in shown


def test_a_line_stays_a_line() -> None:
    assert render("止める。\n119番。").strip() == "<p>止める。<br />\n119番。</p>"


def test_html_is_shown_as_it_is_written() -> None:
    shown = render("<script>alert(1)</script>\n\n字<img src=x onerror=alert(1)>")
    assert "&lt;script&gt;" in shown
    assert Tags(shown).tags <= {"p"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[受付](#uketsuke)", '<p><a href="#uketsuke">受付</a></p>'),
        ("[地図](http://example.com/a)", "<p>地図（http://example.com/a）</p>"),
        ("[x](//example.com)", "<p>x（//example.com）</p>"),
        ("[x](/etc)", "<p>x（/etc）</p>"),
        ("[x](#A%22)", "<p>x（#A%22）</p>"),
        ("<http://example.com>", "<p>http://example.com</p>"),
        ("![見取図](http://example.com/a.png)", "<p>見取図</p>"),
        ("[![絵](http://e.com/a.png)](http://e.com)", "<p>絵（http://e.com）</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x][1]\n\n[1]: http://example.com", "<p>x（http://example.com）</p>"),
    ],
)
def test_links_stay_inside(written: str, shown: str) -> None:
    assert render(written).strip() == shown


marks = st.sampled_from(
    [
        *("[", "](", ")", "!", "<", ">", "http://e.com", "javascript:x", "#a", "`", "*", "\n", "- ", "[ ] "),
        *("|", "---", "&lt;", '"', "<a href='http://e.com'>", "<img src=x>", "> ", "1. ", "\\", ": "),
    ]
)


@given(st.lists(marks | st.text(max_size=5), max_size=30))
def test_no_text_gives_anything_else(parts: list[str]) -> None:
    found = Tags(render("".join(parts)))
    assert found.tags <= SAFE
    assert all(link.startswith("#") for link in found.links)
    assert found.other == []
