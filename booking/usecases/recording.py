"""What is written down when a visit is booked: its first status, and why the practitioner was allowed."""

from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.availability.facts import Candidate
from booking.domain.eligibility import EVALUATOR
from booking.domain.permission import Caller
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
    """The status and the decision: rules by their hash, credentials by id and version, and every need's outcome."""
    history.add_status(tx, caller, appointment.id, appointment.version, appointment.status, now)
    rules = offer.papers.rules.get(site.jurisdiction)
    held = offer.papers.of(candidate.practitioner.id)
    body = {
        "practitioner": str(candidate.practitioner.id),
        "profession": candidate.practitioner.profession,
        "site": site.slug,
        "jurisdiction": site.jurisdiction,
        "start": appointment.span.start.isoformat(),
        "end": appointment.span.end.isoformat(),
        "regions": sorted(appointment.agreed.regions),
        "techniques": sorted(appointment.agreed.techniques),
        "credentials": {str(one.credential.id): one.version for one in held},
        "needs": [leaf.as_data() for leaf in candidate.eligibility.leaves(appointment.span)],
    }
    digest = None if rules is None else rules.digest
    history.add_decision(tx, caller.clinic_id, appointment.id, digest, EVALUATOR, body, now)
