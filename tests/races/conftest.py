"""Servers to race against, and where the figures go."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from booking.domain.ids import AppointmentId
from booking.domain.permission import Role
from booking.domain.time.zone import instant_after, local_date, wall_time
from booking.http.passwords import hash_password
from booking.store import appointments, schema
from booking.store.database import Database
from booking.usecases.audit import audit
from booking.usecases.staff import AddStaff, add_staff
from tests.clinics import SEATTLE_ZONE, DullClinic, dull, open_clinic
from tests.plugins.figures import figure
from tests.plugins.postgres import needed
from tests.plugins.server import Served, serving
from tests.postgres import Server, running

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
"""How often each race is run; `./dev soak` runs many."""

PASSWORD = "a password of the test"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a crowd was answered."""

    answers: list[dict[str, Any]]

    @property
    def wins(self) -> int:
        return sum(one["status"] < 300 for one in self.answers)

    @property
    def refusals(self) -> Counter[tuple[int, str]]:
        return Counter((one["status"], one["code"]) for one in self.answers if one["status"] >= 300)

    @property
    def lasted(self) -> list[float]:
        return sorted(one["seconds"] for one in self.answers)


@dataclass(frozen=True, kw_only=True)
class Arena:
    """A clinic, the servers that serve it, and the log of its database, if it has one."""

    where: str
    clinic: DullClinic
    servers: list[Served]
    deadlocks: Callable[[], int]
    notes: list[str] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """A working day past the clinic's notice."""
        day = local_date(datetime.now(UTC), SEATTLE_ZONE) + timedelta(days=2)
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))

    def start(self, minute: int, days: int = 0) -> str:
        """A time on the first day, or working days later, as a request has it."""
        day = self.first_day
        for _ in range(days):
            day += timedelta(days=3 if day.weekday() == 4 else 1)
        return wall_time(instant_after(day, minute, SEATTLE_ZONE), SEATTLE_ZONE).isoformat()

    def booking(self, number: int, start: str, practitioner: str | None = "ada") -> dict[str, Any]:
        """A request of a patient of their own; the servers take turns."""
        return {
            "url": f"{self._server(number)}/api/v1/clinics/dull/appointments",
            "body": {
                "treatment_type": str(self.clinic.treatments["needling"]),
                "site": str(self.clinic.sites["seattle"]),
                "start": start,
                "practitioner": None if practitioner is None else str(self.clinic.practitioners[practitioner]),
                "patient": {"name": f"Patient {number}", "email": f"p{number}@example.org"},
            },
        }

    def moving(self, number: int, visit: AppointmentId, start: str, token: str) -> dict[str, Any]:
        """A request of staff about a visit that was not changed yet."""
        url = f"{self._server(number)}/api/v1/clinics/dull/appointments/{visit}/move"
        return {"url": url, "token": token, "body": {"version": 1, "start": start}}

    def suspension(self, number: int) -> dict[str, Any]:
        credential = self.clinic.credentials["ada", "licence"]
        return {
            "url": f"{self._server(number)}/api/v1/clinics/dull/credentials/{credential}/suspend",
            "token": self.token(),
            "body": {"reason": "order of the board"},
        }

    def token(self) -> str:
        body = {"login": "manager", "password": PASSWORD}
        url = f"{self._server(0)}/api/v1/clinics/dull/sessions"
        (answer,) = self._send([{"url": url, "body": body, "whole": True}])
        token: str = answer["said"]["token"]
        return token

    def race(self, requests: list[dict[str, Any]], what: str) -> Outcome:
        """Send all at once, from another process, and note how it went."""
        before = self.deadlocks()
        outcome = Outcome(answers=self._send(requests))
        lasted, refusals = outcome.lasted, dict(outcome.refusals)
        failures = sum(one["status"] >= 500 for one in outcome.answers)
        self.notes.append(
            f"{what}: {len(requests)} at once, {outcome.wins} won, refused {refusals}, {failures} failures,"
            f" p50 {lasted[len(lasted) // 2] * 1e3:.0f} ms, p99 {lasted[int(len(lasted) * 0.99)] * 1e3:.0f} ms,"
            f" {self.deadlocks() - before} deadlocks"
        )
        assert (failures, self.deadlocks() - before) == (0, 0), self.notes[-1]
        return outcome

    def violations(self) -> list[str]:
        report = self.clinic.database.read_now(audit, self.clinic.manager)
        return [f"{one.kind}: {one.sentence}" for one in report.violations]

    def booked_by(self, practitioner: str) -> set[AppointmentId]:
        """The visits of this person that lie ahead."""
        who, now = self.clinic.practitioners[practitioner], datetime.now(UTC)
        visits = self.clinic.database.read_now(appointments.booked_after, self.clinic.id, now, [who])
        return {visit.id for visit in visits}

    def _server(self, number: int) -> str:
        return self.servers[number % len(self.servers)].url

    def _send(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.races.crowd"],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One server on SQLite, and two on a PostgreSQL with a log of its own."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url, servers, deadlocks = f"sqlite:///{tmp_path_factory.mktemp('race') / 'race.db'}", 1, _none
        else:
            stack.enter_context(needed())
            server = stack.enter_context(running())
            url, servers = server.create_database("race"), 2
            deadlocks = partial(_deadlocks, server)
        database = Database(url)
        stack.callback(database.close_now)
        schema.migrate(database)
        clinic = open_clinic(database, _four_people())
        command = AddStaff(login="manager", name="Mo", role=Role.MANAGER, password_hash=hash_password(PASSWORD))
        database.write_now(add_staff, clinic.manager, command)
        at = [stack.enter_context(serving(url)) for _ in range(servers)]
        where = "one server on SQLite" if servers == 1 else "two servers on PostgreSQL"
        yield Arena(where=where, clinic=clinic, servers=at, deadlocks=deadlocks)


@pytest.fixture
def arena(request: pytest.FixtureRequest, served: Arena) -> Iterator[Arena]:
    """The same, whose figures are shown when the run closes."""
    yield served
    while served.notes:
        figure(request.node, f"{served.where}, {served.notes.pop()}")


def _none() -> int:
    return 0


def _deadlocks(server: Server) -> int:
    return server.log_text().count("deadlock detected")


def _four_people() -> dict[str, Any]:
    data = dull(ben={}, cleo={}, dan={})
    data["site"][0]["room"] = [{"slug": f"room-{number}", "name": f"Room {number}"} for number in range(4)]
    return data
