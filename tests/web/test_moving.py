"""Moving a visit: by its patient from its private page, and at the desk."""

from datetime import timedelta

import pytest

from booking.domain.appointment import Appointment
from booking.store.database import Database
from booking.usecases.move import MoveAppointment, move
from booking.usecases.views.appointments import AppointmentView, get_appointment
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.web.conftest import Site

DAY = f"/desk?date={TUESDAY}"


def stored(site: Site, view: AppointmentView) -> Appointment:
    seen = site.clinic.database.read_now(get_appointment, site.clinic.reception, view.appointment.id)
    return seen.appointment


def test_patient_chooses_another_time_and_is_asked_once_more(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    site.clinic.book(at(TUESDAY, 11), patient="Somebody Else")
    guest = site.browser()
    guest.open(site.link(view))
    page = guest.follow("Move this appointment")
    assert page.heading == "Move your appointment"
    assert page.has("Now it is Tuesday 24 November, 10:00 am to 10:30 am, with Ada Byrne", "Tuesday 24 November")
    choices = [said for form in page.forms for said in form.buttons]
    assert "Tuesday 24 November, 10:15 am" in choices
    assert not {"Tuesday 24 November, 10:00 am", "Tuesday 24 November, 11:00 am"} & set(choices)
    page = guest.press("Tuesday 24 November, 2:00 pm")
    assert page.heading == "Move your appointment?"
    assert page.has("10:00 am to 10:30 am", "2:00 pm to 2:30 pm", "Ada Byrne, physical therapist")
    assert stored(site, view) == view.appointment
    page = guest.press("Yes, move it")
    assert page.path == f"{site.link(view)}?moved"
    assert page.has("Moved", "Tuesday 24 November, 2:00 pm to 2:30 pm")
    assert stored(site, view).span.start == at(TUESDAY, 14)


def test_patient_looks_at_later_dates(site: Site) -> None:
    guest = site.browser()
    guest.open(f"{site.link(site.clinic.book(at(TUESDAY, 10)))}/move")
    first = guest.page.text
    page = guest.follow("Show later dates")
    assert (page.heading, page.has("Monday 7 December")) == ("Move your appointment", True)
    assert page.text != first


def test_time_that_was_taken_meanwhile_is_refused_with_others(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(f"{site.link(view)}/move")
    guest.press("Tuesday 24 November, 2:00 pm")
    site.clinic.book(at(TUESDAY, 14), patient="Somebody Else")
    page = guest.press("Yes, move it")
    assert (page.status, page.heading) == (409, "Move your appointment")
    assert page.has("That time has just been taken")
    assert any("2:45 pm" in said for form in page.forms for said in form.buttons)
    assert stored(site, view) == view.appointment


def test_visit_that_was_moved_meanwhile_is_not_moved_again(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    guest = site.browser()
    guest.open(f"{site.link(view)}/move")
    guest.press("Tuesday 24 November, 2:00 pm")
    command = MoveAppointment(appointment=view.appointment.id, version=1, start=at(TUESDAY, 12))
    site.clinic.database.write_now(move, site.clinic.reception, command)
    page = guest.press("Yes, move it")
    assert (page.status, page.has("This visit has changed meanwhile", "12 noon")) == (409, True)


def test_visit_that_cannot_be_moved_online_leads_back(site: Site, sqlite: Database, clock: Clock) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    data = dull(ben={"name": "Ben Ode"})
    data["treatment"].append({**data["treatment"][0], "slug": "other", "name": "Other"})
    data["treatment"][0]["online"] = False
    open_clinic(sqlite, data)
    guest = site.browser()
    assert "Move this appointment" not in guest.open(site.link(view)).links
    assert guest.open(f"{site.link(view)}/move").path == site.link(view)
    open_clinic(sqlite, dull(ben={"name": "Ben Ode"}))
    assert "Move this appointment" in guest.open(site.link(view)).links
    clock.now = at(TUESDAY, 10)
    assert "Move this appointment" not in guest.open(site.link(view)).links
    assert guest.open(f"{site.link(view)}/move").path == site.link(view)


def test_moving_needs_the_form_of_this_very_visit(site: Site) -> None:
    mine, other = site.clinic.book(at(TUESDAY, 10)), site.clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    guest = site.browser()
    csrf = guest.open(f"{site.link(mine)}/move?start=2026-11-24T22:00:00Z").forms[0].fields["csrf"]
    sent = {"csrf": csrf, "version": "1", "start": "2026-11-24T22:00:00Z"}
    assert guest.post(f"{site.link(other)}/move", **sent).status == 403
    assert stored(site, other) == other.appointment


@pytest.mark.parametrize("start", ["", "soon", "2026-11-24", "2026-11-24T25:00:00Z", "0001-01-01T00:00:00Z"])
def test_start_that_is_none_is_refused(site: Site, start: str) -> None:
    link = site.link(site.clinic.book(at(TUESDAY, 10)))
    assert site.browser().ask("GET", f"{link}/move", params={"start": start}).status_code in {200, 400}


def test_desk_moves_a_visit_by_the_clock_of_its_site(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(DAY)
    form = next(form for form in desk.follow("Pat Smith").forms if "Move the visit" in form.buttons)
    assert (form.fields["day"], form.fields["time"]) == ("2026-11-24", "10:00")
    page = desk.press("Move the visit", day="2026-11-25", time="14:30", practitioner="ben")
    assert page.path == "/desk?date=2026-11-25&site=seattle&moved"
    assert page.has("The appointment is moved.", "Pat Smith", "Ben Ode")
    now = stored(site, view)
    assert (now.span.start, now.practitioner_id) == (
        at(TUESDAY + timedelta(days=1), 14, 30),
        site.clinic.practitioners["ben"],
    )


def test_desk_hears_that_it_is_there_already(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(f"/desk/appointments/{view.appointment.id}")
    page = desk.press("Move the visit", practitioner="ada")
    assert page.has("nothing has changed")
    assert stored(site, view) == view.appointment


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": ""}, "Enter the day."),
        ({"day": "tomorrow"}, "Enter the day as in 2026-11-24."),
        ({"time": ""}, "Enter the time."),
        ({"time": "half past"}, "Enter the time as in 09:30."),
        ({"day": "2027-03-14", "time": "02:30"}, "The clock skips that time on that day."),
        ({"practitioner": "nobody"}, "Choose with whom."),
    ],
)
def test_desk_is_told_what_is_wrong(site: Site, typed: dict[str, str], sentence: str) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(f"/desk/appointments/{view.appointment.id}")
    page = desk.press("Move the visit", **{"practitioner": "ada", **typed})
    assert (page.status, page.has(sentence)) == (400, True)
    assert stored(site, view) == view.appointment


def test_desk_is_told_why_a_visit_cannot_be_moved(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    site.clinic.book(at(TUESDAY, 14), "ben", "Sam Reed")
    desk = site.signed_in("manager")
    desk.open(f"/desk/appointments/{view.appointment.id}")
    page = desk.press("Move the visit", time="14:15", practitioner="ben")
    assert (page.status, page.has("That time has just been taken")) == (409, True)
    form = next(form for form in page.forms if "Move the visit" in form.buttons)
    assert form.fields["time"] == "14:15"
    page = desk.press("Move the visit", time="22:00", practitioner="ben")
    assert (page.status, page.has("Ben Ode is not there at that time.")) == (422, True)
