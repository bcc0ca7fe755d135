"""A month at one glance."""

from datetime import date

import pytest

from booking.usecases.hold import HoldSlot, hold
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.web.conftest import Site

MONTH = "/book/dull/month?treatment=needling"


def test_month_says_how_many_times_each_day_has_and_leads_to_them(site: Site) -> None:
    guest = site.browser()
    guest.open("/book/dull/times?treatment=needling")
    page = guest.follow("See whole months")
    assert (page.status, page.heading) == (200, "Choose a day")
    assert page.has("Step 2 of 4", "Dry needling, 30 minutes, $95 Seattle", "November 2026", "22 nothing free")
    page = guest.follow("Tuesday 24 November 2026, 31 free")
    assert page.path == "/book/dull/times?treatment=needling&site=seattle&from=2026-11-24"
    assert page.has("Tuesday 24 November 31 free")


def test_months_follow_one_another_as_far_as_can_be_booked(site: Site) -> None:
    guest = site.browser()
    page = guest.open(MONTH)
    assert "October 2026" not in page.links
    page = guest.follow("December 2026")
    assert (page.path, page.links["November 2026"]) == (
        "/book/dull/month?treatment=needling&site=seattle&month=2026-12",
        "/book/dull/month?treatment=needling&site=seattle&month=2026-11",
    )
    page = guest.follow("January 2027")
    assert page.has("January 2027", "Thursday 21 January 2027, 31 free", "22 nothing free")
    assert "February 2027" not in page.links


@pytest.mark.parametrize(
    ("month", "shown"),
    [
        ("", "November 2026"),
        ("2026-12", "December 2026"),
        ("1999-01", "November 2026"),
        ("2199-12", "January 2027"),
        ("2026-13", "November 2026"),
        ("nonsense", "November 2026"),
        ("%00", "November 2026"),
    ],
)
def test_month_is_one_that_can_be_booked(shared: Site, month: str, shown: str) -> None:
    page = shared.browser().open(f"{MONTH}&month={month}")
    assert (page.status, page.has(shown, "Choose a day")) == (200, True)
    assert f"<title>Choose a day in {shown} " in page.answer.text


@pytest.mark.parametrize("query", ["", "treatment=nothing", "site=seattle"])
def test_month_of_nothing_leads_to_the_first_step(shared: Site, query: str) -> None:
    assert shared.browser().open(f"/book/dull/month?{query}").heading == "What do you need?"


def test_month_of_one_practitioner_is_theirs(site: Site) -> None:
    fridays = [{"site": "seattle", "days": ["fri"], "from": "09:00", "to": "10:00"}]
    open_clinic(site.clinic.database, dull(ben={"name": "Ben Ode", "hours": fridays}))
    guest = site.browser()
    page = guest.open(f"{MONTH}&practitioner=ben")
    assert page.has("how many times are free with Ben Ode", "23 nothing free")
    page = guest.follow("Friday 27 November 2026, 3 free")
    assert page.path == "/book/dull/times?treatment=needling&site=seattle&practitioner=ben&from=2026-11-27"
    assert page.has("These are with Ben Ode.")


def test_month_without_free_times_leads_to_the_first_of_all(site: Site) -> None:
    data = dull()
    data["practitioner"][0]["hours"][0]["valid_from"] = date(2027, 1, 12)
    open_clinic(site.clinic.database, data)
    guest = site.browser()
    assert guest.open(MONTH).has("There are no free times in this month", "The first one is on")
    assert guest.follow("Tuesday 12 January 2027, 9:00 am").has("Next available Tuesday 12 January 2027, 9:00 am")
    data["practitioner"][0]["hours"] = []
    open_clinic(site.clinic.database, data)
    page = guest.open(MONTH)
    assert page.has("There are no free times in this month", "Please call us on 555 0100")
    assert not page.has("how many times are free")


def test_time_that_this_browser_holds_counts_as_free(site: Site) -> None:
    open_clinic(site.clinic.database, dull())
    guest = site.browser()
    guest.open("/book/dull/times?treatment=needling&from=2026-11-24")
    guest.press("Tuesday 24 November, 12 noon")
    assert "Tuesday 24 November 2026, 31 free" in guest.open(MONTH).links
    assert "Tuesday 24 November 2026, 26 free" in site.browser().open(MONTH).links


def test_hold_of_somebody_else_does_not(site: Site) -> None:
    clinic = open_clinic(site.clinic.database, dull())
    clinic.database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="other"))
    assert "Tuesday 24 November 2026, 26 free" in site.browser().open(MONTH).links
