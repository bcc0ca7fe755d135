"""What a person must look at."""

from booking.domain.permission import Action, Caller, Reach, owns, permit, reach_of
from booking.store import appointments, findings
from booking.store.database import Transaction
from booking.store.findings import Finding


def list_findings(tx: Transaction, caller: Caller) -> list[Finding]:
    """The open findings, the oldest first; a practitioner sees those of their own visits."""
    permit(caller, Action.LIST_FINDINGS, own=True)
    found = list(findings.open_kind(tx, caller.clinic_id, findings.LOST_COVER).values())
    if reach_of(caller, Action.LIST_FINDINGS) is Reach.ALL:
        return found
    visits = {one.appointment_id: appointments.get(tx, caller.clinic_id, one.appointment_id) for one in found}
    return [one for one in found if owns(caller, visits[one.appointment_id].practitioner_id)]
