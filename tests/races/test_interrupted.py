"""Connections are cut and processes killed while people work: nothing that was acknowledged is lost or done twice."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from booking.domain.permission import Role
from booking.http.passwords import hash_password
from booking.store import schema
from booking.store.database import Database
from booking.usecases.staff import AddStaff, add_staff
from tests.clinics import DullClinic, dull, open_clinic
from tests.plugins.figures import figure
from tests.plugins.server import Served, serving
from tests.postgres import Server
from tests.races.cutting import Cutter, cutting
from tests.races.insisting import Person
from tests.races.life_looks import faults, visits

PEOPLE = 6
CUTS = int(os.environ.get("CUTS", "30"))
KILLS = int(os.environ.get("KILLS", "2"))
LONGEST = 600  # seconds
PASSWORD = "a password of the test"


def around_the_clock() -> dict[str, Any]:
    """Four people who treat at any hour, so that the real time does not matter."""
    data = dull(ben={}, cleo={}, dan={})
    data["site"][0]["room"] = [{"slug": f"room-{number}", "name": f"Room {number}"} for number in range(4)]
    for one in data["practitioner"]:
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        one["hours"] = [{"site": "seattle", "days": days, "from": "00:00", "to": "24:00"}]
    return data


def open_desk(url: str) -> DullClinic:
    database = Database(url)
    schema.migrate(database)
    clinic = open_clinic(database, around_the_clock())
    command = AddStaff(login="manager", name="Mo", role=Role.MANAGER, password_hash=hash_password(PASSWORD))
    database.write_now(add_staff, clinic.manager, command)
    return clinic


@contextmanager
def working(clinic: DullClinic, cutter: Cutter) -> Iterator[Sequence[Person]]:
    """People who work until it is left."""
    body = {"login": "manager", "password": PASSWORD}
    url = f"http://127.0.0.1:{cutter.port}/api/v1/clinics/dull/sessions"
    token = httpx.post(url, json=body, trust_env=False, timeout=60).json()["token"]
    people = [
        Person(clinic=clinic, port=cutter.port, token=token, number=number, rng=random.Random(number))  # noqa: S311 -- chance
        for number in range(PEOPLE)
    ]
    threads = [threading.Thread(target=one.work) for one in people]
    for thread in threads:
        thread.start()
    yield people
    for one in people:
        one.stop.set()
    for thread in threads:
        thread.join()


def wait_until(happened: Callable[[], bool]) -> float:
    """How many seconds it took."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < LONGEST
        time.sleep(0.02)
    return time.monotonic() - began


def done(people: Sequence[Person]) -> int:
    return sum(len(one.settled) for one in people)


def port_of(served: Served) -> int:
    return int(served.url.rpartition(":")[2])


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its workers at once, as when the machine runs out of memory."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = (line.split() for line in table.splitlines())
    workers = [int(pid) for pid, parent in pairs if int(parent) == process.pid]
    for pid in (process.pid, *workers):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


class Servers:
    """Servers behind the cutter, which are killed and take turns."""

    def __init__(self, url: str, many: int, stack: ExitStack) -> None:
        self.url, self.stack = url, stack
        self.running = [stack.enter_context(serving(url)) for _ in range(many)]

    def kill_one(self, cutter: Cutter, people: Sequence[Person]) -> float:
        """Kill it while people work, start another; the seconds until work goes on with all of them."""
        before = done(people)
        wait_until(lambda: done(people) > before + PEOPLE)
        victim = self.running.pop(0)
        began = time.monotonic()
        kill(victim.process)
        self.running.append(self.stack.enter_context(serving(self.url)))
        cutter.upstreams = [port_of(one) for one in self.running]
        before = done(people)
        wait_until(lambda: done(people) > before)
        return time.monotonic() - began


def lost_or_done_twice(clinic: DullClinic, people: Sequence[Person]) -> Counter[str]:
    wrong = sum((one.wrong for one in people), Counter[str]())
    told = {
        (UUID(key), visit["status"], visit["version"], visit["start"])
        for one in people
        for key, visit in one.visits.items()
    }
    there = {(row[0], row[1], row[2], row[3]) for row in visits(clinic)}
    known = {(key, status, version, _instant(start)) for key, status, version, start in told}
    wrong["lost"] += len(known - there)
    wrong["nobody was told of"] += len(there - known)
    wrong.update(clinic.database.read_now(faults, clinic.manager))
    return +wrong


def _instant(said: str) -> datetime:
    return datetime.fromisoformat(said)


def said(people: Sequence[Person], cutter: Cutter, recoveries: Sequence[float]) -> str:
    answers = sum((one.answers for one in people), Counter[str]())
    slowest = max(second for one in people for second in one.settled)
    return (
        f"{done(people)} requests, {sum(cutter.cuts.values())} cut {dict(cutter.cuts)},"
        f" again in {', '.join(f'{one:.1f} s' for one in recoveries)} after each kill, the slowest settled in"
        f" {slowest:.1f} s, {dict(answers.most_common())}"
    )


def test_nothing_is_lost_or_done_twice_on_sqlite(request: pytest.FixtureRequest, sqlite_url: str) -> None:
    clinic = open_desk(sqlite_url)
    with ExitStack() as stack:
        servers = Servers(sqlite_url, 1, stack)
        cutter = stack.enter_context(cutting([port_of(one) for one in servers.running]))
        with working(clinic, cutter) as people:
            cutter.left = CUTS
            wait_until(lambda: cutter.left == 0)
            recoveries = [servers.kill_one(cutter, people) for _ in range(KILLS)]
    figure(request.node, f"interrupted on SQLite: {said(people, cutter, recoveries)}")
    assert lost_or_done_twice(clinic, people) == Counter()
    clinic.database.close_now()


def test_nothing_is_lost_or_done_twice_on_postgresql(request: pytest.FixtureRequest, own_postgres: Server) -> None:
    url = own_postgres.create_database("race")
    clinic = open_desk(url)
    with ExitStack() as stack:
        servers = Servers(url, 2, stack)
        cutter = stack.enter_context(cutting([port_of(one) for one in servers.running]))
        with working(clinic, cutter) as people:
            cutter.left = CUTS
            wait_until(lambda: cutter.left == 0)
            recoveries = [servers.kill_one(cutter, people) for _ in range(KILLS // 2)]
            recoveries += [kill_database(own_postgres, people) for _ in range(KILLS // 2)]
    figure(request.node, f"interrupted on PostgreSQL: {said(people, cutter, recoveries)}")
    assert lost_or_done_twice(clinic, people) == Counter()
    clinic.database.close_now()


def kill_database(server: Server, people: Sequence[Person]) -> float:
    before = done(people)
    wait_until(lambda: done(people) > before + PEOPLE)
    server.kill()
    began = time.monotonic()
    server.restart()
    before = done(people)
    wait_until(lambda: done(people) > before)
    return time.monotonic() - began
