"""Importing: what is to come is booked by everybody's rules, what is over is history, and twice changes nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from booking.domain.errors import NotBookableOnline, NotPermitted
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Role
from booking.store import history
from booking.store.database import Database
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.feeds import CreateFeed, create_feed
from booking.usecases.importing import Line, Outcome
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.move import MoveAppointment, move
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.agenda import feed_state
from tests.clinics import TUESDAY, at, contact, dull, open_clinic
from tests.plugins.database import Clock
from tests.usecases.importing import Importer, count, outcomes, row

PAST = "2026-11-20 10:00"
UNLICENSED = (
    "Ada Byrne may not give this treatment there at that time. A Washington licence or compact privilege in force for"
    " the whole appointment (licence PT-1, US-WA, ended 2027-12-31)"
)
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def bring(database: Database, tmp_path: Path) -> Importer:
    return Importer(clinic=open_clinic(database, dull(ben={})), folder=tmp_path)


@pytest.fixture
def bring_here(sqlite: Database, tmp_path: Path) -> Importer:
    """The same, for what does not differ between the kinds of databases."""
    return Importer(clinic=open_clinic(sqlite, dull(ben={})), folder=tmp_path)


def test_what_is_to_come_is_booked_and_what_is_over_is_history(bring: Importer) -> None:
    rows = [
        row(note="uses a stick\ncomes late"),
        row(reference="A-2", start="2026-11-24T11:00:00-08:00", practitioner="Ben", room="room-2", minutes="45"),
        row(reference="A-3", start=PAST),
        row(reference="A-4", start=PAST, status="no show", minutes="7"),
        row(reference="A-5", start="2026-12-02 10:00", status="cancelled"),
        row(reference="A-6", start="2026-11-24 10:15", patient_email="other@example.org"),
    ]
    dry = outcomes(bring(*rows, dry_run=True))
    assert count(bring.clinic.database, "appointment") == 0
    lines = bring.lines
    assert dry == outcomes(bring(*rows)) == {"booked": 2, "history": 3, "refused": 1}
    assert lines == bring.lines
    assert bring.lines[-1] == Line(
        number=7, reference="A-6", outcome=Outcome.REFUSED, reason="That time has just been taken."
    )
    first, second = bring.found("A-1").visit, bring.found("A-2").visit
    assert (first.span.start, first.status, first.note) == (at(TUESDAY, 10), Status.BOOKED, "uses a stick\ncomes late")
    assert (second.span.start, second.room_id, second.agreed.minutes) == (
        at(TUESDAY, 11), bring.clinic.rooms["room-2"], 45,
    )  # fmt: skip
    kept = [bring.found(f"A-{n}").visit for n in (3, 4, 5)]
    assert [(one.status, one.is_history) for one in kept] == [
        (Status.FULFILLED, True), (Status.NO_SHOW, True), (Status.CANCELLED, True),
    ]  # fmt: skip
    assert (kept[1].agreed.minutes, kept[0].span.start) == (7, at(FRIDAY, 10))
    assert (count(bring.clinic.database, "decision"), count(bring.clinic.database, "claim")) == (2, 6)
    assert bring.violations() == []


def test_twice_changes_nothing(bring: Importer) -> None:
    rows = [row(), row(reference="A-2", start=PAST), row(reference="A-3", start="2026-11-24 10:00")]
    bring(*rows)
    before = bring.found("A-1"), bring.found("A-2")
    assert outcomes(bring(*rows)) == {"already_there": 2, "refused": 1}
    assert (bring.found("A-1"), bring.found("A-2")) == before
    assert count(bring.clinic.database, "appointment") == 2


def test_history_says_that_it_was_imported(bring: Importer) -> None:
    bring(row(start=PAST), row(reference="A-2"))
    database, clinic = bring.clinic.database, bring.clinic
    for reference, actor in (("A-1", "import"), ("A-2", "system")):
        told = database.read_now(history.of_visit, clinic.id, bring.found(reference).visit.id)
        assert [(one.number, one.actor) for one in told] == [(1, actor)]


def test_import_is_audited_with_its_counts(bring: Importer) -> None:
    bring(row(), row(reference="A-2", site="nowhere"))
    with bring.clinic.database.engine.connect() as connection:
        details = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'appointments_imported'")
        detail = str(details.scalar_one())
    assert '"booked": 1' in detail
    assert '"refused": 1' in detail
    assert "Pat" not in detail


def test_whoever_does_not_manage_the_clinic_imports_nothing(bring_here: Importer) -> None:
    for role in (Role.RECEPTION, Role.PRACTITIONER, Role.PATIENT, Role.PUBLIC):
        with pytest.raises(NotPermitted):
            bring_here(row(), caller=bring_here.clinic.caller(role))
    assert outcomes(bring_here(row(), caller=bring_here.clinic.manager)) == {"booked": 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"practitioner": "cleo"}, "There is no practitioner 'cleo'; there are: ada, ben."),
        ({"start": "2026-11-24 10:07"}, "Visits start at multiples of 5 minutes."),
        ({"start": "2026-11-24 18:00"}, "Ada Byrne is not there at that time."),
        ({"minutes": "33"}, "A visit takes a multiple of 5 minutes, and not half a day."),
        ({"room": "room-9"}, "There is no room at Seattle 'room-9'; there are: room-1, room-2."),
        ({"regions": "thorax"}, "The regions must be some of the treatment's own."),
        ({"status": "fulfilled"}, "A visit that is yet to come cannot be fulfilled already."),
        (
            {"start": "2028-02-01 10:00"},
            UNLICENSED,
        ),
    ],
)
def test_refused_row_says_why(bring_here: Importer, changes: dict[str, str], reason: str) -> None:
    assert bring_here.refusal(**changes) == reason
    assert count(bring_here.clinic.database, "appointment") == 0


def test_patient_and_room_have_one_visit_at_a_time(bring_here: Importer) -> None:
    rows = [
        row(room="room-1"),
        row(reference="A-2", practitioner="ben"),
        row(reference="A-3", practitioner="ben", patient_email="other@example.org", room="room-1"),
    ]
    bring_here(*rows)
    assert [one.reason for one in bring_here.lines] == [
        "",
        "There is already an appointment for this person at that time.",
        "No room is free at that time.",
    ]


def test_one_reference_says_one_thing_in_a_file(bring_here: Importer) -> None:
    bring_here(row(), row(start="2026-11-24 12:00"), row())
    assert [one.outcome for one in bring_here.lines] == [Outcome.BOOKED, Outcome.REFUSED, Outcome.ALREADY]
    assert bring_here.lines[1].reason == "Row 2 has the same reference and says something else."


def test_visit_that_changed_place_in_the_file_is_moved(bring: Importer) -> None:
    bring.one()
    assert bring.one(start="2026-11-24 12:00", practitioner="ben") is Outcome.MOVED
    moved = bring.found().visit
    assert (moved.span.start, moved.practitioner_id) == (at(TUESDAY, 12), bring.clinic.practitioners["ben"])
    assert bring.one(start="2026-11-24 12:00", practitioner="ben") is Outcome.ALREADY
    assert bring.refusal(start="2026-11-24 19:00", practitioner="ben") == "Ben is not there at that time."
    assert bring.found().visit == moved
    assert bring.violations() == []


def test_visit_that_is_cancelled_in_the_file_is_cancelled(bring: Importer) -> None:
    bring.one()
    assert bring.one(status="cancelled") is Outcome.CANCELLED
    assert bring.one(status="cancelled") is Outcome.ALREADY
    assert bring.found().visit.status is Status.CANCELLED
    refusal = bring.refusal(start="2026-11-24 12:00")
    assert refusal == "It is cancelled here, so that start, status cannot be changed by the file."
    assert (count(bring.clinic.database, "claim"), bring.violations()) == (0, [])


@pytest.mark.parametrize("status", ["no_show", "fulfilled"])
def test_what_became_of_a_booked_visit_is_recorded(bring_here: Importer, clock: Clock, status: str) -> None:
    bring_here.one()
    clock.advance(days=2)
    assert bring_here.one() is Outcome.ALREADY
    assert bring_here.one(status=status) is Outcome.RECORDED
    assert bring_here.one(status=status) is Outcome.ALREADY
    assert (bring_here.found().visit.status, bring_here.violations()) == (Status(status), [])


def test_what_else_changed_in_the_file_is_for_the_desk(bring_here: Importer) -> None:
    bring_here.one()
    said = "Since it was imported the file says otherwise of {}: change that at the desk."
    assert bring_here.refusal(minutes="45") == said.format("minutes")
    assert bring_here.refusal(patient_name="Pat Jones", note="new") == said.format("note, patient")
    assert bring_here.refusal(start="2026-11-24 12:00", room="room-2") == said.format("room")


def test_visit_that_was_moved_here_stays_there(bring_here: Importer) -> None:
    bring_here.one()
    visit, clinic = bring_here.found().visit, bring_here.clinic
    command = MoveAppointment(appointment=visit.id, version=visit.version, start=at(TUESDAY, 13))
    clinic.database.write_now(move, clinic.reception, command)
    assert bring_here.one() is Outcome.ALREADY
    assert bring_here.one(start="2026-11-24 13:00") is Outcome.ALREADY
    assert bring_here.one(start="2026-11-24 14:00") is Outcome.MOVED


def test_visit_that_was_moved_here_and_in_the_file_is_for_the_desk(bring_here: Importer) -> None:
    bring_here.one()
    visit, clinic = bring_here.found().visit, bring_here.clinic
    command = MoveAppointment(appointment=visit.id, version=visit.version, start=at(TUESDAY, 13))
    clinic.database.write_now(move, clinic.reception, command)
    refusal = bring_here.refusal(start="2026-11-24 12:00")
    assert refusal == "It was moved here and in the file, to different times or people: move it at the desk."


def test_visit_that_was_cancelled_here_stays_so(bring_here: Importer) -> None:
    bring_here.one()
    visit, clinic = bring_here.found().visit, bring_here.clinic
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit.id, version=visit.version))
    assert bring_here.one() is Outcome.ALREADY
    assert bring_here.found().visit.status is Status.CANCELLED


def test_time_that_the_file_puts_into_the_past_is_for_the_desk(bring_here: Importer) -> None:
    bring_here.one()
    assert bring_here.refusal(start=PAST).startswith("It is booked here for a later time")


def test_history_takes_no_time_and_can_be_entered_in_error_and_back(bring: Importer) -> None:
    bring.one(start=PAST)
    bring(row(reference="A-2", start=PAST))
    clinic = bring.clinic
    for reference in ("A-1", "A-2"):
        visit = bring.found(reference).visit
        wrong = TakeStep(appointment=visit.id, version=visit.version, step=Step.ENTER_IN_ERROR)
        taken = clinic.database.write_now(take_step, clinic.reception, wrong).appointment
        back = UndoStep(appointment=visit.id, version=taken.version)
        assert clinic.database.write_now(undo, clinic.reception, back).appointment.status is Status.FULFILLED
    assert (count(clinic.database, "claim"), bring.violations()) == (0, [])


def test_what_only_says_that_it_is_history_is_not_believed(bring: Importer) -> None:
    bring.one()
    clinic = bring.clinic
    clinic.database.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE appointment SET is_history = TRUE"))
    clinic.database.write_now(lambda tx: tx.connection.exec_driver_sql("DELETE FROM claim"))
    assert sorted(one.partition(":")[0] for one in bring.violations()) == ["claim-missing"] * 3


def test_spacing_of_regions_sees_history(sqlite: Database, tmp_path: Path) -> None:
    data = dull()
    data["clinic"]["policy"]["region_spacing_hours"] = 120
    bring = Importer(clinic=open_clinic(sqlite, data), folder=tmp_path)
    bring(row(reference="A-2"), row(start=PAST), row(reference="A-3", start="2026-11-26 10:00"))
    assert [one.outcome for one in bring.lines] == [Outcome.REFUSED, Outcome.HISTORY, Outcome.BOOKED]
    assert bring.lines[0].reason.endswith("are at least 120 hours apart.")


def test_retired_people_have_history_and_no_visits_to_come(sqlite: Database, tmp_path: Path) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    sqlite.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE practitioner SET active = FALSE"))
    sqlite.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE clinic SET offer_revision = offer_revision + 1"))
    bring = Importer(clinic=clinic, folder=tmp_path)
    assert bring.one(start=PAST) is Outcome.HISTORY
    assert bring.refusal(reference="A-2") == "Ada Byrne is a practitioner no longer, and the visit is yet to come."


def test_whoever_is_interrupted_goes_on(bring: Importer) -> None:
    rows = [row(reference=f"A-{n}", start=f"2026-11-24 {9 + n}:00") for n in range(6)]
    rows += [row(reference=f"P-{n}", start=f"2026-11-20 {9 + n}:00") for n in range(4)]
    bring.stop_after = 7
    with pytest.raises(KeyboardInterrupt):
        bring(*rows)
    bring.stop_after = None
    assert outcomes(bring(*rows)) == {"already_there": 7, "booked": 3}
    assert bring.violations() == []


def test_two_who_import_the_same_at_once_do_it_once(database: Database, tmp_path: Path) -> None:
    clinic = open_clinic(database, dull(ben={}))
    both = [Importer(clinic=clinic, folder=tmp_path / name) for name in ("one", "two")]
    for one in both:
        one.folder.mkdir()
    rows = [row(reference=f"A-{n}", start=f"2026-11-24 {9 + n:02}:00") for n in range(8)]
    rows += [row(reference=f"P-{n}", start=f"2026-11-20 {9 + n:02}:00") for n in range(8)]
    with ThreadPoolExecutor(2) as pool:
        found = [outcomes(each) for each in pool.map(lambda one: one(*rows), both)]
    assert Counter(found[0]) + Counter(found[1]) == {"booked": 8, "history": 8, "already_there": 16}
    assert (count(database, "appointment"), both[0].violations()) == (16, [])


def test_history_shows_in_the_calendar_of_whoever_gave_it(bring: Importer) -> None:
    clinic, database = bring.clinic, bring.clinic.database
    made = CreateFeed(practitioner=clinic.practitioners["ada"], token_hash="first")
    database.write_now(create_feed, clinic.manager, made)
    before = database.read_now(feed_state, "first")
    bring.one(start=PAST)
    after = database.read_now(feed_state, "first")
    assert before is not None
    assert after is not None
    assert after.calendar_revision == before.calendar_revision + 1


@pytest.mark.parametrize("more", [{"minutes": 45}, {"room": "room-1"}])
def test_rooms_and_lengths_are_chosen_by_staff(bring_here: Importer, more: dict[str, Any]) -> None:
    clinic = bring_here.clinic
    named = {**more, "room": clinic.rooms["room-1"]} if "room" in more else more
    command = BookAppointment(contact=contact(), what=clinic.wanted(at(TUESDAY, 10), **named))
    with pytest.raises(NotBookableOnline):
        clinic.database.write_now(book, clinic.public, command)
    assert clinic.database.write_now(book, clinic.reception, command).appointment.status is Status.BOOKED


def test_room_that_does_not_do_for_the_treatment_is_refused(sqlite: Database, tmp_path: Path) -> None:
    data = dull()
    data["site"][0]["room"][1]["kinds"] = ["dark"]
    data["treatment"][0]["room"] = "dark"
    bring = Importer(clinic=open_clinic(sqlite, data), folder=tmp_path)
    assert bring.refusal(room="room-1") == "That room does not do for this treatment."
    assert bring.one(room="room-2") is Outcome.BOOKED
