"""The staff's note on a visit."""

import re
from dataclasses import dataclass, replace

from booking.domain.appointment import Appointment
from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId
from booking.domain.permission import Action, Caller
from booking.store import appointments, diaries, history
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.lifecycle import ensure_unchanged
from booking.usecases.on_visit import on_visit
from booking.usecases.views.appointments import AppointmentView, ensure_may_see

LONGEST_NOTE = 1_000
NOTE = r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]*$"
"""Lines of text: no other control characters, and nothing that turns the direction of writing."""


@dataclass(frozen=True, kw_only=True)
class Annotate:
    """Write this on the visit as it was at `version`, in place of what is there; an empty note takes it away."""

    appointment: AppointmentId
    version: int
    note: str
    request: RequestKey | None = None


def annotate(tx: Transaction, caller: Caller, command: Annotate) -> AppointmentView:
    """What is written there already changes nothing. History tells who wrote and when, not what.

    Raises StaleVersion when the visit changed meanwhile, and InvalidInput for a note that is too long or no text.
    """
    if len(command.note) > LONGEST_NOTE or not re.search(NOTE, command.note):
        raise InvalidInput("note", f"Lines of text of at most {LONGEST_NOTE} characters in all.")
    return on_visit(tx, caller, command.request, lambda: _annotate(tx, caller, command))


def _annotate(tx: Transaction, caller: Caller, command: Annotate) -> Appointment:
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.ANNOTATE, seen)
    locked = diaries.lock(tx, caller.clinic_id, seen.diaries)
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    if current.note == command.note:
        return current
    ensure_unchanged(current, seen, command.version)
    after = replace(current, note=command.note, version=current.version + 1)
    appointments.update_from(tx, caller.clinic_id, current, after, now)
    history.add_audit(tx, caller, "appointment_annotated", after.id, now, version=after.version)
    touched = {diary: locked[diary] for diary in after.diaries}
    diaries.changed(tx, caller.clinic_id, touched, "annotated", after.id, now)
    return after
