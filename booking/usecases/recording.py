"""What is written down when a visit is booked or moved, and why its practitioner was allowed."""

from datetime import datetime
from typing import Any

from booking.domain.appointment import Appointment
from booking.domain.availability.facts import Candidate
from booking.domain.eligibility import EVALUATOR
from booking.domain.permission import Caller
from booking.domain.rules import outward
from booking.domain.site import Site
from booking.store import history
from booking.store.database import Transaction
from booking.usecases.offering import Offer


def record_booked(
    tx: Transaction,
    caller: Caller,
    offer: Offer,
    site: Site,
    candidate: Candidate,
    appointment: Appointment,
    now: datetime,
) -> None:
    """The first status and the decision."""
    history.add_status(tx, caller, appointment.id, appointment.version, appointment.status, now)
    _record_decision(tx, caller, offer, site, candidate, appointment, now)


def record_moved(
    tx: Transaction,
    caller: Caller,
    offer: Offer,
    site: Site,
    candidate: Candidate,
    before: Appointment,
    after: Appointment,
    now: datetime,
) -> None:
    """Who moved it, from where to where, and the new decision: a move is no change of status."""
    there = {"from": _place(before), "to": _place(after)}
    history.add_audit(tx, caller, "appointment_moved", after.id, now, version=after.version, **there)
    _record_decision(tx, caller, offer, site, candidate, after, now)


def _place(visit: Appointment) -> dict[str, Any]:
    return {
        "start": visit.span.start.isoformat(),
        "practitioner": str(visit.practitioner_id),
        "site": str(visit.site_id),
        "room": None if visit.room_id is None else str(visit.room_id),
        "equipment": sorted(str(one) for one in visit.equipment_ids),
    }


def _record_decision(
    tx: Transaction,
    caller: Caller,
    offer: Offer,
    site: Site,
    candidate: Candidate,
    appointment: Appointment,
    now: datetime,
) -> None:
    """Rules by their hash, credentials by id and version, and every need's outcome."""
    rules = offer.about.rules.get(site.jurisdiction)
    held = offer.papers.of(candidate.practitioner.id)
    body = {
        "practitioner": str(candidate.practitioner.id),
        "profession": candidate.practitioner.profession,
        "site": site.slug,
        "jurisdiction": site.jurisdiction,
        "rules": {} if rules is None else {one.jurisdiction: one.digest for one in outward(rules)},
        "start": appointment.span.start.isoformat(),
        "end": appointment.span.end.isoformat(),
        "regions": sorted(appointment.agreed.regions),
        "techniques": sorted(appointment.agreed.techniques),
        "credentials": {str(one.credential.id): one.version for one in held},
        "needs": [leaf.as_data() for leaf in candidate.eligibility.leaves(appointment.span)],
    }
    digest = None if rules is None else rules.digest
    history.add_decision(tx, caller.clinic_id, appointment.id, digest, EVALUATOR, body, now)
