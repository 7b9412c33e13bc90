"""One filled and one blank sheet of every form, with plainly fictional people, places and numbers."""

from datetime import timedelta

import qrcode

from dvc_core.forms import data as d
from tests.forms.paper import DAY, HASH, MORNING, PAPER, PHONE
from tests.forms.sample_boards import ANSWERS, AS_OF, ATTENDANCE, BUSINESS, OUT, STATUS, VISITS
from tests.forms.sample_entries import NEED, SURVEY, VOLUNTEER
from tests.forms.sample_fieldwork import CALLS, ROUND


def modules(payload: str) -> d.Modules:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=0)
    code.add_data(payload)
    code.make(fit=True)
    return tuple("".join("01"[bool(cell)] for cell in row) for row in code.modules)


def square(lng: float, lat: float, name: str) -> d.MapLine:
    size = 0.004
    ring = ((lng, lat), (lng + size, lat), (lng + size, lat + size), (lng, lat + size), (lng, lat))
    return d.MapLine(points=ring, name=name)


def sketch() -> d.MapSketch:
    towns = [
        square(
            139.50 + 0.004 * east,
            35.70 + 0.004 * north,
            f"見本町{'一二三四五六七八九'[3 * north + east]}丁目",
        )
        for east in range(3)
        for north in range(3)
    ]
    return d.MapSketch(
        place=(139.5102, 35.7091),
        center=(139.5021, 35.7018),
        outlines=tuple(towns),
        rails=(d.MapLine(points=((139.48, 35.7035), (139.505, 35.7040), (139.53, 35.7060)), name="見本線"),),
        roads=(d.MapLine(points=((139.504, 35.69), (139.5045, 35.72)), name="見本街道"),),
        spots=(d.MapSpot(at=(139.5065, 35.7042), name="見本駅", kind="station"),),
        note="印は町丁目の代表点です。番地の位置ではありません。",
        attribution="線は試験用の作り物です。",
    )


def cards(count: int, **extra: object) -> d.VolunteerCards:
    made = tuple(
        d.Card(number=f"{n:03d}", modules=modules(f"TSK1:{n:03d}:{HASH}")) for n in range(1, count + 1)
    )
    return d.VolunteerCards(**PAPER, **extra, serial="C-0007", phone=PHONE, cards=made)


REPORT = d.Report(
    people=5,
    started_at=MORNING + timedelta(hours=1),
    ended_at=MORNING + timedelta(hours=5),
    done_work="1階の家具6点を玄関先まで運び出した。畳8枚は軒先に立てかけた。",
    result="goes-on",
    remaining_people=4,
    remaining_days=1,
    next_tools="一輪車2、土のう袋30",
    accident=False,
    damage=False,
    unwell=True,
    unwell_note="1名が暑さで30分休み、回復した",
    tools_back=True,
    resident_state="疲れが見える。夜は眠れないと話された。",
    new_needs="隣の家も家具を出せずに困っている",
    photos=True,
    written_by="見本 花子",
)

WORK_ORDER = d.WorkOrder(
    **PAPER,
    serial="W-0001",
    emergency_phone=PHONE,
    need="N-034",
    visit="N-034-2",
    day=DAY,
    band="午前",
    team="活動班 3",
    address="見本市見本町九丁目0番0号",
    household="見本",
    present="本人",
    sketch=sketch(),
    route="センターを出て線路沿いに東へ。駅前の橋は通行止め。",
    work=("居間と台所の家具を玄関先へ運び出す", "濡れた畳8枚を軒先に立てる"),
    not_done=("床下に入らない", "屋根に上がらない", "2階の荷物には触れない"),
    hazards=("ガラスの破片、釘の踏み抜き", "きょうは暑さ指数が高い。20分ごとに水を飲む"),
    gear=("ヘルメット", "防じんマスク（DS2以上）", "革手袋", "踏み抜き防止の長靴"),
    stop_rules=("震度4以上の揺れ", "雷が聞こえたとき"),
    people=5,
    leader="訓練 太郎",
    leader_mobile="000-1111-2222",
    members=tuple(d.Member(number=f"{n:03d}") for n in (12, 15, 27, 41)),
    tools=(
        d.Tool(name="一輪車", count=2),
        d.Tool(name="バール", count=1),
        d.Tool(name="土のう袋", count=30),
        d.Tool(name="軽トラック用ロープ", count=2),
    ),
    vehicle="徒歩（15分）",
    parking="なし",
    toilet="使える",
    departs_at=MORNING,
    returns_at=MORNING + timedelta(hours=5, minutes=30),
)


