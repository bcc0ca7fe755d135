"""Who is to be in the room sees the visit: among their own, in their calendar, and where it stands in the way."""

import pytest

from booking.domain.errors import NotFound
from booking.domain.permission import Caller, Role
from booking.domain.time.span import TimeSpan
from booking.store.agendas import AgendaEntry
from booking.store.database import Database
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.feeds import CreateFeed, create_feed
from booking.usecases.move import MoveAppointment, move
from booking.usecases.taken_by import TakenBy
from booking.usecases.views.agenda import agenda, feed_state
from booking.usecases.views.appointments import DayQuery, get_appointment, list_appointments
from booking.usecases.views.why_not import WhyNot, explain_slot
from tests.clinics import TUESDAY, DullClinic, at
from tests.usecases.test_supervising import DIRECT, ON_SITE, hours, supervised

PEOPLE = ("ada", "ben", "pia")


def as_one(clinic: DullClinic, who: str) -> Caller:
    return clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners[who])


def subscribe(clinic: DullClinic) -> None:
    for who in PEOPLE:
        command = CreateFeed(practitioner=clinic.practitioners[who], token_hash=who)
        clinic.database.write_now(create_feed, clinic.manager, command)


def calendars(clinic: DullClinic) -> dict[str, tuple[int, list[AgendaEntry]]]:
    """Each one's revision, and what their calendar shows."""
    found = {}
    for who in PEOPLE:
        state = clinic.database.read_now(feed_state, who)
        assert state is not None
        found[who] = (state.calendar_revision, list(clinic.database.read_now(agenda, state).entries))
    return found


def with_ben(database: Database, rules: str = DIRECT) -> DullClinic:
    """Ada can supervise Pia until noon, and Ben after that."""
    clinic = supervised(database, rules, ben={"name": "Ben Ode", "hours": hours("12:00", "15:00")})
    subscribe(clinic)
    return clinic


def test_supervisor_sees_the_visit_and_nobody_else_does(database: Database) -> None:
    clinic = with_ben(database)
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    day = DayQuery(first=TUESDAY, last=TUESDAY)
    listed = {who: database.read_now(list_appointments, as_one(clinic, who), day) for who in PEOPLE}
    assert {who: [one.appointment.id for one in seen] for who, seen in listed.items()} == {
        "ada": [visit.id],
        "ben": [],
        "pia": [visit.id],
    }
    seen = database.read_now(get_appointment, as_one(clinic, "ada"), visit.id)
    assert (seen.practitioner.name, seen.supervisor and seen.supervisor.name) == ("Pia", "Ada Byrne")
    with pytest.raises(NotFound):
        database.read_now(get_appointment, as_one(clinic, "ben"), visit.id)


def test_supervisor_on_the_premises_is_told_of_no_visit(sqlite: Database) -> None:
    clinic = with_ben(sqlite, ON_SITE)
    clinic.book(at(TUESDAY, 9), "pia")
    assert sqlite.read_now(list_appointments, as_one(clinic, "ada"), DayQuery(first=TUESDAY, last=TUESDAY)) == []
    assert [len(entries) for _revision, entries in calendars(clinic).values()] == [0, 0, 1]


def test_visit_is_in_the_calendars_of_both_and_leaves_the_supervisors_when_moved(database: Database) -> None:
    clinic = with_ben(database)
    before = {who: revision for who, (revision, _) in calendars(clinic).items()}
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    booked = calendars(clinic)
    assert {who: [one.supervises for one in entries] for who, (_, entries) in booked.items()} == {
        "ada": ["Pia"],
        "ben": [],
        "pia": [None],
    }
    assert {one.id for _, entries in booked.values() for one in entries} == {visit.id}
    command = MoveAppointment(appointment=visit.id, version=visit.version, start=at(TUESDAY, 13))
    moved = database.write_now(move, clinic.reception, command).view.appointment
    after = calendars(clinic)
    assert {who: [(one.span, one.sequence) for one in entries] for who, (_, entries) in after.items()} == {
        "ada": [],
        "ben": [(moved.span, 1)],
        "pia": [(moved.span, 1)],
    }
    revisions = [{who: revision for who, (revision, _) in one.items()} for one in (booked, after)]
    assert [revisions[0][who] - before[who] for who in PEOPLE] == [1, 0, 1]
    assert [revisions[1][who] - revisions[0][who] for who in PEOPLE] == [1, 1, 1]


def test_cancelled_visit_is_cancelled_in_the_supervisors_calendar(database: Database) -> None:
    clinic = with_ben(database)
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    booked = calendars(clinic)["ada"][0]
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=visit.version))
    revision, (entry,) = calendars(clinic)["ada"]
    assert (revision - booked, entry.status, entry.sequence, entry.supervises) == (1, "cancelled", 1, "Pia")


def test_calendar_has_own_and_supervised_visits_in_the_order_of_time(sqlite: Database) -> None:
    clinic = with_ben(sqlite)
    starts = [(at(TUESDAY, 9), "pia"), (at(TUESDAY, 10), "ada"), (at(TUESDAY, 11), "pia")]
    for number, (start, who) in enumerate(reversed(starts)):
        clinic.book(start, who, f"Pat {number}")
    _, entries = calendars(clinic)["ada"]
    assert [(one.span.start, one.supervises) for one in entries] == [
        (start, "Pia" if who == "pia" else None) for start, who in starts
    ]


def test_time_in_the_room_says_with_whom(sqlite: Database) -> None:
    clinic = with_ben(sqlite)
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    wanted = WhyNot(wanted=clinic.wanted(at(TUESDAY, 9)))
    taken = TakenBy(
        kind="visit",
        whose="Ada Byrne",
        span=TimeSpan(visit.span.start, visit.span.end),
        visit=visit.id,
        reference=visit.reference,
        supervises="Pia",
    )
    for caller in (clinic.reception, as_one(clinic, "ada")):
        (person,) = sqlite.read_now(explain_slot, caller, wanted).people
        assert [one.taken_by for one in person.in_the_way if one.taken_by] == [(taken,)]
