"""Reception's day, one visit of it, and cancelling for those who ring."""

from copy import deepcopy

import pytest

from booking.domain.errors import Unavailable
from booking.store.database import Database
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.move import MoveAppointment, move
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.web.conftest import Site

DAY = "/desk?date=2026-11-24"


def test_day_lists_its_visits_by_their_time(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    site.clinic.book(at(TUESDAY, 10))
    page = site.signed_in("reception").open(DAY)
    assert page.heading == "Tuesday 24 November 2026"
    assert page.has("Seattle · 2 visits", "10:00 am to 10:30 am Pat Smith Dry needling 30 min Ada Byrne Room 1 Booked")
    assert page.text.index("Pat Smith") < page.text.index("Sam Reed")
    assert not page.has("At risk 1")


def test_day_counts_the_cancelled_apart(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    site.clinic.database.write_now(
        cancel, site.clinic.reception, CancelAppointment(appointment=view.appointment.id, version=1)
    )
    assert site.signed_in("reception").open(DAY).has("0 visits, 1 cancelled", "Cancelled")


def test_day_leads_to_the_days_around_it(site: Site) -> None:
    desk = site.signed_in("reception")
    desk.open("/desk")
    assert desk.page.has("Monday 23 November 2026", "There are no visits on this day.")
    assert desk.follow("Day after").heading == "Tuesday 24 November 2026"
    assert desk.follow("Today").heading == "Monday 23 November 2026"
    assert desk.follow("Day before").heading == "Sunday 22 November 2026"
    assert desk.press("Show", date="2027-01-05").heading == "Tuesday 5 January 2027"


@pytest.mark.parametrize("date", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30", "%00"])
def test_day_that_is_none_is_today(shared: Site, date: str) -> None:
    assert shared.signed_in("reception").open(f"/desk?date={date}&site=nowhere").heading == "Monday 23 November 2026"


@pytest.mark.parametrize("date", ["1970-01-01", "2199-12-31"])
def test_first_and_last_day_of_all_have_neighbours(shared: Site, date: str) -> None:
    assert shared.signed_in("reception").open(f"/desk?date={date}").status == 200


def test_days_of_several_sites_and_clocks_are_told_apart(site: Site, sqlite: Database) -> None:
    data = dull(ben={"name": "Ben Ode"})
    east = deepcopy(data["site"][0]) | {"slug": "east", "name": "East", "zone": "America/Denver", "room": []}
    data["site"].append(east)
    data["practitioner"][1]["hours"][0]["site"] = "east"
    clinic = open_clinic(sqlite, data)
    desk = site.signed_in("reception")
    clinic.book(at(TUESDAY, 10))
    assert desk.open(DAY).has("All sites · 1 visit", "Room 1, Seattle")
    assert not desk.page.has("Los Angeles time")
    assert desk.press("Show", site="east").has("East · 0 visits")


def test_visit_shows_who_and_how_to_reach_them(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(DAY)
    page = desk.follow("Pat Smith")
    assert page.heading == "Tuesday 24 November, 10:00 am to 10:30 am"
    assert page.has("Pat Smith", "pat.smith@example.org", "Ada Byrne, physical therapist", "Seattle, Room 1", "$95")
    assert page.links["Back to the day"] == f"{DAY}&site=seattle"


def test_visit_is_cancelled_with_a_reason(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(DAY)
    desk.follow("Pat Smith")
    page = desk.press("Cancel the visit", reason=" ")
    assert (page.status, page.has("Enter a reason.")) == (400, True)
    page = desk.press("Cancel the visit", reason="Rang: has a cold")
    assert page.path.startswith(f"{DAY}&site=seattle&taken=")
    assert page.has("The appointment is cancelled.", "0 visits, 1 cancelled")
    assert not desk.follow("Pat Smith").has("Cancel this visit")


def test_visit_that_changed_meanwhile_is_shown_as_it_is(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open(f"/desk/appointments/{view.appointment.id}")
    later = MoveAppointment(appointment=view.appointment.id, version=1, start=at(TUESDAY, 11))
    site.clinic.database.write_now(move, site.clinic.reception, later)
    page = desk.press("Cancel the visit", reason="Rang")
    assert (page.status, page.has("This visit has changed meanwhile", "11:00")) == (409, True)


def test_visit_of_a_suspended_practitioner_is_at_risk_and_says_why(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    suspended = SuspendCredential(credential=site.clinic.credentials["ada", "licence"], reason="by the board")
    site.clinic.database.write_now(suspend, site.clinic.manager, suspended)
    desk = site.signed_in("reception")
    page = desk.open(DAY)
    assert page.has("At risk 1", "At risk: why")
    assert page.links["At risk: why"] == f"/desk/findings#visit-{view.appointment.id}"
    page = desk.follow("At risk: why")
    assert page.heading == "Visits at risk"
    assert page.has("1 visit with Ada Byrne", "On file", "suspended", "To mend it", "Source RCW 18.74.200")
    page = desk.follow("Tuesday 24 November, 10:00 am Pat Smith, Dry needling, Seattle")
    assert page.has("Why it is at risk", "On file", "Nothing has been cancelled.")


def test_visits_at_risk_for_the_same_reason_are_told_together(site: Site) -> None:
    for hour, patient in ((10, "Pat Smith"), (12, "Sam Reed"), (14, "Kim Doe")):
        site.clinic.book(at(TUESDAY, hour), patient=patient)
    suspended = SuspendCredential(credential=site.clinic.credentials["ada", "licence"], reason="by the board")
    site.clinic.database.write_now(suspend, site.clinic.manager, suspended)
    page = site.signed_in("reception").open("/desk/findings")
    assert page.has("3 visits with Ada Byrne", "Pat Smith", "Sam Reed", "Kim Doe")
    assert page.text.count("On file") == 1


def test_nothing_at_risk_is_said(shared: Site) -> None:
    assert shared.signed_in("reception").open("/desk/findings").has("No visit is at risk.")


def test_fault_of_the_database_is_said_on_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = site.signed_in("reception")

    async def no_answer(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Database, "read", no_answer)
    page = desk.open("/desk")
    assert (page.status, page.heading) == (503, "We cannot answer at the moment")
    assert page.answer.headers["retry-after"] == "2"


def test_fault_that_nobody_foresaw_shows_nothing_of_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = site.signed_in("reception")

    async def broken(*_: object) -> None:
        raise RuntimeError("patient Pat Smith")

    monkeypatch.setattr(Database, "read", broken)
    page = desk.open("/desk")
    assert (page.status, page.heading) == (500, "Something went wrong here")
    assert not page.has("Pat Smith")
