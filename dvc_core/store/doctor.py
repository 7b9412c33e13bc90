"""`tasuki doctor`: is what the tables say what the journal says, and is the journal unbroken?"""

import msgspec

from dvc_core.domain.kernel import Personal, Row
from dvc_core.replay import Folded, differing, fold
from dvc_core.store import journal
from dvc_core.store.database import Database
from dvc_core.store.schema import declared, from_row, kind_of, select_columns

UNREADABLE = (msgspec.ValidationError, KeyError, ValueError, TypeError, AttributeError)


class TableReport(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its rows, and how many of them are not what the journal says."""

    name: str
    kind: str
    rows: int
    differing: int


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One question the doctor asked; words under `doctor.<code>` in the catalogue."""

    code: str
    ok: bool
    facts: dict[str, str | int] = {}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the doctor found."""

    engine: str
    database_id: str
    chain: journal.Chain
    tables: tuple[TableReport, ...]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check is well."""
        return all(check.ok for check in self.checks)


def examine(database: Database) -> Report:
    """Read everything once in one snapshot: chain, head, every folded row, versions of personal rows."""
    council = database.meta.council_id
    with database.engine.snapshot() as connection:
        entries = list(journal.read_all(connection, council))
        head = connection.rows(
            "SELECT seq, hash FROM journal_head WHERE council_id = $council", {"council": council}
        )[0]
        stored = {
            cls: [
                from_row(cls, row)
                for row in connection.rows(
                    f"SELECT {select_columns(cls)} FROM {cls.table} WHERE council_id = $council",
                    {"council": council},
                )
            ]
            for cls in declared().values()
        }
    chain = journal.check_chain(entries)
    folded, unreadable = _fold(entries)
    tables = []
    for cls, rows in stored.items():
        wrong = 0
        if issubclass(cls, Row):
            wrong = len(differing(folded.get(cls, {}), [row for row in rows if isinstance(row, Row)]))
        elif issubclass(cls, Personal):
            follows = {row.id: row.version for row in stored[cls.follows]}
            wrong = sum(follows.get(row.id) is None or follows[row.id] < row.version for row in rows)
        tables.append(TableReport(name=cls.table, kind=kind_of(cls), rows=len(rows), differing=wrong))
    bad_rows = sum(table.differing for table in tables)
    checks = (
        Check(code="chain", ok=chain.first_bad_seq is None, facts={"seq": chain.first_bad_seq or 0}),
        Check(
            code="head",
            ok=(int(head[0]), str(head[1])) == (chain.head_seq, chain.head_hash),
            facts={"said": int(head[0]), "found": chain.head_seq},
        ),
        Check(code="readable", ok=unreadable == 0, facts={"seq": unreadable}),
        Check(code="tables", ok=bad_rows == 0, facts={"rows": bad_rows}),
    )
    return Report(
        engine=database.engine.name,
        database_id=str(database.meta.database_id),
        chain=chain,
        tables=tuple(tables),
        checks=checks,
    )


def _fold(entries: list[journal.Entry]) -> tuple[Folded, int]:
    """The fold, or as far as it goes: the first entry that cannot be read is named by its seq."""
    try:
        return fold(entries), 0
    except UNREADABLE:
        good, bad = 0, len(entries)
        while bad - good > 1:
            middle = (good + bad) // 2
            try:
                fold(entries[:middle])
                good = middle
            except UNREADABLE:
                bad = middle
        return fold(entries[:good]), entries[good].seq
