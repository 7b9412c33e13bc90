"""A row of a list of volunteers: registration forms, form tools, 団体名簿 (practice 3.2, 3.3, 4.1)."""

import re
import unicodedata
from datetime import date

from dvc_core.domain.person_facts import Insurance, skills_in
from dvc_core.domain.text import NAME_LIMIT, TextFault, clean, printable
from dvc_core.domain.volunteer import ADULT, age_on
from dvc_core.importing.counts import read_age
from dvc_core.importing.dates import birth_fault, read_date
from dvc_core.importing.grid import Finding
from dvc_core.importing.headings import Column
from dvc_core.importing.names import read_name
from dvc_core.importing.phones import phones_in
from dvc_core.importing.reference import InsuranceWords, Reference
from dvc_core.importing.result import VolunteerValues
from dvc_core.importing.row import FoldedWords, RowReader, fold, folded

_CHOICE = re.compile(r"[・/／、,|｜\s]|or|・")
_OPTION = re.compile(r"[\[［](?P<option>[^\]］]+)[\]］]\s*$")
_LONGEST_SKILLS = 500
_LONGEST_NOTE = 4000
_AGE_BEHIND = re.compile(r"[(]?(?:満)?(\d{1,3})[歳才][)]?")


def read_volunteer(row: RowReader, reference: Reference, today: date) -> VolunteerValues | None:
    """The values of a row, None when it must be set aside; what was found stands in `row.problems`."""
    name, kana = read_name(row, person=True)
    phone = row.phone("phone")
    birth, told_age = _birth(row, today)
    age = _age(row, birth, told_age, today)
    insurance = _insurance(row, reference)
    emergency_name, emergency_phone = _emergency(row)
    skills = _skills(row, reference)
    note = note_of(row)
    if row.failed or name is None:
        return None
    if phone is None:
        row.note("phone-missing", row.place("phone"), name=printable(name))
    return VolunteerValues(
        name=name,
        kana=kana,
        phone=phone,
        birth_date=birth,
        age=age,
        insurance=insurance,
        emergency_name=emergency_name,
        emergency_phone=emergency_phone,
        skills=skills,
        note=note,
    )


def note_of(row: RowReader) -> str | None:
    """The note's own words, then the words of other cells that their values could not hold."""
    lines = [text for column in row.filled("note") if (text := row.text(column))]
    whole = "\n".join([*lines, *dict.fromkeys(row.kept)])
    taken = clean(whole, lines=True, limit=_LONGEST_NOTE)
    return taken if isinstance(taken, str) and taken else None


def _birth(row: RowReader, today: date) -> tuple[date | None, int | None]:
    """The birth date, and the age written behind it."""
    column = row.first("birth_date")
    if column is None:
        return None, None
    read = read_date(row.cell(column), today, near=False)
    if isinstance(read, Finding):
        row.find(read, column, "error")
        return None, None
    behind = _AGE_BEHIND.fullmatch(read.rest)
    if read.rest and not behind:
        row.error("date-with-words", column, date=read.day.isoformat(), words=printable(read.rest))
    if fault := birth_fault(read.day, today):
        row.find(fault, column, "error")
    for finding in read.notes:
        row.find(finding, column, "note")
    return read.day, int(behind[1]) if behind else None


def _age(row: RowReader, birth: date | None, told: int | None, today: date) -> int | None:
    """The age today from the birth date, else the age of the list; the two are held against each other."""
    column = row.first("age")
    written = told
    if column is not None and fold(row.text_of(column)) not in row.words.undecided:
        read = read_age(row.cell(column))
        if isinstance(read, int):
            written = read
        elif read.code == "age-impossible":
            row.find(read, column, "error")
        else:
            row.find(read, column, "note")
            row.keep(column, row.text_of(column))
    if birth is None or birth > today:
        return written
    age = age_on(birth, today)
    if written is not None and written != age:
        _differing(row, column or row.first("birth_date"), written, age)
    return age


