"""Visits as pages show them; plain things come from tests.domain.factories."""

from datetime import date
from typing import Any

from booking.domain.appointment import Agreed, Appointment
from booking.domain.ids import AppointmentId, PatientId
from booking.domain.lifecycle import Status
from tests.domain.factories import an_id, make_practitioner, make_room, make_site, make_treatment_type, visit


def make_appointment(**changes: Any) -> Appointment:
    """A booked visit at ten on Tuesday 24 November 2026 in Seattle."""
    treatment = make_treatment_type()
    plain = {
        "id": AppointmentId(an_id("appointment")),
        "status": Status.BOOKED,
        "site_id": make_site().id,
        "practitioner_id": make_practitioner().id,
        "room_id": make_room().id,
        "patient_id": PatientId(an_id("patient")),
        "span": visit(date(2026, 11, 24)),
        "zone": make_site().zone,
        "agreed": Agreed.now(treatment, treatment.regions),
        "version": 1,
        "sequence": 0,
        "reference": "DN-7K2M4PQR",
    }
    return Appointment(**{**plain, **changes})
