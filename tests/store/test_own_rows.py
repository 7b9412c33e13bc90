"""PostgreSQL keeps a council's rows from every other one: tried with plain SQL, beside the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from dvc_core.bootstrap import Config, build
from dvc_core.domain.kernel import Personal
from dvc_core.domain.volunteer import Person
from dvc_core.store.database import connect
from dvc_core.store.schema import declared
from tests.support.center import Center, FrozenClock
from tests.support.damage import lived
from tests.support.postgres import ADMIN, PostgresServer

OWN, OTHER = "13210", "13208"
ROLES = {"reads_own": OWN, "reads_other": OTHER, "reads_nothing": None}


def asked(url: str, sql: str, user: str | None = None) -> list[tuple[Any, ...]]:
    address = url if user is None else url.replace("//tasuki@", f"//{user}@")
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(sql.encode())
        return found.fetchall() if found.description else []


@pytest.fixture
def shared(postgres_url: str, postgres_server: PostgresServer, tmp_path: Any) -> Iterator[str]:  # noqa: ARG001
    """A database with people of two councils, and logins that may read every table of it."""
    clock = FrozenClock()
    services = build(Config(data=tmp_path / "data", database_url=postgres_url), clock=clock, wall=clock)
    try:
        center = Center(services, clock)
        lived(center)
    finally:
        services.close()
    columns = "id, version, name, kana, kana_key, phone, phone_key, address, guardian_name, guardian_phone, "
    columns += "emergency_name, emergency_phone, health, licence, note"
    copied = columns.replace("id, version, name", "gen_random_uuid(), version, 'よその 人'")
    asked(
        postgres_url,
        f"INSERT INTO person (council_id, {columns}) SELECT '{OTHER}', {copied} FROM person",
        ADMIN,
    )
    for role, council in ROLES.items():
        with _dropped(postgres_url, role):
            asked(postgres_url, f"CREATE ROLE {role} LOGIN", ADMIN)
        asked(postgres_url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}", ADMIN)
        if council is not None:
            asked(postgres_url, f"INSERT INTO council_role VALUES ('{role}', '{council}')")
    yield postgres_url
    for role in ROLES:
        asked(postgres_url, f"DROP OWNED BY {role}; DROP ROLE {role}", ADMIN)


@contextmanager
def _dropped(url: str, role: str) -> Iterator[None]:
    """What a test that failed may have left on the server."""
    if asked(url, f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'", ADMIN):
        asked(url, f"DROP ROLE {role}", ADMIN)
    yield


def test_a_login_beside_the_program_sees_its_councils_rows_only(shared: str) -> None:
    everything = asked(shared, "SELECT DISTINCT council_id FROM person ORDER BY 1", ADMIN)
    assert everything == [(OTHER,), (OWN,)]
    assert asked(shared, "SELECT DISTINCT council_id FROM person", "reads_own") == [(OWN,)]
    assert asked(shared, "SELECT DISTINCT council_id FROM person", "reads_other") == [(OTHER,)]
    assert asked(shared, "SELECT DISTINCT name FROM person", "reads_other") == [("よその 人",)]
    assert asked(shared, "SELECT council_id FROM person", "reads_nothing") == []
    assert asked(shared, "SELECT count(*) FROM journal", "reads_other") == [(0,)]


@pytest.mark.parametrize(
    "trick",
    [
        f"SET tasuki.council = '{OWN}'; SELECT council_id FROM person WHERE council_id = '{OWN}'",
        f"SET row_security = off; SELECT council_id FROM person WHERE council_id = '{OWN}'",
        "SELECT council_id FROM journal",
    ],
)
def test_no_trick_shows_more(shared: str, trick: str) -> None:
    with psycopg.connect(shared.replace("//tasuki@", "//reads_other@"), autocommit=True) as connection:
        *before, last = trick.split("; ")
        for each in before:
            connection.execute(each.encode())
        try:
            found = connection.execute(last.encode()).fetchall()
        except psycopg.errors.InsufficientPrivilege:
            found = []
    assert found == []
    for forbidden in ("INSERT INTO council_role VALUES ('reads_nothing', '13210')", "SET ROLE tasuki"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(shared, forbidden, "reads_other")


def test_the_programs_own_connection_is_bound_too(shared: str) -> None:
    engine = connect(shared, OWN)
    try:
        with engine.snapshot() as connection:
            for name, cls in declared().items():
                found = connection.rows(f"SELECT DISTINCT council_id FROM {name}", {})
                assert found in ([], [(OWN,)]), cls
        with pytest.raises(psycopg.errors.InsufficientPrivilege), engine.write() as connection:
            connection.run(
                "UPDATE person SET council_id = $other WHERE council_id = $own", {"other": OTHER, "own": OWN}
            )
    finally:
        engine.close()
    assert issubclass(Person, Personal)


def test_every_table_with_a_council_is_guarded(shared: str) -> None:
    forced = asked(
        shared,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity "
        "AND relnamespace = 'public'::regnamespace",
    )
    assert {name for (name,) in forced} == {*declared(), "journal", "journal_head"}
