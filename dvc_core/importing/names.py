"""Names of people in lists: in one cell or two, with their ふりがな in brackets or in the line above."""

import re
import unicodedata

from dvc_core.domain.text import KANA_LIMIT, NAME_LIMIT, TextFault, clean, is_kana, kana, name
from dvc_core.importing.headings import Column
from dvc_core.importing.row import RowReader

_SEVERAL = re.compile(
    r"[、,，／/;；]|(?:^|\s)(?:他|ほか|外)\s*[0-9０-９一二三四五六七八九十]+\s*[名人]|夫妻|ご?夫婦"
    r"|\S[ \u3000]+[^\s・]+・\S+[ \u3000]+\S"
)
_HONORIFIC = re.compile(r"(?<=\S)\s*(?:様|さま|殿)$")
_READING = re.compile(r"^(?P<name>[^(（]+)[(（](?P<kana>[^)）]+)[)）]$")
_BESIDE = re.compile(r"^(?P<one>[^/／・|]+)[/／・|](?P<other>[^/／・|]+)$")
_LONGEST_PART = 4


def read_name(row: RowReader, *, person: bool) -> tuple[str | None, str]:
    """The name and its kana; an error where there is none, or where a cell names several people.

    `person`: a volunteer, whose name holds no digits; a need may be of 「本町2丁目自治会」.
    """
    column = row.first("name") or row.first("surname")
    found = "" if column is None else _written(row, column)
    reading = ""
    if column is not None and column.field is not None and column.field.code == "name":
        found, reading = _split_reading(found)
    if not found:
        if not row.told("name", "surname"):
            row.error("name-missing", row.place("name", "surname"))
        return None, _kana_of(row, reading)
    assert column is not None
    if person and _SEVERAL.search(found):
        row.error("name-several", column)
        return None, ""
    taken = name(found) if person else clean(found, limit=NAME_LIMIT)
    if isinstance(taken, TextFault):
        row.fault(taken, column)
        return None, ""
    return _HONORIFIC.sub("", taken), _kana_of(row, reading)


def _written(row: RowReader, column: Column) -> str:
    """The cell as written; a surname with the given name of the column beside it."""
    text = row.text_of(column)
    if column.field is not None and column.field.code == "surname":
        given = row.first("given_name")
        return f"{text} {row.text_of(given)}" if given else text
    return text


def _split_reading(text: str) -> tuple[str, str]:
    """「訓練 太郎（くんれん たろう）」, or the reading above or beside it; a name may be broken in two."""
    found = _READING.fullmatch(" ".join(text.split()))
    if found and is_kana(found["kana"]) and not is_kana(found["name"]):
        return found["name"].strip(), found["kana"].strip()
    beside = _BESIDE.fullmatch(" ".join(text.split()))
    if beside and is_kana(beside["one"]) != is_kana(beside["other"]):
        reading, found_name = sorted((beside["one"], beside["other"]), key=is_kana, reverse=True)
        return found_name.strip(), reading.strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        if is_kana(lines[0]) and not is_kana(lines[1]):
            return " ".join(lines[1:]), lines[0]
        if all(
            len(line) <= _LONGEST_PART and " " not in unicodedata.normalize("NFKC", line) for line in lines
        ):
            return " ".join(lines), ""
        return "、".join(lines), ""
    return text, ""


def _kana_of(row: RowReader, reading: str) -> str:
    column = row.first("kana")
    text = row.text_of(column) if column else ""
    if not column and (column := row.first("kana_surname")):
        given = row.first("kana_given")
        text = f"{row.text_of(column)} {row.text_of(given) if given else ''}"
    text = text or reading
    turned = kana(text)
    if not turned:
        return ""
    taken = clean(turned, limit=KANA_LIMIT)
    if isinstance(taken, TextFault):
        if column:
            row.fault(taken, column)
        return ""
    if column and not is_kana(taken):
        row.note("kana-odd", column)
    return taken
