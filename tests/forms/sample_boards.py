"""The council's state, the BCP and the day's rosters, plainly fictional."""

from datetime import timedelta

from dvc_core.forms import data as d
from tests.forms.paper import DAY, HASH, MORNING, PAPER, PHONE


def _items(*rows: tuple[str, str] | tuple[str, str, str]) -> tuple[d.StatusItem, ...]:
    return tuple(
        d.StatusItem(label=row[0], value=row[1], note=row[2] if len(row) > 2 else "") for row in rows
    )


STATUS = d.StatusSheet(
    **PAPER,
    serial="S-0012",
    number=12,
    as_of=MORNING,
    read_by="訓練 花子（統括）",
    contact=PHONE,
    groups=(
        d.StatusGroup(
            title="状態",
            items=_items(
                ("センター", "開設（活動中）", "開設 7/30、活動開始 8/1"),
                ("休止の予定", "8/5（水）", "仮置場の休み"),
            ),
        ),
        d.StatusGroup(
            title="募集",
            items=_items(
                ("募集範囲", "市内・近隣", "団体は電話で"),
                ("1日の人数", "150名", "本日 満員"),
                ("受付", "事前予約と当日", "9:00〜11:00"),
                ("対象", "高校生以上"),
            ),
        ),
        d.StatusGroup(
            title="ニーズ",
            items=_items(
                ("本日の受付", "35件"),
                ("累計", "170件", "調査済み 100件"),
                ("完了", "64件"),
                ("取り下げ・行政対応", "9件・2件"),
                ("残り", "95件", "必要延べ人数 420"),
            ),
        ),
        d.StatusGroup(
            title="人数",
            items=_items(
                ("本日の受付", "148名"), ("現地活動", "132名", "運営 16名"), ("累計", "612名", "8/1 に訂正")
            ),
        ),
        d.StatusGroup(
            title="不足・応援の要請",
            items=_items(
                ("車両", "軽トラック 3台"),
                ("職員", "現地調査 4名", "8/3〜8/9、宿泊なし"),
                ("資機材", "一輪車 10台"),
            ),
        ),
    ),
)

BUSINESS = d.BusinessSheet(
    **PAPER,
    serial="B-0004",
    as_of=MORNING,
    started_at=MORNING - timedelta(hours=39, minutes=20),
    rows=(
        d.BusinessRow(
            name="見本相談窓口",
            ownership="own",
            state="running",
            priority="A",
            target="24時間以内",
            due_at=MORNING - timedelta(hours=15),
        ),
        d.BusinessRow(
            name="見本地域包括支援センター",
            ownership="commissioned",
            consignor="見本市 介護担当",
            state="reduced",
            priority="A",
            target="24時間以内",
            due_at=MORNING - timedelta(hours=15, minutes=20),
            since=MORNING - timedelta(hours=30),
            talk="7/31 13:10 市の担当と。訪問は安否確認だけに絞る",
        ),
        d.BusinessRow(
            name="見本自立相談サポートセンター",
            ownership="commissioned",
            consignor="見本市 生活担当",
            state="stopped",
            priority="B",
            target="72時間以内",
            due_at=MORNING + timedelta(hours=32, minutes=40),
            since=MORNING - timedelta(hours=38),
        ),
        d.BusinessRow(
            name="サロン助成",
            ownership="own",
            state="stopped",
            priority="C",
            target="1か月以内",
            since=MORNING - timedelta(hours=38),
            note="電話で休止を知らせた",
        ),
        d.BusinessRow(name="いこいの家", ownership="commissioned", consignor="見本市", state="unknown"),
        *(
            d.BusinessRow(
                name=f"見本業務 {n}", ownership="own", state="running", priority="B", target="1週間以内"
            )
            for n in range(1, 7)
        ),
    ),
)

OUT = d.OutRoster(
    **PAPER,
    serial="R-0001",
    as_of=MORNING + timedelta(hours=6),
    teams=(
        d.OutTeam(
            team="活動班 3",
            order="W-0001",
            need="N-034",
            place="見本市見本町九丁目0番0号",
            leader="訓練 太郎",
            leader_mobile="000-1111-2222",
            departed_at=MORNING,
            expected_at=MORNING + timedelta(hours=5, minutes=30),
            members=tuple(d.Member(number=f"{n:03d}", name="見本 花子") for n in (9, 12, 15, 27, 41)),
            vehicle="徒歩",
            note="12:40 電話あり。少し遅れる。",
        ),
        d.OutTeam(
            team="活動班 5",
            order="W-0002",
            need="N-012",
            place="見本市見本町二丁目0番0号",
            leader="見本 五郎",
            leader_mobile="000-3333-4444",
            departed_at=MORNING + timedelta(minutes=20),
            expected_at=None,
            members=tuple(d.Member(number=f"{n:03d}", name="訓練 次郎") for n in (50, 51)),
        ),
    ),
)

ATTENDANCE = d.AttendanceRoster(
    **PAPER,
    serial="R-0002",
    day=DAY,
    as_of=MORNING,
    rows=tuple(
        d.AttendanceLine(
            number=f"{n:03d}",
            name="見本 花子",
            kana="みほん はなこ",
            phone=PHONE,
            arrived_at=MORNING - timedelta(minutes=n),
            left_at=MORNING + timedelta(hours=3) if n % 7 == 0 else None,
            team=f"班 {n % 5}" if n % 3 else None,
            note="未成年" if n % 10 == 0 else None,
        )
        for n in range(1, 31)
    ),
)

VISITS = d.VisitRoster(
    **PAPER,
    serial="R-0003",
    day=DAY,
    as_of=MORNING,
    rows=tuple(
        d.VisitLine(
            need=f"N-{n:03d}",
            place="見本市見本町九丁目0番0号",
            household="見本 様",
            phone=PHONE,
            work="家具の運び出し、ガラスの片付け",
            band="午前",
            people="5名",
            state="出発前",
            caution="ブロック塀" if n % 4 == 0 else None,
            team=f"班 {n}" if n < 6 else None,
        )
        for n in range(1, 13)
    ),
)

ANSWERS = d.AnswerSheet(
    **PAPER,
    serial="Q-0805-0900",
    lines=(
        d.AnswerLine(question="ボランティアに行きたい", answer="次の活動日は 8月6日（木）です。"),
        d.AnswerLine(question="ごみはどこへ出すのか", answer="市の仮置場へ出します。", unconfirmed=True),
    ),
)

AS_OF = d.AsOfSheet(
    **PAPER,
    serial="A-000123",
    at=MORNING,
    sums=(
        d.AsOfLine(number="来た人", known="12 人", was="13 人"),
        d.AsOfLine(number="出ていた人", known="4 人", was="4 人"),
    ),
    corrected=1,
    late=3,
    head_seq=123,
    head_hash=HASH,
    lines=(d.AsOfLine(number="001", known="来ていない", was="来た 08:50"),),
)
