"""Availability equals bookability over HTTP, in clinics as chance has them: what is offered can be held and booked,

and what is not is refused, with the status and a code of what the sweep finds in its way. Most states are asked in this
process; some of a server of its own, whose clock nobody sets.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from booking.app import create_app
from booking.settings import Settings
from booking.store.database import Database
from tests.oracle.acting import MY_SECRET, Played, play
from tests.oracle.states import situation
from tests.oracle.sweep import Offer, obstacles
from tests.oracle.wall import STEP, ticks
from tests.plugins.database import Clock
from tests.plugins.server import serving
from tests.races.conftest import ROUNDS

BATCHES = 4
STATES = 20 * ROUNDS
SERVED_STATES = 2 * ROUNDS
SETTINGS = Settings(secret=b"s" * 40, public_url="https://clinic.example")
STATUS = {
    "slot-taken": 409,
    "outside-hours": 422,
    "practitioner-not-eligible": 422,
    "too-short-notice": 422,
    "beyond-horizon": 422,
    "not-offered": 422,
}

Answer = tuple[int, Any]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A patient at the API. Between `now` and the moment they ask as much as `late` may pass."""

    client: httpx.Client
    played: Played
    rng: random.Random
    late: timedelta = timedelta()

    @property
    def address(self) -> str:
        return f"/api/v1/clinics/{self.played.situation.clinic['clinic']['slug']}"

    def post(self, path: str, body: dict[str, Any], token: str | None = None) -> Answer:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = self.client.post(f"{self.address}{path}", json=body, headers=headers)
        return answer.status_code, answer.json() if answer.content else None

    def offered(self, treatment: str) -> list[Offer]:
        one, clinic = self.played.situation, self.played.clinic
        days = {"from": str(one.first), "to": str(one.last)}
        asked = {"treatment_type": str(clinic.treatments[treatment]), **days}
        answer = self.client.get(f"{self.address}/slots", params=asked)
        assert answer.status_code == 200, answer.text
        sites = {str(key): slug for slug, key in clinic.sites.items()}
        people = {str(key): slug for slug, key in clinic.practitioners.items()}
        return sorted(
            Offer(instant(slot["start"]), instant(slot["end"]), sites[slot["site"]], people[slot["practitioner"]])
            for slot in answer.json()["slots"]
        )

    def wanted(self, treatment: str, offer: Offer, *, anybody: bool = False) -> dict[str, Any]:
        clinic = self.played.clinic
        return {
            "treatment_type": str(clinic.treatments[treatment]),
            "site": str(clinic.sites[offer.site]),
            "start": offer.start.isoformat(),
            "practitioner": None if anybody else str(clinic.practitioners[offer.practitioner]),
        }

    def take(self, wanted: dict[str, Any]) -> None:
        """Hold it and give it back; hold it, book what is held and cancel; book it at once and cancel."""
        status, held = self.post("/holds", wanted)
        assert (status, instant(held["start"])) == (201, instant(wanted["start"])), held
        mine = {"hold_secret": held["hold_secret"]}
        assert self.post(f"/holds/{held['hold']}/release", mine) == (204, None)
        status, held = self.post("/holds", {**wanted, **mine})
        assert status == 201, held
        self.book({"hold": held["hold"], **mine})
        self.book(wanted)

    def book(self, what: dict[str, Any]) -> None:
        """Somebody new books it and cancels."""
        number = self.rng.randrange(10**9)
        patient = {"name": f"New {number}", "email": f"new{number}@example.org"}
        status, booked = self.post("/appointments", {**what, "patient": patient})
        assert status == 201, booked
        path, version = f"/appointments/{booked['id']}/cancel", {"version": booked["version"]}
        assert self.post(path, version, booked["manage_token"])[0] == 200

    def ask_in_vain(self, treatment: str, offer: Offer, *, anybody: bool, with_own: bool) -> None:
        """Ask for a time that is not offered, to hold it or to book it; a time about to change is left alone."""
        people = list(self.played.clinic.practitioners) if anybody else [offer.practitioner]
        found = [self.in_the_way(treatment, offer._replace(practitioner=who), with_own=with_own) for who in people]
        if not all(found):
            return
        wanted = self.wanted(treatment, offer, anybody=anybody)
        if with_own:
            status, said = self.post("/holds", {**wanted, "hold_secret": MY_SECRET})
        else:
            status, said = self.post("/appointments", {**wanted, "patient": {"name": "Nobody", "phone": "555 0199"}})
        assert said["code"] in set[str]().union(*found), (offer, found, said)
        assert status == STATUS[said["code"]]

    def in_the_way(self, treatment: str, offer: Offer, *, with_own: bool) -> set[str]:
        state = self.played.state(staff=False, with_own=with_own)
        states = (state, state.at(state.now + self.late))
        before, after = (obstacles(one, treatment, offer.site, offer.practitioner, offer.start) for one in states)
        return before | after if before and after else set()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def ask_everything(asker: Asker) -> None:
    """Some of the times that are offered, and some that are not."""
    for treatment in asker.played.situation.treatments:
        offered = asker.offered(treatment)
        told = asker.played.told(treatment)
        assert offered == told or asker.late, treatment
        now = asker.played.situation.now + 2 * asker.late
        likely = [one for one in offered if one.start > now and one in told]
        for one in asker.rng.sample(likely, min(1, len(likely))):
            asker.take(asker.wanted(treatment, one, anybody=asker.rng.random() < 0.3))
        for one in asker.rng.sample(others := list(not_offered(asker.played, offered, asker.rng)), min(6, len(others))):
            anybody, with_own = asker.rng.random() < 0.3, asker.rng.random() < 0.5
            asker.ask_in_vain(treatment, one, anybody=anybody, with_own=with_own)
        assert asker.offered(treatment) == offered or asker.late, treatment


