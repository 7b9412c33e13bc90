"""The PostgreSQL server of the tests is a real one: it keeps what was committed, also over a pulled plug."""

from collections.abc import Callable

import psycopg
import pytest

from tests.support.postgres import PostgresServer


def test_a_database_is_empty_in_c_collation_and_knows_japanese(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        settings = connection.execute(
            "SELECT datcollate, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        kana = connection.execute(
            "SELECT k FROM (VALUES ('みほん'), ('くんれん')) AS v (k) ORDER BY k"
        ).fetchall()
    assert tables == (0,)
    assert settings == ("C", "UTF8")
    assert kana == [("くんれん",), ("みほん",)]


def test_each_database_is_its_own(new_postgres_url: Callable[[], str]) -> None:
    first, second = new_postgres_url(), new_postgres_url()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE a (b INTEGER)")
    with psycopg.connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT b FROM a")


def test_what_was_committed_survives_a_pulled_plug(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    connection = psycopg.connect(postgres_url)
    connection.execute("CREATE TABLE a (b INTEGER)")
    connection.execute("INSERT INTO a (b) VALUES (1)")
    connection.commit()
    connection.execute("INSERT INTO a (b) VALUES (2)")
    postgres_server.kill()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    postgres_server.start()
    with psycopg.connect(postgres_url) as again:
        assert again.execute("SELECT b FROM a").fetchall() == [(1,)]
