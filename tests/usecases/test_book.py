"""Booking, on both kinds of database."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from threading import Barrier

import pytest

from booking.domain.errors import (
    BeyondHorizon,
    HoldExpired,
    IdempotencyMismatch,
    NotBookableOnline,
    OutsideHours,
    PatientDoubleBooked,
    PractitionerNotEligible,
    SlotTaken,
    TooShortNotice,
)
from booking.domain.lifecycle import Status
from booking.store.database import Database
from booking.store.idempotency import RequestKey
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold, release
from booking.usecases.placing import Wanted
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock


def starts(clinic: DullClinic, key: str | None = None) -> list[str]:
    """The free starts on Tuesday, as Seattle's clock shows them."""
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=TUESDAY, last=TUESDAY, hold_key=key)
    listed = clinic.database.read_now(list_slots, clinic.public, query)
    return [f"{slot.span.start - timedelta(hours=8):%H:%M}" for slot in listed.slots]


def test_book_takes_the_time_with_its_buffer(database: Database) -> None:
    clinic = open_clinic(database)
    before = starts(clinic)
    booked = clinic.book(at(TUESDAY, 10))
    assert (booked.appointment.status, booked.practitioner.slug, booked.appointment.version) == (
        Status.BOOKED,
        "ada",
        1,
    )
    assert sorted(set(before) - set(starts(clinic))) == ["09:30", "09:45", "10:00", "10:15", "10:30"]
    assert database.read_now(audit, clinic.manager).violations == ()


def test_book_refuses_what_overlaps(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 10, 15), patient="Someone Else")


def test_book_refuses_a_patient_who_is_elsewhere(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    clinic.book(at(TUESDAY, 10), "ada")
    with pytest.raises(PatientDoubleBooked):
        clinic.book(at(TUESDAY, 10, 15), "ben")


def test_book_anyone_chooses_who_has_the_least_booked(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    clinic.book(at(TUESDAY, 9), "ada")
    assert clinic.book(at(TUESDAY, 12), None, "Someone Else").practitioner.slug == "ben"


def test_book_anyone_needs_a_room_each(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}, cleo={}))
    rooms = {clinic.book(at(TUESDAY, 10), None, f"Patient {number}").room for number in range(2)}
    assert {room.slug for room in rooms if room} == {"room-1", "room-2"}
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 10), None, "Patient Three")


@pytest.mark.parametrize(
    ("hour", "minute", "days", "refusal"),
    [
        (8, 30, 0, OutsideHours),
        (16, 45, 0, OutsideHours),
        (10, 5, 0, OutsideHours),
        (10, 0, -4, TooShortNotice),
        (8, 45, -1, TooShortNotice),
        (10, 0, 70, BeyondHorizon),
        (10, 0, 4, OutsideHours),
    ],
    ids=["before-opening", "past-closing", "off-the-grid", "last-week", "in-a-moment", "beyond-horizon", "saturday"],
)
def test_book_refuses_times_outside_policy(
    sqlite: Database, hour: int, minute: int, days: int, refusal: type[Exception]
) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(refusal):
        clinic.book(at(TUESDAY + timedelta(days=days), hour, minute))


def test_book_refuses_online_what_reception_books(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0]["online"] = False
    clinic = open_clinic(sqlite, data)
    with pytest.raises(NotBookableOnline):
        clinic.book(at(TUESDAY, 10))
    assert clinic.book(at(TUESDAY, 10), caller=clinic.reception).appointment.status is Status.BOOKED


def test_book_tells_staff_every_reason_and_others_none(database: Database) -> None:
    clinic = open_clinic(database, dull(nil={"credential": []}))
    with pytest.raises(PractitionerNotEligible) as told:
        clinic.book(at(TUESDAY, 10), "nil", caller=clinic.reception)
    assert {reason.rule for reason in told.value.details["reasons"]} >= {"licence", "endorsement"}
    with pytest.raises(PractitionerNotEligible) as refused:
        clinic.book(at(TUESDAY, 10), "nil")
    assert refused.value.details["reasons"] == ()


def test_hold_takes_the_time_until_it_expires(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    assert "10:00" not in starts(clinic)
    assert "10:00" in starts(clinic, "mine")
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 10))
    clock.advance(minutes=10)
    assert "10:00" in starts(clinic)
    assert clinic.book(at(TUESDAY, 10)).appointment.status is Status.BOOKED
    assert database.read_now(audit, clinic.manager).violations == ()


def test_hold_gives_up_an_earlier_one_under_the_same_key(database: Database) -> None:
    clinic = open_clinic(database)
    for hour in (10, 14):
        database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour)), hold_key="mine"))
    free = starts(clinic)
    assert ("10:00" in free, "14:00" in free) == (True, False)


