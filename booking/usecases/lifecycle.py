"""What is done to a visit once it is booked, step by step: arrived, begun, done, missed, accepted, entered in error."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import AlreadyDone, StaleVersion
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.lifecycle import AHEAD, LIFE, Status, Step, ensure_possible, shows
from booking.domain.permission import Caller
from booking.store import appointments, claims, diaries, findings, history, staff
from booking.store.database import Transaction
from booking.store.diaries import Revisions
from booking.store.idempotency import RequestKey
from booking.usecases.asking_again import ask_again, who_matters
from booking.usecases.cover import recheck_supervised
from booking.usecases.on_visit import on_visit
from booking.usecases.recording import record_decision
from booking.usecases.views.appointments import AppointmentView, ensure_may_see


@dataclass(frozen=True, kw_only=True)
class TakeStep:
    """Take this step with the visit as it was at `version`."""

    appointment: AppointmentId
    version: int
    step: Step
    reason: str | None = None
    request: RequestKey | None = None


def take_step(tx: Transaction, caller: Caller, command: TakeStep) -> AppointmentView:
    """What the visit is after it. Who repeats what they did themselves changes nothing.

    Raises AlreadyDone when somebody else was faster, StaleVersion when the step does not lead on from where the visit
    is now, TooEarly before its time, and for a request that is accepted whatever speaks against booking it.
    """
    return on_visit(tx, caller, command.request, lambda: _take(tx, caller, command))


def _take(tx: Transaction, caller: Caller, command: TakeStep) -> Appointment:
    transition = LIFE[command.step]
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, transition.action, seen)
    locked = diaries.lock(tx, caller.clinic_id, who_matters(tx, seen, caller))
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    if current.status is transition.after:
        ensure_own_deed(tx, caller, current)
        return current
    ensure_unchanged(current, seen, command.version)
    ensure_possible(command.step, current.status, current.span, current.zone, version=current.version, now=now)
    if command.step is Step.ACCEPT:
        possible = ask_again(tx, caller, current, now)
        record_decision(tx, caller, possible.site, possible.candidate, current, now)
    after = replace(current, ended_at=now) if command.step is Step.COMPLETE else current
    return put(tx, caller, current, replace(after, status=transition.after), locked, now, reason=command.reason)


def put(
    tx: Transaction,
    caller: Caller,
    current: Appointment,
    wanted: Appointment,
    locked: Revisions,
    now: datetime,
    *,
    reason: str | None = None,
    undoes: int | None = None,
) -> Appointment:
    """Write the visit with another status, take or give back its time, and put it on record. Its diaries are locked."""
    calendar = shows(current.status) != shows(wanted.status)
    after = replace(wanted, version=current.version + 1, sequence=current.sequence + calendar)
    gone = after.status not in {*AHEAD, Status.FULFILLED}
    stopped = {"cancelled_at": now if gone else None, "cancel_reason": reason if gone else None}
    appointments.update_from(tx, caller.clinic_id, current, after, now, **stopped)
    if _time_of(after) != _time_of(current):
        claims.release(tx, caller.clinic_id, after.id)
        if after.takes_time:
            claims.drop_expired(tx, caller.clinic_id, after.diaries, now)
            claims.insert_for(tx, caller.clinic_id, after, after.diaries)
    history.add_status(tx, caller, after.id, after.version, after.status, now, reason, undoes)
    if after.status not in AHEAD:
        findings.close(tx, caller.clinic_id, after.id, now)
    recheck_supervised(tx, caller.clinic_id, now, [after.practitioner_id])
    touched = {diary: locked[diary] for diary in after.diaries}
    diaries.changed(tx, caller.clinic_id, touched, after.status, after.id, now, calendar=calendar)
    return after


def _time_of(visit: Appointment) -> object:
    return visit.takes_time and {diary: visit.claim_of(diary) for diary in visit.diaries}


def ensure_unchanged(current: Appointment, seen: Appointment, version: int) -> None:
    """Raises StaleVersion when the visit is no longer what the caller, or the choice of locks, has seen."""
    if current.version != version or current.diaries != seen.diaries:
        raise StaleVersion(current.version)


def ensure_own_deed(tx: Transaction, caller: Caller, visit: Appointment) -> None:
    """Raises AlreadyDone, which says who brought the visit to where it is, when it was not the caller.

    Only staff are told the name of a colleague.
    """
    last = history.of_visit(tx, caller.clinic_id, visit.id)[-1]
    if last.actor != caller.actor:
        by = actor_name(tx, caller.clinic_id, last.actor) if caller.is_staff else "The clinic"
        raise AlreadyDone(by, last.at)


def actor_name(tx: Transaction, clinic_id: ClinicId, actor: str) -> str:
    """Who it was, by name for a member of staff."""
    role, _, who = actor.partition(":")
    named = staff.name_of(tx, clinic_id, UUID(who)) if who else None
    return named or f"The {role}"
