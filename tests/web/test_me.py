"""A practitioner's own visits, and their calendar addresses."""

import re

import pytest

from tests.clinics import TUESDAY, at
from tests.usecases.test_supervising import DIRECT, supervised
from tests.web.browsing import Browser
from tests.web.conftest import Site


@pytest.fixture
def ada(site: Site) -> Browser:
    return site.signed_in("ada")


def address(page_text: str) -> str:
    found = re.search(r'value="(http://testserver\.local/feeds/[\w-]+\.ics)"', page_text)
    assert found is not None
    return found[1]


def test_own_visits_are_listed_by_day(site: Site, ada: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    site.clinic.book(at(TUESDAY, 10), "ben", "Sam Reed")
    page = ada.open("/me")
    assert page.has("From today on, 1 visit.", "Tuesday 24 November", "10:00 am to 10:30 am Pat Smith")
    assert not page.has("Sam Reed")


def test_visit_is_shown_to_whoever_is_to_be_in_the_room(site: Site, ada: Browser) -> None:
    clinic = supervised(site.clinic.database, DIRECT, ben={"name": "Ben Ode"})
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    told = "9:00 am to 9:30 am Pat Smith Dry needling supervising Pia, in the room"
    assert ada.open("/me").has("From today on, 1 visit.", told)
    desk = site.signed_in("reception")
    assert desk.open(f"/desk?date={TUESDAY}&site=seattle").has("Pia with Ada Byrne in the room")
    shown = desk.open(f"/desk/appointments/{visit.id}")
    assert shown.has("In the room Ada Byrne, physical therapist, who supervises")
    why = desk.open(f"/desk/why?treatment=needling&site=seattle&practitioner=ada&date={TUESDAY}&time=09:00")
    assert why.has(f"Visit {visit.reference}, in the room with Pia, 9:00 am to 9:30 am")


def test_no_visits_are_said(ada: Browser) -> None:
    assert ada.open("/me").has("You have no visits in the next 60 days.")


def test_address_is_shown_once_and_works(site: Site, ada: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    ada.open("/me/calendar")
    page = ada.press("Make the address", label="My phone")
    assert page.has("Your calendar address", "My phone · Times and places", "You see this address only now.")
    url = address(page.answer.text)
    assert page.links["Open in my calendar program"] == url.replace("http://", "webcal://")
    feed = site.browser().ask("GET", url)
    assert (feed.status_code, b"SUMMARY:Appointment" in feed.content, b"Pat" in feed.content) == (200, True, False)
    again = ada.open(page.path)
    assert again.has("This address was shown once and cannot be shown again.")
    assert url not in again.answer.text


def test_address_shows_what_was_chosen(site: Site, ada: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    ada.open("/me/calendar")
    page = ada.press("Make the address", label="Desk", privacy="busy")
    assert page.has("Busy times only")
    assert b"SUMMARY:Booked" in site.browser().ask("GET", address(page.answer.text)).content


@pytest.mark.parametrize("privacy", ["full", "", "everything", "\x00"])
def test_address_shows_no_more_than_a_practitioner_may_choose(ada: Browser, privacy: str) -> None:
    ada.open("/me/calendar")
    assert ada.press("Make the address", label="Desk", privacy=privacy).has("Desk · Times and places")


@pytest.mark.parametrize(
    ("label", "said"), [("", "Enter a name."), ("x" * 61, "Use at most 60 characters"), ("a\nb", "Type a name again")]
)
def test_address_needs_a_name(ada: Browser, label: str, said: str) -> None:
    ada.open("/me/calendar")
    page = ada.press("Make the address", label=label, privacy="busy")
    assert (page.status, page.has(said)) == (400, True)
    assert page.forms[-1].fields["privacy"] == "busy"


def test_new_address_ends_the_old_one(site: Site, ada: Browser) -> None:
    ada.open("/me/calendar")
    old = address(ada.press("Make the address", label="Phone").answer.text)
    ada.follow("Back to my calendar")
    new = address(ada.press("New address for Phone").answer.text)
    statuses = [site.browser().ask("GET", url).status_code for url in (old, new)]
    assert statuses == [404, 200]


def test_address_that_is_taken_back_shows_nothing(site: Site, ada: Browser) -> None:
    ada.open("/me/calendar")
    url = address(ada.press("Make the address", label="Phone").answer.text)
    ada.follow("Back to my calendar")
    page = ada.press("Take back the address of Phone")
    assert page.has("The address is taken back.", "You have none yet.")
    assert site.browser().ask("GET", url).status_code == 404


def test_list_says_when_an_address_was_read_last(site: Site, ada: Browser) -> None:
    ada.open("/me/calendar")
    url = address(ada.press("Make the address", label="Phone").answer.text)
    assert ada.follow("Back to my calendar").has("not read yet")
    reader = site.browser()
    reader.headers["User-Agent"] = "Some Calendar/1.0 <b>"
    reader.ask("GET", url)
    assert ada.open("/me/calendar").has("last read just now by Some Calendar/1.0 <b>")


def test_address_of_somebody_else_is_not_there(site: Site, ada: Browser) -> None:
    ada.open("/me/calendar")
    path = ada.press("Make the address", label="Phone").path
    other = site.signed_in("ben")
    csrf = other.open("/me/calendar").forms[0].fields["csrf"]
    assert other.open(path).status == 404
    assert [other.post(f"{path}/{deed}", csrf=csrf).status for deed in ("rotate", "revoke")] == [404, 404]
