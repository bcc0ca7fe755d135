"""The demo's folder: made, gone on with, made anew, and never mistaken for anything else."""

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booking.demo.folder import prepare
from booking.domain.errors import DatabaseRefused, InvalidInput
from booking.settings import Settings
from booking.store import clinics, installation, schema
from booking.store.database import Database
from tests.clinics import open_clinic
from tests.demo.conftest import NOW, copied
from tests.demo.test_seeding import visits


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the demo, to be changed."""
    return copied(demo_folder, tmp_path / "demo")


def open_again(folder: Path, **more: Any) -> tuple[Settings, list[str]]:
    """The settings, and what was said meanwhile."""
    said: list[str] = []
    usual = {"host": "127.0.0.1", "port": 8000, "fresh": False, "now": NOW}
    return prepare(folder, tell=said.append, **{**usual, **more}), said


def told(database: Database) -> list[tuple[object, ...]]:
    """What of each visit does not depend on chance."""
    found = visits(database)
    return [
        (
            one.appointment.span,
            one.practitioner.slug,
            one.room and one.room.slug,
            one.patient and one.patient.name,
            one.appointment.status,
            one.appointment.agreed.treatment_name,
        )
        for one in sorted(found, key=lambda one: (one.appointment.span, one.practitioner.slug))
    ]


def epoch(database: Database) -> str:
    found = database.read_now(installation.get)
    assert found is not None
    return found.epoch


def test_demo_goes_on_where_it_was_left(folder: Path) -> None:
    before = (folder / "secret").read_bytes()
    of, said = open_again(folder)
    assert said == [f"The demo in {folder} goes on where it was left; --fresh makes a new one."]
    assert (of.secret, of.database_url) == (before, f"sqlite:///{folder.resolve() / 'demo.db'}")
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


def test_fresh_demo_is_another_one_with_the_same_visits_all_day(folder: Path, demo: Database) -> None:
    (folder / "demo.making").write_text("left by an interrupted start")
    of, said = open_again(folder, fresh=True, now=NOW + timedelta(hours=9))
    database = Database(of.database_url, threads=1)
    assert said == ["Making the demo clinic: two sites, six practitioners, four weeks of visits …"]
    assert told(database) == told(demo)
    assert epoch(database) != epoch(demo)
    assert sorted(one.name for one in folder.iterdir() if one.suffix == ".making") == []
    database.close_now()


def test_old_demo_is_brought_up_to_date(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "demo.db")) as connection, connection:
        connection.execute("DROP TRIGGER claim_guard_insert")
    of, _ = open_again(folder)
    database = Database(of.database_url, threads=1)
    schema.ensure_servable(database)
    database.close_now()


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("0.0.0.0", 8001, "http://127.0.0.1:8001"),  # noqa: S104 -- nothing is bound
        ("192.168.7.20", 8000, "http://192.168.7.20:8000"),
        ("::1", 8000, "http://[::1]:8000"),
    ],
)
def test_address_is_one_that_can_be_opened(folder: Path, host: str, port: int, address: str) -> None:
    of, _ = open_again(folder, host=host, port=port)
    assert (of.public_url, of.host, of.port) == (address, host, port)


@pytest.mark.parametrize("fresh", [False, True])
def test_folder_with_a_real_clinic_is_refused(tmp_path: Path, sqlite_url: str, fresh: object) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    database = Database(sqlite_url, threads=1)
    open_clinic(database)
    database.close_now()
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), folder / "demo.db")
    with pytest.raises(DatabaseRefused, match="holds no demo, but something else"):
        open_again(folder, fresh=fresh)
    kept = Database(f"sqlite:///{folder / 'demo.db'}", threads=1)
    assert [one.slug for one in kept.read_now(clinics.clinics)] == ["dull"]
    kept.close_now()


@pytest.mark.parametrize("content", [b"", b"My letters, and no database.", None], ids=["empty", "text", "unused"])
def test_file_that_is_something_else_is_refused(tmp_path: Path, sqlite_url: str, content: bytes | None) -> None:
    file = tmp_path / "demo.db"
    if content is None:
        shutil.copy(sqlite_url.removeprefix("sqlite:///"), file)
    else:
        file.write_bytes(content)
    with pytest.raises(DatabaseRefused):
        open_again(tmp_path, fresh=True)


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InvalidInput, match="cannot be used for the demo"):
        open_again(file)
