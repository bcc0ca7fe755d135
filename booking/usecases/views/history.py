"""What became of a visit, step by step, with who did it."""

from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Recorded, Status, actions_between, may_be_undone
from booking.domain.permission import Action, Caller, Role, may, owns
from booking.store import appointments, history
from booking.store.database import Transaction
from booking.usecases.lifecycle import actor_name
from booking.usecases.views.appointments import ensure_may_see


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One step. `undoes` is the number of the one that it takes back; only staff are told who it was, and why."""

    number: int
    status: Status
    at: datetime
    by: str | None = None
    reason: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """The entries in their order; `undoable` is the last one where this caller may take it back."""

    entries: tuple[Entry, ...]
    undoable: Entry | None = None


def visit_history(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> History:
    """Raises NotFound for a visit that is not the caller's to see."""
    visit = appointments.get(tx, caller.clinic_id, appointment_id)
    ensure_may_see(caller, Action.SEE_APPOINTMENT, visit)
    recorded = history.of_visit(tx, caller.clinic_id, appointment_id)
    own = owns(caller, visit.practitioner_id) or (caller.appointment_id == visit.id and _is_own(recorded, caller))
    entries = tuple(_entry(tx, caller, one) for one in recorded)
    return History(entries=entries, undoable=entries[-1] if _may_undo(recorded, caller, own=own) else None)


def _is_own(recorded: list[Recorded], caller: Caller) -> bool:
    return recorded[-1].actor == caller.actor


def _may_undo(recorded: list[Recorded], caller: Caller, *, own: bool) -> bool:
    if not may_be_undone(recorded):
        return False
    actions = actions_between(recorded[-2].status, recorded[-1].status)
    return any(may(caller, action, own=own) for action in actions)


def _entry(tx: Transaction, caller: Caller, one: Recorded) -> Entry:
    entry = Entry(number=one.number, status=one.status, at=one.at, undoes=one.undoes)
    if not caller.is_staff:
        return entry
    return replace(entry, by=_by(tx, caller, one.actor), reason=one.reason)


def _by(tx: Transaction, caller: Caller, actor: str) -> str:
    return "The patient, online" if actor == Role.PUBLIC else actor_name(tx, caller.clinic_id, actor)
