"""Which steps of a visit's life somebody can take now, and which one most visits take next."""

from collections.abc import Collection
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import LIFE, Status, Step, earliest
from booking.domain.permission import Action, Caller, may, owns

_USUAL = {
    Status.REQUESTED: Step.ACCEPT,
    Status.BOOKED: Step.CHECK_IN,
    Status.ARRIVED: Step.START,
    Status.IN_TREATMENT: Step.COMPLETE,
}


def open_steps(caller: Caller, visit: Appointment, now: datetime) -> tuple[Step, ...]:
    """What this caller can do with the visit now, in the order of its life."""
    own = owns(caller, visit.practitioner_id) or caller.appointment_id == visit.id
    return tuple(
        step
        for step, transition in LIFE.items()
        if visit.status in transition.before
        and may(caller, transition.action, own=own)
        and _has_come(earliest(step, visit.span, visit.zone), now)
    )


def usual_step(visit: Appointment, possible: Collection[Step]) -> Step | None:
    """The step that leads a visit from where it is to its usual end, if it can be taken."""
    usual = _USUAL.get(visit.status)
    return usual if usual in possible else None


def may_be_confirmed(caller: Caller, visit: Appointment, now: datetime) -> bool:
    """Whether the caller can still say that the patient will come."""
    own = caller.appointment_id == visit.id
    is_ahead = visit.status is Status.BOOKED and now < visit.span.start
    return is_ahead and visit.confirmed_at is None and may(caller, Action.CONFIRM, own=own)


def _has_come(opens: datetime | None, now: datetime) -> bool:
    return opens is None or opens <= now
