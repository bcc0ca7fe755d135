"""Members of staff: who they are, and how long they stay signed in."""

from dataclasses import replace

import pytest

from booking.domain.errors import InvalidInput, Unauthenticated
from booking.domain.permission import Role
from booking.store.database import Database
from booking.store.staff import Staff
from booking.usecases.staff import (
    AddStaff,
    add_staff,
    begin_session,
    caller_of,
    end_session,
    is_stale,
    session_of,
    staff_to_check,
    touch_session,
)
from booking.usecases.sweeping import sweep
from tests.clinics import DullClinic, open_clinic
from tests.plugins.database import Clock

OLIVE = AddStaff(login="olive", name="Olive Owner", role=Role.MANAGER, password_hash="one")


def added(clinic: DullClinic, command: AddStaff = OLIVE) -> Staff:
    return clinic.database.write_now(add_staff, clinic.manager, command)


def test_add_staff_lets_them_act_as_what_they_are(database: Database) -> None:
    clinic = open_clinic(database)
    ada = added(
        clinic, AddStaff(login="ada", name="Ada", role=Role.PRACTITIONER, password_hash="x", practitioner="ada")
    )
    caller = caller_of(ada, "page", "r1")
    assert (caller.clinic_id, caller.role, caller.practitioner_id) == (
        clinic.id,
        Role.PRACTITIONER,
        clinic.practitioners["ada"],
    )
    assert (caller.actor, caller.channel, caller.request_id) == (f"practitioner:{ada.id}", "page", "r1")
    assert database.read_now(staff_to_check, clinic.id, "ada") == ada
    assert database.read_now(staff_to_check, clinic.id, "nobody") is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(OLIVE, role=Role.SYSTEM),
        replace(OLIVE, role=Role.PATIENT),
        replace(OLIVE, practitioner="ada"),
        replace(OLIVE, role=Role.PRACTITIONER),
        replace(OLIVE, role=Role.PRACTITIONER, practitioner="nobody"),
    ],
    ids=["system", "patient", "manager-who-treats", "practitioner-who-is-nobody", "unknown"],
)
def test_add_staff_refuses_what_does_not_go_together(sqlite: Database, wrong: AddStaff) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(InvalidInput):
        added(clinic, wrong)


def test_add_staff_again_sets_the_password_and_ends_sessions(database: Database) -> None:
    clinic = open_clinic(database)
    olive = added(clinic)
    database.write_now(begin_session, olive, "token")
    assert added(clinic, replace(OLIVE, password_hash="two")).id == olive.id
    assert database.read_now(session_of, "token") is None
    with pytest.raises(Unauthenticated):
        database.write_now(begin_session, olive, "token")
    now = database.read_now(staff_to_check, clinic.id, "olive")
    assert now == replace(olive, password_hash="two")
    with pytest.raises(InvalidInput):
        added(clinic, replace(OLIVE, role=Role.RECEPTION))


def test_session_ends_when_idle_for_an_hour(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    began = database.write_now(begin_session, added(clinic), "token")
    clock.advance(minutes=59, seconds=59)
    assert database.read_now(session_of, "token") == began
    database.write_now(touch_session, "token")
    touched = clock.now
    clock.advance(minutes=59)
    assert database.read_now(session_of, "token") == replace(began, last_seen_at=touched)
    clock.advance(minutes=1)
    assert database.read_now(session_of, "token") is None


def test_session_ends_after_twelve_hours_however_busy(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    database.write_now(begin_session, added(clinic), "token")
    for _ in range(23):
        clock.advance(minutes=30)
        database.write_now(touch_session, "token")
    clock.advance(minutes=29, seconds=59)
    assert database.read_now(session_of, "token") is not None
    clock.advance(seconds=1)
    assert database.read_now(session_of, "token") is None


def test_session_is_touched_once_a_minute_at_most(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    session = sqlite.write_now(begin_session, added(clinic), "token")
    clock.advance(seconds=59)
    assert sqlite.read_now(is_stale, session) is False
    clock.advance(seconds=1)
    assert sqlite.read_now(is_stale, session) is True


def test_session_ends_when_it_is_ended(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    olive = added(clinic)
    for token in ("here", "there"):
        sqlite.write_now(begin_session, olive, token)
    sqlite.write_now(end_session, "here")
    assert sqlite.read_now(session_of, "here") is None
    assert sqlite.read_now(session_of, "there") is not None


def test_sweep_deletes_sessions_that_are_over(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    olive = added(clinic)
    database.write_now(begin_session, olive, "idle")
    clock.advance(minutes=30)
    database.write_now(begin_session, olive, "fresh")
    clock.advance(minutes=30)
    assert database.write_now(sweep).sessions == 1
    assert database.read_now(session_of, "fresh") is not None
