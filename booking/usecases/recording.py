"""What is written down when a visit is booked or moved, and why its practitioner was allowed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.availability.facts import Candidate
from booking.domain.eligibility import EVALUATOR, record
from booking.domain.permission import Caller
from booking.domain.site import Site
from booking.store import history
from booking.store.database import Transaction


def record_booked(
    tx: Transaction,
    caller: Caller,
    site: Site,
    candidate: Candidate,
    appointment: Appointment,
    now: datetime,
) -> None:
    """The first status and the decision."""
    history.add_status(tx, caller, appointment.id, appointment.version, appointment.status, now)
    record_decision(tx, caller, site, candidate, appointment, now)


def record_moved(
    tx: Transaction,
    caller: Caller,
    site: Site,
    candidate: Candidate,
    before: Appointment,
    after: Appointment,
    now: datetime,
) -> None:
    """Who moved it, from where to where, and the new decision: a move is no change of status."""
    there = {"from": _place(before), "to": _place(after)}
    history.add_audit(tx, caller, "appointment_moved", after.id, now, version=after.version, **there)
    record_decision(tx, caller, site, candidate, after, now)


def _place(visit: Appointment) -> dict[str, Any]:
    return {
        "start": visit.span.start.isoformat(),
        "practitioner": str(visit.practitioner_id),
        "site": str(visit.site_id),
        "room": _id(visit.room_id),
        "supervisor": _id(visit.supervisor_id),
        "equipment": sorted(str(one) for one in visit.equipment_ids),
    }


def _id(one: UUID | None) -> str | None:
    return None if one is None else str(one)


def record_decision(
    tx: Transaction,
    caller: Caller,
    site: Site,
    candidate: Candidate,
    appointment: Appointment,
    now: datetime,
) -> None:
    """The whole question, rules by hash and credentials by version, how every need stood, and who was to supervise."""
    rules = candidate.eligibility.rules
    body = record.as_data(candidate.eligibility, site.jurisdiction, appointment.span)
    body["supervisor"] = _id(appointment.supervisor_id)
    digest = None if rules is None else rules.digest
    history.add_decision(tx, caller.clinic_id, appointment.id, digest, EVALUATOR, body, now)
