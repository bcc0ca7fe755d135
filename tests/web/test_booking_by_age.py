"""Booking where the law asks how old the patient is: the date of birth is asked for there, and nowhere else."""

from tests.usecases.test_patients_age import LAW
from tests.usecases.test_supervising import adopt
from tests.web.conftest import Site
from tests.web.test_booking import PAT, booked, hold


def test_date_of_birth_is_asked_for_where_the_law_does(site: Site) -> None:
    assert not hold(site).page.has("Date of birth")
    site.clinic.database.write_now(adopt, site.clinic, LAW)
    guest = hold(site)
    assert guest.page.has("Date of birth")
    page = guest.press("Continue", **PAT)
    assert (page.status, page.has("Enter the date of birth.")) == (400, True)
    page = guest.press("Continue", born="2010-11-25")
    assert page.has("born 25 Nov 2010")
    page = guest.press("Book this appointment")
    assert (page.status, page.has("Patients from 16 years on."), booked(site)) == (422, True, 0)
    guest.press("Change your details")
    guest.press("Continue", born="2010-11-24")
    assert (guest.press("Book this appointment").heading, booked(site)) == ("Your appointment", 1)
