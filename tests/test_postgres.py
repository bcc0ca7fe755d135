"""The launcher itself: the tests that rely on it are only as good as it is."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests import postgres


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture
def database(postgres_server: postgres.Address) -> Iterator[str]:
    name = f"launcher_{uuid4().hex}"
    postgres_server.create_database(name)
    yield name
    postgres_server.drop_database(name)


def test_create_database_with_template_copies_it(postgres_server: postgres.Address, database: str) -> None:
    with connect(postgres_server.url(database)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.close()
    copy = f"{database}_copy"
    try:
        url = postgres_server.create_database(copy, template=database)
        assert rows(url, "SELECT number FROM kept") == [(7,)]
    finally:
        postgres_server.drop_database(copy)


def test_drop_database_ends_connections_to_it(postgres_server: postgres.Address) -> None:
    name = f"launcher_{uuid4().hex}"
    with connect(postgres_server.create_database(name)) as connection:
        postgres_server.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_url_names_driver_and_database(postgres_server: postgres.Address) -> None:
    url = make_url(postgres_server.url("elsewhere"))
    assert (url.drivername, url.database) == ("postgresql+psycopg", "elsewhere")


def test_kill_loses_nothing_that_was_committed(own_postgres: postgres.Server) -> None:
    url = own_postgres.create_database("kept")
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        connection.commit()
        own_postgres.kill()
        own_postgres.restart()
    assert rows(url, "SELECT number FROM kept") == [(7,)]
    assert "automatic recovery in progress" in own_postgres.log_text()


def test_restart_of_a_running_server_shuts_it_down_cleanly(own_postgres: postgres.Server) -> None:
    first = own_postgres.process.pid
    own_postgres.restart()
    assert own_postgres.process.pid != first
    assert own_postgres.log_text().count("database system is ready to accept connections") == 2
    assert "automatic recovery in progress" not in own_postgres.log_text()


def test_start_in_a_folder_that_holds_data_is_refused(own_postgres: postgres.Server) -> None:
    with pytest.raises(postgres.Unavailable, match="initdb failed"):
        postgres.start(own_postgres.log.parent)
