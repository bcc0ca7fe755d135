"""What a person must look at."""

from collections import defaultdict
from dataclasses import dataclass

from booking.domain.ids import AppointmentId
from booking.domain.permission import Action, Caller, Reach, permit, reach_of
from booking.store import findings
from booking.store.database import Transaction
from booking.store.findings import About, Finding
from booking.usecases.views.appointments import AppointmentView, views


@dataclass(frozen=True, kw_only=True)
class FoundVisit:
    """A visit with what was found about it, the oldest first."""

    view: AppointmentView
    findings: tuple[Finding, ...]


def list_findings(tx: Transaction, caller: Caller) -> list[Finding]:
    """The open findings about visits that are not over, the oldest first; a practitioner's are of their own visits."""
    return findings.still_open(tx, caller.clinic_id, _seen_by(tx, caller))


def list_found_visits(tx: Transaction, caller: Caller) -> list[FoundVisit]:
    """The same, by visit, in the order of time."""
    about = _seen_by(tx, caller)
    found = defaultdict[AppointmentId, list[Finding]](list)
    for one in findings.still_open(tx, caller.clinic_id, about):
        found[one.appointment_id].append(one)
    seen = views(tx, caller.clinic_id, findings.visits(tx, caller.clinic_id, about))
    return [FoundVisit(view=view, findings=tuple(found[view.appointment.id])) for view in seen]


def _seen_by(tx: Transaction, caller: Caller) -> About:
    permit(caller, Action.LIST_FINDINGS, own=True)
    if reach_of(caller, Action.LIST_FINDINGS) is Reach.ALL:
        return About(visits_after=tx.now())
    own = [] if caller.practitioner_id is None else [caller.practitioner_id]
    return About(visits_after=tx.now(), practitioners=own)
