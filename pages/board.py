"""情報共有（ブロック）: 近くの社協の状況の盤と地図、自センターの公開、聞き書き、署名ファイル."""

import streamlit as st

from dvc_core.geo.councils import councils
from dvc_core.i18n import text
from dvc_core.queries import board as asked
from pages._shell import head, local, require, services
from pages.components import board_acts, board_tiles
from pages.components import map as block_map

me = require("view")
head("情報共有（ブロック）")
now = services().clock.now()
known = councils(services().config.reference / "councils.toml")
edits = services().roles.may(me.roles, "board")
with services().reader() as reader:
    lines = asked.lines(reader, now)
    refused = asked.refusals(reader)
    keys = asked.keys(reader)
    draft = asked.draft(reader, now) if edits else None
mine = next((line for line in lines if line.council_code == services().council_id), None)
cities = {council.code: council.city for council in known.councils}


def _refused() -> None:
    st.subheader("取り込まなかったファイル", anchor=False)
    for row in refused:
        name = cities.get(row.council_code or "", "名のりなし")
        words = text(f"value.file-verdict.{row.verdict}")
        st.write(f"{local(row.last_at)}　{name}と名のるファイル　{words}（{row.times} 回）")
    if not refused:
        st.write("ありません。")
    st.subheader("確かめた鍵", anchor=False)
    for key in keys:
        city = cities.get(key.council_code, key.council_code)
        st.write(f"{city}　{key.key_id}　{local(key.verified_at)}　{text(f'value.compared.{key.compared}')}")
    if not keys:
        st.write("まだありません。")


names = ["盤", "地図", "断ったファイル・鍵"]
tabs = st.tabs([*names, "公開", "聞いて書く", "ファイル"] if edits else names)
with tabs[0]:
    board_tiles.tiles(known, lines)
with tabs[1]:
    block_map.show("board-map", board_tiles.features(known, lines), whole=True)
with tabs[2]:
    _refused()
if draft is not None:
    with tabs[3]:
        board_acts.own(draft, mine, me.name)
    with tabs[4]:
        board_acts.type_in(known)
    with tabs[5]:
        board_acts.files(known)
