"""Revisions: raised by one, with a line that says why, by whatever changes free time or who may give it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from booking.domain.errors import SlotTaken
from booking.domain.time.local import LocalSpan
from booking.store.database import Database
from booking.usecases.absences import AddLeave, CloseRoom, RemoveAbsence, add_leave, close_room, remove_absence
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.closures import CloseSite, ReopenSite, close_site, reopen_site
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from booking.usecases.feeds import CreateFeed, RevokeFeed, create_feed, revoke_feed
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold, release
from booking.usecases.move import MoveAppointment, move
from booking.usecases.sweeping import sweep
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

DIARIES = """
SELECT COALESCE(practitioner.slug, room.slug, patient.name) AS name, diary.revision, diary.calendar_revision,
  (SELECT count(*) FROM diary_change WHERE diary_id = diary.id AND diary_change.revision <= diary.revision) AS changes,
  (SELECT what FROM diary_change WHERE diary_id = diary.id AND diary_change.revision = diary.revision) AS what
FROM diary LEFT JOIN practitioner ON practitioner.id = diary.id
  LEFT JOIN room ON room.id = diary.id LEFT JOIN patient ON patient.id = diary.id
"""
PAT = "Pat Smith"


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    return open_clinic(database, dull(ben={}))


def revisions(clinic: DullClinic) -> dict[str, tuple[int, int, str | None]]:
    """Revision, calendar's revision and the last change of every diary; all changes must be there, each once."""
    rows = clinic.database.read_now(lambda tx: tx.connection.execute(text(DIARIES)).all())
    assert all(row.changes == row.revision for row in rows)
    return {row.name: (row.revision, row.calendar_revision, row.what) for row in rows}


def raised(clinic: DullClinic, action: Callable[[], object]) -> dict[str, tuple[int, int, str | None]]:
    """By how much what the action does raises the revisions of which diaries, and the word for it."""
    before = revisions(clinic)
    action()
    after = revisions(clinic)
    moved = {name: now for name, now in after.items() if now != before.get(name, (0, 0, None))}
    return {
        name: (revision - before.get(name, (0, 0, None))[0], calendar - before.get(name, (0, 0, None))[1], what)
        for name, (revision, calendar, what) in moved.items()
    }


def only(names: Iterable[str], calendar: int, what: str) -> dict[str, tuple[int, int, str | None]]:
    return dict.fromkeys(names, (1, calendar, what))


def held(clinic: DullClinic, hour: int, who: str = "ada", key: str = "mine") -> HoldRef:
    command = HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour), who), hold_key=key)
    return HoldRef(hold=clinic.database.write_now(hold, clinic.public, command).appointment.id, hold_key=key)


def test_holding_raises_the_revision_and_never_the_calendars(clinic: DullClinic) -> None:
    database = clinic.database
    assert raised(clinic, lambda: held(clinic, 10)) == only(["ada", "room-1"], 0, "held")
    assert raised(clinic, lambda: held(clinic, 12, "ben")) == only(["ada", "ben", "room-1"], 0, "held")
    ref = held(clinic, 14)
    assert raised(clinic, lambda: database.write_now(extend, clinic.public, ref)) == only(
        ["ada", "room-1"], 0, "extended"
    )
    assert raised(clinic, lambda: database.write_now(release, clinic.public, ref)) == only(
        ["ada", "room-1"], 0, "released"
    )
    assert raised(clinic, lambda: database.write_now(release, clinic.public, ref)) == {}


def test_booking_and_cancelling_raise_both(clinic: DullClinic) -> None:
    database = clinic.database
    booked = [clinic.book(at(TUESDAY, 9), "ada", "Somebody")]
    visit = ["ada", "room-1", PAT]
    assert raised(clinic, lambda: booked.append(clinic.book(at(TUESDAY, 10)))) == only(visit, 1, "booked")
    command = CancelAppointment(appointment=booked[1].appointment.id, version=1)
    assert raised(clinic, lambda: database.write_now(cancel, clinic.reception, command)) == only(visit, 1, "cancelled")
    assert raised(clinic, lambda: clinic.book(at(TUESDAY, 12), None)) == only(["ben", "room-1", PAT], 1, "booked")
    command_for_hold = BookAppointment(contact=contact("New"), what=held(clinic, 14))
    assert raised(clinic, lambda: database.write_now(book, clinic.public, command_for_hold)) == only(
        ["ada", "room-1", "New"], 1, "booked"
    )


def test_moving_raises_both_of_all_that_it_leaves_and_takes(clinic: DullClinic) -> None:
    database, ben = clinic.database, clinic.practitioners["ben"]
    visit = clinic.book(at(TUESDAY, 10)).appointment
    later = MoveAppointment(appointment=visit.id, version=1, start=at(TUESDAY, 12))
    assert raised(clinic, lambda: database.write_now(move, clinic.reception, later)) == only(
        ["ada", "room-1", PAT], 1, "moved"
    )
    clinic.book(at(TUESDAY, 14), "ada", "Somebody")
    to_ben = MoveAppointment(appointment=visit.id, version=2, start=at(TUESDAY, 14), practitioner=ben)
    assert raised(clinic, lambda: database.write_now(move, clinic.reception, to_ben)) == only(
        ["ada", "ben", "room-1", "room-2", PAT], 1, "moved"
    )
    again = MoveAppointment(appointment=visit.id, version=3, start=at(TUESDAY, 14))
    assert raised(clinic, lambda: database.write_now(move, clinic.reception, again)) == {}


