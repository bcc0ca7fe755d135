"""Real calendar programs on the feed of a running server: vdirsyncer fetches it, khal lists what is in it."""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from booking.domain.time.zone import instant_after, local_date
from booking.http.tokens import digest
from booking.store.database import Database
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.feeds import CreateFeed, create_feed
from tests.clients.parsers import tables_of
from tests.clinics import SEATTLE_ZONE, DullClinic, dull, open_clinic
from tests.plugins.server import serving

FORMAT = "{start-date} {start-time}-{end-time} {title} | {location} | {status}"
PROGRAMS = Path(sys.executable).parent
VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair clinic]
a = "feed"
b = "local"
collections = null
conflict_resolution = "a wins"
partial_sync = "revert"
[storage feed]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[clinic]]
path = {folder}/calendar/
readonly = True
[locale]
local_timezone = America/Los_Angeles
default_timezone = America/Los_Angeles
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""

pytestmark = pytest.mark.client


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """A practitioner's computer."""

    folder: Path

    def sync(self) -> None:
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), "sync")

    def listed(self, first: date, days: int) -> list[str]:
        """What khal shows, a line for each entry."""
        said = self._run(
            "khal", "-c", str(self.folder / "khal.conf"), "list", str(first), f"{days}d", "--format", FORMAT
        )
        return [line for line in said.splitlines() if "|" in line]

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [PROGRAMS / program, *arguments], capture_output=True, text=True, input="y\n" * 5, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass(frozen=True, kw_only=True)
class Twice:
    """A clinic in the present, for the programs live in it, and the addresses of two servers of it."""

    clinic: DullClinic
    urls: list[str]

    def subscribe(self, practitioner: str) -> list[str]:
        """The addresses of a new feed, at both."""
        command = CreateFeed(practitioner=self.clinic.practitioners[practitioner], token_hash=digest(practitioner * 9))
        self.clinic.database.write_now(create_feed, self.clinic.manager, command)
        return [f"{url}/feeds/{practitioner * 9}.ics" for url in self.urls]


@pytest.fixture(scope="module")
def twice(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    """The servers differ in what Python may do otherwise each time."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('clients') / 'clinic.db')}"
    database, public = Database(url), "https://clinic.example"
    clinic = open_clinic(database, dull(ben={}))
    with (
        serving(url, PYTHONHASHSEED="1", BOOKING_PUBLIC_URL=public) as one,
        serving(url, PYTHONHASHSEED="2", BOOKING_PUBLIC_URL=public) as two,
    ):
        yield Twice(clinic=clinic, urls=[one.url, two.url])
    database.close_now()


@pytest.fixture
def tomorrow() -> date:
    """The next day on which the dull clinic is open."""
    day = local_date(datetime.now(UTC), SEATTLE_ZONE) + timedelta(days=1)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def subscriber(folder: Path, url: str) -> Subscriber:
    (folder / "calendar").mkdir()
    for name, text in (("vdirsyncer.conf", VDIRSYNCER), ("khal.conf", KHAL)):
        (folder / name).write_text(text.format(folder=folder, url=url))
    who = Subscriber(folder=folder)
    who._run("vdirsyncer", "-c", str(folder / "vdirsyncer.conf"), "discover")
    return who


def test_khal_shows_a_visit_after_vdirsyncer_read_the_feed_and_that_it_was_cancelled(
    twice: Twice, tomorrow: date, tmp_path: Path
) -> None:
    clinic, who = twice.clinic, subscriber(tmp_path, twice.subscribe("ada")[0])
    visit = clinic.book(instant_after(tomorrow, 600, SEATTLE_ZONE)).appointment
    where = "Room 1, Seattle, 1 Pine Street, Seattle"
    who.sync()
    assert who.listed(tomorrow, 1) == [f"{tomorrow} 10:00-10:30 Appointment | {where} | CONFIRMED "]
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=1))
    who.sync()
    assert who.listed(tomorrow, 1) == [f"{tomorrow} 10:00-10:30 Cancelled · Appointment | {where} | CANCELLED "]


def test_two_servers_give_the_same_bytes_and_four_parsers_read_the_same(twice: Twice, tomorrow: date) -> None:
    for hour in (9, 10, 11, 14):
        twice.clinic.book(instant_after(tomorrow, hour * 60, SEATTLE_ZONE), "ben", f"Patient {hour}")
    first, second = map(_fetch, twice.subscribe("ben"))
    assert first == second
    tables = tables_of(first[1])
    assert len(tables) == 4
    assert all(table == tables["libical"] for table in tables.values())
    assert [row.summary for row in tables["libical"]] == ["Appointment"] * 4


def _fetch(url: str) -> tuple[str, bytes]:
    """The tag and the body."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own address
        return answer.headers["etag"], answer.read()
