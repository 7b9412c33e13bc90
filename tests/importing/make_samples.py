"""Makes the sample lists of `samples/`, each of another shape: `python -m tests.importing.make_samples`.

The fields are those of the forms that centers used (practice 3.2-3.4); the people are invented, and the numbers
belong to nobody.
"""

# ruff: noqa: E501 - a row of a list stands on one line

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

SAMPLES = Path(__file__).parent / "samples"
MADE_AT = datetime(2026, 11, 1)  # noqa: DTZ001 - a workbook's properties carry no zone

FORM_HEADINGS = (
    "タイムスタンプ",
    "お名前（漢字）",
    "ふりがな ※全角ひらがな",
    "生年月日（西暦）",
    "年齢",
    "性別",
    "ご住所",
    "連絡の取れる携帯電話番号をご記入ください",
    "メールアドレス",
    "緊急連絡先（氏名・続柄・電話番号）",
    "ボランティア活動保険に加入していますか？",
    "お持ちの資格・免許・特技（複数選択可）",
    "軽トラックを出せますか",
    "災害ボランティアの経験はありますか",
    "活動を希望する日",
    "個人情報の取り扱いに同意しますか",
    "備考（質問があればお書きください）",
    "Tシャツのサイズ",
)
FORM_ROWS = (
    ("2026/11/20 21:05:11", "訓練 太郎", "くんれん たろう", "1988/04/01", "38", "男性", "東京都小金井市本町1-0-0", "090-0000-0001", "taro@example.jp", "訓練 花子（妻）090-0000-0002", "加入している（天災・地震補償プラン）", "普通自動車免許, 看護師", "いいえ", "ある", "11/24, 11/25", "同意します", "", "L"),
    ("2026/11/20 21:30:40", "見本　花子", "みほん はなこ", "2009/12/24", "16", "女性", "東京都国分寺市本町1-0-0", "９０００００００３０", "", "見本 一郎（父） 042-000-0003", "加入していない", "特になし", "いいえ", "ない", "11/24", "同意します", "高校生です。\n父と行きます。", "S"),
    ("2026/11/21 07:02:03", "例 次郎", "れい じろう", "S60.2.3", "41", "男性", "東京都三鷹市下連雀0-0", "080-0000-0004／042-000-0004", "jiro@example.jp", "例 三枝 080-0000-0005", "加入している（基本プラン）", "普通自動車免許, 大型免許, チェーンソー, 火おこし", "はい", "ある", "11/25", "同意します", "", "XL"),
    ("2026/11/21 07:15:00", "試験 美咲", "シケン ミサキ", "1990/2/30", "36", "女性", "東京都調布市布田0-0", "070-0000-0006", "", "試験 大輔（夫）070-0000-0007", "わからない", "英語", "いいえ", "ない", "11/25", "同意します", "", "M"),
    ("2026/11/21 08:40:59", "Sample Anna", "サンプル アンナ", "1995/8/9", "31", "女性", "東京都小平市学園東町0-0", "+81 90-0000-0008", "anna@example.jp", "Sample Ben 090-0000-0009", "加入済み", "通訳（英語、中国語）", "いいえ", "ない", "11/24", "同意します", "I can speak some Japanese.", "M"),
    ("2026/11/21 08:41:30", "Sample Anna", "サンプル アンナ", "1995/8/9", "31", "女性", "東京都小平市学園東町0-0", "+81 90-0000-0008", "anna@example.jp", "Sample Ben 090-0000-0009", "加入済み", "通訳（英語、中国語）", "いいえ", "ない", "11/24", "同意します", "I can speak some Japanese.", "M"),
    ("2026/11/21 09:10:21", "架空 健・架空 恵", "かくう けん", "1979/1/2", "47", "男性", "東京都府中市宮西町0-0", "090-0000-0010", "", "架空 進 090-0000-0011", "加入している（天災・地震補償プラン）", "特になし", "いいえ", "ある", "11/24", "同意します", "", "L"),
)  # fmt: skip

