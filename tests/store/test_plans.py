"""No statement of a request reads all history: each is explained by the database with years of visits in it."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor

from booking.domain.permission import Role
from booking.domain.time.local import LocalSpan
from booking.store import guards
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, CloseRoom, RemoveAbsence, add_leave, close_room, remove_absence
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.closures import CloseSite, ReopenSite, close_site, reopen_site
from booking.usecases.cover import recheck
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from booking.usecases.feeds import CreateFeed, create_feed, list_feeds, note_fetch
from booking.usecases.hold import HoldRef, HoldSlot, extend, find_hold, hold, release
from booking.usecases.move import MoveAppointment, move, other_times
from booking.usecases.reanchoring import reanchor
from booking.usecases.sweeping import is_due, sweep
from booking.usecases.views.absences import AbsenceQuery, list_absences
from booking.usecases.views.agenda import agenda, feed_state
from booking.usecases.views.appointments import DayQuery, get_appointment, list_appointments
from booking.usecases.views.eligibility import explain_eligibility
from booking.usecases.views.findings import list_findings, list_found_visits
from booking.usecases.views.slots import SlotQuery, alternatives, list_slots
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

PEOPLE = 20
VISITS = 1_700  # of each

FILL = """
INSERT INTO appointment (
  clinic_id, id, status, site_id, practitioner_id, room_id, patient_id, starts_at, ends_at, zone, wall_time, tzdata,
  treatment_type_id, treatment_name, treatment_version, minutes, buffer_before, buffer_after, regions, techniques,
  price, currency, language, reference, version, sequence, created_at, changed_at)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {visits})
SELECT
  clinic_id, {id}, status, site_id, practitioner_id, room_id, patient_id, {starts}, {ends}, zone, wall_time, tzdata,
  treatment_type_id, treatment_name, treatment_version, minutes, buffer_before, buffer_after, regions, techniques,
  price, currency, language, reference || n, version, sequence, created_at, changed_at
FROM appointment CROSS JOIN number
"""
CLAIMS = """
INSERT INTO claim (clinic_id, appointment_id, diary_id, site_id, starts_at, ends_at)
SELECT clinic_id, id, {diary}, site_id, starts_at, ends_at FROM appointment WHERE length(reference) > 11
"""
DIARIES = """
INSERT INTO diary (clinic_id, id, kind, revision, calendar_revision)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {visits})
SELECT clinic.id, {id}, 'patient', 0, 0 FROM clinic CROSS JOIN number
"""
LEAVE = """
INSERT INTO busy (clinic_id, id, diary_id, kind, starts_at, ends_at, reason, origin)
SELECT clinic_id, {id}, practitioner_id, 'leave', starts_at, ends_at, '', 'desk' FROM appointment
"""
OF_SQLITE = {
    "id": "randomblob(16)",
    "starts": "starts_at - n * 3600000000",
    "ends": "ends_at - n * 3600000000",
}
OF_POSTGRESQL = {
    "id": "gen_random_uuid()",
    "starts": "starts_at - n * interval '1 hour'",
    "ends": "ends_at - n * interval '1 hour'",
}


def fill(tx: Transaction) -> None:
    """An hour's visit in every hour of ten weeks for everybody, with as much leave; and many patients."""
    words = OF_SQLITE if tx.connection.dialect.name == "sqlite" else OF_POSTGRESQL
    if words is OF_POSTGRESQL:
        tx.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # looks up no foreign key
        tx.connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    guards.drop(tx.connection)  # one index made of many rows is made faster than row by row
    tx.connection.exec_driver_sql(FILL.format(visits=VISITS, **words))
    for diary in ("practitioner_id", "room_id", "patient_id"):
        tx.connection.exec_driver_sql(CLAIMS.format(diary=diary))
    guards.create(tx.connection)
    tx.connection.exec_driver_sql(DIARIES.format(visits=VISITS, **words))
    tx.connection.exec_driver_sql(LEAVE.format(**words))


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    """A clinic with over 100,000 claims."""
    data = dull(**{f"person-{number}": {} for number in range(PEOPLE - 1)})
    data["site"][0]["room"] = [{"slug": f"room-{number}", "name": str(number)} for number in range(PEOPLE)]
    clinic = open_clinic(database, data)
    for number, who in enumerate(clinic.practitioners):
        clinic.book(at(TUESDAY, 9), who, f"Patient {number}")
    database.write_now(fill)
    older = "UPDATE appointment SET tzdata = '2025b' WHERE length(reference) = 11"
    database.write_now(lambda tx: tx.connection.exec_driver_sql(older))
    claims = database.read_now(lambda tx: tx.connection.exec_driver_sql("SELECT count(*) FROM claim").scalar_one())
    assert claims == PEOPLE * (VISITS + 1) * 3
    if not database.is_sqlite:
        database.write_now(lambda tx: tx.connection.exec_driver_sql("ANALYZE"))
    return clinic


