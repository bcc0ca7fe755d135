"""Somebody who reads, with a warm memory, while another process writes whatever there is to write.

In one snapshot and at one time, what is remembered must give the very bytes of a fresh computation: never a slot too
many, never one too few.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice

import pytest

from booking.store.database import Database
from booking.store.memory import Memory
from tests.clinics import DullClinic, open_clinic
from tests.plugins.figures import figure
from tests.races.cache_clinic import Question, questions, rich
from tests.races.cache_file import MONDAY
from tests.races.cache_judge import LISTED, RIGHT, Memories, judge, stale, wrong
from tests.races.cache_writers import FASTER, MondayClock, Run, write
from tests.races.conftest import ROUNDS

READERS = 2
SECONDS = 1.5 * ROUNDS
HOLD_SECONDS = 600 / FASTER


@dataclass(kw_only=True)
class Reader:
    """Several threads that share one memory, as those of a server do; one also asks some that are wrong on purpose."""

    clinic: DullClinic
    faulty: dict[str, Memory] = field(default_factory=wrong)

    def read_until(self, done: "Future[Counter[str]]") -> Counter[str]:
        """How many answers were judged, and how many were stale, by memory."""
        with ThreadPoolExecutor(READERS) as pool:
            return sum(pool.map(lambda number: self._read_until(done, number), range(READERS)), Counter[str]())

    def read_all(self) -> Counter[str]:
        return self._judged(self._questions(), self.faulty)

    def _read_until(self, done: "Future[Counter[str]]", number: int) -> Counter[str]:
        found, asked = Counter[str](), self._questions()
        for question in islice(cycle(asked), number * len(asked) // READERS, None):
            found += self._judged([question], {} if number else self.faulty)
            if done.done():
                break
        return found

    def _questions(self) -> list[Question]:
        return questions(self.clinic, MONDAY, MONDAY + timedelta(days=14))

    def _judged(self, asked: list[Question], faulty: Memories) -> Counter[str]:
        database, found = self.clinic.database, Counter[str](answers=len(asked))
        for question in asked:
            found += stale(database.read_now(judge, database.memory, faulty, [question]))
        return found


@pytest.fixture
def clock() -> MondayClock:
    return MondayClock(time.time())


@pytest.fixture
def clinic(database_url: str, clock: MondayClock) -> Iterator[DullClinic]:
    database = Database(database_url, threads=READERS, clock=clock)
    yield open_clinic(database, rich())
    database.close_now()


def test_nothing_is_stale_while_another_process_writes(
    request: pytest.FixtureRequest, clinic: DullClinic, clock: MondayClock
) -> None:
    reader = Reader(clinic=clinic)
    reader.read_all()
    run = Run(url=clinic.database.url, clinic=clinic.id, clock=clock, seconds=SECONDS)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        writing = pool.submit(write, run)
        meanwhile = reader.read_until(writing)
        written = writing.result()
    at_rest = reader.read_all()
    time.sleep(HOLD_SECONDS)  # every hold ends
    at_rest += reader.read_all()
    where = "SQLite" if clinic.database.is_sqlite else "PostgreSQL"
    found = {name: meanwhile[name] + at_rest[name] for name in ("answers", RIGHT, LISTED, *reader.faulty)}
    figure(request.node, f"memory on {where}, {found}, written meanwhile {dict(written.most_common())}")
    assert (found[RIGHT], found[LISTED]) == (0, 0)
    assert meanwhile["answers"] > 0
    assert [name for name in written if name.endswith("unavailable")] == []
