"""The checkers find what they are there for: each piece of the protocol that is left out is noticed."""

import time
from collections import Counter

import pytest

from booking.store.database import Database
from tests.clinics import TUESDAY, at, open_clinic
from tests.plugins.figures import figure
from tests.races.life import FastClock
from tests.races.life_looks import deadlocks, judged, race
from tests.races.life_work import Run
from tests.races.mutants import MUTANTS

FOUND = {
    "lock_nothing": (4, "meet: stale-version"),
    "lock_nothing_and_raise_in_place": (4, "in leave_added"),
    "lock_one_by_one": (2, "deadlock"),
    "decide_on_what_was_read_before_the_lock": (4, "in leave_added"),
}
"""After how many meetings of all threads, and by what: the key of `diary_change`, the replay, or PostgreSQL itself."""


@pytest.mark.postgres
@pytest.mark.parametrize("mutant", MUTANTS)
def test_protocol_with_a_piece_left_out_is_found_out(
    request: pytest.FixtureRequest, postgres_url: str, mutant: str
) -> None:
    fast = FastClock(time.time(), at(TUESDAY, 9))
    database = Database(postgres_url, clock=fast)
    clinic = open_clinic(database)
    meetings, given_away_by = FOUND[mutant]
    run = Run(url=postgres_url, clinic=clinic.id, clock=fast, operations=meetings, weights={"meet": 1}, mutant=mutant)
    raced = race(run, clinic, processes=1)
    wrong = judged(clinic, raced.logs) + raced.answers + Counter(deadlock=deadlocks(database))
    database.close_now()
    found = {said: number for said, number in wrong.items() if given_away_by in said}
    figure(request.node, f"{mutant} is found out in {raced.seconds:.0f} s: {found}")
    assert found
