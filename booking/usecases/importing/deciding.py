"""One row, one transaction: booked, moved, cancelled or kept as history, by the use cases that everybody uses."""

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Action, Caller, permit
from booking.store import diaries, imported
from booking.store.database import Transaction
from booking.store.imported import Imported
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.importing.keeping import keep
from booking.usecases.importing.model import Outcome, Row, RowRefused
from booking.usecases.importing.said import PLACE, changed, is_where_it_was, said
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.move import MoveAppointment, move
from booking.usecases.placing import Wanted

_CANCELLED_THERE = "cancelled in the system it was imported from"
_MOVABLE = frozenset({Status.REQUESTED, Status.BOOKED})
_STEPS = {Status.NO_SHOW: (Step.RECORD_NO_SHOW,), Status.FULFILLED: (Step.START, Step.COMPLETE)}


def import_row(tx: Transaction, caller: Caller, row: Row) -> Outcome:
    """Do what the row asks for, once however often it comes. Raises the refusal, which leaves nothing half done."""
    permit(caller, Action.MANAGE_CLINIC)
    diaries.lock_clinic(tx, caller.clinic_id)
    imported.lock(tx, caller.clinic_id, row.reference)
    known = imported.find(tx, caller.clinic_id, row.reference)
    if known is not None:
        return _again(tx, caller, row, known)
    now = tx.now()
    if row.span.end <= now or row.status is Status.CANCELLED:
        keep(tx, caller, row, now)
        return Outcome.HISTORY
    if row.status is not Status.BOOKED:
        raise RowRefused(f"A visit that is yet to come cannot be {_plain(row.status)} already.")
    _book(tx, caller, row)
    return Outcome.BOOKED


def _book(tx: Transaction, caller: Caller, row: Row) -> None:
    for what, one in (("practitioner", row.practitioner), ("site", row.site), ("treatment", row.treatment)):
        if not one.active:
            raise RowRefused(f"{one.name} is a {what} no longer, and the visit is yet to come.")
    wanted = Wanted(
        treatment_type=row.treatment.id,
        site=row.site.id,
        start=row.start,
        practitioner=row.practitioner.id,
        regions=row.regions,
        room=None if row.room is None else row.room.id,
        minutes=row.minutes,
    )
    booked = book(tx, caller, BookAppointment(contact=row.contact, what=wanted)).appointment
    imported.mark(tx, caller.clinic_id, booked.id, row.reference, said(row), row.note)


def _again(tx: Transaction, caller: Caller, row: Row, known: Imported) -> Outcome:
    """What came before comes again; only what the file says otherwise than then is looked at."""
    visit, news = known.visit, changed(row, known.said)
    if not news or (news == {"status"} and row.status is visit.status):
        return Outcome.ALREADY
    if row.status is Status.CANCELLED and "status" in news:
        outcome = _cancel(tx, caller, visit)
    elif visit.status not in _MOVABLE:
        raise RowRefused(f"It is {_plain(visit.status)} here, so that {_told(news)} cannot be changed by the file.")
    elif news == {"status"}:
        outcome = _record(tx, caller, row, visit)
    elif news <= PLACE:
        outcome = _move(tx, caller, row, known)
    else:
        told = _told(news - PLACE)
        raise RowRefused(f"Since it was imported the file says otherwise of {told}: change that at the desk.")
    imported.mark(tx, caller.clinic_id, visit.id, row.reference, said(row), visit.note)
    return outcome


def _cancel(tx: Transaction, caller: Caller, visit: Appointment) -> Outcome:
    if visit.status is Status.CANCELLED:
        return Outcome.ALREADY
    if visit.is_history or visit.status not in {*_MOVABLE, Status.ARRIVED}:
        raise RowRefused(f"It is {_plain(visit.status)} here and can no longer be cancelled by the file.")
    cancel(tx, caller, CancelAppointment(appointment=visit.id, version=visit.version, reason=_CANCELLED_THERE))
    return Outcome.CANCELLED


def _record(tx: Transaction, caller: Caller, row: Row, visit: Appointment) -> Outcome:
    """What became of a visit that was booked here when it was yet to come."""
    if row.span.end > tx.now():
        raise RowRefused(f"A visit that is yet to come cannot be {_plain(row.status)} already.")
    version = visit.version
    for step in _STEPS[row.status]:
        taken = take_step(tx, caller, TakeStep(appointment=visit.id, version=version, step=step))
        version = taken.appointment.version
    return Outcome.RECORDED


def _move(tx: Transaction, caller: Caller, row: Row, known: Imported) -> Outcome:
    visit = known.visit
    here = (visit.span.start, visit.site_id, visit.practitioner_id)
    if here == (row.start, row.site.id, row.practitioner.id):
        return Outcome.ALREADY
    if not is_where_it_was(visit, known.said):
        raise RowRefused("It was moved here and in the file, to different times or people: move it at the desk.")
    if row.span.end <= tx.now():
        raise RowRefused("It is booked here for a later time than the file says, which is past: mend it at the desk.")
    move(
        tx,
        caller,
        MoveAppointment(
            appointment=visit.id,
            version=visit.version,
            start=row.start,
            practitioner=row.practitioner.id,
            site=row.site.id,
        ),
    )
    return Outcome.MOVED


def _plain(status: Status) -> str:
    return status.replace("_", " ")


def _told(news: frozenset[str]) -> str:
    return ", ".join(sorted(news))
