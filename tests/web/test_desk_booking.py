"""Reception books: for whoever rings, and for whoever stands there."""

from booking.usecases.credentials import SuspendCredential, suspend
from tests.clinics import TUESDAY, at
from tests.plugins.database import Clock
from tests.web.browsing import Page
from tests.web.conftest import Site

PERSON = {"name": "Sam Reed", "email": "sam.reed@example.org"}
AT_TEN = {"day": "2026-11-24", "time": "10:00"}


def book(site: Site, **typed: str) -> Page:
    desk = site.signed_in("reception")
    desk.open("/desk")
    desk.follow("Book")
    return desk.press("Book", **{"treatment": "needling", **PERSON, **AT_TEN, **typed})


def test_visit_is_booked_for_somebody_who_rings(site: Site) -> None:
    page = book(site, practitioner="ben", booked_by="Jo Reed, his mother", note="Rings again")
    assert page.heading == "Tuesday 24 November, 10:00 am to 10:30 am"
    assert page.has(
        "Reference DN-", "The appointment is booked.", "Ben Ode", "Booked by Jo Reed, his mother", "Rings again"
    )


def test_time_that_is_left_empty_shows_the_next_free_ones(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 9))
    desk = site.signed_in("reception")
    desk.open("/desk/book?day=2026-11-24")
    page = desk.press("Book", treatment="needling", practitioner="ada")
    assert page.has("The next free times", "Tuesday 24 November, 9:45 am with Ada Byrne")
    page = desk.press("Tuesday 24 November, 9:45 am with Ada Byrne")
    assert (page.status, page.has("Enter the patient's name.")) == (400, True)
    page = desk.press("Book", **PERSON)
    assert page.heading == "Tuesday 24 November, 9:45 am to 10:15 am"


def test_taken_time_is_refused_with_the_nearest_that_are_free(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 10))
    page = book(site, practitioner="ada")
    assert (page.status, page.has("That time is taken", "The nearest times that are free")) == (409, True)
    assert "Tuesday 24 November, 10:00 am with Ben Ode" in page.forms[1].buttons


def test_practitioner_who_may_not_is_refused_with_every_reason(site: Site) -> None:
    suspended = SuspendCredential(credential=site.clinic.credentials["ben", "licence"], reason="by the board")
    site.clinic.database.write_now(suspend, site.clinic.manager, suspended)
    page = book(site, practitioner="ben")
    assert (page.status, page.has("On file", "suspended", "To mend it")) == (422, True)


def test_form_says_what_is_wrong(site: Site) -> None:
    page = book(site, treatment="none", practitioner="nobody", time="soon", day="")
    assert page.status == 400
    assert page.has("Choose a treatment.", "Choose a practitioner, or anyone.", "Enter the time as in 09:30.")
    page = book(site, name="", email="", note="x" * 1001)
    assert page.has("Enter the patient's name.", "Enter an e-mail address or a telephone number.")
    assert book(site, note="x" * 1001).has("at most 1000 characters")
    assert not site.signed_in("reception").open("/desk?date=2026-11-24").has("Sam Reed")


def test_walk_in_has_arrived(site: Site, clock: Clock) -> None:
    clock.now = at(TUESDAY, 10, 7)
    desk = site.signed_in("reception")
    desk.open("/desk")
    desk.follow("Walk-in")
    page = desk.press("They are here", name="Pat Lee", treatment="needling")
    assert page.heading == "Tuesday 24 November, 10:05 am to 10:35 am"
    assert page.has("The patient has arrived.", "Pat Lee")


def test_walk_in_that_is_sent_twice_is_there_once(site: Site, clock: Clock) -> None:
    clock.now = at(TUESDAY, 10)
    desk = site.signed_in("reception")
    form = desk.open("/desk/walk-in").forms[1]
    sent = {**form.fields, "name": "Pat Lee", "treatment": "needling"}
    assert desk.post(form.action, **sent).path == desk.post(form.action, **sent).path
    assert desk.open("/desk?date=2026-11-24").has("1 visit")


def test_walk_in_for_whom_nobody_is_free_is_booked_for_later(site: Site, clock: Clock) -> None:
    clock.now = at(TUESDAY, 8)
    desk = site.signed_in("reception")
    desk.open("/desk/walk-in")
    page = desk.press("They are here", name="Pat Lee", phone="555 0142", treatment="needling", practitioner="ada")
    assert (page.status, page.has("When they could come back")) == (422, True)
    page = desk.press("Tuesday 24 November, 9:00 am with Ada Byrne")
    assert page.has("Pat Lee", "The appointment is booked.", "555 0142")


def test_walk_in_says_what_is_wrong(site: Site) -> None:
    desk = site.signed_in("reception")
    desk.open("/desk/walk-in")
    page = desk.press("They are here", treatment="none", phone="soon")
    assert (page.status, page.has("Enter the patient's name.", "Choose a treatment.", "in figures")) == (400, True)
