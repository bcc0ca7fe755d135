"""The addresses that pages lead to."""

from datetime import date
from urllib.parse import urlencode

from booking.domain.appointment import Appointment
from booking.usecases.views.catalogue import Catalogue
from booking.web.searching import Looking


def times_url(of: Looking, first: date | None, *, with_practitioner: bool = True) -> str:
    """The page of free times, from a day on."""
    wanted = {name: value for name, value in of.wanted.items() if with_practitioner or name != "practitioner"}
    return times_of(of.catalogue, {**wanted, "from": first.isoformat() if first else ""})


def month_url(of: Looking, day: date) -> str:
    """The month in which the day lies."""
    return _page_of(of.catalogue, "month", {**of.wanted, "month": f"{day:%Y-%m}"})


def times_like(found: Catalogue, visit: Appointment) -> str:
    """The page of free times for the same treatment at the same site; the first step where that is not offered."""
    treatment = next((one.slug for one in found.treatment_types if one.id == visit.agreed.treatment_type_id), None)
    site = next((one.slug for one in found.sites if one.id == visit.site_id), None)
    if treatment is None or site is None:
        return f"/book/{found.clinic.slug}"
    return times_of(found, {"treatment": treatment, "site": site})


def times_of(found: Catalogue, query: dict[str, str]) -> str:
    """The page of free times that these slugs ask for."""
    return _page_of(found, "times", query)


def _page_of(found: Catalogue, name: str, query: dict[str, str]) -> str:
    said = {key: value for key, value in query.items() if value}
    return f"/book/{found.clinic.slug}/{name}?{urlencode(said)}"