def test_hold_extends_to_thirty_minutes_and_no_further(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    lasts = []
    for _ in range(3):
        clock.advance(minutes=9)
        lasts.append(database.write_now(extend, clinic.public, ref).appointment.expires_at)
    began = clock.now - timedelta(minutes=27)
    assert [last - began for last in lasts if last] == [timedelta(minutes=part) for part in (19, 28, 30)]
    clock.advance(minutes=3)
    with pytest.raises(HoldExpired):
        database.write_now(extend, clinic.public, ref)


def test_release_gives_the_time_back_and_asks_for_the_secret(database: Database) -> None:
    clinic = open_clinic(database)
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    database.write_now(release, clinic.public, HoldRef(hold=held.appointment.id, hold_key="other"))
    assert "10:00" not in starts(clinic)
    database.write_now(release, clinic.public, HoldRef(hold=held.appointment.id, hold_key="mine"))
    assert "10:00" in starts(clinic)


def test_book_turns_a_hold_into_a_visit(database: Database) -> None:
    clinic = open_clinic(database)
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    command = BookAppointment(contact=contact(), what=HoldRef(hold=held.appointment.id, hold_key="mine"))
    booked = database.write_now(book, clinic.public, command)
    assert (booked.appointment.id, booked.appointment.status) == (held.appointment.id, Status.BOOKED)
    assert database.read_now(audit, clinic.manager).violations == ()
    with pytest.raises(HoldExpired):
        database.write_now(book, clinic.public, replace(command, contact=contact("Someone Else")))


def test_book_asks_the_law_again_for_a_hold(database: Database) -> None:
    clinic = open_clinic(database)
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    command = SuspendCredential(credential=clinic.credentials["ada", "licence"], reason="board order")
    database.write_now(suspend, clinic.manager, command)
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    with pytest.raises(PractitionerNotEligible):
        database.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref))


def test_book_once_under_one_key(database: Database) -> None:
    clinic = open_clinic(database)
    request = RequestKey(identity="public", key="k1", digest="d1")
    command = BookAppointment(contact=contact(), what=clinic.wanted(at(TUESDAY, 10)), request=request)
    first, again = (database.write_now(book, clinic.public, command) for _ in range(2))
    assert first == again
    other = replace(command, what=clinic.wanted(at(TUESDAY, 14)), request=replace(request, digest="d2"))
    with pytest.raises(IdempotencyMismatch):
        database.write_now(book, clinic.public, other)
    someone = replace(command, what=clinic.wanted(at(TUESDAY, 14)), request=replace(request, identity="other"))
    assert database.write_now(book, clinic.public, someone).appointment.id != first.appointment.id


def test_a_refused_request_may_be_sent_again(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="theirs"))
    request = RequestKey(identity="public", key="k1", digest="d1")
    command = BookAppointment(contact=contact(), what=clinic.wanted(at(TUESDAY, 10)), request=request)
    with pytest.raises(SlotTaken):
        database.write_now(book, clinic.public, command)
    clock.advance(minutes=11)
    assert database.write_now(book, clinic.public, command).appointment.status is Status.BOOKED


def test_a_hold_keeps_what_was_agreed_when_the_treatment_changes(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    held = sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    data["treatment"][0] |= {"regions": ["shoulder"], "minutes": 45, "online": False}
    open_clinic(sqlite, data)
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    booked = sqlite.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref)).appointment
    assert (booked.agreed, booked.span) == (held.appointment.agreed, held.appointment.span)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"leave": [{"first": TUESDAY, "last": TUESDAY}]}, SlotTaken),
        ({"hours": [{"site": "seattle", "days": ["tue"], "from": "11:00", "to": "17:00"}]}, OutsideHours),
    ],
    ids=["leave", "hours"],
)
def test_book_asks_again_whether_the_practitioner_is_there(
    database: Database, change: dict[str, object], refusal: type[Exception]
) -> None:
    clinic = open_clinic(database)
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine"))
    changed = dull()
    changed["practitioner"][0].update(change)
    open_clinic(database, changed)
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    with pytest.raises(refusal):
        database.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref))


def test_hold_at_two_times_at_once_is_one_hold(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    both = [clinic.wanted(at(TUESDAY, 10), "ada"), clinic.wanted(at(TUESDAY, 14), "ben")]
    meeting = Barrier(2)

    def take(wanted: Wanted) -> None:
        meeting.wait()
        database.write_now(hold, clinic.public, HoldSlot(wanted=wanted, hold_key="mine"))

    for _ in range(5):
        with ThreadPoolExecutor() as pool:
            list(pool.map(take, both))
        free = starts(clinic)
        assert free.count("10:00") + free.count("14:00") == 3  # of four free ones


def test_book_draws_another_reference_when_one_is_taken(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = open_clinic(database)
    letters = chain("A" * 8, "A" * 8, "B" * 8)
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(letters))
    booked = [clinic.book(at(TUESDAY, hour), patient=f"Patient {hour}") for hour in (10, 11)]
    assert [one.appointment.reference for one in booked] == ["DN-AAAAAAAA", "DN-BBBBBBBB"]
