"""Which visits to come lose their cover by what the file says, and which have it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.time.zone import wall_time
from booking.store import appointments, clinics, findings
from booking.store.database import Transaction


@dataclass(frozen=True, kw_only=True)
class CoverChange:
    """A visit of which nobody's health and no patient is told.

    `start` is on the clock of its site. `why` has a sentence for each reason why it may not be given as things are now;
    none, if it may.
    """

    start: datetime
    site: str
    practitioner: str
    treatment: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CoverChanges:
    """Visits that are not over, in the order of time."""

    lost: tuple[CoverChange, ...] = ()
    regained: tuple[CoverChange, ...] = ()


Uncovered = Mapping[AppointmentId, tuple[str, ...]]
"""Visits with a finding that they are without cover, each with why."""


def uncovered(tx: Transaction, clinic_id: ClinicId) -> Uncovered:
    found = findings.open_kind(tx, clinic_id, findings.LOST_COVER)
    return {
        visit: tuple(f"{reason['need']} ({reason['have']})" for reason in finding.detail["reasons"])
        for visit, finding in found.items()
    }


def cover_changes(tx: Transaction, clinic_id: ClinicId, before: Uncovered, now: datetime) -> CoverChanges:
    """What is otherwise than `before`, once all visits have been decided again."""
    after = uncovered(tx, clinic_id)
    lost, regained = after.keys() - before.keys(), before.keys() - after.keys()
    if not lost and not regained:
        return CoverChanges()
    visits = appointments.booked_after(tx, clinic_id, now, None, clinics.sites(tx, clinic_id))
    tell = _telling(tx, clinic_id, after)
    return CoverChanges(
        lost=tuple(tell(one) for one in visits if one.id in lost),
        regained=tuple(tell(one) for one in visits if one.id in regained),
    )


def _telling(tx: Transaction, clinic_id: ClinicId, why: Uncovered) -> Callable[[Appointment], CoverChange]:
    sites, people = clinics.sites(tx, clinic_id), clinics.practitioners(tx, clinic_id)

    def tell(visit: Appointment) -> CoverChange:
        return CoverChange(
            start=wall_time(visit.span.start, visit.zone),
            site=sites[visit.site_id].name,
            practitioner=people[visit.practitioner_id].name,
            treatment=visit.agreed.treatment_name,
            why=why.get(visit.id, ()),
        )

    return tell
