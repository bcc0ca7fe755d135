"""The manager's board of credentials, and a practitioner's own."""

import pytest

from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.usecases.test_law_of_places import PREMISES, canberra
from tests.web.browsing import Browser
from tests.web.conftest import Site

BOARD = "/desk/credentials"


@pytest.fixture
def manager(site: Site) -> Browser:
    browser = site.signed_in("manager")
    browser.open(BOARD)
    return browser


def test_board_shows_everybody_with_all_they_hold(manager: Browser) -> None:
    page = manager.page
    assert page.heading == "Credentials"
    assert page.has("Ada Byrne physical therapist", "Ben Ode physical therapist")
    assert page.has("Licence, US-WA", "Verified", "403 days left", "Number PT-1 · from 1 Jan 2015 to 31 Dec 2027")


def test_suspending_shows_the_visits_that_lost_their_cover(site: Site, manager: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    page = manager.press("Suspend", 1, reason="The board has suspended it")
    assert page.heading == "Credentials"
    assert page.has("Licence, US-WA of Ada Byrne was suspended", "1 visit of Ada Byrne is now without cover:")
    assert page.has("Tuesday 24 November, 10:00 am, Dry needling for Pat Smith")
    assert page.has("Suspended: The board has suspended it")
    assert page.has("At risk 1")


def test_suspending_that_concerns_nobody_says_so(manager: Browser) -> None:
    assert manager.press("Suspend", 1, reason="lapsed").has("No visit of Ada Byrne is without cover.")


def test_suspension_of_later_days_is_shown_with_them(site: Site, manager: Browser) -> None:
    site.clinic.book(at(TUESDAY, 10))
    page = manager.press("Suspend", 1, reason="leave of absence", first="2026-12-01", last="2026-12-31")
    assert page.has("No visit of Ada Byrne is without cover.", "Suspended from 1 Dec 2026 to 31 Dec 2026")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Enter a reason."),
        ({"reason": "x" * 301}, "Use at most 300 characters for a reason."),
        ({"reason": "a\x07"}, "Type a reason again"),
        ({"first": "tomorrow"}, "Enter the first day as in 2026-11-24."),
        ({"last": "2026-02-30"}, "Enter the last day as in 2026-11-24."),
        ({"first": "2026-12-02", "last": "2026-12-01"}, "A suspension does not end before it starts."),
    ],
)
def test_suspending_says_what_is_wrong_and_keeps_what_was_typed(
    manager: Browser, typed: dict[str, str], said: str
) -> None:
    page = manager.press("Suspend", 1, **({"reason": "by the board", "first": "", "last": ""} | typed))
    assert (page.status, page.has(said)) == (400, True)
    wrong = page.forms[2]
    assert {name: wrong.fields[name] for name in typed} == typed
    assert page.forms[1].fields["reason"] == ""


def test_verifying_makes_it_count(site: Site) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["practitioner"][0]["credential"][0]["verified"] = False
    open_clinic(site.clinic.database, data)
    manager = site.signed_in("manager")
    assert manager.open(BOARD).has("Not verified yet")
    page = manager.press("Verified", source="")
    assert (page.status, page.has("Enter where you looked.")) == (400, True)
    page = manager.press("Verified", source="The public register of the board")
    assert page.has("Licence, US-WA of Ada Byrne was verified", "No visit of Ada Byrne is without cover.")
    assert not page.has("Not verified yet")


@pytest.mark.parametrize("deed", ["verify", "suspend"])
@pytest.mark.parametrize("who", ["reception", "ada"])
def test_others_may_not_change_credentials(site: Site, who: str, deed: str) -> None:
    browser = site.signed_in(who)
    csrf = browser.open("/desk" if who == "reception" else "/me").forms[0].fields["csrf"]
    credential = site.clinic.credentials["ada", "licence"]
    page = browser.post(f"{BOARD}/{credential}/{deed}", csrf=csrf, reason="mine", source="mine")
    assert (page.status, page.heading) == (403, "This is not open to you")


def test_own_credentials_are_shown_and_no_more(site: Site) -> None:
    page = site.signed_in("ada").open("/me/credentials")
    assert page.has("My credentials", "Licence, US-WA", "Verified", "403 days left", "Training")
    assert [form.action for form in page.forms] == ["/sign-out"]


def test_what_sites_hold_is_shown_verified_and_suspended(site: Site) -> None:
    open_clinic(site.clinic.database, canberra({**PREMISES, "verified": False}))
    manager = site.signed_in("manager")
    assert manager.open(BOARD).has("Seattle site", "Infection control licence, AU-ACT", "Not verified yet")
    page = manager.press("Verified", _last(manager, "verify"), source="the register of licences")
    assert page.has(
        "Infection control licence, AU-ACT of Seattle was verified", "No visit at Seattle is without cover."
    )
    site.clinic.book(at(TUESDAY, 10))
    page = manager.press("Suspend", _last(manager, "suspend"), reason="inspection")
    assert page.has("1 visit at Seattle is now without cover:", "Tuesday 24 November, 10:00 am", "At risk 1")


def _last(browser: Browser, deed: str) -> int:
    """The number of the last form on the page that does this: sites stand below people."""
    return sum(form.action.endswith(deed) for form in browser.page.forms) - 1
