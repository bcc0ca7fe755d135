"""Steps 1 and 2: what is needed, and when."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from booking.store.database import Database
from tests.clinics import dull, open_clinic
from tests.plugins.database import Clock
from tests.web.browsing import Browser
from tests.web.conftest import Site

TIMES = "/book/dull/times?treatment=needling"


@pytest.fixture
def guest(site: Site) -> Browser:
    return site.browser()


def two_sites() -> dict[str, Any]:
    data = dull()
    data["clinic"] |= {"slug": "twofold", "name": "Twofold Clinic"}
    second = deepcopy(data["site"][0]) | {
        "slug": "tacoma",
        "name": "Tacoma",
        "address": "2 Oak Street, Tacoma",
        "room": [],
    }
    data["site"].append(second)
    return data


def test_start_leads_to_the_only_clinic(guest: Browser) -> None:
    page = guest.open("/")
    assert (page.path, page.heading) == ("/book/dull", "What do you need?")
    assert page.has("Step 1 of 4", "Dry needling", "30 minutes · $95", "555 0100")


def test_start_lists_several_clinics(site: Site, sqlite: Database) -> None:
    open_clinic(sqlite, two_sites())
    page = site.browser().open("/")
    assert page.links["Book here: Dull Clinic"] == "/book/dull"
    assert page.links["Staff sign-in"] == "/sign-in"


def test_start_without_a_clinic_says_what_to_do(site: Site, sqlite: Database) -> None:
    data = dull()
    data["treatment"] = []
    data["clinic"]["slug"] = "empty"
    open_clinic(sqlite, data)
    page = site.browser().open("/book/empty")
    assert page.has("Nothing can be booked online at the moment.", "555 0100")
    assert page.forms == []


def test_the_only_site_need_not_be_chosen(guest: Browser) -> None:
    guest.open("/book/dull")
    page = guest.press("See times for Dry needling")
    assert (page.status, page.heading) == (200, "Choose a time")
    assert page.has("Step 2 of 4", "Dry needling, 30 minutes, $95 Seattle")


def test_one_of_several_sites_must_be_chosen(site: Site, sqlite: Database) -> None:
    open_clinic(sqlite, two_sites())
    guest = site.browser()
    guest.open("/book/twofold")
    page = guest.press("See times for Dry needling")
    assert (page.status, page.heading) == (400, "What do you need?")
    assert page.has("Choose where you would like to come.")
    page = guest.press("See times for Dry needling", site="seattle")
    assert (page.status, page.heading) == (200, "Choose a time")
    assert page.links["Change what you need"] == "/book/twofold?site=seattle"


def test_times_are_those_of_the_first_ten_days_that_have_any(guest: Browser) -> None:
    page = guest.open(TIMES)
    assert page.has("Next available", "Monday 23 November, 9:00 am", "All times are by the clock at Seattle")
    assert page.has("Friday 4 December")
    assert not page.has("Monday 7 December")
    assert page.links["Show later dates"] == "/book/dull/times?treatment=needling&site=seattle&from=2026-12-07"


def test_later_times_have_a_way_back(guest: Browser) -> None:
    guest.open(TIMES)
    page = guest.follow("Show later dates")
    assert page.has("Monday 7 December 31 free")
    assert not page.has("Friday 4 December")
    assert page.has("Next available Monday 23 November, 9:00 am")
    assert page.links["Show the first dates"] == "/book/dull/times?treatment=needling&site=seattle"


def test_times_stand_by_the_part_of_the_day(site: Site) -> None:
    data = dull()
    data["clinic"]["policy"]["grid_minutes"] = 60
    data["practitioner"][0]["hours"][0] |= {"from": "11:00", "to": "18:00"}
    open_clinic(site.clinic.database, data)
    page = site.browser().open(f"{TIMES}&practitioner=ada&from=2026-11-24")
    day = "Tuesday 24 November"
    morning, noon, evening = (f"{day}, {clock}" for clock in ("11:00 am", "12 noon", "5:00 pm"))
    assert page.has(f"{day} 7 free Morning {morning} Afternoon {noon}", f"4:00 pm Evening {evening}")


def test_first_times_are_found_however_far_off(site: Site) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["clinic"]["policy"]["horizon_days"] = 300
    for person, since in zip(data["practitioner"], ("2027-03-10", "2027-05-20"), strict=True):
        person["hours"][0]["valid_from"] = date.fromisoformat(since)
    open_clinic(site.clinic.database, data)
    page = site.browser().open(TIMES)
    assert page.has("Next available Wednesday 10 March 2027, 9:00 am", "Wednesday 10 March 2027 31 free")
    assert page.has("Ada Byrne, physical therapist, from 10 Mar 2027", "Ben Ode, physical therapist, from 20 May 2027")
    page = site.browser().open(f"{TIMES}&practitioner=ben")
    assert page.has("Next available with Ben Ode Thursday 20 May 2027, 9:00 am", "Thursday 20 May 2027 31 free")


def test_the_last_days_that_can_be_booked_have_no_later_ones(guest: Browser) -> None:
    page = guest.open(f"{TIMES}&from=2027-01-20")
    assert page.has("Thursday 21 January 2027")
    assert "Show later dates" not in page.links


def test_times_of_one_practitioner(guest: Browser, site: Site) -> None:
    guest.open(TIMES)
    page = guest.press("Show times", practitioner="ben")
    assert page.has("These are with Ben Ode.")
    assert page.forms[0].fields["practitioner"] == "ben"


def test_practitioner_without_free_times_leads_to_the_others(site: Site, clock: Clock) -> None:
    data = dull(ben={"name": "Ben Ode", "credential": []})
    open_clinic(site.clinic.database, data)
    guest = site.browser()
    page = guest.open(f"{TIMES}&practitioner=ben")
    assert page.has("Ben Ode has no free times in these days", "555 0100")
    assert page.links["Show times with anybody"].startswith("/book/dull/times?treatment=needling&site=seattle")
    assert guest.follow("Show times with anybody").has("Next available")


def test_practitioner_is_offered_only_with_free_times(site: Site) -> None:
    open_clinic(site.clinic.database, dull(ben={"name": "Ben Ode", "credential": []}))
    assert not site.browser().open(TIMES).has("Ben Ode")


def test_no_free_times_at_all_names_the_telephone(site: Site) -> None:
    data = dull()
    data["practitioner"][0]["hours"] = []
    open_clinic(site.clinic.database, data)
    page = site.browser().open(TIMES)
    assert page.has("There are no free times in these days", "Please call us on 555 0100")


@pytest.mark.parametrize(
    "query", ["", "treatment=nothing", "site=seattle", "treatment=%00", "treatment=needling%20&site=x"]
)
def test_times_of_nothing_lead_to_the_first_step(guest: Browser, query: str) -> None:
    assert guest.open(f"/book/dull/times?{query}").heading == "What do you need?"


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("1999-01-01", "Monday 23 November, 9:00 am"),
        ("2199-12-31", "There are no free times in these days"),
        ("nonsense", "Monday 23 November, 9:00 am"),
        ("2026-02-30", "Monday 23 November, 9:00 am"),
        ("2026-12-01", "Tuesday 1 December, 9:00 am"),
    ],
)
def test_first_day_is_one_that_can_be_booked(guest: Browser, first: str, shown: str) -> None:
    assert guest.open(f"{TIMES}&from={first}").has(shown)


def test_unknown_clinic_is_a_page(guest: Browser) -> None:
    page = guest.open("/book/nowhere")
    assert (page.status, page.heading) == (404, "We could not find that")
    assert page.has("There is no such clinic.")


def test_style_may_be_kept_for_ever(guest: Browser) -> None:
    html = guest.open("/book/dull").answer.text
    path = html.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = guest.ask("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert guest.ask("GET", "/static/another/app.css").status_code == 404
