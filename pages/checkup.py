"""健康診断: データと機械がだいじょうぶか、技術の言葉を使わずに。悪いものから."""

import streamlit as st

from dvc_core.bootstrap import Services
from dvc_core.health import Check, back_up, by_need, light, whole
from dvc_core.i18n import text
from dvc_core.ports import StoreError
from pages._shell import head, require, services
from pages.components.plain import plain

require("devices")
head("健康診断")
SIGNS = {"ok": ("○", "green"), "warn": ("△", "orange"), "bad": ("×", "red")}


def saved(found: Services) -> tuple[str, str]:
    """A verified backup in the data folder, and what to say of it."""
    try:
        made = back_up(found)
    except StoreError as error:
        return "error", text(f"store.{error.code}", **error.facts)
    return (
        "success",
        f"バックアップを取り、開いて確かめました（{made.name}）。USBメモリなど、別の場所にも写してください。",
    )


def _told(check: Check) -> str:
    sign, colour = SIGNS[check.level]
    parts = [f":{colour}[**{sign}**]　**{plain(check.said)}**", plain(check.means)]
    parts += [f"**すること**　{plain(check.todo)}"] if check.todo else []
    return "\n\n".join(parts)


deep = st.session_state.get("_health_deep")
found = by_need(light(services()) if deep is None else deep)
wrong = [check for check in found if check.level != "ok"]
if any(check.level == "bad" for check in found):
    st.error(f"すぐに見てほしいところが {sum(check.level == 'bad' for check in found)} つあります。")
elif wrong:
    st.warning(f"気をつけるところが {len(wrong)} つあります。センターは、このまま続けられます。")
else:
    st.success("すべて、だいじょうぶです。")
now, every = st.columns(2)
if now.button("いま調べなおす", icon=":material/refresh:", width="stretch"):
    st.session_state.pop("_health_deep", None)
    st.rerun()
if every.button("全部の記録を調べる", width="stretch"):
    with st.spinner("調べています。ほかの画面は、そのまま使えます。"):
        st.session_state["_health_deep"] = whole(services())[1]
    st.rerun()
if any(check.code in {"backup", "known"} for check in wrong) and st.button(
    "いまバックアップを取る", type="primary"
):
    st.session_state["_said"] = saved(services())
    st.session_state.pop("_health_deep", None)
    st.rerun()
for check in wrong:
    with st.container(border=True):
        st.markdown(_told(check))
well = [check for check in found if check.level == "ok"]
if well:
    st.subheader("だいじょうぶなところ", anchor=False)
    st.markdown(
        "\n".join(f"- :green[**○**]　{plain(check.said)}　:small[{plain(check.means)}]" for check in well)
    )
