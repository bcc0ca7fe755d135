"""Two processes of many threads do to appointments whatever can be done; what they were told is true when replayed."""

import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from booking.store.database import Database
from tests.clinics import TUESDAY, DullClinic, at, open_clinic
from tests.plugins.figures import figure
from tests.races.law_changes import everybody
from tests.races.life import FastClock
from tests.races.life_looks import Raced, deadlocks, judged, race
from tests.races.life_work import PROCESSES, THREADS, Run

OPERATIONS = int(os.environ.get("LIFE_OPERATIONS", "480"))
"""Of all clients together; `./dev soak` lets them do many more."""


@pytest.fixture
def fast() -> FastClock:
    return FastClock(time.time(), at(TUESDAY, 9))


@pytest.fixture
def clinic(database_url: str, fast: FastClock) -> Iterator[DullClinic]:
    database = Database(database_url, clock=fast)
    yield open_clinic(database, everybody())
    database.close_now()


def told_in_figures(raced: Raced) -> str:
    seconds = sorted(one for log in raced.logs for one in log.seconds)
    p50, p99 = (seconds[len(seconds) * part // 100] * 1e3 for part in (50, 99))
    return (
        f"{len(seconds)} operations of {PROCESSES} processes x {THREADS} threads in {raced.seconds:.0f} s,"
        f" looked at {raced.looks} times meanwhile, p50 {p50:.0f} ms, p99 {p99:.0f} ms,"
        f" {dict(raced.answers.most_common())}"
    )


def test_whatever_was_acknowledged_was_lawful_free_and_lasts(
    request: pytest.FixtureRequest, clinic: DullClinic, fast: FastClock
) -> None:
    database = clinic.database
    operations = OPERATIONS // PROCESSES // THREADS
    raced = race(Run(url=database.url, clinic=clinic.id, clock=fast, operations=operations), clinic)
    where = "SQLite" if database.is_sqlite else "PostgreSQL"
    figure(request.node, f"life on {where}, {told_in_figures(raced)}, {deadlocks(database)} deadlocks")
    assert raced.seen == []
    assert judged(clinic, raced.logs) == Counter()
    assert [answer for answer in raced.answers if "unavailable" in answer or "deadlock" in answer] == []
    assert deadlocks(database) == 0