def _differing(row: RowReader, column: Column | None, written: int, age: int) -> None:
    """Old lists carry old ages; only where one of the two says minor, a person must look."""
    facts = {"written": written, "age": age}
    if abs(written - age) > 1 and (written < ADULT) != (age < ADULT):
        row.error("age-birth-minor", column, **facts)
    else:
        row.note("age-birth", column, **facts)


def _insurance(row: RowReader, reference: Reference) -> Insurance:
    column = row.first("insurance", any_word=True)
    if column is None:
        return Insurance.UNKNOWN
    text = unicodedata.normalize("NFKC", row.text_of(column))
    plain = fold(text)
    if plain in {str(code) for code in Insurance}:
        return Insurance(plain)
    words = _chosen(plain, row.words, reference.words.insurance)
    if words is None:
        row.note("insurance-unclear", column)
        row.keep(column, text)
        return Insurance.UNKNOWN
    row.also["insurance"] = text
    if words.plan == "unknown":
        row.note("insurance-plan", column)
        row.keep(column, text)
    return words.code


def _chosen(plain: str, words: FoldedWords, table: tuple[InsuranceWords, ...]) -> InsuranceWords | None:
    """The first words that the text holds; one that says both (「加入済・未加入」) says nothing."""
    insured = next(plan for plan in table if plan.plan == "unknown")
    none = next(plan for plan in table if plan.code is Insurance.NONE)
    if plain in words.yes:
        return insured
    if plain in words.no or plain in words.empty:
        return none
    parts = [part for part in _CHOICE.split(plain) if part]
    if len(parts) > 1 and {insured, none} <= {_first_holding(part, table) for part in parts}:
        return None
    return _first_holding(plain, table)


def _first_holding(plain: str, table: tuple[InsuranceWords, ...]) -> InsuranceWords | None:
    return next((plan for plan in table if any(_holds(plain, word) for word in folded(plan.words))), None)


def _holds(plain: str, word: str) -> bool:
    return plain == word[1:] if word.startswith("=") else word in plain


def _emergency(row: RowReader) -> tuple[str | None, str | None]:
    """Whom to call: from two columns, or from one that holds name, relation and telephone together."""
    column = row.first("emergency_name")
    name = row.line(column, NAME_LIMIT) if column else None
    phone = row.phone("emergency_phone")
    together = row.first("emergency")
    if together is None:
        return name, phone
    read = phones_in(row.text_of(together))
    if read.fault is not None and read.fault.code != "phone-none":
        row.fault(read.fault, together)
        return name, phone
    if read.numbers and phone is None:
        phone = read.numbers[0].shown
        if read.numbers[0].restored:
            row.note("phone-zero", together, shown=phone)
    for number in read.numbers[1:]:
        row.keep(together, number.shown)
    if name is None and read.words:
        name = _without_relation(row, read.words, together)
    return name, phone


def _without_relation(row: RowReader, words: str, column: Column) -> str | None:
    """「訓練 花子（妻）」: the relation goes to its own field, the rest is the name."""
    found = re.fullmatch(r"(?P<name>[^()（）]+?)\s*[(（](?P<relation>[^()（）]{1,8})[)）]", words)
    if found:
        row.also["emergency_relation"] = found["relation"]
        words = found["name"]
    taken = clean(words, limit=NAME_LIMIT)
    if isinstance(taken, TextFault):
        row.fault(taken, column)
        return None
    return taken or None


def _skills(row: RowReader, reference: Reference) -> tuple[str, ...]:
    """Codes from all columns of 免許, 資格, 特技, 車; words without a code are kept in the note.

    「○」 under 「特技 [手話]」 or 「軽トラックを出せますか」 says what the heading says.
    """
    codes: set[str] = set()
    for column in row.filled("skills"):
        text = row.text(column, _LONGEST_SKILLS)
        if text is None or fold(text) in row.words.no:
            continue
        if fold(text) in row.words.yes:
            option = _OPTION.search(column.heading)
            text = option["option"] if option else column.heading
        read = skills_in(text, reference.skills)
        codes.update(read.codes)
        if read.unknown:
            words = "、".join(read.unknown)
            row.note("skills-unknown", column, words=printable(words))
            row.keep(column, words)
    return tuple(skill.code for skill in reference.skills if skill.code in codes)
