"""A situation played in a database: the clinic's file applied, and what people try done by the use cases."""

from dataclasses import dataclass, replace
from typing import Any

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError
from booking.domain.ids import DiaryId
from booking.domain.time.local import LocalSpan
from booking.http.tokens import digest
from booking.store import clinics
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.placing import Wanted
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import DullClinic, contact, open_clinic
from tests.oracle.states import Attempt, Situation
from tests.oracle.sweep import Offer, State, Visit, obstacles, offered
from tests.oracle.wall import minutes
from tests.plugins.database import Clock

MY_SECRET = "m" * 43
MINE = digest(MY_SECRET)
"""Under which the asker holds."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """A situation as it stands at its `now`; `visits` is what came of the attempts."""

    situation: Situation
    clinic: DullClinic
    visits: tuple[Visit, ...]

    def state(self, *, staff: bool, with_own: bool) -> State:
        """What is asked of the sweep; with the asker's own hold seen as theirs, or as anybody's."""
        visits = tuple(one._replace(own=one.own and with_own) for one in self.visits)
        return State(clinic=self.situation.clinic, visits=visits, now=self.situation.now, staff=staff)

    def told(
        self, treatment: str, *, staff: bool = False, with_own: bool = False, site: str | None = None,
        practitioner: str | None = None,
    ) -> list[Offer]:  # fmt: skip
        """What the sweep says is to be offered."""
        state, one = self.state(staff=staff, with_own=with_own), self.situation
        return offered(state, treatment, one.first, one.last, site, practitioner)

    def listed(
        self, treatment: str, *, staff: bool = False, with_own: bool = False, site: str | None = None,
        practitioner: str | None = None,
    ) -> list[Offer]:  # fmt: skip
        """What is offered."""
        query = SlotQuery(
            treatment_type=self.clinic.treatments[treatment],
            first=self.situation.first,
            last=self.situation.last,
            site=None if site is None else self.clinic.sites[site],
            practitioner=None if practitioner is None else self.clinic.practitioners[practitioner],
            hold_key=MINE if with_own else None,
        )
        caller = self.clinic.reception if staff else self.clinic.public
        found = self.clinic.database.read_now(list_slots, caller, query)
        sites, people = found.sites, found.practitioners
        return sorted(
            Offer(one.span.start, one.span.end, sites[one.site_id].slug, people[one.practitioner_id].slug)
            for one in found.slots
        )


def play(situation: Situation, database: Database, clock: Clock) -> Played:
    """Each attempt must succeed exactly when the sweep finds nothing in its way, else be refused for what it finds.

    In some situations leave comes from the desk, half way through.
    """
    from_desk, half = situation.seed % 3 == 0, len(situation.attempts) // 2
    early = replace(situation, clinic=without_leave(situation.clinic)) if from_desk else situation
    played = Played(situation=early, clinic=open_clinic(database, early.clinic), visits=())
    played = _try_all(played, range(half), clock)
    if from_desk:
        enter_leave(replace(played, situation=situation))
    played = _try_all(replace(played, situation=situation), range(half, len(situation.attempts)), clock)
    clock.now = situation.now
    return played


def _try_all(played: Played, numbers: range, clock: Clock) -> Played:
    """What is free is asked for at each moment, so that whatever remembers it has something wrong to remember."""
    situation, slugs = played.situation, played.clinic.database.read_now(_slugs, played.clinic)
    for number in numbers:
        attempt = situation.attempts[number]
        if clock.now != attempt.at:
            clock.now = attempt.at
            played.listed(attempt.treatment)
        state = played.state(staff=True, with_own=attempt.own).at(attempt.at)
        found = obstacles(state, attempt.treatment, attempt.site, attempt.practitioner, attempt.start)
        done = _try(played.clinic, attempt, number)
        if isinstance(done, BookingError):
            assert done.code in found, (situation.seed, attempt, done)
            continue
        assert found == set(), (situation.seed, attempt)
        kept = (one for one in played.visits if not (one.own and attempt.own))
        played = replace(played, visits=(*kept, _visit(slugs, attempt, done)))
    return played


def without_leave(clinic: dict[str, Any]) -> dict[str, Any]:
    people = [{key: value for key, value in one.items() if key != "leave"} for one in clinic["practitioner"]]
    return {**clinic, "practitioner": people}


def enter_leave(played: Played) -> None:
    clinic = played.clinic
    for person in played.situation.clinic["practitioner"]:
        for one in person["leave"] if person["hours"] or person["extra"] else ():
            days = LocalSpan(
                first=one["first"],
                last=one["last"],
                start_minute=minutes(one["from"]) if "from" in one else None,
                end_minute=minutes(one["to"]) if "to" in one else None,
            )
            command = AddLeave(practitioner=clinic.practitioners[person["slug"]], days=days)
            clinic.database.write_now(add_leave, clinic.manager, command)


def _try(clinic: DullClinic, attempt: Attempt, number: int) -> Appointment | BookingError:
    wanted = Wanted(
        treatment_type=clinic.treatments[attempt.treatment],
        site=clinic.sites[attempt.site],
        start=attempt.start,
        practitioner=clinic.practitioners[attempt.practitioner],
    )
    try:
        if attempt.books:
            command = BookAppointment(contact=contact(f"Patient {number}"), what=wanted)
            return clinic.database.write_now(book, clinic.reception, command).appointment
        key = MINE if attempt.own else f"key {number}"
        return clinic.database.write_now(hold, clinic.reception, HoldSlot(wanted=wanted, hold_key=key)).appointment
    except BookingError as refusal:
        return refusal


def _visit(slugs: dict[DiaryId, str], attempt: Attempt, done: Appointment) -> Visit:
    return Visit(
        practitioner=attempt.practitioner,
        site=attempt.site,
        room=None if done.room_id is None else slugs[DiaryId(done.room_id)],
        devices=frozenset(slugs[DiaryId(one)] for one in done.equipment_ids),
        treatment=attempt.treatment,
        start=attempt.start,
        expires=done.expires_at,
        own=attempt.own,
    )


def _slugs(tx: Transaction, clinic: DullClinic) -> dict[DiaryId, str]:
    """Of rooms and devices."""
    about = clinics.described(tx, clinic.id)
    return {
        **{DiaryId(key): one.slug for key, one in about.rooms.items()},
        **{DiaryId(key): one.slug for key, one in about.equipment.items()},
    }
