"""How every page looks: the drill's banner, numbers in a row, what the framework says in English put away."""

from collections.abc import Iterable, Sequence

import streamlit as st

from dvc_core.i18n import text
from dvc_core.ports import ConflictError, StoreError

_STYLE = """<style>
[data-testid="InputInstructions"] { display: none; }
[data-testid="stSidebarHeader"] { height: 2.5rem; }
@media (min-width: 768px) { [data-testid="stSidebar"][data-collapsed="false"] { width: 15.5rem !important; } }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "ファイルを選ぶ"; font-size: 1rem; }
.numbers { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .6rem; }
.numbers > div { flex: 1 1 5rem; min-width: fit-content; max-width: 100%; padding: .35rem .7rem;
  border: 1px solid #7f8c98; border-radius: 8px; }
.numbers b { display: block; font-size: 1.55rem; line-height: 1.25; }
.numbers b.words { font-size: 1.2rem; line-height: 1.6; }
.numbers span { font-size: .9rem; }
.bars { display: grid; grid-template-columns: max-content 1fr; gap: .3rem .6rem; align-items: center; }
.bars i { display: block; height: 1.3rem; min-width: 2px; border-radius: 3px; background: #0b5c8a; }
.bars div { display: grid; grid-template-columns: 1fr 3rem; align-items: center; gap: .5rem; }
[class*="st-key-log-list"] button, [class*="st-key-log-list"] button div, .st-key-review-list button div,
.st-key-needs-list button, .st-key-review-list button { justify-content: flex-start; text-align: left; }
.logout button { font: inherit; min-height: 2.6rem; padding: .2rem 1rem; background: #fff; color: #1c2430;
  border: 1px solid #7f8c98; border-radius: 6px; }
.drill { position: fixed; top: 0; left: 0; right: 0; z-index: 999999; text-align: center; font-weight: 700;
  color: #14212b; padding: 2px; pointer-events: none;
  background: repeating-linear-gradient(45deg, #ffd54d, #ffd54d 18px, #ffe48c 18px, #ffe48c 36px); }
.watermark { position: fixed; inset: 0; z-index: 999998; pointer-events: none; display: grid;
  place-items: center; font-size: 30vmin; font-weight: 700; color: rgba(168, 67, 0, .06);
  transform: rotate(-24deg); }
</style>"""


def dress(drill: str | None) -> None:
    """The page's clothes; in a drill a banner and a watermark on every screen."""
    st.html(_STYLE)
    if drill is not None:
        st.html('<style>[data-testid="stHeader"], [data-testid="stSidebar"] { top: 1.7rem; }</style>')
        st.html(f'<div class="drill">訓練 {_safe(drill)}</div><div class="watermark">訓練</div>')


def numbers(*groups: Iterable[tuple[str, object]]) -> None:
    """Numbers side by side, a row a group; they wrap on a telephone instead of filling its screen."""
    rows = ("".join(_number(name, value) for name, value in pairs) for pairs in groups)
    st.html("".join(f'<div class="numbers">{cells}</div>' for cells in rows))


def _number(name: str, value: object) -> str:
    words = "" if isinstance(value, int) else " class=words"
    return f"<div><span>{_safe(name)}</span><b{words}>{_safe(value)}</b></div>"


def bars(pairs: Sequence[tuple[str, int]]) -> None:
    """Counts as bars, each with its number: drawn by the page itself, without a chart library's megabytes."""
    most = max((count for _, count in pairs), default=0) or 1
    rows = "".join(
        f'<span>{_safe(name)}</span><div><i style="width:{100 * count / most:.0f}%"></i><b>{count}</b></div>'
        for name, count in pairs
    )
    st.html(f'<div class="bars">{rows}</div>')


def _safe(value: object) -> str:
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def show_error(error: Exception) -> bool:
    """What people see instead of a traceback; the log keeps the rest."""
    if isinstance(error, StoreError):
        st.error(text(f"store.{error.code}", **error.facts))
    elif isinstance(error, ConflictError):
        st.error(text("store.busy"))
    else:
        st.error(text("page.failed"))
    return True
