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
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from booking.settings import Settings
from booking.store.database import Database
from tests.oracle.acting import MY_SECRET, Played, play
from tests.oracle.states import situation
from tests.oracle.sweep import Offer, obstacles
from tests.oracle.wall import STEP, ticks, wall
from tests.plugins.database import Clock
from tests.plugins.program import program
from tests.plugins.server import serving
from tests.races.conftest import ROUNDS

BATCHES = 4
STATES = 20 * ROUNDS
SERVED_STATES = ROUNDS
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
    """A patient at the API; `passed` says how long ago the situation was as it is known."""

    client: httpx.Client
    played: Played
    rng: random.Random
    passed: Callable[[], timedelta] = timedelta

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

    def ask_in_vain(self, treatment: str, offer: Offer, *, anybody: bool) -> None:
        """Ask to book a time that is not offered, unless another is free at it, or time itself may free it."""
        people = list(self.played.clinic.practitioners) if anybody else [offer.practitioner]
        offers = [offer._replace(practitioner=who) for who in people]
        if not all(self.in_the_way(treatment, one, 5) for one in offers):
            return
        patient = {"name": "Nobody", "phone": "555 0199"}
        answer = self.post("/appointments", {**self.wanted(treatment, offer, anybody=anybody), "patient": patient})
        self.ensure_refused(answer, set[str]().union(*(self.in_the_way(treatment, one) for one in offers)))

    def ask_with_own(self, treatment: str, offer: Offer) -> None:
        """Ask to hold a time with the secret of the hold that one has, which is given up for it."""
        found = self.in_the_way(treatment, offer, with_own=True)
        answer = self.post("/holds", {**self.wanted(treatment, offer), "hold_secret": MY_SECRET})
        if found:
            self.ensure_refused(answer, found | self.in_the_way(treatment, offer, with_own=True))
        else:
            assert answer[0] == 201 or self.passed(), answer

    def ensure_refused(self, answer: Answer, codes: set[str]) -> None:
        status, said = answer
        assert said.get("code") in codes, (codes, said)
        assert status == STATUS[said["code"]]

    def in_the_way(self, treatment: str, offer: Offer, minutes: int = 0, *, with_own: bool = False) -> set[str]:
        """The codes of what was in the way then or is now, or in so many minutes: none unless there are some at both.

        Where the clock stands still, it is then for ever.
        """
        then, passed = self.played.state(staff=False, with_own=with_own), self.passed()
        moments = (then, then.at(then.now + passed + timedelta(minutes=minutes))) if passed else (then, then)
        before, after = (obstacles(one, treatment, offer.site, offer.practitioner, offer.start) for one in moments)
        return before | after if before and after else set()

    def will_be_free(self, treatment: str, offer: Offer) -> bool:
        """Whether it can be taken for a while, and has not begun by then."""
        then, passed = self.played.state(staff=False, with_own=False), self.passed()
        later = then.at(then.now + passed + timedelta(minutes=5) if passed else then.now)
        found = obstacles(later, treatment, offer.site, offer.practitioner, offer.start)
        return offer.start > later.now and not found

    def is_over_midnight(self, offer: Offer) -> bool:
        (zone,) = (one["zone"] for one in self.played.situation.clinic["site"] if one["slug"] == offer.site)
        return wall(offer.start, zone).date() != wall(offer.end - timedelta(seconds=1), zone).date()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def ask_everything(asker: Asker) -> None:
    """Some of the times that are offered, and some that are not."""
    rng, stands_still = asker.rng, not asker.passed()
    for treatment in asker.played.situation.treatments:
        offered, told = asker.offered(treatment), asker.played.told(treatment)
        assert offered == told or not stands_still, treatment
        lasting = [one for one in offered if asker.will_be_free(treatment, one)]
        telling = [*lasting[:1], *lasting[-1:], *(one for one in lasting if asker.is_over_midnight(one))]
        for one in rng.sample(likely := rng.choice((telling, lasting)), min(1, len(likely))):
            asker.take(asker.wanted(treatment, one, anybody=rng.random() < 0.3))
        others = list(not_offered(asker.played, offered, rng))
        for one in rng.sample(others, min(6, len(others))):
            asker.ask_in_vain(treatment, one, anybody=rng.random() < 0.3)
        assert asker.offered(treatment) == offered or not stands_still, treatment
    asker.ask_with_own(treatment, rng.choice(offered + others[: len(offered) + 1]))


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
def in_situation(seed: int, when: str = "") -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        error.add_note(f"in the situation of seed {seed}{when}")
        raise


def time_since(began: datetime) -> timedelta:
    return datetime.now(UTC) - began


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
    with program(SETTINGS, open_database(new_database())) as started:
        for seed in range(batch, STATES, BATCHES):
            played = play(situation(seed), open_database(new_database()), clock)
            with in_situation(seed):
                ask_everything(Asker(client=started.client, played=played, rng=chance(seed)))


def test_a_server_with_its_own_clock_offers_what_can_be_taken(
    sqlite_url: str, open_database: Callable[[str], Database], clock: Clock
) -> None:
    """One clinic of the installation after the other, each from the moment its turn comes."""
    with serving(sqlite_url) as served, httpx.Client(base_url=served.url) as client:
        for seed in range(SERVED_STATES):
            began = datetime.now(UTC)
            played = play(situation(seed, began), open_database(sqlite_url), clock)
            with in_situation(seed, f" at {began}"):
                ask_everything(Asker(client=client, played=played, rng=chance(seed), passed=partial(time_since, began)))
