"""Clinics that are served for a benchmark: a program over HTTP, and beside it the rows for the plain script."""

import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from sqlalchemy.engine import make_url

from booking.store import schema
from booking.store.database import Database
from tests.benchmarks import large_clinic
from tests.benchmarks.client import Client, Reply
from tests.benchmarks.figures import Sample
from tests.benchmarks.large_clinic import Size, first_day
from tests.benchmarks.plain_slots import answer
from tests.benchmarks.processes import cpu_seconds, worker_of
from tests.clinics import DullClinic
from tests.plugins.server import serving
from tests.postgres import Server, running

PROGRAM = ("-m", "tests.benchmarks.served")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where databases are made: a folder, and a PostgreSQL of our own."""

    folder: Path
    server: Server

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Places"]:
        with tempfile.TemporaryDirectory() as folder, running() as server:
            yield cls(folder=Path(folder), server=server)

    def new(self, kind: str, name: str) -> str:
        """The URL of a new database."""
        if kind == "SQLite":
            return f"sqlite:///{self.folder / name}.db"
        return self.server.create_database(name)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A clinic that is being served by the process `worker`, and a connection to the same rows for the script."""

    clinic: DullClinic
    client: Client
    rows: Any
    worker: int

    @property
    def treatment(self) -> str:
        return str(self.clinic.treatments["needling"])

    def path(self, days: int, operation: str = "slots", offset: int = 0, **more: str) -> str:
        """What to ask for: everybody on so many days."""
        first = first_day() + timedelta(days=offset)
        last = first + timedelta(days=days - 1)
        asked = {"treatment_type": self.treatment, "from": first.isoformat(), "to": last.isoformat(), **more}
        return f"/api/v1/clinics/dull/{operation}?{urlencode(asked)}"

    def ask(self, path: str, **headers: str) -> tuple[Reply, Sample]:
        """The server's answer, and what it took."""
        cpu, began = cpu_seconds(self.worker), time.perf_counter()
        reply = self.client.get(path, **headers)
        wall = time.perf_counter() - began
        return reply, Sample(wall=wall, cpu=cpu_seconds(self.worker) - cpu)

    def plain(self, days: int) -> tuple[bytes, Sample]:
        """The script's answer, and what it took."""
        first = first_day()
        cpu, began = time.thread_time(), time.perf_counter()
        body = answer(self.rows, "dull", self.treatment, first, first + timedelta(days=days - 1))
        wall = time.perf_counter() - began
        return body, Sample(wall=wall, cpu=time.thread_time() - cpu)

    def forget(self) -> None:
        """Have the server forget all it remembers."""
        assert self.client.send("POST", "/forget", {"content_length": "0"}).status == 204

    def book_one_of(self, body: bytes, number: int) -> None:
        """Book one of the times that were answered."""
        slot = random.Random(number).choice(json.loads(body)["slots"])  # noqa: S311 -- a workload, no secret
        start = datetime.fromisoformat(slot["start"]).astimezone(UTC)
        who = next(slug for slug, one in self.clinic.practitioners.items() if str(one) == slot["practitioner"])
        self.clinic.book(start, who, f"Somebody {number} {slot['start']}")

    def differing(self, count: int) -> list[str]:
        """Questions of which no two are the same; every tenth is about everybody."""
        people = [str(one) for one in self.clinic.practitioners.values()]
        found = []
        for number in range(count):
            who = {} if number % 10 == 0 else {"practitioner": people[number % len(people)]}
            found.append(self.path(1 + number % 30, offset=number // 30, **who))
        return found

    def claims(self) -> int:
        return self.clinic.database.read_now(large_clinic.claims)


@contextmanager
def serve(places: Places, kind: str, size: Size) -> Iterator[Bench]:
    """A clinic of this size in a new database of this kind, being served."""
    url = places.new(kind, f"clinic_{size.people}_{size.days}")
    database = Database(url)
    try:
        schema.migrate(database)
        clinic = large_clinic.build(database, size)
        with serving(url, PROGRAM) as served:
            client, rows = Client(served.url), connect(url)
            yield Bench(clinic=clinic, client=client, rows=rows, worker=worker_of(served.process.pid))
            rows.close()
            client.close()
    finally:
        database.close_now()


def connect(url: str) -> Any:
    """The driver's own connection."""
    parts = make_url(url)
    if parts.drivername == "sqlite":
        return sqlite3.connect(str(parts.database))
    return psycopg.connect(parts.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
