"""Who is away, what cannot be used and which sites are closed: at the desk, and a practitioner's own leave."""

from datetime import timedelta
from typing import Any

import pytest

from booking.domain.time.local import LocalSpan
from booking.usecases.absences import AddLeave, add_leave
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.web.browsing import Browser
from tests.web.conftest import Site

AWAY = "/desk/away"
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def data() -> dict[str, Any]:
    """The file of the clinic as it is, to be changed and applied."""
    return dull(ben={"name": "Ben Ode"})


@pytest.fixture
def desk(site: Site) -> Browser:
    browser = site.signed_in("reception")
    browser.open(AWAY)
    return browser


def whose(browser: Browser, name: str) -> str:
    """The value of the choice with this name."""
    start = browser.page.answer.text.index(f">{name}</option>")
    return browser.page.answer.text[:start].rpartition('value="')[2].partition('"')[0]


def enter(browser: Browser, name: str, first: str = "2026-11-24", **more: str) -> None:
    browser.press("Enter", whose=whose(browser, name), first=first, **more)


def test_nobody_is_away_at_first(desk: Browser) -> None:
    assert desk.page.heading == "Away"
    assert desk.page.has("People Nobody is away.", "Rooms and devices All can be used.", "Sites None is closed.")


def test_leave_is_entered_and_names_the_visits_that_fall_into_it(site: Site, desk: Browser) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    enter(desk, "Ada Byrne", last="2026-11-27", reason="Course")
    page = desk.page
    assert page.has("Entered: Ada Byrne, 24 Nov 2026 to 27 Nov 2026", "1 booked visit falls into it.")
    assert page.has("Tuesday 24 November, 10:00 am, Dry needling for Pat Smith with Ada Byrne")
    assert page.has("People", "Ada Byrne 24 Nov 2026 to 27 Nov 2026 Course", "At risk 1")
    assert page.links["Tuesday 24 November, 10:00 am"] == f"/desk/appointments/{view.appointment.id}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Room 1", "Entered: Room 1, 24 Nov 2026 from 1:00 pm"),
        ("Laser 1", "Entered: Laser 1, 24 Nov 2026 from 1:00 pm"),
        ("Seattle", "Entered: Seattle, 24 Nov 2026 from 1:00 pm"),
    ],
)
def test_rooms_devices_and_sites_are_entered_alike(site: Site, data: dict[str, Any], name: str, said: str) -> None:
    data["site"][0]["equipment"] = [{"slug": "laser", "name": "Laser 1", "kind": "laser"}]
    open_clinic(site.clinic.database, data)
    desk = site.signed_in("reception")
    desk.open(AWAY)
    enter(desk, name, **{"from": "13:00", "reason": "Painting"})
    assert desk.page.has(said, "No booked visit falls into it.", f"{name} ", "24 Nov 2026 from 1:00 pm Painting")
    assert desk.page.text.count("Take back") == 2


def test_all_sites_can_be_closed_at_once(site: Site, data: dict[str, Any]) -> None:
    data["site"].append({**data["site"][0], "slug": "east", "name": "East", "room": [], "equipment": []})
    open_clinic(site.clinic.database, data)
    desk = site.signed_in("reception")
    desk.open(AWAY)
    enter(desk, "All sites", reason="Staff day")
    assert desk.page.has("Entered: All sites, 24 Nov 2026")
    assert desk.page.has("All sites 24 Nov 2026 Staff day")


def test_midnight_as_the_end_is_the_one_to_come(desk: Browser) -> None:
    enter(desk, "Ada Byrne", **{"from": "18:00", "to": "00:00"})
    assert desk.page.has("Entered: Ada Byrne, 24 Nov 2026 from 6:00 pm")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"whose": ""}, "Choose who or what is away."),
        ({"whose": "practitioner:018f0000-0000-7000-8000-000000000000"}, "Choose who or what is away."),
        ({"whose": "clinic:018f0000-0000-7000-8000-000000000000"}, "Choose who or what is away."),
        ({"whose": "site:"}, "Choose who or what is away."),
        ({"first": ""}, "Enter the first day."),
        ({"first": "tomorrow"}, "Enter the first day as in 2026-11-24."),
        ({"last": "2026-11-23"}, "It ends before it begins."),
        ({"last": "2029-11-24"}, "At most 730 days can be entered at once."),
        ({"from": "9 am"}, "Enter the time it begins as in 09:30."),
        ({"from": "09:01"}, "Times are multiples of 5 minutes."),
        ({"from": "12:00", "to": "11:00"}, "It ends before it begins."),
        ({"to": "25:00"}, "Enter the time it ends as in 09:30."),
        ({"reason": "x" * 201}, "Use at most 200 characters for a reason."),
    ],
)
def test_entering_says_what_is_wrong_and_keeps_what_was_typed(shared: Site, typed: dict[str, str], said: str) -> None:
    desk = shared.signed_in("reception")
    desk.open(AWAY)
    sent = {"whose": whose(desk, "Ada Byrne"), "first": "2026-11-24", "reason": "Course"} | typed
    page = desk.press("Enter", **sent)
    assert (page.status, page.has("Please look at this again", said)) == (400, True)
    kept = {name: value for name, value in sent.items() if name != "whose"}
    assert {name: page.forms[-1].fields[name] for name in kept} == kept


def test_the_same_twice_is_there_once(desk: Browser) -> None:
    for _ in range(2):
        enter(desk, "Ada Byrne")
        assert desk.page.has("Entered: Ada Byrne, 24 Nov 2026")
    assert desk.page.text.count("Take back Ada Byrne, 24 Nov 2026") == 1