GROUP_ROWS = (
    ("災害ボランティア団体参加者名簿",),
    ("団体名", "見本大学ボランティア会", "", "代表者", "見本 一郎", "", "活動日", "R8.11.25"),
    ("※太枠の中を書いてください。保険はどちらかを消してください。",),
    (),
    ("No", "活動履歴\n（新・継）", "性別", "氏名\n（ふりがな）", "年齢", "住所", "電話（携帯）", "ボランティア\n保険", "緊急連絡先", "", "免許・資格", "責任者に○"),
    ("", "", "", "", "", "", "", "", "氏名", "電話", "", ""),
    ("1", "継", "男", "訓練 一郎\n（くんれん いちろう）", "21", "小金井市貫井北町0-0-0", "090-0000-1001", "加入済（天災）", "訓練 二郎", "042-000-1001", "普通・二輪", "○"),
    ("2", "新", "女", "見本 さくら（みほん さくら）", "２０", "小金井市東町0-0-0\nコーポ見本201", "9000001002", "加入済（基本）", "見本 梅", "0420001002", "", ""),
    ("3", "新", "男", "例 大地（れい だいち）", "19", "同上", "090-0000-1003", "未加入", "例 空", "090-0000-1013", "普通", ""),
    ("4", "新", "女", "架空 ひかり（かくう ひかり）", "20", "国分寺市本町0-0-0", "同上", "加入済（天災）", "架空 光", "090-0000-1014", "", ""),
    ("5", "新", "男", "試験 蓮（しけん れん）", "150", "小平市小川町0-0-0", "080-0000-1005", "加入済（天災）", "試験 桃", "080-0000-1015", "手話", ""),
    ("6", "継", "女", "模擬 葵（もぎ あおい）", "22", "小金井市緑町0-0-0", "", "加入済・未加入", "", "", "介護福祉士", ""),
    ("7", "新・継", "男・女", "", "　　歳", "", "", "加入済・未加入", "", "", "", ""),
    ("8", "新・継", "男・女", "", "　　歳", "", "", "加入済・未加入", "", "", "", ""),
    ("合計", "", "", "6名", "", "", "", "", "", "", "", ""),
)  # fmt: skip

NEED_HEADINGS = ("ニーズ番号", "受付日", "依頼者氏名", "ふりがな", "電話番号", "住所", "困りごと", "作業内容", "希望日", "必要人数", "応急危険度判定", "世帯構成", "駐車", "備考")  # fmt: skip
NEED_ROWS = (
    (1, datetime(2026, 11, 20), "訓練 ハル", "くんれん はる", "042-000-2001", "小金井市本町一丁目0番0号", "家の中に泥が入って、寝る場所がない。", "泥出し・家具の搬出", datetime(2026, 11, 25), "5~6名", "緑", "高齢単身", "1台可", ""),  # noqa: DTZ001
    (2, 46346, "見本 ヨシ", "", 420002002, "前原町３丁目０－０", "ぬれた畳を運び出してほしい。", "畳の搬出", "11月26日(木)午前", 3, "黄（要注意）", "夫婦のみ", "なし", "足が悪い"),
    (3, "R8.11.21", "例 スミ", "れい すみ", "090-0000-2003", "緑町4-0-0 メゾン例 101", "冷蔵庫が倒れたまま動かせない。", "家具", "未定", "未定", "未判定", "単身", "", ""),
    (4, "11/21", "架空 トメ", "かくう とめ", "000-0000-2004", "貫井南町5-0-0", "ブロック塀が道に倒れそうで怖い。", "", "なるべく早く", "10名以上", "赤（塀）", "", "", "娘が立ち会う"),
    (5, datetime(2026, 11, 22), "試験 キヨ", "しけん きよ", "042-000-2005", "", "片付けを手伝ってほしい。", "片付け", "2月30日", "2", "緑", "", "", "住所は電話で聞く"),  # noqa: DTZ001
    (6, datetime(2026, 11, 22), "模擬 セツ", "もぎ せつ", "042-000-2006", "三鷹市下連雀0-0-0", "庭の土砂を片付けたい。", "土砂", "土日ならいつでも", datetime(2026, 5, 6), "", "三世代", "2台可", ""),  # noqa: DTZ001
)  # fmt: skip


