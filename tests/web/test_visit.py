"""A patient's own appointment, by its private link."""

import pytest

from booking.domain.lifecycle import Status, Step
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.move import MoveAppointment, move
from booking.usecases.views.appointments import AppointmentView, get_appointment
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.web.conftest import Site


def status(site: Site, view: AppointmentView) -> Status:
    seen = site.clinic.database.read_now(get_appointment, site.clinic.reception, view.appointment.id)
    return seen.appointment.status


def test_upcoming_visit_says_all_that_one_must_know(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    page = site.browser().open(site.link(view))
    assert (page.status, page.heading) == (200, "Your appointment")
    assert page.has("Booked", "Tuesday 24 November, 10:00 am to 10:30 am", view.appointment.reference, "Pat Smith")
    assert page.has("Ada Byrne, physical therapist", "Seattle, 1 Pine Street, Seattle, Room 1", "30 minutes", "$95")
    assert page.links["Book another visit"] == "/book/dull/times?treatment=needling&site=seattle"


def test_patient_says_once_that_they_will_come(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    assert guest.open(site.link(view)).has("Will you come?")
    before = guest.page
    page = guest.press("I will come")
    assert page.path == f"{site.link(view)}?confirmed"
    assert page.has("Booked", "You told us that you will come. Thank you.")
    assert not page.has("Will you come?")
    guest.page = before
    assert guest.press("I will come").has("You told us that you will come.")


def test_patient_does_not_confirm_another_time_than_they_saw(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(site.link(view))
    later = MoveAppointment(appointment=view.appointment.id, version=1, start=at(TUESDAY, 11))
    site.clinic.database.write_now(move, site.clinic.reception, later)
    page = guest.press("I will come")
    assert (page.status, page.has("This visit has changed meanwhile", "11:00 am", "Will you come?")) == (409, True)


def test_visit_that_has_begun_is_not_confirmed(site: Site, clock: Clock) -> None:
    guest = site.browser()
    guest.open(site.link(site.clinic.book(at(TUESDAY, 10))))
    clock.now = at(TUESDAY, 10)
    page = guest.press("I will come")
    assert (page.status, page.has("The appointment has begun.")) == (422, True)


def test_confirming_needs_the_form_of_this_very_visit(site: Site) -> None:
    mine, other = site.clinic.book(at(TUESDAY, 10)), site.clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    guest = site.browser()
    csrf = guest.open(site.link(mine)).forms[0].fields["csrf"]
    assert guest.post(f"{site.link(other)}/confirm", csrf=csrf, version="1").status == 403


def on_request(site: Site) -> AppointmentView:
    """A request for Tuesday at ten."""
    data = dull(ben={"name": "Ben Ode"})
    data["treatment"][0]["on_request"] = True
    return open_clinic(site.clinic.database, data).book(at(TUESDAY, 10))


def test_request_is_told_from_a_visit_and_can_be_moved_and_cancelled(site: Site) -> None:
    guest = site.browser()
    page = guest.open(site.link(on_request(site)))
    assert page.heading == "Your request"
    assert page.has("Requested", "We will tell you once it is accepted. Until then we keep this time for you.")
    assert not page.has("Will you come?")
    assert guest.follow("Move this request").heading == "Move your appointment"
    guest.open(page.path)
    guest.follow("Cancel this request")
    page = guest.press("Yes, cancel it")
    assert page.has("Your appointment is cancelled")
    assert not guest.open(page.path.removesuffix("?done")).has("We could not accept your request")


def test_request_that_was_declined_says_so(site: Site) -> None:
    view = on_request(site)
    take(site, view, Step.DECLINE)
    page = site.browser().open(site.link(view))
    assert page.has("We could not accept your request", "Please choose another time, or call us.")


def test_visit_is_told_in_plain_words_on_its_day(site: Site, clock: Clock) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    clock.now = at(TUESDAY, 10)
    guest = site.browser()
    for step, said in (
        (Step.CHECK_IN, "You are here Tuesday 24 November"),
        (Step.START, "Your treatment has begun"),
        (Step.COMPLETE, "This appointment is over"),
        (Step.ENTER_IN_ERROR, "This appointment does not take place"),
    ):
        take(site, view, step)
        page = guest.open(site.link(view))
        assert page.has(said)
        assert not {"Cancel this appointment", "Move this appointment"} & set(page.links)
    assert not page.has("Pat Smith")


def test_patient_who_did_not_come_is_told_so(site: Site, clock: Clock) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    clock.now = at(TUESDAY, 10)
    take(site, view, Step.RECORD_NO_SHOW)
    page = site.browser().open(site.link(view))
    assert page.has("We missed you", "Please call us if you did.")
    assert page.links["Book again"] == "/book/dull/times?treatment=needling&site=seattle"


def take(site: Site, view: AppointmentView, step: Step) -> None:
    """The manager takes the step, whatever was done before."""
    seen = site.clinic.database.read_now(get_appointment, site.clinic.manager, view.appointment.id).appointment
    command = TakeStep(appointment=seen.id, version=seen.version, step=step)
    site.clinic.database.write_now(take_step, site.clinic.manager, command)


def test_page_of_a_link_is_neither_kept_nor_told(site: Site) -> None:
    answer = site.browser().open(site.link(site.clinic.book(at(TUESDAY, 10)))).answer
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_cancelling_asks_once_more_and_looking_changes_nothing(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    link = site.link(view)
    guest = site.browser()
    guest.open(link)
    page = guest.follow("Cancel this appointment")
    assert page.heading == "Cancel your appointment?"
    assert page.links["No, keep it"] == link
    assert status(site, view) is Status.BOOKED
    page = guest.press("Yes, cancel it")
    assert (page.heading, page.path) == ("Your appointment", f"{link}?done")
    assert page.has("Your appointment is cancelled", "Tuesday 24 November, 10:00 am")
    assert status(site, view) is Status.CANCELLED
    assert page.links["Book again"] == "/book/dull/times?treatment=needling&site=seattle"
    assert site.browser().open("/book/dull/times?treatment=needling&practitioner=ada&from=2026-11-24").has("10:00 am")


def test_cancelling_twice_is_cancelling_once(site: Site) -> None:
    guest = site.browser()
    guest.open(site.link(site.clinic.book(at(TUESDAY, 10))))
    last = guest.follow("Cancel this appointment")
    guest.press("Yes, cancel it")
    guest.page = last
    assert guest.press("Yes, cancel it").has("Your appointment is cancelled")


def test_cancelling_what_reception_has_cancelled_is_no_fault(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(f"{site.link(view)}/cancel")
    command = CancelAppointment(appointment=view.appointment.id, version=1)
    site.clinic.database.write_now(cancel, site.clinic.reception, command)
    assert guest.press("Yes, cancel it").has("Your appointment is cancelled")


def test_cancelled_visit_is_shown_as_such(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    command = CancelAppointment(appointment=view.appointment.id, version=1)
    site.clinic.database.write_now(cancel, site.clinic.reception, command)
    guest = site.browser()
    assert guest.open(site.link(view)).has("This appointment was cancelled")
    page = guest.open(f"{site.link(view)}/cancel")
    assert page.path == site.link(view)


def test_past_visit_is_shown_without_its_patient(site: Site, clock: Clock) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    clock.advance(days=2)
    page = site.browser().open(site.link(view))
    assert page.has("This appointment is over")
    assert not page.has("Pat Smith")
    assert "Cancel this appointment" not in page.links


def test_visit_that_has_begun_is_cancelled_by_telephone_only(site: Site, clock: Clock) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(f"{site.link(view)}/cancel")
    clock.advance(hours=26, minutes=5)
    page = guest.press("Yes, cancel it")
    assert (page.status, page.has("The appointment has begun; please call us.")) == (422, True)


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "1.0", "x", "9" * 30, "\u0661"])
def test_cancelling_of_another_version_is_refused(site: Site, version: str) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(f"{site.link(view)}/cancel")
    assert guest.press("Yes, cancel it", version=version).status in {400, 409}
    assert status(site, view) is Status.BOOKED


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_cancelling_from_another_site_is_refused(site: Site, headers: dict[str, str]) -> None:
    guest = site.browser()
    guest.open(f"{site.link(site.clinic.book(at(TUESDAY, 10)))}/cancel")
    guest.headers.update(headers)
    assert guest.press("Yes, cancel it").status == 403


def test_cancelling_needs_the_form_of_this_very_visit(site: Site) -> None:
    mine, other = site.clinic.book(at(TUESDAY, 10)), site.clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    guest = site.browser()
    csrf = guest.open(f"{site.link(mine)}/cancel").forms[0].fields["csrf"]
    assert guest.post(f"{site.link(other)}/cancel", csrf=csrf, version="1").status == 403


@pytest.mark.parametrize("token", ["x", "A" * 86, "%00", "..%2f..", "a" * 2000, "%F0%9F%98%80", "é"])
def test_link_that_is_none_is_not_found(shared: Site, token: str) -> None:
    for path in (f"/b/{token}", f"/b/{token}/cancel"):
        assert shared.browser().open(path).status == 404


def test_link_with_one_letter_changed_is_not_found(site: Site) -> None:
    link = site.link(site.clinic.book(at(TUESDAY, 10)))
    for place in (3, 20, len(link) - 3):
        changed = link[:place] + ("A" if link[place] != "A" else "B") + link[place + 1 :]
        assert site.browser().open(changed).status == 404
