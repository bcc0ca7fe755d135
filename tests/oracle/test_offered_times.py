"""What is offered equals what the sweep says, in clinics as chance has them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from booking.store.database import Database
from tests.oracle.acting import Played, play
from tests.oracle.states import situation
from tests.oracle.sweep import Offer
from tests.plugins.database import Clock

STATES = int(os.environ.get("SWEEP_STATES", "60"))
"""How many states are looked at; their numbers are the seeds."""

BATCHES = 8

Play = Callable[[int], Played]


@pytest.fixture
def playing(
    sqlite_template: Path, tmp_path: Path, open_database: Callable[[str], Database], clock: Clock
) -> Callable[[int], Played]:
    """Plays the situation of a seed in a database of its own."""

    def played(seed: int) -> Played:
        path = tmp_path / "state.db"
        for one in tmp_path.glob("state.db*"):
            one.unlink()
        shutil.copy(sqlite_template, path)
        return play(situation(seed), open_database(f"sqlite:///{path}"), clock)

    return played


@pytest.mark.parametrize("batch", range(BATCHES))
def test_offered_times_equal_the_sweep(playing: Play, batch: int) -> None:
    for seed in range(batch, STATES, BATCHES):
        played = playing(seed)
        needling, talk = played.situation.treatments
        for treatment, staff, with_own in ((needling, False, True), (talk, False, True), (needling, True, False)):
            listed = played.listed(treatment, staff=staff, with_own=with_own)
            told = played.told(treatment, staff=staff, with_own=with_own)
            assert listed == told, (seed, treatment, staff, difference(listed, told))
            site, who = (one[0]["slug"] for one in (played.situation.clinic[key] for key in ("site", "practitioner")))
            some = played.listed(treatment, staff=staff, with_own=with_own, site=site, practitioner=who)
            assert some == [one for one in told if (one.site, one.practitioner) == (site, who)], (seed, treatment)


def difference(listed: list[Offer], told: list[Offer]) -> str:
    """The first of each kind that only one of them has."""
    more, fewer = sorted(set(listed) - set(told)), sorted(set(told) - set(listed))
    return f"{len(more)} too many, {len(fewer)} too few: {more[:1]} {fewer[:1]}"
