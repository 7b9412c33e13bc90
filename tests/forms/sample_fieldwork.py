"""Calls and a round of surveys, plainly fictional."""

from dvc_core.domain.calling import CallPurpose
from dvc_core.domain.survey import SurveyAnswer
from dvc_core.forms import data as d
from tests.forms.paper import DAY, MORNING, PAPER, PHONE

CALLS = d.CallList(
    **PAPER,
    serial="L-0001",
    as_of=MORNING,
    purpose=CallPurpose.VISIT,
    day=DAY,
    rows=tuple(
        d.CallLine(
            need=f"N-{n:03d}",
            name="見本 花子",
            phone=PHONE,
            reachable="夕方" if n % 2 else "",
            second="訓練 太郎（長男） 000-1111-2222" if n % 3 == 0 else "",
            about="8/1（土）午前 3〜5人",
            trouble="居間の家具が倒れて通れない。一人では動かせない。",
            tries=n % 3,
        )
        for n in range(1, 10)
    ),
)

ROUND = d.SurveyRound(
    **PAPER,
    serial="G-0001",
    as_of=MORNING,
    day=DAY,
    rows=tuple(
        d.RoundLine(
            number=str(n),
            need=f"N-{n + 20:03d}",
            name="見本 花子",
            phone=PHONE,
            address="見本市見本町九丁目0番0号",
            when="午前（了承あり）" if n % 2 else "電話なしでまわる",
            trouble="居間の家具が倒れて通れない。",
            caution="応急危険度判定：黄" if n == 2 else "",
            answer=SurveyAnswer.WORKABLE if n == 1 else None,
        )
        for n in range(1, 7)
    ),
    sketch=d.MapSketch(
        marks=tuple(
            d.MapMark(at=(139.50 + 0.0021 * n, 35.70 + 0.0013 * (n % 3)), label=str(n)) for n in range(1, 7)
        ),
        center=(139.5021, 35.7018),
        rails=(d.MapLine(points=((139.48, 35.7035), (139.505, 35.7040), (139.53, 35.7060)), name="見本線"),),
        spots=(d.MapSpot(at=(139.5065, 35.7042), name="見本駅", kind="station"),),
        attribution="線は試験用の作り物です。",
    ),
)