def use(clinic: DullClinic, clock: Clock) -> None:
    """What patients, staff, calendars and the worker do all day."""
    database, desk = clinic.database, clinic.reception
    for query in (
        SlotQuery(treatment_type=clinic.treatments["needling"], first=TUESDAY, last=TUESDAY + timedelta(days=7)),
        SlotQuery(
            treatment_type=clinic.treatments["needling"],
            first=TUESDAY,
            last=TUESDAY,
            practitioner=clinic.practitioners["ada"],
            hold_key="mine",
        ),
    ):
        database.read_now(list_slots, clinic.public, query)
    database.read_now(alternatives, clinic.public, clinic.wanted(at(TUESDAY, 9)))
    for hour in (10, 11):
        database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour)), hold_key="mine"))
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="mine"))
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    database.read_now(find_hold, clinic.public, ref)
    database.write_now(extend, clinic.public, ref)
    booked = database.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref)).appointment
    clinic.book(at(TUESDAY, 15), None, "Someone Else")
    database.read_now(get_appointment, desk, booked.id)
    database.read_now(list_appointments, desk, DayQuery(first=TUESDAY, last=TUESDAY))
    mine = DayQuery(first=TUESDAY, last=TUESDAY, practitioner=clinic.practitioners["ada"])
    database.read_now(list_appointments, desk, mine)
    database.read_now(explain_eligibility, desk, clinic.wanted(at(TUESDAY, 10)))
    licence = clinic.credentials["ada", "licence"]
    database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board order"))
    database.write_now(verify, clinic.manager, VerifyCredential(credential=licence, source="register"))
    database.read_now(list_findings, desk)
    other = clinic.practitioners["person-3"]
    version, start = booked.version, at(TUESDAY, 13)
    to_later = MoveAppointment(appointment=booked.id, version=version, start=start, practitioner=other)
    database.read_now(other_times, desk, to_later)
    booked = database.write_now(move, desk, to_later).view.appointment
    database.write_now(cancel, desk, CancelAppointment(appointment=booked.id, version=booked.version))
    enter_absences(clinic)
    read_calendar(clinic)
    held = database.write_now(hold, desk, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14), "person-1"), hold_key="mine"))
    database.write_now(release, desk, HoldRef(hold=held.appointment.id, hold_key="mine"))
    database.write_now(hold, desk, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14), "person-1"), hold_key="mine"))
    clock.advance(minutes=20)
    clinic.book(at(TUESDAY, 14), "person-1", "Somebody")
    assert database.read_now(is_due)
    database.write_now(sweep)
    assert sum(step.kept for step in reanchor(database)) == PEOPLE