def not_offered(played: Played, offered: list[Offer], rng: random.Random) -> Iterator[Offer]:
    """Each five minutes of a day at a site, and times a little beside those that are offered."""
    site, one = rng.choice(played.situation.clinic["site"]), played.situation
    day = one.first if rng.random() < 0.5 else one.last
    people = list(played.clinic.practitioners)
    every = [Offer(start, start, site["slug"], rng.choice(people)) for start in ticks(day, day, site["zone"])]
    near = [
        slot._replace(start=slot.start + rng.choice((-1, 1)) * beside)
        for slot in rng.sample(offered, min(8, len(offered)))
        for beside in (timedelta(minutes=1), timedelta(seconds=30), STEP, timedelta(minutes=17))
    ]
    taken = {(slot.start, slot.site, slot.practitioner) for slot in offered}
    yield from (slot for slot in every + near if (slot.start, slot.site, slot.practitioner) not in taken)


@contextmanager
def in_situation(seed: int) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        error.add_note(f"in the situation of seed {seed}")
        raise


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- no secret


@pytest.fixture
def new_database(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes a migrated database, in the place of the one before."""

    def make() -> str:
        for one in tmp_path.glob("state.db*"):
            one.unlink()
        shutil.copy(sqlite_template, tmp_path / "state.db")
        return f"sqlite:///{tmp_path / 'state.db'}"

    return make


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_offered_can_be_taken_and_nothing_else(
    new_database: Callable[[], str], open_database: Callable[[str], Database], clock: Clock, batch: int
) -> None:
    with TestClient(create_app(SETTINGS, open_database(new_database()))) as client:
        for seed in range(batch, STATES, BATCHES):
            played = play(situation(seed), open_database(new_database()), clock)
            with in_situation(seed):
                ask_everything(Asker(client=client, played=played, rng=chance(seed)))


def test_a_server_with_its_own_clock_offers_what_can_be_taken(
    sqlite_url: str, open_database: Callable[[str], Database], clock: Clock
) -> None:
    """One clinic of the installation after the other, each from the moment its turn comes."""
    with serving(sqlite_url) as served, httpx.Client(base_url=served.url) as client:
        for seed in range(SERVED_STATES):
            one = situation(seed, datetime.now(UTC))
            one.clinic["clinic"]["slug"] = f"clinic-{seed}"
            played = play(one, open_database(sqlite_url), clock)
            with in_situation(seed):
                ask_everything(Asker(client=client, played=played, rng=chance(seed), late=timedelta(seconds=40)))
