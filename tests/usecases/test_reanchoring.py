"""A new release of the time zone database: what was said by the clock is at its time again, or somebody is told.

A database of before the change is one whose instants, and whose release, are those of the older rules.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import event, text

from booking.domain.appointment import Appointment
from booking.domain.promise import CLOCK_CHANGED
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, instant_after, tzdata_version, zone_name
from booking.store import absences, anchors, guards
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.audit import Violation, audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.move import MoveAppointment, move
from booking.usecases.reanchoring import Step, reanchor
from booking.usecases.views.appointments import get_appointment
from booking.usecases.views.findings import list_findings
from tests.clinics import DullClinic, contact, dull, open_clinic
from tests.plugins.database import Clock

VANCOUVER, CASABLANCA = zone_name("America/Vancouver"), zone_name("Africa/Casablanca")
WAS_LATER = {VANCOUVER: timedelta(hours=1), CASABLANCA: timedelta(hours=-1)}
"""How much later than now the same time on the wall was in December 2026, by the rules of 2025b."""
DAY = date(2026, 12, 1)
OLD = "2025b"
HOUR = timedelta(hours=1)


@pytest.fixture(params=[VANCOUVER, CASABLANCA])
def zone(request: pytest.FixtureRequest) -> ZoneName:
    found: ZoneName = request.param
    return found


def data_in(zone: ZoneName, **people: dict[str, Any]) -> dict[str, Any]:
    """The dull clinic there, with one room and visits of half an hour without buffers."""
    data = dull(**people)
    data["clinic"]["zone"] = data["site"][0]["zone"] = zone
    data["site"][0]["room"] = data["site"][0]["room"][:1]
    data["treatment"][0]["buffer_after"] = 0
    return data


def local(zone: ZoneName, minute: int, day: date = DAY) -> datetime:
    return instant_after(day, minute, zone)


def as_before(database: Database, by: timedelta, also: Mapping[ZoneName, timedelta] = MappingProxyType({})) -> None:
    """Let everything on record have the instants of the older rules; visits of these zones by so much more."""

    def spoil(tx: Transaction) -> None:
        guards.drop(tx.connection)
        later(tx, "claim", by)
        later(tx, "appointment", by, f", tzdata = '{OLD}'")
        later(tx, "busy", by, f", tzdata = '{OLD}'")
        for zone, more in also.items():
            theirs = f" WHERE appointment_id IN (SELECT id FROM appointment WHERE zone = '{zone}')"  # noqa: S608 -- constants
            later(tx, "claim", more, theirs)
            later(tx, "appointment", more, f" WHERE zone = '{zone}'")
        guards.create(tx.connection)

    database.write_now(spoil)


def later(tx: Transaction, table: str, by: timedelta, more: str = "") -> None:
    is_sqlite = tx.connection.dialect.name == "sqlite"
    amount = f"{by // timedelta(microseconds=1)}" if is_sqlite else f"interval '{by.total_seconds()} seconds'"
    changes = f"SET starts_at = starts_at + {amount}, ends_at = ends_at + {amount}{more}"
    tx.connection.exec_driver_sql(f"UPDATE {table} {changes}")


def all_steps(database: Database) -> Step:
    """Do everything there is to do; what the steps did in sum."""
    found = Step()
    for one in reanchor(database):
        found = Step(**{name: getattr(found, name) + getattr(one, name) for name in vars(one)})
    return found


def stored(clinic: DullClinic, visit: Appointment) -> Appointment:
    return clinic.database.read_now(get_appointment, clinic.reception, visit.id).appointment


def counted(database: Database) -> tuple[int, int]:
    """How many visits and absences are of another release."""
    found = database.read_now(anchors.count)
    return found.visits, found.absences


def told(clinic: DullClinic) -> list[tuple[Any, str, Any]]:
    """The open findings: about which visit, of what kind, and why."""
    found = clinic.database.read_now(list_findings, clinic.reception)
    return [(one.appointment_id, one.kind, one.detail.get("reason")) for one in found]


def audited(clinic: DullClinic) -> tuple[Violation, ...]:
    return clinic.database.read_now(audit, clinic.manager).violations


def fill_day(clinic: DullClinic, zone: ZoneName, first: int = 540, last: int = 1020) -> list[Appointment]:
    """Visits of different patients, back to back."""
    return [
        clinic.book(local(zone, minute), patient=f"Patient {minute}").appointment for minute in range(first, last, 30)
    ]


def test_nothing_is_to_be_done_and_nothing_is_written_when_all_is_of_this_release(
    database: Database, zone: ZoneName
) -> None:
    clinic = open_clinic(database, data_in(zone))
    clinic.book(local(zone, 600))
    written = []
    event.listen(database.engine, "begin", lambda connection: written.append(connection.get_execution_options()))
    assert list(reanchor(database)) == []
    assert [one for one in written if one.get("write")] == []
    assert counted(database) == (0, 0)


def test_a_visit_keeps_its_time_on_the_wall(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visit = clinic.book(local(zone, 600)).appointment
    as_before(database, WAS_LATER[zone])
    assert stored(clinic, visit).span.start == local(zone, 600) + WAS_LATER[zone]
    assert counted(database) == (1, 0)
    assert all_steps(database) == Step(moved=1)
    now = stored(clinic, visit)
    assert (now.span, now.version, now.sequence) == (visit.span, 2, 1)
    assert rows(clinic, "SELECT wall_time, fold, tzdata FROM appointment") == [
        ("2026-12-01T10:00:00", 0, tzdata_version())
    ]
    assert rows(clinic, "SELECT actor FROM audit WHERE action = 'appointment_moved'") == [("system",)]
    assert (told(clinic), audited(clinic), list(reanchor(database))) == ([], (), [])


def rows(clinic: DullClinic, statement: str) -> list[tuple[Any, ...]]:
    found = clinic.database.read_now(lambda tx: tx.connection.execute(text(statement)).all())
    return [tuple(one) for one in found]


def test_a_visit_whose_instant_is_the_same_is_only_noted(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visit = clinic.book(local(zone, 600)).appointment
    before = rows(clinic, "SELECT id, revision, calendar_revision FROM diary ORDER BY id")
    as_before(database, timedelta())
    assert all_steps(database) == Step(kept=1)
    assert stored(clinic, visit) == visit
    assert rows(clinic, "SELECT tzdata FROM appointment") == [(tzdata_version(),)]
    assert rows(clinic, "SELECT id, revision, calendar_revision FROM diary ORDER BY id") == before
    assert list(reanchor(database)) == []


def test_a_full_day_back_to_back_in_one_room_moves_as_one(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visits = fill_day(clinic, zone)
    as_before(database, WAS_LATER[zone])
    assert [one for one in reanchor(database) if one.stuck] == []
    now = [stored(clinic, visit) for visit in visits]
    assert [(one.span, one.room_id, one.sequence) for one in now] == [(one.span, one.room_id, 1) for one in visits]
    assert (told(clinic), audited(clinic)) == ([], ())


def test_days_are_moved_one_by_one_and_whoever_stops_goes_on_later(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    days = [DAY + timedelta(days=number) for number in range(3)]
    visits = [clinic.book(local(zone, 540, day), patient=f"On {day}").appointment for day in days]
    as_before(database, WAS_LATER[zone])
    assert [one.moved for one in islice(reanchor(database), 2)] == [1, 1]
    assert counted(database) == (1, 0)
    assert [one.moved for one in reanchor(database)] == [1]
    assert [stored(clinic, visit).version for visit in visits] == [2, 2, 2]
    assert audited(clinic) == ()


def test_a_visit_whose_time_is_taken_stays_and_one_finding_says_so(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visit = clinic.book(local(zone, 720)).appointment
    as_before(database, WAS_LATER[zone])
    other = clinic.book(local(zone, 720), patient="Someone Else").appointment
    assert all_steps(database) == Step(stuck=1)
    assert stored(clinic, visit).span.start == visit.span.start + WAS_LATER[zone]
    assert told(clinic) == [(visit.id, CLOCK_CHANGED, "That time has just been taken.")]
    (finding,) = database.read_now(list_findings, clinic.reception)
    assert finding.detail == {
        "promised": "2026-12-01T12:00",
        "zone": zone,
        "code": "slot-taken",
        "reason": "That time has just been taken.",
    }
    assert database.read_now(get_appointment, clinic.reception, visit.id).in_the_way
    assert list(reanchor(database)) == []
    assert counted(database) == (1, 0)
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=other.id, version=1))
    assert all_steps(database) == Step(moved=1)
    assert (stored(clinic, visit).span, told(clinic), audited(clinic)) == (visit.span, [], ())


def test_whoever_is_behind_a_visit_that_stays_is_told_too(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visits = fill_day(clinic, zone, 600, 780)
    as_before(database, WAS_LATER[zone])
    blocked = visits[0] if zone == VANCOUVER else visits[-1]
    clinic.book(blocked.span.start, patient="Someone Else")
    every_other = {one.id for one in visits if (one.span.start - blocked.span.start) % HOUR == timedelta()}
    assert all_steps(database) == Step(moved=3, stuck=3)
    assert {one for one, _kind, _why in told(clinic)} == every_other
    assert audited(clinic) == ()
    assert list(reanchor(database)) == []


def test_reasons_are_said_anew_when_they_change(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER))
    visit = clinic.book(local(VANCOUVER, 720)).appointment
    as_before(sqlite, HOUR)
    other = clinic.book(local(VANCOUVER, 720), patient="Someone Else").appointment
    all_steps(sqlite)
    licence = clinic.credentials["ada", "licence"]
    sqlite.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board order"))
    sqlite.write_now(cancel, clinic.reception, CancelAppointment(appointment=other.id, version=1))
    assert all_steps(sqlite) == Step(stuck=1)
    assert (visit.id, CLOCK_CHANGED, "Ada Byrne may not give this treatment there at that time.") in told(clinic)
    assert rows(clinic, "SELECT count(*) FROM finding WHERE kind = 'clock_changed'") == [(1,)]
    assert list(reanchor(sqlite)) == []


@pytest.mark.parametrize(("minute", "reason"), [(540, "Ada Byrne is not there at that time."), (120, None)])
def test_a_visit_outside_hours_stays(sqlite: Database, minute: int, reason: str | None) -> None:
    data = data_in(VANCOUVER)
    data["practitioner"][0]["hours"][0].update({"from": "09:00" if reason else "00:00"})
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(local(VANCOUVER, minute)).appointment
    as_before(sqlite, HOUR)
    if reason:
        data["practitioner"][0]["hours"][0]["from"] = "10:00"
        open_clinic(sqlite, data)
        assert all_steps(sqlite) == Step(stuck=1)
        assert told(clinic) == [(visit.id, CLOCK_CHANGED, reason)]
    else:
        assert all_steps(sqlite) == Step(moved=1)


def promise(clinic: DullClinic, wall: str, fold: int = 0) -> None:
    """Let that be what the patients were told."""
    statement = text("UPDATE appointment SET wall_time = :wall, fold = :fold, tzdata = :old")
    clinic.database.write_now(lambda tx: tx.connection.execute(statement, {"wall": wall, "fold": fold, "old": OLD}))


SEATTLE = zone_name("America/Los_Angeles")
AUTUMN, SPRING = date(2027, 11, 7), date(2027, 3, 14)


def at_night() -> dict[str, Any]:
    """The dull clinic open on Sundays at night."""
    data = data_in(SEATTLE)
    data["practitioner"][0]["hours"] = [{"site": "seattle", "days": ["sun"], "from": "00:00", "to": "08:00"}]
    data["clinic"]["policy"]["horizon_days"] = 400
    return data


@pytest.mark.parametrize("fold", [0, 1])
def test_of_two_instants_it_is_the_promised_one(sqlite: Database, fold: int) -> None:
    clinic = open_clinic(sqlite, at_night())
    visit = clinic.book(local(SEATTLE, 180, AUTUMN)).appointment
    promise(clinic, "2027-11-07T01:30:00", fold)
    assert all_steps(sqlite) == Step(moved=1)
    assert stored(clinic, visit).span.start == datetime.fromisoformat(f"2027-11-07T01:30:00-0{7 + fold}:00")
    assert rows(clinic, "SELECT wall_time, fold FROM appointment") == [("2027-11-07T01:30:00", fold)]


def test_a_time_that_the_clock_skips_is_nobodys(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, at_night())
    visit = clinic.book(local(SEATTLE, 240, SPRING)).appointment
    promise(clinic, "2027-03-14T02:30:00")
    assert all_steps(sqlite) == Step(stuck=1)
    assert told(clinic) == [(visit.id, CLOCK_CHANGED, "The clock skips that time on that day.")]
    assert (stored(clinic, visit), list(reanchor(sqlite))) == (visit, [])
    promise(clinic, "2027-03-14T04:00:00")
    assert all_steps(sqlite) == Step(kept=1)
    assert told(clinic) == []


def test_what_is_over_by_either_clock_is_left_alone(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER))
    early, late = (clinic.book(local(VANCOUVER, minute), patient=str(minute)).appointment for minute in (540, 660))
    as_before(sqlite, HOUR)
    clock.now = late.span.end
    assert all_steps(sqlite) == Step(kept=1, moved=1)
    assert [stored(clinic, one).version for one in (early, late)] == [1, 2]
    clock.now += timedelta(days=2)
    as_before(sqlite, HOUR)
    assert list(reanchor(sqlite)) == []
    clinic.book(local(VANCOUVER, 600, DAY + timedelta(days=6)), patient="Somebody Else")
    as_before(sqlite, timedelta())
    assert counted(sqlite) == (1, 0)
    assert all_steps(sqlite) == Step(kept=1)


def test_a_visit_is_moved_to_whatever_day_and_minute_was_promised(sqlite: Database, clock: Clock) -> None:
    """Nobody asks for it, so that neither the time of asking nor the grid is in the way."""
    data = data_in(VANCOUVER)
    data["practitioner"][0]["hours"][0]["to"] = "24:00"
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(local(VANCOUVER, 1410)).appointment
    as_before(sqlite, HOUR)
    clock.now = local(VANCOUVER, 10, DAY + timedelta(days=1))
    assert all_steps(sqlite) == Step(moved=1)
    assert stored(clinic, visit).span == visit.span


def test_cancelled_visits_and_holds_are_left_alone(database: Database) -> None:
    clinic = open_clinic(database, data_in(VANCOUVER))
    visit = clinic.book(local(VANCOUVER, 600)).appointment
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=1))
    held = HoldSlot(wanted=clinic.wanted(local(VANCOUVER, 600)), hold_key="mine")
    database.write_now(hold, clinic.public, held)
    as_before(database, HOUR)
    assert list(reanchor(database)) == []


def test_somebody_settles_with_the_patient_at_what_time_it_stays(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER))
    visit = clinic.book(local(VANCOUVER, 720)).appointment
    as_before(sqlite, HOUR)
    clinic.book(local(VANCOUVER, 720), patient="Someone Else")
    all_steps(sqlite)
    there = stored(clinic, visit)
    command = MoveAppointment(appointment=visit.id, version=1, start=there.span.start)
    assert sqlite.write_now(move, clinic.reception, command).changed
    assert (told(clinic), list(reanchor(sqlite))) == ([], [])
    assert rows(clinic, "SELECT wall_time, tzdata FROM appointment ORDER BY id LIMIT 1") == [
        ("2026-12-01T13:00:00", tzdata_version())
    ]


def test_a_move_of_the_practitioner_alone_keeps_what_was_promised(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER, ben={}))
    visit = clinic.book(local(VANCOUVER, 720)).appointment
    as_before(sqlite, HOUR)
    there = stored(clinic, visit)
    command = MoveAppointment(
        appointment=visit.id, version=1, start=there.span.start, practitioner=clinic.practitioners["ben"]
    )
    sqlite.write_now(move, clinic.reception, command)
    assert all_steps(sqlite) == Step(moved=1)
    assert stored(clinic, visit).span == visit.span


def leave(clinic: DullClinic, first: int | None, last: int | None, day: date = DAY) -> TimeSpan:
    days = LocalSpan(first=day, last=day, start_minute=first, end_minute=last)
    command = AddLeave(practitioner=clinic.practitioners["ada"], days=days)
    return clinic.database.write_now(add_leave, clinic.manager, command).absence.span


def spans(clinic: DullClinic) -> list[TimeSpan]:
    return [one.span for one in clinic.database.read_now(absences.listed, clinic.id)]


def test_leave_keeps_its_time_on_the_wall_and_visits_beside_it_theirs(database: Database, zone: ZoneName) -> None:
    clinic = open_clinic(database, data_in(zone))
    visits = [*fill_day(clinic, zone, 540, 720), *fill_day(clinic, zone, 780, 900)]
    away = leave(clinic, 720, 780)
    as_before(database, WAS_LATER[zone])
    assert counted(database) == (10, 1)
    before = rows(clinic, "SELECT max(revision) FROM diary WHERE kind = 'practitioner'")
    assert all_steps(database) == Step(moved=10, absences=1)
    assert spans(clinic) == [away]
    assert [stored(clinic, visit).span for visit in visits] == [visit.span for visit in visits]
    assert rows(clinic, "SELECT max(revision) FROM diary WHERE kind = 'practitioner'") == [(before[0][0] + 11,)]
    assert rows(clinic, "SELECT kind FROM finding") == []
    assert (audited(clinic), list(reanchor(database))) == ((), [])
    (detail,) = rows(clinic, "SELECT detail FROM audit WHERE action = 'absence_moved'")
    assert json.loads(detail[0])["to"] == [away.start.isoformat(), away.end.isoformat()]


def test_leave_that_now_meets_a_visit_opens_a_finding(database: Database) -> None:
    clinic = open_clinic(database, data_in(VANCOUVER))
    leave(clinic, 720, 780)
    as_before(database, HOUR)
    visit = clinic.book(local(VANCOUVER, 720)).appointment
    assert all_steps(database) == Step(absences=1)
    assert [one[:2] for one in told(clinic)] == [(visit.id, "in_leave")]


def test_absences_are_looked_at_once_more_by_whoever_begins_again(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER))
    away = leave(clinic, 720, 780)
    as_before(sqlite, HOUR)
    assert [one.absences for one in islice(reanchor(sqlite), 1)] == [1]
    visit = clinic.book(local(VANCOUVER, 780)).appointment
    assert spans(clinic) == [away]
    assert all_steps(sqlite) == Step()
    assert (told(clinic), list(reanchor(sqlite)), stored(clinic, visit)) == ([], [], visit)


def test_absences_that_are_over_are_left_alone(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite, data_in(VANCOUVER))
    leave(clinic, 720, 780)
    as_before(sqlite, HOUR)
    clock.now = local(VANCOUVER, 0, DAY + timedelta(days=3))
    assert list(reanchor(sqlite)) == []


def far_apart() -> dict[str, Any]:
    """A second site in Casablanca, where Ada is until evening: five in the afternoon there is ten in Vancouver."""
    data = data_in(VANCOUVER)
    room = {"slug": "casa-1", "name": "Casa 1"}
    there = {"slug": "casablanca", "name": "Casablanca", "zone": CASABLANCA, "room": [room]}
    data["site"].append({**data["site"][0], **there})
    hours = data["practitioner"][0]["hours"]
    hours.append({**hours[0], "site": "casablanca", "to": "20:00"})
    return data


def swapped(clinic: DullClinic) -> tuple[Appointment, Appointment]:
    """A visit in Vancouver and one in Casablanca, each of which is when the other should be."""
    here = clinic.book(local(VANCOUVER, 600)).appointment
    wanted = replace(clinic.wanted(local(CASABLANCA, 1080)), site=clinic.sites["casablanca"])
    command = BookAppointment(contact=contact("Far Away"), what=wanted)
    there = clinic.database.write_now(book, clinic.public, command).appointment
    as_before(clinic.database, HOUR, {CASABLANCA: -2 * HOUR})
    assert [stored(clinic, one).span for one in (here, there)] == [there.span, here.span]
    return here, there


def test_visits_whose_clocks_part_change_places(database: Database) -> None:
    clinic = open_clinic(database, far_apart())
    visits = swapped(clinic)
    assert all_steps(database) == Step(moved=2)
    assert [stored(clinic, one).span for one in visits] == [one.span for one in visits]
    assert (told(clinic), audited(clinic)) == ([], ())


def test_visits_that_cannot_change_places_stay_where_they_are(database: Database) -> None:
    clinic = open_clinic(database, far_apart())
    here, there = swapped(clinic)
    data = far_apart()
    data["practitioner"][0]["hours"][1]["to"] = "18:00"
    open_clinic(database, data)
    assert all_steps(database) == Step(stuck=2)
    assert [stored(clinic, one).span for one in (here, there)] == [there.span, here.span]
    assert {one for one, kind, _why in told(clinic) if kind == CLOCK_CHANGED} == {here.id, there.id}
    assert audited(clinic) == ()