def enter_absences(clinic: DullClinic) -> None:
    database, desk, days = clinic.database, clinic.reception, LocalSpan(first=TUESDAY, last=TUESDAY)
    leave = database.write_now(add_leave, desk, AddLeave(practitioner=clinic.practitioners["person-2"], days=days))
    room = database.write_now(close_room, desk, CloseRoom(room=clinic.rooms["room-3"], days=days))
    shut = database.write_now(close_site, desk, CloseSite(site=clinic.sites["seattle"], days=days))
    database.read_now(list_found_visits, desk)
    database.read_now(list_absences, desk, AbsenceQuery(first=TUESDAY, last=TUESDAY))
    database.write_now(reopen_site, desk, ReopenSite(closure=shut.closure.id))
    for added in (leave, room):
        database.write_now(remove_absence, desk, RemoveAbsence(absence=added.absence.id))
    database.write_now(recheck, clinic.id, at(TUESDAY, 0))


def read_calendar(clinic: DullClinic) -> None:
    database, ada = clinic.database, clinic.practitioners["ada"]
    caller = clinic.caller(Role.PRACTITIONER, practitioner_id=ada)
    feed = database.write_now(create_feed, caller, CreateFeed(practitioner=ada, token_hash="hash"))
    database.read_now(list_feeds, caller, ada)
    state = database.read_now(feed_state, "hash")
    assert state is not None
    database.read_now(agenda, state)
    database.write_now(note_fetch, clinic.id, feed.id, "a calendar")


def plan(tx: Transaction, statement: str, parameters: Any) -> list[str]:
    said = "EXPLAIN QUERY PLAN " if tx.connection.dialect.name == "sqlite" else "EXPLAIN "
    return [str(row[-1]) for row in tx.connection.exec_driver_sql(said + statement, parameters)]


LONG = "claim|appointment|busy|diary|diary_change"
"""The tables that grow with every visit, patient and absence."""
WHOSE = "practitioner_id|site_id|room_id|diary_id"
READS_ALL = re.compile(
    rf"(Seq Scan on|SCAN) ({LONG})\b(?! USING (COVERING )?INDEX claim_by_expiry)"  # which has none but holds
    rf"|SEARCH ({LONG}) [^\n]*\(clinic_id=\?( AND ({WHOSE})=\?)?\)"
    rf"|Scan [^\n]*\b(?:ix_|pk_)?({LONG})\b[^\n]*\n +Index Cond: \(clinic_id = '[^']*'::uuid\)"
)
"""All of the clinic's, or all that somebody ever had, is as much as all."""

CARELESS = [
    "SELECT * FROM claim WHERE ends_at = starts_at",
    "SELECT * FROM busy WHERE ends_at = starts_at",
    "SELECT * FROM diary WHERE revision = 9",
    "SELECT * FROM appointment WHERE clinic_id = '00000000-0000-7000-8000-000000000000'",
]


def reads_everything(lines: Iterable[str]) -> bool:
    return READS_ALL.search("\n".join(lines)) is not None


def captured(clinic: DullClinic, clock: Clock) -> Mapping[str, Any]:
    """Every statement of a day with the parameters it had when it was first used."""
    found: dict[str, Any] = {}

    def note(
        conn: Connection,
        cursor: DBAPICursor,
        statement: str,
        parameters: Any,
        context: object,
        executemany: bool,  # noqa: FBT001 -- the event's signature
    ) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            found.setdefault(statement, parameters[0] if executemany else parameters)

    event.listen(clinic.database.engine, "before_cursor_execute", note)
    use(clinic, clock)
    event.remove(clinic.database.engine, "before_cursor_execute", note)
    return found


def test_no_statement_reads_all_of_a_long_table(clinic: DullClinic, clock: Clock) -> None:
    statements = captured(clinic, clock)
    assert len(statements) > 60
    plans = {
        statement: clinic.database.read_now(plan, statement, parameters) for statement, parameters in statements.items()
    }
    assert {statement: lines for statement, lines in plans.items() if reads_everything(lines)} == {}
    assert [one for one in CARELESS if not reads_everything(clinic.database.read_now(plan, one, ()))] == []
