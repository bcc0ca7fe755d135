"""Leave, and rooms and devices that are closed: what is no longer given, what is found, what is left on record."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from booking.domain import absence as bounds
from booking.domain.errors import BookingError, InvalidInput, NotFound, SlotTaken
from booking.domain.ids import DiaryId, EquipmentId
from booking.domain.permission import Role
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import instant_after
from booking.store import absences as absence_store
from booking.store import clinics
from booking.store.absences import CLOSED, DESK, LEAVE
from booking.store.database import Database, Transaction
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.absences import (
    AbsenceAdded,
    AddLeave,
    CloseEquipment,
    CloseRoom,
    RemoveAbsence,
    add_leave,
    close_equipment,
    close_room,
    remove_absence,
)
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.views.absences import AbsenceQuery, list_absences
from booking.usecases.views.appointments import get_appointment
from booking.usecases.views.findings import list_findings, list_found_visits
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock

MONDAY, WEDNESDAY = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)
KEY = RequestKey(identity="reception", key="k1", digest="d1")


def on(first: date = TUESDAY, last: date | None = None, start: int | None = None, end: int | None = None) -> LocalSpan:
    return LocalSpan(first=first, last=last or first, start_minute=start, end_minute=end)


def leave(clinic: DullClinic, days: LocalSpan | None = None, who: str = "ada", **more: Any) -> AbsenceAdded:
    command = AddLeave(practitioner=clinic.practitioners[who], days=days or on(), **more)
    return clinic.database.write_now(add_leave, clinic.reception, command)


def close(clinic: DullClinic, room: str = "room-1", days: LocalSpan | None = None, **more: Any) -> AbsenceAdded:
    command = CloseRoom(room=clinic.rooms[room], days=days or on(), **more)
    return clinic.database.write_now(close_room, clinic.reception, command)


def remove(clinic: DullClinic, added: AbsenceAdded) -> None:
    clinic.database.write_now(remove_absence, clinic.reception, RemoveAbsence(absence=added.absence.id))


def found(clinic: DullClinic) -> dict[UUID, list[str]]:
    """The kinds of the open findings by visit, as reception sees them."""
    kinds: dict[UUID, list[str]] = {}
    for one in clinic.database.read_now(list_findings, clinic.reception):
        kinds.setdefault(one.appointment_id, []).append(one.kind)
    return kinds


def starts(clinic: DullClinic, day: date = TUESDAY, who: str | None = "ada") -> list[datetime]:
    query = SlotQuery(
        treatment_type=clinic.treatments["needling"],
        first=day,
        last=day,
        practitioner=None if who is None else clinic.practitioners[who],
    )
    return [slot.span.start for slot in clinic.database.read_now(list_slots, clinic.public, query).slots]


@pytest.fixture
def with_laser(database: Database) -> tuple[DullClinic, EquipmentId]:
    """A clinic whose treatment takes the only laser."""
    data = dull(ben={})
    data["site"][0]["equipment"] = [{"slug": "laser", "name": "Laser", "kind": "laser"}]
    data["treatment"][0]["equipment"] = ["laser"]
    clinic = open_clinic(database, data)
    (laser,) = database.read_now(clinics.equipment, clinic.id)
    return clinic, laser


def test_leave_is_never_offered_and_cannot_be_booked(database: Database) -> None:
    clinic = open_clinic(database)
    assert starts(clinic)[0] == at(TUESDAY, 9)
    added = leave(clinic, on(start=9 * 60, end=12 * 60))
    assert starts(clinic)[0] == at(TUESDAY, 12)
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 11, 45))
    remove(clinic, added)
    assert starts(clinic)[0] == at(TUESDAY, 9)
    clinic.book(at(TUESDAY, 11, 45))


def test_leave_opens_findings_and_cancels_nothing(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    clinic.book(at(TUESDAY, 9), "ben", "Someone Else")
    before, within = clinic.book(at(TUESDAY, 9), patient="Early"), clinic.book(at(TUESDAY, 11))
    after = clinic.book(at(WEDNESDAY, 9), patient="Late")
    added = leave(clinic, on(start=10 * 60, end=12 * 60))
    assert added.visits == (within.appointment.id,)
    assert found(clinic) == {within.appointment.id: ["in_leave"]}
    seen = database.read_now(get_appointment, clinic.reception, within.appointment.id)
    assert (seen.appointment, seen.at_risk, seen.in_the_way) == (within.appointment, False, True)
    others = [database.read_now(get_appointment, clinic.reception, one.appointment.id) for one in (before, after)]
    assert [one.in_the_way for one in others] == [False, False]


def test_taking_leave_back_closes_what_it_opened(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10)).appointment
    first, second = leave(clinic), leave(clinic, on(start=9 * 60))
    assert found(clinic) == {booked.id: ["in_leave"]}
    (finding,) = database.read_now(list_findings, clinic.reception)
    assert [one["from"] for one in finding.detail["away"]] == [None, "09:00"]
    remove(clinic, first)
    (again,) = database.read_now(list_findings, clinic.reception)
    assert (again.id, [one["from"] for one in again.detail["away"]]) == (finding.id, ["09:00"])
    remove(clinic, second)
    assert found(clinic) == {}


def rows_of(tx: Transaction, table: str) -> Sequence[object]:
    return tx.connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 -- a name of ours


def test_what_is_told_of_a_visit_says_nothing_about_why_somebody_is_away(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    clinic.book(at(TUESDAY, 10))
    leave(clinic, reason="knee surgery")
    for table in ("finding", "audit", "diary_change"):
        rows = sqlite.read_now(rows_of, table)
        assert rows
        assert "surgery" not in str(rows)


def test_audit_says_who_entered_what_for_whom(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    remove(clinic, leave(clinic, on(start=600)))
    query = text("SELECT action, detail FROM audit WHERE action LIKE 'leave%' ORDER BY id")
    rows = sqlite.read_now(lambda tx: tx.connection.execute(query).all())
    assert [action for action, _ in rows] == ["leave_added", "leave_removed"]
    ada = clinic.practitioners["ada"]
    assert all(f'"practitioner": "{ada}"' in said and '"start_minute": 600' in said for _, said in rows)


def test_closed_room_leaves_the_other_and_finds_its_visits(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    one, two = clinic.book(at(TUESDAY, 10)), clinic.book(at(TUESDAY, 10), "ben", "Someone Else")
    assert one.room is not None
    added = close(clinic, one.room.slug)
    assert added.absence.kind == CLOSED
    assert added.visits == (one.appointment.id,)
    assert found(clinic) == {one.appointment.id: ["room_closed"]}
    third = clinic.book(at(TUESDAY, 12), patient="Third")
    assert third.room == two.room
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 12), "ben", "Fourth")
    remove(clinic, added)
    assert found(clinic) == {}


def test_closed_device_is_not_given(with_laser: tuple[DullClinic, EquipmentId]) -> None:
    clinic, laser = with_laser
    booked = clinic.book(at(TUESDAY, 10)).appointment
    assert booked.equipment_ids == {laser}
    command = CloseEquipment(equipment=laser, days=on(end=12 * 60), reason="service")
    added = clinic.database.write_now(close_equipment, clinic.reception, command)
    assert added.visits == (booked.id,)
    (finding,) = clinic.database.read_now(list_findings, clinic.reception)
    assert (finding.kind, finding.detail["closed"][0]["reason"]) == ("room_closed", "service")
    assert starts(clinic)[0] == at(TUESDAY, 12)
    remove(clinic, added)
    assert found(clinic) == {}


def test_leave_goes_by_the_clocks_of_all_sites_of_the_person(sqlite: Database) -> None:
    data = dull(ben={})
    data["site"].append({**data["site"][0], "slug": "denver", "zone": "America/Denver", "room": []})
    data["practitioner"][0]["hours"].append({"site": "denver", "days": ["sat"], "from": "09:00", "to": "17:00"})
    clinic = open_clinic(sqlite, data)
    span = leave(clinic).absence.span
    assert span == TimeSpan(at(MONDAY, 23), at(WEDNESDAY, 0))
    assert leave(clinic, who="ben").absence.span == TimeSpan(at(TUESDAY, 0), at(WEDNESDAY, 0))


def test_leave_of_somebody_without_hours_goes_by_the_clinics_clock(sqlite: Database) -> None:
    data = dull(ben={"hours": []})
    data["clinic"]["zone"] = "Europe/London"
    clinic = open_clinic(sqlite, data)
    assert leave(clinic, who="ben").absence.span.start == instant_after(TUESDAY, 0, data["clinic"]["zone"])


def test_the_same_again_adds_nothing(database: Database) -> None:
    clinic = open_clinic(database)
    first = leave(clinic, reason="course")
    assert leave(clinic, reason="course") == first
    assert leave(clinic, on(start=0, end=1440), reason="course") == first
    assert leave(clinic, reason="another").absence.id != first.absence.id
    ada = DiaryId(clinic.practitioners["ada"])
    listed = database.read_now(absence_store.listed, clinic.id, [ada])
    assert [(one.kind, one.origin, one.days) for one in listed] == [(LEAVE, DESK, on())] * 2


def test_request_is_carried_out_once_under_its_key(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    first = leave(clinic, request=KEY)
    assert leave(clinic, request=KEY) == first
    command = RemoveAbsence(absence=first.absence.id, request=RequestKey(identity="reception", key="k2", digest="d2"))
    for _ in range(2):
        database.write_now(remove_absence, clinic.reception, command)
    with pytest.raises(NotFound):
        leave(clinic, request=KEY)


def test_what_the_file_says_can_be_taken_back_and_comes_again(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["leave"] = [{"first": TUESDAY, "last": TUESDAY}]
    clinic = open_clinic(sqlite, data)
    (listed,) = sqlite.read_now(list_absences, clinic.reception, AbsenceQuery(first=TUESDAY, last=TUESDAY)).absences
    remove(clinic, AbsenceAdded(absence=listed.absence, visits=()))
    assert starts(clinic)[0] == at(TUESDAY, 9)
    open_clinic(sqlite, data)
    assert starts(clinic) == []


def test_what_the_desk_says_outlasts_the_file(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["leave"] = [{"first": TUESDAY, "last": TUESDAY}]
    clinic = open_clinic(sqlite, data)
    assert leave(clinic).absence.origin == DESK
    open_clinic(sqlite, dull())
    assert starts(clinic) == []


def test_unknown_or_retired_is_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    data = dull()
    data["site"][0]["room"].pop()
    open_clinic(sqlite, data)
    with pytest.raises(NotFound):
        leave(clinic, who="ben")
    with pytest.raises(NotFound):
        close(clinic, "room-2")
    missing = CloseEquipment(equipment=EquipmentId(new_id()), days=on())
    with pytest.raises(NotFound):
        sqlite.write_now(close_equipment, clinic.reception, missing)
    with pytest.raises(NotFound):
        sqlite.write_now(remove_absence, clinic.reception, RemoveAbsence(absence=new_id()))


def test_leave_of_somebody_who_left_can_still_be_taken_back(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    added = leave(clinic, who="ben")
    open_clinic(sqlite, dull())
    remove(clinic, added)
    query = AbsenceQuery(first=TUESDAY, last=TUESDAY)
    assert sqlite.read_now(list_absences, clinic.reception, query).absences == ()


def test_days_that_cannot_be_meant_are_refused(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    spring = date(2027, 3, 14)
    for days, field in (
        (on(WEDNESDAY, TUESDAY), "last"),
        (on(last=TUESDAY + timedelta(days=730)), "last"),
        (on(start=541), "from"),
        (on(spring, start=125, end=175), "from"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            leave(clinic, days)
        assert refusal.value.details == {"field": field}
    leave(clinic, on(last=TUESDAY + timedelta(days=729)))


def test_there_is_an_end_to_what_one_diary_holds(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_ON_RECORD", 2)
    clinic = open_clinic(sqlite, dull(ben={}))
    for day in (TUESDAY, WEDNESDAY):
        leave(clinic, on(day))
    with pytest.raises(InvalidInput):
        leave(clinic, on(WEDNESDAY + timedelta(days=1)))
    leave(clinic, on(WEDNESDAY))
    leave(clinic, who="ben")


def test_absences_are_listed_by_whose_and_where_and_when(sqlite: Database) -> None:
    data = dull(ben={})
    data["site"].append({**data["site"][0], "slug": "east", "name": "East", "room": [{"slug": "e", "name": "E"}]})
    clinic = open_clinic(sqlite, data)
    leave(clinic, on(WEDNESDAY))
    leave(clinic, on(TUESDAY, WEDNESDAY), "ben")
    close(clinic, "e")

    def names(first: date = TUESDAY, last: date = WEDNESDAY, **more: Any) -> list[str]:
        query = AbsenceQuery(first=first, last=last, **more)
        return [one.whose.name for one in sqlite.read_now(list_absences, clinic.reception, query).absences]

    assert names() == ["Ben", "E", "Ada Byrne"]
    assert names(last=TUESDAY) == ["Ben", "E"]
    assert names(first=WEDNESDAY) == ["Ben", "Ada Byrne"]
    assert names(first=WEDNESDAY + timedelta(days=1), last=WEDNESDAY + timedelta(days=9)) == []
    assert names(whose=DiaryId(clinic.practitioners["ada"])) == ["Ada Byrne"]
    assert names(whose=DiaryId(clinic.rooms["e"])) == ["E"]
    assert names(site=clinic.sites["east"]) == ["E"]
    assert names(site=clinic.sites["seattle"]) == ["Ben", "Ada Byrne"]
    for unknown in ({"whose": DiaryId(new_id())}, {"site": new_id()}):
        with pytest.raises(NotFound):
            names(**unknown)


def test_practitioner_sees_and_manages_their_own_leave(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    ada, ben = (clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners[slug]) for slug in ("ada", "ben"))
    command = AddLeave(practitioner=clinic.practitioners["ada"], days=on())
    added = sqlite.write_now(add_leave, ada, command)
    query = AbsenceQuery(first=TUESDAY, last=TUESDAY)
    assert [len(sqlite.read_now(list_absences, who, query).absences) for who in (ada, ben)] == [1, 0]
    with pytest.raises(NotFound):
        sqlite.write_now(remove_absence, ben, RemoveAbsence(absence=added.absence.id))
    sqlite.write_now(remove_absence, ada, RemoveAbsence(absence=added.absence.id))
    assert sqlite.read_now(list_absences, ada, query).absences == ()


def test_finding_goes_with_a_visit_that_is_cancelled_or_over(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    booked, other = clinic.book(at(TUESDAY, 10)).appointment, clinic.book(at(TUESDAY, 12), patient="Sam Reed")
    leave(clinic)
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=booked.id, version=1))
    assert found(clinic) == {other.appointment.id: ["in_leave"]}
    clock.now = at(TUESDAY, 12, 30)
    assert found(clinic) == {}
    assert database.read_now(list_found_visits, clinic.reception) == []


def test_visits_that_are_over_are_left_alone_and_lose_their_findings(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    leave(clinic)
    clock.now = at(TUESDAY, 16)
    later = leave(clinic, on(start=600))
    assert later.visits == ()
    open_ones = text("SELECT count(*) FROM finding WHERE closed_at IS NULL")
    assert database.read_now(lambda tx: tx.connection.execute(open_ones).scalar_one()) == 0


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """What comes of them, each begun at the same time: its answer, or its refusal."""
    meeting = Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> object:
        meeting.wait()
        try:
            return attempt()
        except BookingError as refusal:
            return refusal

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


@pytest.mark.parametrize("hour", range(9, 15))
def test_booking_and_leave_at_once_never_miss_each_other(database: Database, hour: int) -> None:
    """Either the visit is refused, or it is found: a visit in leave that nobody is told of there never is."""
    clinic = open_clinic(database)
    booked, _ = at_once(lambda: clinic.book(at(TUESDAY, hour)), lambda: leave(clinic))
    known = found(clinic)
    if isinstance(booked, SlotTaken):
        assert known == {}
    else:
        assert list(known.values()) == [["in_leave"]]


def test_absences_of_all_that_one_visit_takes_can_be_entered_at_once(
    with_laser: tuple[DullClinic, EquipmentId],
) -> None:
    clinic, laser = with_laser
    booked = clinic.book(at(TUESDAY, 10)).appointment
    room = next(slug for slug, one in clinic.rooms.items() if one == booked.room_id)

    def shut() -> AbsenceAdded:
        command = CloseEquipment(equipment=laser, days=on())
        return clinic.database.write_now(close_equipment, clinic.reception, command)

    attempts = [lambda: leave(clinic), lambda: close(clinic, room), shut]
    added = at_once(*attempts)
    assert all(isinstance(one, AbsenceAdded) for one in added)
    assert sorted(found(clinic)[booked.id]) == ["in_leave", "room_closed"]
    details = {one.kind: one.detail for one in clinic.database.read_now(list_findings, clinic.reception)}
    assert len(details["room_closed"]["closed"]) == 2
    at_once(*(partial(remove, clinic, one) for one in added if isinstance(one, AbsenceAdded)))
    assert found(clinic) == {}
