"""Cover: whether future visits are still lawful after something they rest on has changed."""

from collections.abc import Collection
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.eligibility import Ask, Reason, evaluate
from booking.domain.ids import AppointmentId, ClinicId, PractitionerId
from booking.store import appointments, clinics, credentials, findings
from booking.store.database import Transaction


def recheck(
    tx: Transaction, clinic_id: ClinicId, now: datetime, practitioners: Collection[PractitionerId] | None = None
) -> list[AppointmentId]:
    """Decide every visit that is not over again, of these people or of all, and answer those without cover.

    A visit that lost its cover gets a finding, one that has it again loses it; no visit is changed. The caller holds
    the locks of these people, or the clinic's own.
    """
    uncovered = unlawful(tx, clinic_id, now, practitioners)
    known = findings.open_kind(tx, clinic_id, findings.LOST_COVER)
    for visit in appointments.booked_after(tx, clinic_id, now, practitioners):
        reasons = uncovered.get(visit.id)
        if reasons and visit.id not in known:
            detail = {"reasons": [reason.as_data() for reason in reasons]}
            findings.open_one(tx, clinic_id, visit.id, findings.LOST_COVER, detail, now)
        elif not reasons and visit.id in known:
            findings.close(tx, clinic_id, visit.id, now, findings.LOST_COVER)
    return list(uncovered)


def unlawful(
    tx: Transaction, clinic_id: ClinicId, now: datetime, practitioners: Collection[PractitionerId] | None = None
) -> dict[AppointmentId, tuple[Reason, ...]]:
    """The visits that are not over and may not be given as things stand, each with the reasons."""
    people, sites = clinics.practitioners(tx, clinic_id), clinics.sites(tx, clinic_id)
    held = credentials.held(tx, clinic_id, practitioners)
    rules = credentials.adopted(tx, clinic_id)

    def reasons(visit: Appointment) -> tuple[Reason, ...]:
        site = sites[visit.site_id]
        ask = Ask(
            practitioner=people[visit.practitioner_id],
            credentials=tuple(one.credential for one in held.get(visit.practitioner_id, ())),
            regions=visit.agreed.regions,
            techniques=visit.agreed.techniques,
            zone=site.zone,
        )
        return evaluate(rules.get(site.jurisdiction), ask).reasons(visit.span)

    visits = appointments.booked_after(tx, clinic_id, now, practitioners)
    return {visit.id: why for visit in visits if (why := reasons(visit))}
