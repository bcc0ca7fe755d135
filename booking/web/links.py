"""The addresses that pages lead to."""

from datetime import date
from urllib.parse import urlencode

from booking.domain.appointment import Appointment
from booking.usecases.views.catalogue import Catalogue
from booking.web.searching import Times


def times_url(found: Times, first: date | None, *, with_practitioner: bool = True) -> str:
    """The page of free times, from a day on."""
    wanted = {name: value for name, value in found.wanted.items() if with_practitioner or name != "practitioner"}
    return times_of(found.catalogue, {**wanted, "from": first.isoformat() if first else ""})


def times_like(found: Catalogue, visit: Appointment) -> str:
    """The page of free times for the same treatment at the same site; the first step where that is not offered."""
    treatment = next((one.slug for one in found.treatment_types if one.id == visit.agreed.treatment_type_id), None)
    site = next((one.slug for one in found.sites if one.id == visit.site_id), None)
    if treatment is None or site is None:
        return f"/book/{found.clinic.slug}"
    return times_of(found, {"treatment": treatment, "site": site})


def times_of(found: Catalogue, query: dict[str, str]) -> str:
    """The page of free times that these slugs ask for."""
    return f"/book/{found.clinic.slug}/times?{urlencode({name: value for name, value in query.items() if value})}"
