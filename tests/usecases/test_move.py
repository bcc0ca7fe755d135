"""Moving: the visit takes its new time and gives the old one back in the same moment, or stays as it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from booking.domain.appointment import Appointment
from booking.domain.errors import (
    BeyondHorizon,
    BookingError,
    IdempotencyMismatch,
    NotBookableOnline,
    NotFound,
    NotOffered,
    NotPermitted,
    OutsideHours,
    PatientDoubleBooked,
    PractitionerNotEligible,
    SlotTaken,
    StaleVersion,
    TooClose,
    TooShortNotice,
)
from booking.domain.ids import AppointmentId, PractitionerId, SiteId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller, Role
from booking.domain.time.local import LocalSpan
from booking.store import clinics
from booking.store.database import Database, Transaction
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.absences import AddLeave, CloseRoom, add_leave, close_room
from booking.usecases.audit import audit
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.move import MoveAppointment, Moved, move, other_times
from booking.usecases.views.appointments import get_appointment
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock

WEDNESDAY = TUESDAY + timedelta(days=1)


def command_for(visit: Appointment, start: datetime, **more: Any) -> MoveAppointment:
    return MoveAppointment(appointment=visit.id, version=visit.version, start=start, **more)


def moved(clinic: DullClinic, visit: Appointment, start: datetime, caller: Caller | None = None, **more: Any) -> Moved:
    command = command_for(visit, start, **more)
    return clinic.database.write_now(move, caller or clinic.reception, command)


def patient_of(clinic: DullClinic, visit: Appointment) -> Caller:
    return clinic.caller(Role.PATIENT, appointment_id=visit.id)


def stored(clinic: DullClinic, visit: Appointment) -> Appointment:
    return clinic.database.read_now(get_appointment, clinic.reception, visit.id).appointment


def rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    def read(tx: Transaction) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in tx.connection.execute(text(statement))]

    return database.read_now(read)


def two_sites(**people: dict[str, Any]) -> dict[str, Any]:
    """The dull clinic with a second site in Spokane, where Ada treats on Wednesdays."""
    data = dull(**people)
    spokane = {**data["site"][0], "slug": "spokane", "name": "Spokane", "room": [{"slug": "spokane-1", "name": "Big"}]}
    data["site"].append(spokane)
    seattle = data["practitioner"][0]["hours"][0]
    seattle["days"] = ["mon", "tue", "thu", "fri"]
    data["practitioner"][0]["hours"].append({**seattle, "site": "spokane", "days": ["wed"]})
    return data


def test_move_takes_the_new_time_and_gives_the_old_one_back(database: Database) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    found = moved(clinic, visit, at(WEDNESDAY, 11))
    now = found.view.appointment
    assert (found.changed, now.span.start, now.span.length) == (True, at(WEDNESDAY, 11), timedelta(minutes=30))
    assert (now.version, now.sequence, now.status) == (2, 1, Status.BOOKED)
    assert now == replace(visit, span=now.span, version=2, sequence=1)
    assert stored(clinic, visit) == now
    assert rows(database, "SELECT wall_time, fold FROM appointment") == [("2026-11-25T11:00:00", 0)]
    assert clinic.book(at(TUESDAY, 10), patient="Someone Else").appointment.status is Status.BOOKED
    with pytest.raises(SlotTaken):
        clinic.book(at(WEDNESDAY, 11), patient="Somebody")
    assert database.read_now(audit, clinic.manager).violations == ()


def test_move_is_on_record_with_who_and_from_where_to_where(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    visit = clinic.book(at(TUESDAY, 10)).appointment
    moved(clinic, visit, at(WEDNESDAY, 11), practitioner=clinic.practitioners["ben"])
    ((actor, detail),) = rows(sqlite, "SELECT actor, detail FROM audit WHERE action = 'appointment_moved'")
    there: dict[str, object] = {"site": str(visit.site_id), "room": str(visit.room_id)}
    there |= {"supervisor": None, "equipment": []}
    before = {"start": "2026-11-24T18:00:00+00:00", "practitioner": str(visit.practitioner_id), **there}
    after = {"start": "2026-11-25T19:00:00+00:00", "practitioner": str(clinic.practitioners["ben"]), **there}
    assert actor == "reception"
    assert json.loads(detail) == {"channel": "test", "version": 2, "from": before, "to": after}
    assert rows(sqlite, "SELECT status FROM status") == [("booked",)]
    decisions = [json.loads(body)["practitioner"] for (body,) in rows(sqlite, "SELECT body FROM decision")]
    assert decisions == [str(visit.practitioner_id), str(clinic.practitioners["ben"])]


def test_move_into_its_own_time(database: Database) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    assert moved(clinic, visit, at(TUESDAY, 10, 15)).view.appointment.span.start == at(TUESDAY, 10, 15)
    assert database.read_now(audit, clinic.manager).violations == ()


def test_move_to_where_it_is_changes_nothing(database: Database) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    before = rows(database, "SELECT count(*) FROM diary_change")
    plain = command_for(visit, at(TUESDAY, 10))
    for command in (plain, replace(plain, practitioner=visit.practitioner_id, site=visit.site_id)):
        found = database.write_now(move, clinic.reception, command)
        assert (found.changed, found.view.appointment) == (False, visit)
    assert rows(database, "SELECT count(*) FROM diary_change") == before


def test_move_keeps_the_room_that_is_free_and_else_takes_another(database: Database) -> None:
    data = dull(ben={}, cleo={})
    data["site"][0]["room"][0]["kinds"] = ["private", "large"]
    clinic = open_clinic(database, data)
    first = clinic.book(at(TUESDAY, 10), "ben", "First").appointment
    visit = clinic.book(at(TUESDAY, 10), "ada").appointment
    assert (first.room_id, visit.room_id) == (clinic.rooms["room-2"], clinic.rooms["room-1"])
    kept = moved(clinic, visit, at(TUESDAY, 12)).view.appointment
    assert kept.room_id == clinic.rooms["room-1"]
    clinic.book(at(TUESDAY, 14), "ben", "Second")
    clinic.book(at(TUESDAY, 14), "cleo", "Third")
    with pytest.raises(SlotTaken, match="No room"):
        moved(clinic, kept, at(TUESDAY, 14))
    days = LocalSpan(first=WEDNESDAY, last=WEDNESDAY)
    database.write_now(close_room, clinic.reception, CloseRoom(room=clinic.rooms["room-1"], days=days))
    assert moved(clinic, kept, at(WEDNESDAY, 14)).view.appointment.room_id == clinic.rooms["room-2"]
    assert database.read_now(audit, clinic.manager).violations == ()


def test_move_keeps_the_devices_that_are_free_and_else_takes_others(sqlite: Database) -> None:
    data = dull(ben={})
    data["site"][0]["equipment"] = [{"slug": slug, "name": slug, "kind": "laser"} for slug in ("one", "two")]
    data["treatment"][0]["equipment"] = ["laser"]
    clinic = open_clinic(sqlite, data)
    one, two = (found.id for found in sqlite.read_now(clinics.equipment, clinic.id).values())
    clinic.book(at(TUESDAY, 10), "ben", "First")
    visit = clinic.book(at(TUESDAY, 10), "ada").appointment
    assert visit.equipment_ids == {two}
    kept = moved(clinic, visit, at(TUESDAY, 12)).view.appointment
    assert kept.equipment_ids == {two}
    other = clinic.book(at(TUESDAY, 14), "ben", "Second").appointment
    other = moved(clinic, moved(clinic, other, at(TUESDAY, 10, 45)).view.appointment, at(TUESDAY, 14)).view.appointment
    assert other.equipment_ids == {one}
    third = moved(clinic, kept, at(TUESDAY, 14)).view.appointment
    assert third.equipment_ids == {two}


def test_move_to_another_practitioner_leaves_the_first_free(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    visit = clinic.book(at(TUESDAY, 10)).appointment
    now = moved(clinic, visit, at(TUESDAY, 10), practitioner=clinic.practitioners["ben"]).view.appointment
    assert (now.practitioner_id, now.room_id) == (clinic.practitioners["ben"], visit.room_id)
    assert clinic.book(at(TUESDAY, 10), "ada", "Someone Else").practitioner.slug == "ada"
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 10), "ben", "Somebody")
    assert database.read_now(audit, clinic.manager).violations == ()


def test_move_to_another_site_takes_a_room_there(database: Database) -> None:
    clinic = open_clinic(database, two_sites())
    visit = clinic.book(at(TUESDAY, 10)).appointment
    with pytest.raises(OutsideHours):
        moved(clinic, visit, at(TUESDAY, 10), site=clinic.sites["spokane"])
    now = moved(clinic, visit, at(WEDNESDAY, 10), site=clinic.sites["spokane"]).view.appointment
    assert (now.site_id, now.room_id) == (clinic.sites["spokane"], clinic.rooms["spokane-1"])
    assert database.read_now(audit, clinic.manager).violations == ()


def test_move_of_a_version_that_is_no_more_is_stale(database: Database) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    moved(clinic, visit, at(TUESDAY, 12))
    with pytest.raises(StaleVersion) as stale:
        moved(clinic, visit, at(TUESDAY, 12))
    assert stale.value.details == {"current_version": 2}
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=2))
    with pytest.raises(StaleVersion):
        moved(clinic, replace(visit, version=3), at(TUESDAY, 14))


def test_move_of_what_is_not_the_callers_is_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    mine = clinic.book(at(TUESDAY, 10)).appointment
    other = clinic.book(at(TUESDAY, 12), patient="Someone Else").appointment
    held = sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14)), hold_key="mine"))
    for caller, visit in (
        (patient_of(clinic, mine), other),
        (clinic.reception, replace(mine, id=AppointmentId(new_id()))),
        (clinic.reception, held.appointment),
    ):
        with pytest.raises(NotFound):
            moved(clinic, visit, at(TUESDAY, 15), caller)
    for caller in (clinic.public, clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])):
        with pytest.raises(NotPermitted):
            moved(clinic, mine, at(TUESDAY, 15), caller)


@pytest.mark.parametrize(
    "more",
    [
        {"practitioner": PractitionerId(new_id())},
        {"site": SiteId(new_id())},
    ],
    ids=["practitioner", "site"],
)
def test_move_to_whom_or_where_there_is_not_is_not_found(sqlite: Database, more: dict[str, Any]) -> None:
    clinic = open_clinic(sqlite)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    with pytest.raises(NotFound):
        moved(clinic, visit, at(TUESDAY, 12), **more)
    with pytest.raises(NotFound):
        moved(clinic, visit, at(TUESDAY, 12), practitioner=PractitionerId(clinic.rooms["room-1"]))


def alter_policy(**policy: Any) -> dict[str, Any]:
    data = dull()
    data["clinic"]["policy"].update(policy)
    return data


@pytest.mark.parametrize(
    ("start", "refusal"),
    [
        (at(TUESDAY, 10, 5), OutsideHours),
        (at(TUESDAY - timedelta(days=1), 9, 15), TooShortNotice),
        (at(TUESDAY, 10) + timedelta(days=70), BeyondHorizon),
        (at(TUESDAY, 9, 15), NotOffered),
    ],
    ids=["grid", "notice", "horizon", "gap"],
)
def test_policy_binds_patients_who_move_and_not_staff(
    sqlite: Database, clock: Clock, start: datetime, refusal: type[BookingError]
) -> None:
    clinic = open_clinic(sqlite, alter_policy(smallest_gap_minutes=30))
    visit = clinic.book(at(TUESDAY, 11)).appointment
    clock.now = at(TUESDAY - timedelta(days=1), 8, 30)
    with pytest.raises(refusal):
        moved(clinic, visit, start, patient_of(clinic, visit))
    assert stored(clinic, visit) == visit
    assert moved(clinic, visit, start).changed


def test_patient_may_move_until_the_visit_starts(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    clock.now = at(TUESDAY, 10)
    with pytest.raises(TooShortNotice):
        moved(clinic, visit, at(WEDNESDAY, 10), patient_of(clinic, visit))
    clock.now -= timedelta(microseconds=1)
    assert moved(clinic, visit, at(WEDNESDAY, 10), patient_of(clinic, visit)).changed
    clock.now = at(WEDNESDAY, 10, 5)
    assert moved(clinic, stored(clinic, visit), at(WEDNESDAY, 10, 15)).changed
    with pytest.raises(TooShortNotice):
        moved(clinic, stored(clinic, visit), at(TUESDAY, 10))


def test_patient_does_not_move_what_is_booked_through_reception(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["online"] = False
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10), caller=clinic.reception).appointment
    with pytest.raises(NotBookableOnline):
        moved(clinic, visit, at(TUESDAY, 12), patient_of(clinic, visit))
    assert moved(clinic, visit, at(TUESDAY, 12)).changed


def on_leave(clinic: DullClinic) -> None:
    days = LocalSpan(first=WEDNESDAY, last=WEDNESDAY)
    leave = AddLeave(practitioner=clinic.practitioners["ada"], days=days)
    clinic.database.write_now(add_leave, clinic.manager, leave)


def suspended(clinic: DullClinic) -> None:
    licence = clinic.credentials["ada", "licence"]
    clinic.database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board order"))


REFUSALS: dict[str, tuple[Callable[[DullClinic], object], type[BookingError]]] = {
    "taken": (lambda clinic: clinic.book(at(WEDNESDAY, 10, 15), patient="Someone Else"), SlotTaken),
    "same-patient": (lambda clinic: clinic.book(at(WEDNESDAY, 10, 15), "ben"), PatientDoubleBooked),
    "leave": (on_leave, SlotTaken),
    "suspended": (suspended, PractitionerNotEligible),
}


@pytest.mark.parametrize(("spoil", "refusal"), REFUSALS.values(), ids=list(REFUSALS))
def test_refused_move_leaves_everything_as_it_was(
    database: Database, spoil: Callable[[DullClinic], object], refusal: type[BookingError]
) -> None:
    clinic = open_clinic(database, dull(ben={}))
    visit = clinic.book(at(TUESDAY, 10)).appointment
    spoil(clinic)
    counts = "SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM diary_change), (SELECT count(*) FROM audit)"
    before = rows(database, counts)
    for caller in (clinic.reception, patient_of(clinic, visit)):
        with pytest.raises(refusal):
            moved(clinic, visit, at(WEDNESDAY, 10), caller)
    assert (stored(clinic, visit), rows(database, counts)) == (visit, before)
    assert database.read_now(audit, clinic.manager).violations == ()


def test_only_staff_learn_why_somebody_may_not(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    suspended(clinic)
    for caller, learns in ((clinic.reception, True), (patient_of(clinic, visit), False)):
        with pytest.raises(PractitionerNotEligible) as refused:
            moved(clinic, visit, at(WEDNESDAY, 10), caller)
        assert bool(refused.value.details["reasons"]) is learns


def test_spacing_is_kept_to_other_visits_and_not_to_itself(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, alter_policy(region_spacing_hours=48))
    visit = clinic.book(at(TUESDAY, 10)).appointment
    other = clinic.book(at(TUESDAY + timedelta(days=3), 10)).appointment
    assert moved(clinic, visit, at(TUESDAY, 12)).changed
    with pytest.raises(TooClose):
        moved(clinic, other, at(WEDNESDAY, 10))


def test_what_was_agreed_stays_agreed(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    data["treatment"][0].update(minutes=60, price=12000, room="none", buffer_after=0)
    open_clinic(sqlite, data)
    now = moved(clinic, visit, at(TUESDAY, 12)).view.appointment
    assert (now.agreed, now.span.length, now.room_id) == (visit.agreed, timedelta(minutes=30), visit.room_id)
    del data["treatment"][0]
    data["treatment"] = [{**dull()["treatment"][0], "slug": "other", "name": "Other"}]
    open_clinic(sqlite, data)
    assert moved(clinic, now, at(TUESDAY, 14)).view.appointment.agreed == visit.agreed
    assert sqlite.read_now(audit, clinic.manager).violations == ()


def test_move_closes_what_spoke_against_the_old_time(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    visit = clinic.book(at(WEDNESDAY, 10)).appointment
    on_leave(clinic)
    suspended(clinic)
    kinds = sorted(one.kind for one in database.read_now(list_findings, clinic.reception))
    assert kinds == ["in_leave", "lost_cover"]
    found = moved(clinic, visit, at(WEDNESDAY, 10), practitioner=clinic.practitioners["ben"]).view
    assert (found.at_risk, found.in_the_way) == (False, False)
    assert database.read_now(list_findings, clinic.reception) == []


def test_move_takes_the_time_of_a_hold_that_has_expired(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14)), hold_key="mine"))
    with pytest.raises(SlotTaken):
        moved(clinic, visit, at(TUESDAY, 14))
    clock.advance(minutes=10)
    assert moved(clinic, visit, at(TUESDAY, 14)).changed


def test_move_once_under_one_key(database: Database) -> None:
    clinic = open_clinic(database)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    request = RequestKey(identity="desk", key="k1", digest="d1")
    first, again = (moved(clinic, visit, at(TUESDAY, 12), request=request) for _ in range(2))
    assert first == again
    assert first.changed
    with pytest.raises(IdempotencyMismatch):
        moved(clinic, visit, at(TUESDAY, 12), request=replace(request, digest="d2"))
    still = RequestKey(identity="desk", key="k2", digest="d1")
    now = first.view.appointment
    unchanged = [moved(clinic, now, at(TUESDAY, 12), request=still).changed for _ in range(2)]
    assert unchanged == [False, False]


def test_other_times_count_the_visits_own_as_free_and_have_what_was_agreed(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    clinic.book(at(TUESDAY, 11), patient="Someone Else")
    data["treatment"][0].update(minutes=60)
    open_clinic(sqlite, data)
    command = command_for(visit, at(TUESDAY, 11))
    listed = sqlite.read_now(other_times, patient_of(clinic, visit), command)
    assert [(one.span.start, one.span.length) for one in listed.slots] == [
        (at(TUESDAY, 10, 15), timedelta(minutes=30)),
        (at(TUESDAY, 11, 45), timedelta(minutes=30)),
        (at(TUESDAY, 12), timedelta(minutes=30)),
    ]
    other = replace(visit, id=AppointmentId(new_id()))
    with pytest.raises(NotFound):
        sqlite.read_now(other_times, patient_of(clinic, visit), command_for(other, at(TUESDAY, 11)))
