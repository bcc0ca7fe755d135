"""Taking the last step of a visit back: once, and only while the time it gave back is still to be had."""

from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.errors import NothingToUndo, NotPermitted, SlotTaken
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Recorded, actions_between, may_be_undone
from booking.domain.permission import Action, Caller, may, owns
from booking.store import appointments, diaries, history
from booking.store.claimants import claimants
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.asking_again import take_again
from booking.usecases.cover import recheck
from booking.usecases.lifecycle import ensure_unchanged, put
from booking.usecases.on_visit import on_visit
from booking.usecases.recording import record_decision
from booking.usecases.relocating import might_be_touched
from booking.usecases.views.appointments import AppointmentView, ensure_may_see


@dataclass(frozen=True, kw_only=True)
class UndoStep:
    """Take back what was last done to the visit, as it was at `version`."""

    appointment: AppointmentId
    version: int
    request: RequestKey | None = None


def undo(tx: Transaction, caller: Caller, command: UndoStep) -> AppointmentView:
    """The visit as it was before its last step. Doing it twice changes nothing more.

    Who may take a step may undo it; a patient only what they did themselves. Raises NothingToUndo, StaleVersion, and
    when the visit takes its time again whatever speaks against that: who has it now, or that it is no longer lawful.
    """
    return on_visit(tx, caller, command.request, lambda: _undo(tx, caller, command))


def _undo(tx: Transaction, caller: Caller, command: UndoStep) -> Appointment:
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.SEE_APPOINTMENT, seen)
    locked = diaries.lock(tx, caller.clinic_id, might_be_touched(tx, caller.clinic_id, seen))
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    entries = history.of_visit(tx, caller.clinic_id, current.id)
    if _was_this(entries[-1], caller, command):
        return current
    ensure_unchanged(current, seen, command.version)
    if not may_be_undone(entries):
        raise NothingToUndo
    last, before = entries[-1], entries[-2]
    _ensure_may_undo(caller, current, last, before)
    back = replace(current, status=before.status, ended_at=None)
    if back.takes_time and not current.takes_time and back.span.end > now:
        back = _with_its_time(tx, caller, back, now)
    done = put(tx, caller, current, back, locked, now, undoes=last.number)
    recheck(tx, caller.clinic_id, now, [done.practitioner_id])
    return done


def _was_this(last: Recorded, caller: Caller, command: UndoStep) -> bool:
    """Whether the last entry is what this command, sent before, led to."""
    return last.undoes is not None and (last.number, last.actor) == (command.version + 1, caller.actor)


def _ensure_may_undo(caller: Caller, visit: Appointment, last: Recorded, before: Recorded) -> None:
    own = owns(caller, visit.practitioner_id) or (caller.appointment_id == visit.id and last.actor == caller.actor)
    actions = actions_between(before.status, last.status)
    if not any(may(caller, action, own=own) for action in actions):
        raise NotPermitted(min(actions))


def _with_its_time(tx: Transaction, caller: Caller, back: Appointment, now: datetime) -> Appointment:
    """The visit as it can have its time again, in another room if need be."""
    try:
        possible = take_again(tx, caller, back, now)
    except SlotTaken as refusal:
        raise SlotTaken(_by_whom(tx, caller, back, now) or refusal.message) from refusal
    record_decision(tx, caller, possible.site, possible.candidate, possible.visit, now)
    return possible.visit


def _by_whom(tx: Transaction, caller: Caller, back: Appointment, now: datetime) -> str | None:
    """Which visits have the time now; staff are told."""
    if not caller.is_staff:
        return None
    found = claimants(tx, caller.clinic_id, back.diaries, back.claimed, now)
    taken = sorted({one.reference for _diary, one in found if one.id != back.id})
    return f"That time has been given to {' and '.join(taken)} meanwhile." if taken else None
