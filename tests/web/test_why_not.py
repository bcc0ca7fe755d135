"""The desk asks why a time is not offered."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from booking.domain.time.local import LocalSpan
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldSlot, hold
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.web.browsing import Browser
from tests.web.conftest import Site

WHY = "/desk/why"


def ask(desk: Browser, at_time: str = "10:00", **more: str) -> Browser:
    """With the form, as it is when it is opened, on Tuesday."""
    desk.open(WHY)
    desk.press("Ask", **{"treatment": "needling", "practitioner": "", "date": "2026-11-24", "time": at_time} | more)
    return desk


def test_form_asks_for_a_visit(site: Site) -> None:
    page = site.signed_in("reception").open(WHY)
    assert (page.status, page.heading) == (200, "Why is a time not offered?")
    assert page.has("Treatment Dry needling", "Practitioner Anybody Ada Byrne Ben Ode", "Day", "Time")
    assert not page.has("Offered to patients")


def test_practitioners_have_other_pages(site: Site) -> None:
    assert site.signed_in("ada").open(WHY).status == 403


def test_time_that_is_free_is_said_to_be(site: Site) -> None:
    page = ask(site.signed_in("reception")).page
    assert page.has("Tuesday 24 November, 10:00 am to 10:30 am", "Dry needling at Seattle")
    assert page.has("Offered to patients Can be booked at the desk", "Ben Ode physical therapist Nothing is in the way")


def test_what_binds_patients_alone_is_marked(site: Site) -> None:
    page = ask(site.signed_in("reception"), "10:05", practitioner="ada").page
    assert page.has("Dry needling at Seattle with Ada Byrne", "Not offered to patients Can be booked at the desk")
    assert page.has("Minutes Visits start at multiples of 15 minutes. Binds patients only: the desk can book it.")
    assert page.has("Nothing else is in the way")
    assert not page.has("Ben Ode physical therapist")


def test_who_takes_the_time_is_named(site: Site) -> None:
    clinic = site.clinic
    visit = clinic.book(at(TUESDAY, 10)).appointment
    held = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10), "ben"), hold_key="other")
    hold_reference = clinic.database.write_now(hold, clinic.public, held).appointment.reference
    days = LocalSpan(first=TUESDAY, last=date(2026, 11, 26))
    clinic.database.write_now(add_leave, clinic.manager, AddLeave(practitioner=clinic.practitioners["ben"], days=days))
    desk = ask(site.signed_in("reception"))
    page = desk.page
    assert page.has("Not offered to patients Cannot be booked at the desk", "In the way with anybody at all")
    when = "10:00 am to 10:30 am"
    assert page.has(f"Room No room is free at that time. Room 1: Visit {visit.reference}, {when}")
    assert page.has(f"Taken Ada Byrne is taken at that time. Visit {visit.reference}, {when}")
    assert page.has("Away Ben Ode is not available at that time. Leave, 24 Nov 2026 to 26 Nov 2026")
    assert page.has(f"Hold {hold_reference}, {when}; unless it is booked it ends at 8:10 am")
    assert desk.follow(visit.reference).has("Pat Smith")


def test_law_is_explained_and_leads_whoever_may_to_the_credentials(site: Site) -> None:
    suspended = SuspendCredential(credential=site.clinic.credentials["ada", "licence"], reason="by the board")
    site.clinic.database.write_now(suspend, site.clinic.manager, suspended)
    page = ask(site.signed_in("manager"), practitioner="ada").page
    assert page.has("The law Ada Byrne may not give this treatment there at that time.", "On file", "suspended")
    assert page.links["Credentials of Ada Byrne"] == "/desk/credentials#person-ada"
    assert "Credentials of Ada Byrne" not in ask(site.signed_in("reception"), practitioner="ada").page.links


def with_regions() -> dict[str, Any]:
    data = dull()
    data["treatment"][0]["regions"] = ["lumbar", "gluteal_hip", "thorax"]
    data["treatment"].append({"slug": "talk", "name": "Talk", "minutes": 15})
    return data


def test_parts_of_the_body_can_be_named(site: Site) -> None:
    open_clinic(site.clinic.database, with_regions())
    desk = ask(site.signed_in("reception"))
    assert desk.page.has("Parts of the body", "gluteal hip lumbar thorax")
    desk.open(f"{WHY}?treatment=needling&date=2026-11-24&time=10:00&region=lumbar&region=thorax&region=nothing")
    assert (desk.page.status, desk.page.answer.text.count(" checked>")) == (200, 2)
    desk.open(f"{WHY}?treatment=talk&date=2026-11-24&time=10:00&region=lumbar")
    assert desk.page.has("Talk at Seattle")
    assert not desk.page.has("Parts of the body")


def test_what_is_missing_is_said(site: Site) -> None:
    desk = site.signed_in("reception")
    page = ask(desk, "", date="").page
    assert (page.status, page.has("Please look at this again", "Enter the day.", "Enter the time.")) == (400, True)
    page = ask(desk, "25:00", date="2026-02-30", treatment="nothing", practitioner="nobody").page
    assert page.has("Enter the day as in 2026-11-24.", "Enter the time as in 09:30.", "Choose a treatment.")
    assert page.has("Choose a practitioner, or anybody.")
    assert not page.has("Offered to patients")


def test_site_must_be_chosen_where_there_are_several(site: Site) -> None:
    data = dull()
    east = {"slug": "east", "name": "East", "zone": "America/Denver", "room": []}
    data["site"].append(deepcopy(data["site"][0]) | east)
    open_clinic(site.clinic.database, data)
    desk = site.signed_in("reception")
    assert ask(desk, site="").page.has("Choose a site.")
    assert ask(desk, site="east").page.has("Dry needling at East", "Nobody works at East.")


def test_time_that_the_clock_skips_is_none_and_one_that_it_shows_twice_is_two(site: Site) -> None:
    desk = site.signed_in("reception")
    page = ask(desk, "02:30", date="2027-03-14").page
    assert (page.status, page.has("The clock skips that time on that day.")) == (400, True)
    page = ask(desk, "01:30", date="2027-11-07").page
    assert page.has("Sunday 7 November 2027, 1:30 am PDT to 1:00 am PST", "this is the first of the two")
    page = desk.follow("Ask about the second")
    assert page.has("Sunday 7 November 2027, 1:30 am PST to 2:00 am", "this is the second of the two")
    assert desk.follow("Ask about the first").has("1:30 am PDT")


@pytest.mark.parametrize(
    "query",
    [
        "date=1970-01-01&time=00:00",
        "date=2199-12-31&time=24:00",
        "date=2026-11-24&time=24:00",
        "region=%00&x=%00",
        "%00",
    ],
)
def test_any_question_has_an_answer(shared: Site, query: str) -> None:
    assert shared.signed_in("reception").open(f"{WHY}?treatment=needling&{query}").status in {200, 400}
