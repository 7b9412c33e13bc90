"""The same list twice adds nothing: what makes two rows one, and what counts as a change."""

from datetime import date

import msgspec

from dvc_core.importing import ImportResult, NeedValues, read
from dvc_core.importing.result import content_digest
from tests.importing.sheets import NEED, PERSON, TODAY, book_of, codes, csv_of, need, person


def _keys(result: ImportResult) -> list[tuple[str, str]]:
    return [(row.key, row.digest) for row in result.good]


def test_the_same_file_again_is_the_same_as_csv_and_as_workbook_and_on_another_day() -> None:
    rows = [list(PERSON), list(PERSON.values()), ["見本 花子", "みほん はなこ", "090-0000-0003"]]
    first = read("volunteers", csv_of(rows, "cp932"), today=TODAY)
    again = read("volunteers", book_of([["題"], *rows]), today=date(2027, 4, 2))

    assert _keys(first) == _keys(again)
    assert first.good[0].values.age != again.good[0].values.age


def test_spelling_does_not_make_another_person() -> None:
    plain, spelled = (
        person(),
        person(氏名="訓練　太郎", 電話="０９０（００００）０００１", 生年月日="S63.4.1"),
    )

    assert _keys(plain) == _keys(spelled)


def test_a_corrected_birth_date_is_a_change_of_the_same_person() -> None:
    before, after = person(), person(生年月日="1989/4/1", 年齢="37")

    assert before.good[0].key == after.good[0].key
    assert before.good[0].digest != after.good[0].digest


def test_any_column_may_change_a_row_but_not_its_number_or_time() -> None:
    head = [*PERSON, "No", "受付日時", "住所", "Tシャツ"]
    body = [*PERSON.values()]

    def one(*more: str) -> tuple[str, str]:
        return _keys(read("volunteers", csv_of([head, [*body, *more]]), today=TODAY))[0]

    base = one("1", "11/20 9:00", "小金井市", "L")
    assert one("7", "11/21 10:00", "小金井市", "L") == base
    assert one("1", "11/20 9:00", "三鷹市", "L") != base
    assert one("1", "11/20 9:00", "小金井市", "M") != base
    assert one("1", "11/20 9:00", "小金井市", "M")[0] == base[0]


def test_people_without_telephone_are_told_apart_by_birth_age_or_kana() -> None:
    rows = [
        ["氏名", "ふりがな", "電話", "生年月日", "年齢"],
        ["訓練 太郎", "", "", "1988/4/1", ""],
        ["訓練 太郎", "", "", "1990/4/1", ""],
        ["見本 恵", "みほん めぐみ", "", "", ""],
        ["見本 恵", "みほん けい", "", "", ""],
        ["例 次郎", "", "", "", "20"],
        ["例 次郎", "", "", "", "30"],
    ]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert len(result.good) == 6
    assert set(codes(result)) == {"phone-missing"}


def test_a_row_twice_in_one_list_counts_once() -> None:
    rows = [list(PERSON), list(PERSON.values()), list(PERSON.values())]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert ([row.row for row in result.good], result.repeated, result.set_aside) == ([2], (3,), ())
    assert [(p.code, p.level, p.row, p.facts["first"]) for p in result.problems] == [
        ("duplicate-row", "note", 3, 2)
    ]


def test_one_person_with_two_stories_is_left_to_a_person() -> None:
    rows = [list(PERSON), list(PERSON.values()), list((PERSON | {"保険": "基本"}).values())]
    result = read("volunteers", csv_of(rows), today=TODAY)

    assert [row.row for row in result.good] == [2]
    assert [row.row for row in result.set_aside] == [3]
    assert codes(result) == ["same-person"]


def test_needs_are_one_by_telephone_house_and_trouble() -> None:
    base = need().good[0]

    same = need(住所="小金井市本町一丁目０番０号", 電話番号="042(000)0001", 希望日="2026/11/30").good[0]
    assert same.key == base.key
    assert same.digest != base.digest
    assert need(困りごと="庭の木が倒れた。").good[0].key != base.key
    assert need(住所="小金井市本町1-0-1").good[0].key != base.key


def test_a_better_town_table_changes_no_need() -> None:
    values = need().good[0].values
    assert isinstance(values, NeedValues)

    located = msgspec.structs.replace(values, town="本町一丁目")
    assert content_digest(located) == content_digest(values)


def test_one_house_with_two_troubles_is_two_needs() -> None:
    rows = [list(NEED), list(NEED.values()), list((NEED | {"困りごと": "塀が倒れた。"}).values())]

    assert len(read("needs", csv_of(rows), today=TODAY).good) == 2