def test_credentials_raise_their_holders_revision(clinic: DullClinic) -> None:
    database, licence = clinic.database, clinic.credentials["ada", "licence"]
    clinic.book(at(TUESDAY, 10))
    suspended = SuspendCredential(credential=licence, reason="board order")
    assert raised(clinic, lambda: database.write_now(suspend, clinic.manager, suspended)) == only(
        ["ada"], 0, "credential_suspended"
    )
    verified = VerifyCredential(credential=licence, source="register")
    assert raised(clinic, lambda: database.write_now(verify, clinic.manager, verified)) == only(
        ["ada"], 0, "credential_verified"
    )


def test_absences_raise_the_revision_of_whose_they_are(clinic: DullClinic) -> None:
    database, days = clinic.database, LocalSpan(first=TUESDAY, last=TUESDAY)
    clinic.book(at(TUESDAY, 10))
    added: list[UUID] = []

    def leave() -> None:
        command = AddLeave(practitioner=clinic.practitioners["ada"], days=days)
        added.append(database.write_now(add_leave, clinic.reception, command).absence.id)

    def room() -> None:
        command = CloseRoom(room=clinic.rooms["room-1"], days=days)
        added.append(database.write_now(close_room, clinic.reception, command).absence.id)

    def taken_back(which: UUID) -> Callable[[], None]:
        return lambda: database.write_now(remove_absence, clinic.reception, RemoveAbsence(absence=which))

    before = counters(clinic)
    assert raised(clinic, leave) == only(["ada"], 0, "leave_added")
    assert raised(clinic, leave) == {}
    assert raised(clinic, room) == only(["room-1"], 0, "room_closed")
    assert raised(clinic, taken_back(added[0])) == only(["ada"], 0, "leave_removed")
    assert raised(clinic, taken_back(added[2])) == only(["room-1"], 0, "room_reopened")
    assert counters(clinic) == before


def test_closures_raise_the_clinics_and_nobodys_own(clinic: DullClinic) -> None:
    database, days = clinic.database, LocalSpan(first=TUESDAY, last=TUESDAY)
    offer, display = counters(clinic)
    command = CloseSite(site=None, days=days)
    closed = []

    def close() -> None:
        closed.append(database.write_now(close_site, clinic.reception, command).closure.id)

    assert raised(clinic, close) == {}
    assert counters(clinic) == (offer + 1, display)
    close()
    assert counters(clinic) == (offer + 1, display)
    reopen = ReopenSite(closure=closed[0])
    assert raised(clinic, lambda: database.write_now(reopen_site, clinic.reception, reopen)) == {}
    assert counters(clinic) == (offer + 2, display)


HOURS = [{"site": "seattle", "days": ["tue"], "from": "08:00", "to": "12:00"}]
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "hours": (lambda data: data["practitioner"][1].update(hours=HOURS), ["ben"]),
    "leave": (lambda data: data["practitioner"][1].update(leave=[{"first": TUESDAY, "last": TUESDAY}]), ["ben"]),
    "credential": (lambda data: data["practitioner"][1]["credential"][0].update(verified=False), ["ben"]),
    "withdrawn": (lambda data: data["practitioner"][1]["credential"].pop(), ["ben"]),
    "gone": (lambda data: data["practitioner"].pop(), ["ben"]),
    "room": (lambda data: data["site"][0]["room"].pop(), ["room-2"]),
    "treatment": (lambda data: data["treatment"][0].update(minutes=45), []),
    "policy": (lambda data: data["clinic"]["policy"].update(notice_minutes=5), []),
}


def counters(clinic: DullClinic) -> tuple[int, int]:
    query = text("SELECT offer_revision, display_revision FROM clinic")
    offer, display = clinic.database.read_now(lambda tx: tx.connection.execute(query).one())
    return offer, display


@pytest.mark.parametrize(("change", "names"), CHANGES.values(), ids=list(CHANGES))
def test_description_raises_whose_it_is_and_the_clinics(
    clinic: DullClinic, change: Callable[[dict[str, Any]], object], names: list[str]
) -> None:
    data = dull(ben={})
    change(data)
    before = counters(clinic)
    assert raised(clinic, lambda: open_clinic(clinic.database, data)) == only(names, 0, "clinic_applied")
    assert counters(clinic) == (before[0] + 1, before[1] + 1)
    assert raised(clinic, lambda: open_clinic(clinic.database, data)) == {}
    assert counters(clinic) == (before[0] + 1, before[1] + 1)


def test_what_changes_no_free_time_raises_nothing(clinic: DullClinic, clock: Clock) -> None:
    database, ada = clinic.database, clinic.practitioners["ada"]
    clinic.book(at(TUESDAY, 10))
    made = database.write_now(create_feed, clinic.manager, CreateFeed(practitioner=ada, token_hash="hash"))
    held(clinic, 12)

    def refused() -> None:
        with pytest.raises(SlotTaken):
            clinic.book(at(TUESDAY, 10), patient="Somebody")

    def quietly() -> None:
        refused()
        database.write_now(create_feed, clinic.manager, CreateFeed(practitioner=ada, token_hash="other"))
        database.write_now(revoke_feed, clinic.manager, RevokeFeed(feed=made.id))
        clock.advance(minutes=30)
        database.write_now(sweep)

    assert raised(clinic, quietly) == {}