def chronology(rows: int) -> d.Chronology:
    words = (
        "活動班 3 が出発した（5名）。行き先 ニーズ N-034。",
        "受付番号 012 が到着した。",
        "ニーズ N-035 を電話で受け付けた。危機介入の兆しあり。センター長へ伝えた。",
        "設置判断：設置する。理由：震度6弱、市からの要請あり、建物と駐車場が使える。",
    )
    entries = tuple(
        d.ChronologyRow(
            seq=n,
            occurred_at=MORNING + timedelta(minutes=2 * n),
            recorded_at=MORNING + timedelta(minutes=2 * n + (75 if n % 9 == 0 else 0)),
            section=("受付", "マッチング・送り出し", "ニーズ", "統括")[n % 4],
            source=("kiosk", "desk", "paper", "rule")[n % 4],
            words=words[n % 4],
            number=f"N-{n:03d}" if n % 3 == 0 else None,
            corrects=n - 4 if n % 11 == 10 else None,
            corrected_by=n + 4 if n % 11 == 6 else None,
        )
        for n in range(1, rows + 1)
    )
    return d.Chronology(
        **PAPER,
        serial="K-0003",
        operation="令和8年 見本地震 対応",
        filters=("班：ニーズ、受付", "8月1日から"),
        entries=4312,
        head_seq=4312,
        head_hash=HASH,
        rows=entries,
    )


TABLET = d.TabletSign(
    **PAPER,
    serial="T-0002",
    kiosk="受付2番",
    station="受付（到着・帰り）",
    modules=modules("https://192.0.2.10:8443/kiosk/enrol#" + HASH),
    url="https://192.0.2.10:8443/kiosk/enrol",
    steps=(
        "タブレットのカメラでこのコードを読む",
        "「受付2番として登録」を押す",
        "画面に「受付2番」と出たら、この用紙を回収する",
    ),
    expires_at=MORNING + timedelta(minutes=30),
)

TRUST = d.TrustSheet(
    **PAPER,
    serial="T-0003",
    modules=modules("http://192.0.2.10:8080/"),
    url="http://192.0.2.10:8080/",
    fingerprint=" ".join(["1234"] * 12),
    devices=(
        d.DeviceSteps(
            device="iPad",
            steps=("コードを読み、証明書を受け取る", "設定でプロファイルを入れる", "設定で証明書を信頼する"),
        ),
        d.DeviceSteps(
            device="Android", steps=("コードを読み、証明書を受け取る", "設定で CA 証明書として入れる")
        ),
    ),
)

FILLED: tuple[d.Form, ...] = (
    cards(9),
    WORK_ORDER,
    d.ReportForm(
        **PAPER,
        copies=(
            d.ReportCopy(
                number="P-201",
                order="W-0001",
                need="N-034",
                team="活動班 3",
                leader="訓練 太郎",
                day=DAY,
                report=REPORT,
            ),
        ),
    ),
    chronology(40),
    STATUS,
    TABLET,
    TRUST,
    d.VolunteerForm(**PAPER, copies=(VOLUNTEER,)),
    d.NeedForm(**PAPER, copies=(NEED,)),
    d.SurveyForm(**PAPER, copies=(SURVEY,)),
    BUSINESS,
    OUT,
    ATTENDANCE,
    VISITS,
    ANSWERS,
    AS_OF,
    CALLS,
    ROUND,
)

BLANK: tuple[d.Form, ...] = (
    d.VolunteerForm(**PAPER, copies=(d.VolunteerEntry(number="P-001"), d.VolunteerEntry(number="P-002"))),
    d.NeedForm(**PAPER, copies=(d.NeedEntry(number="P-051"),)),
    d.SurveyForm(**PAPER, copies=(d.SurveyEntry(number="P-101"),)),
    d.WorkOrder(**PAPER, serial="P-151", emergency_phone=PHONE),
    d.ReportForm(**PAPER, copies=(d.ReportCopy(number="P-201"),)),
)
