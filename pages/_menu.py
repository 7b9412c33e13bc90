"""What stands in the menu: one line a page. The role is checked again by the page's own first statement."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One page: its file, its words, its address, the kind of work it belongs to, its icon and group."""

    file: str
    title: str
    url: str
    role: str
    icon: str
    group: str


# The first line is where everyone arrives after the login.
MENU = (
    Entry("status.py", "状況", "status", "view", ":material/monitoring:", "センター"),
    Entry("operation.py", "設置・運営の手順", "operation", "view", ":material/checklist:", "センター"),
    Entry("bcp.py", "業務継続（BCP）", "bcp", "bcp", ":material/business_center:", "センター"),
    Entry("chronology.py", "クロノロジー", "chronology", "view", ":material/history:", "センター"),
    Entry("needs_map.py", "地図", "map", "view", ":material/map:", "センター"),
    Entry("board.py", "情報共有（ブロック）", "board", "view", ":material/hub:", "センター"),
    Entry("reception.py", "受付", "reception", "reception", ":material/how_to_reg:", "班"),
    Entry("review.py", "要確認", "review", "steps", ":material/help:", "班"),
    Entry("needs.py", "ニーズ", "needs", "needs", ":material/phone_in_talk:", "班"),
    Entry("matching.py", "マッチング", "matching", "matching", ":material/group_add:", "班"),
    Entry("dispatch.py", "送り出し・帰着", "dispatch", "dispatch", ":material/directions_walk:", "班"),
    Entry("general.py", "総務", "general", "general", ":material/call:", "班"),
    Entry("imports.py", "名簿の取り込み", "imports", "import", ":material/upload_file:", "管理"),
    Entry("kiosks.py", "受付端末", "kiosks", "devices", ":material/tablet:", "管理"),
    Entry("checkup.py", "健康診断", "checkup", "devices", ":material/monitor_heart:", "管理"),
    Entry("supporters.py", "応援", "supporters", "supporters", ":material/group:", "管理"),
    Entry("accounts.py", "利用者", "accounts", "accounts", ":material/manage_accounts:", "管理"),
)
