"""The whole program in this process: its start, its health, and what it says at addresses that are none."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.app import build, create_app
from booking.domain.errors import DatabaseRefused, Unavailable
from booking.domain.time.zone import tzdata_version
from booking.http.headers import CONTENT_SECURITY_POLICY
from booking.settings import Settings, SettingsInvalid
from booking.store.database import Database
from tests.plugins.program import program

SETTINGS = Settings(secret=b"s" * 40)


@pytest.fixture
def client(sqlite: Database) -> Iterator[TestClient[Any]]:
    with program(SETTINGS, sqlite) as started:
        yield started.client


def test_it_lives_and_is_ready(sqlite: Database) -> None:
    with TestClient(create_app(SETTINGS, sqlite)) as client:
        assert client.get("/health/live").json()["status"] == "ok"
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["tzdata"]) == (200, "ok", tzdata_version())


def test_it_is_not_ready_without_its_database(client: TestClient[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_answer(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Database, "read", no_answer)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert client.get("/health/live").status_code == 200


def test_it_starts_on_no_database_but_its_own(tmp_path: Any) -> None:
    settings = Settings(secret=b"s" * 40, database_url=f"sqlite:///{tmp_path}/empty.db")
    refused = pytest.RaisesGroup(DatabaseRefused, allow_unwrapped=True, flatten_subgroups=True)
    with refused, TestClient(create_app(settings)):
        pass


def test_it_starts_with_no_guessable_secret() -> None:
    with pytest.raises(SettingsInvalid):
        create_app(Settings(secret=b"guess"))


def test_it_gives_its_own_database_back_at_the_end(sqlite_url: str) -> None:
    app = build(Settings(secret=b"s" * 40, database_url=sqlite_url))
    with TestClient(app):
        pass
    with pytest.raises(Unavailable):
        asyncio.run(app.state.context.database.read(lambda tx: tx.now()))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nowhere", 404),
        ("GET", "/api/v1/clinics", 404),
        ("GET", "/feeds/", 404),
        ("GET", "/feeds/nothing.ics", 404),
        ("GET", "/openapi.yaml", 404),
        ("POST", "/health/live", 405),
        ("DELETE", "/api/v1/clinics/dull/slots", 405),
        ("TRACE", "/api/v1/clinics/dull/slots", 405),
    ],
)
def test_programs_are_told_in_problem_details(client: TestClient[Any], method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert ("allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/sign-in", 405)])
def test_people_are_told_on_a_page(client: TestClient[Any], method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/docs", "/redoc", "/swagger"])
def test_no_page_of_the_framework_is_served(client: TestClient[Any], path: str) -> None:
    assert client.get(path).status_code == 404