def test_taking_back_frees_the_time(site: Site, desk: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    for name in ("Ada Byrne", "Seattle"):
        enter(desk, name)
        page = desk.press(f"Take back {name}, 24 Nov 2026")
        assert page.has("It is taken back. The time is free again.", "Nobody is away.", "None is closed.")
        assert not page.has("At risk 1")


def test_what_the_file_says_is_marked_and_can_be_taken_back(site: Site, data: dict[str, Any]) -> None:
    data["practitioner"][0]["leave"] = [{"first": TUESDAY, "last": WEDNESDAY}]
    open_clinic(site.clinic.database, data)
    desk = site.signed_in("reception")
    assert desk.open(AWAY).has("Ada Byrne 24 Nov 2026 to 25 Nov 2026 from the clinic's file")
    assert desk.press("Take back Ada Byrne, 24 Nov 2026 to 25 Nov 2026").has("Nobody is away.")


def test_public_holidays_are_listed(site: Site, data: dict[str, Any]) -> None:
    data["site"][0]["holidays"] = {"country": "US", "region": "WA"}
    open_clinic(site.clinic.database, data)
    page = site.signed_in("reception").open(AWAY)
    assert page.has("Public holidays", "Seattle is closed on:", "26 Nov 2026 Thanksgiving Day")


def test_what_is_over_is_not_listed(site: Site, desk: Browser) -> None:
    enter(desk, "Ada Byrne", first="2026-11-22")
    assert desk.page.has("Nobody is away.")


def test_findings_say_what_is_in_the_way_and_what_to_do(site: Site, desk: Browser) -> None:
    for hour, patient in ((10, "Pat Smith"), (12, "Sam Reed")):
        site.clinic.book(at(TUESDAY, hour), patient=patient)
    view = site.clinic.book(at(WEDNESDAY, 10), "ben", "Kim Doe")
    enter(desk, "Ada Byrne")
    enter(desk, "Room 1", first="2026-11-25", reason="Painting")
    page = desk.open("/desk/findings")
    assert page.has("At risk 3", "2 visits while Ada Byrne is away Ada Byrne: 24 Nov 2026.", "or take the leave back.")
    assert page.has("1 visit while Room 1 is closed Room 1: 25 Nov 2026 (Painting).", "or open what is closed again.")
    page = desk.open(f"/desk/appointments/{view.appointment.id}")
    assert page.has("Conflict", "Why it is at risk", "It is booked while Room 1 is closed.", "(Painting).")
    day = desk.open("/desk?date=2026-11-25")
    assert day.links["Conflict: why"] == f"/desk/findings#visit-{view.appointment.id}"
    assert desk.follow("Conflict: why").answer.text.count(f'id="visit-{view.appointment.id}"') == 1


def test_visit_with_two_things_in_its_way_is_marked_once(site: Site, desk: Browser) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    enter(desk, "Ada Byrne")
    enter(desk, "Seattle", reason="Training")
    page = desk.open("/desk/findings")
    assert page.has("At risk 1", "1 visit while Ada Byrne is away", "1 visit while Seattle is closed")
    assert page.answer.text.count(f'id="visit-{view.appointment.id}"') == 1


def test_hours_that_no_longer_hold_a_visit_are_told(site: Site, data: dict[str, Any]) -> None:
    site.clinic.book(at(TUESDAY, 15))
    data["practitioner"][0]["hours"][0]["to"] = "12:00"
    open_clinic(site.clinic.database, data)
    page = site.signed_in("reception").open("/desk/findings")
    assert page.has("1 visit outside the hours of Ada Byrne", "Hours that day: 9:00 am to 12 noon.", "hours published")


@pytest.fixture
def ada(site: Site) -> Browser:
    browser = site.signed_in("ada")
    browser.open("/me/leave")
    return browser


def test_own_leave_is_entered_and_taken_back(site: Site, ada: Browser) -> None:
    assert ada.page.has("My leave", "You have entered none.")
    site.clinic.book(at(TUESDAY, 10))
    page = ada.press("Enter", first="2026-11-24", reason="Course")
    assert page.has(
        "Entered: 24 Nov 2026", "1 booked visit falls into it.", "please tell reception what to do about it"
    )
    assert page.has("Tuesday 24 November, 10:00 am, Dry needling for Pat Smith", "24 Nov 2026 Course")
    assert ada.open("/me").has("Conflict")
    ada.open("/me/leave")
    assert ada.press("Take back 24 Nov 2026").has("It is taken back.", "You have entered none.")
    assert not ada.open("/me").has("Conflict")


def test_own_leave_says_what_is_wrong(ada: Browser) -> None:
    page = ada.press("Enter", first="2026-11-24", last="2026-11-23", reason="Course")
    assert (page.status, page.has("It ends before it begins.")) == (400, True)
    assert (page.forms[-1].fields["last"], page.forms[-1].fields["reason"]) == ("2026-11-23", "Course")
    assert ada.press("Enter", first="").has("Enter the first day.")


def test_leave_of_others_is_not_shown_and_not_theirs_to_take_back(site: Site, ada: Browser) -> None:
    days = LocalSpan(first=TUESDAY, last=TUESDAY)
    command = AddLeave(practitioner=site.clinic.practitioners["ben"], days=days)
    added = site.clinic.database.write_now(add_leave, site.clinic.reception, command)
    page = ada.open("/me/leave")
    assert page.has("You have entered none.")
    csrf = page.forms[-1].fields["csrf"]
    assert ada.post(f"/me/leave/{added.absence.id}/remove", csrf=csrf).status == 404


def test_practitioner_sees_when_sites_are_closed(ada: Browser, desk: Browser) -> None:
    enter(desk, "Seattle", reason="Training")
    page = ada.open("/me/leave")
    assert page.has("When sites are closed", "Seattle 24 Nov 2026 Training")
    assert not page.has("Take back")