def form_csv() -> bytes:
    """(a) A form tool's export: UTF-8 with BOM, questions as headings."""
    return _csv((FORM_HEADINGS, *FORM_ROWS), "utf-8-sig")


def group_csv() -> bytes:
    """(b) A paper 団体名簿 typed into Excel and saved as CSV: CP932, titles, a header in two lines."""
    return _csv(GROUP_ROWS, "cp932")


def needs_xlsx() -> bytes:
    """(c) A list of needs as the telephone desk keeps it: merged title, dates, numbers, a second sheet."""
    book = Workbook()
    book.properties.created = book.properties.modified = MADE_AT
    sheet = book.active
    sheet.title = "ニーズ一覧"
    sheet["A1"] = "ニーズ一覧表（電話受付分）"
    sheet["A1"].font = Font(size=16, bold=True)
    sheet.merge_cells("A1:N1")
    sheet["K2"] = "作成"
    sheet["L2"] = MADE_AT
    for column, heading in enumerate(NEED_HEADINGS, start=1):
        cell = sheet.cell(4, column, heading)
        cell.alignment = Alignment(wrap_text=True)
    for row, values in enumerate(NEED_ROWS, start=5):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value if value != "" else None)
            if isinstance(value, datetime):
                cell.number_format = "yyyy/m/d"
    sheet.row_dimensions[7].hidden = True
    notes = book.create_sheet("使い方")
    notes["A1"] = "この表は電話で聞いた順に書く。決まっていない欄は「未定」と書く。"
    return _settled(book)


def _csv(rows: tuple[tuple[str, ...], ...], encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _settled(book: Workbook) -> bytes:
    """The workbook with fixed times in its zip, so that making it again gives the same bytes."""
    made = io.BytesIO()
    book.save(made)
    settled = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _without_modified(content)
            fixed = zipfile.ZipInfo(entry.filename, (2026, 11, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)
    return settled.getvalue()


def _without_modified(core: bytes) -> bytes:
    """openpyxl writes the time of saving over what it was told."""
    head, _, rest = core.partition(b'<dcterms:modified xsi:type="dcterms:W3CDTF">')
    _, end, tail = rest.partition(b"</dcterms:modified>")
    return head + b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-11-01T00:00:00Z' + end + tail


STICKER_ROWS = (
    ("応急危険度判定　判定結果一覧（訓練）", "", "", "", "", ""),
    ("", "", "", "", "", ""),
    ("No.", "建物所在地", "判定結果", "種類", "判定理由", "判定日"),
    ("1", "小金井市本町一丁目2番3号", "危険（赤）", "建物", "1階の柱が大きくかたむいている", "R8.7.20"),
    ("2", "小金井市緑町2-4-5", "要注意", "建物", "外壁のひび", "7/20"),
    ("3", "本町1-2-8", "赤", "A4 転倒", "ブロック塀が道のほうへかたむいている", "2026/7/21"),
    ("4", "小金井市前原町三丁目41番15号", "全壊", "建物", "", "2026/7/21"),
    ("5", "", "赤", "建物", "土台のずれ", "2026/7/21"),
    ("6", "小金井市東町4-1-2", "黄", "落下", "瓦が落ちかけている", "2026/12/21"),
    ("7", "小金井市本町1-2-3", "赤", "建物", "1階の柱が大きくかたむいている", "R8.7.20"),
    ("計", "7棟", "", "", "", ""),
)


def stickers_csv() -> bytes:
    """A town's list of graded buildings, as it comes from its spreadsheet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(STICKER_ROWS)
    return text.getvalue().encode("utf-8-sig")


SAMPLE_FILES = {
    "volunteers_form_utf8.csv": form_csv,
    "volunteers_group_cp932.csv": group_csv,
    "needs_phone.xlsx": needs_xlsx,
    "stickers_red.csv": stickers_csv,
}


def main() -> None:
    """Write the samples anew."""
    SAMPLES.mkdir(exist_ok=True)
    for name, make in SAMPLE_FILES.items():
        (SAMPLES / name).write_bytes(make())


if __name__ == "__main__":
    main()
