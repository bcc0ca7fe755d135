"""One process of clients: its threads race, and all they were told is answered."""

import logging
import random
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from booking.domain.ids import ClinicId
from booking.store.database import Database
from tests.clinics import find_clinic
from tests.races.law_changes import LawChanges
from tests.races.life import Board, Client, FastClock, Log
from tests.races.mutants import MUTANTS

PROCESSES = 2
THREADS = 8

ALL: Mapping[str, float] = {
    "hold": 14, "extend": 4, "release": 2, "book": 14, "book_held": 14, "cancel": 5, "move": 6, "move_into_another": 4,
    "make_longer": 3, "reassign": 4, "swap": 5, "squeeze": 3, "walk_in": 2, "step": 14, "undo": 6, "confirm": 3,
    "annotate": 2, "merge": 1.5, "leave": 2, "come_back": 1, "suspend": 1, "change_law": 1, "seal": 1, "sweep": 1,
    "look": 3,
}  # fmt: skip
"""How often a client does what."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a process is to do: so many operations by each thread; `mutant` is what is left out of the protocol."""

    url: str
    clinic: ClinicId
    clock: FastClock
    operations: int
    number: int = 0
    weights: Mapping[str, float] = field(default_factory=lambda: dict(ALL))
    mutant: str | None = None


class Retries(logging.Handler):
    """Counts why transactions were run again."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found = Counter[str]()

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said.startswith("attempt"):
            self.found["run again: " + said.partition("failed: ")[2]] += 1


def work(run: Run) -> list[Log]:
    """Race, and say what each thread was told; the first one's answers say also what was run again."""
    if run.mutant is not None:
        MUTANTS[run.mutant]()
    retries, logger = Retries(), logging.getLogger("booking.store.database")
    logger.addHandler(retries)
    logger.setLevel(logging.INFO)
    database = Database(run.url, threads=THREADS, clock=run.clock)
    clinic = find_clinic(database, run.clinic)
    board, meeting = Board(), threading.Barrier(THREADS)

    def race(number: int) -> Log:
        seed = run.number * THREADS + number
        rng = random.Random(seed)  # noqa: S311 -- chance, no secret
        law = LawChanges(clinic=clinic)
        client = Client(clinic=clinic, clock=run.clock, board=board, number=seed, rng=rng, law=law, meeting=meeting)
        meeting.wait()
        for _ in range(run.operations):
            client.act(run.weights)
        return client.log

    with ThreadPoolExecutor(THREADS) as pool:
        logs = list(pool.map(race, range(THREADS)))
    database.close_now()
    logs[0].answers += retries.found
    return logs
