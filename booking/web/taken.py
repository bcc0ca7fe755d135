"""The step that was just taken from a list of visits, which can be taken back there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.domain.lifecycle import Step
from booking.domain.permission import Caller
from booking.domain.steps import open_steps, usual_step
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.history import Entry, visit_history


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`undoable` is the entry of its history that can be taken back."""

    view: AppointmentView
    undoable: Entry | None


def find_taken(tx: Transaction, caller: Caller, listed: Iterable[AppointmentView], visit_id: str) -> Taken | None:
    """Of the visits in the list the one that the address names."""
    view = next((one for one in listed if str(one.appointment.id) == visit_id), None)
    if view is None:
        return None
    return Taken(view=view, undoable=visit_history(tx, caller, view.appointment.id).undoable)


def usual_of(caller: Caller, view: AppointmentView, now: datetime) -> Step | None:
    """The step that this visit takes next, if this caller can take it now."""
    return usual_step(view.appointment, open_steps(caller, view.appointment, now))
