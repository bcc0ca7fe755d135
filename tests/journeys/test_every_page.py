"""Every page, in light and dark, on a phone and on a desk: axe, width, weight, and nothing from elsewhere."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, ViewportSize, expect

from tests.journeys.conftest import DESKTOP, PHONE, book, sign_in

Scheme = Literal["light", "dark"]

FAULTS = {"resultTypes": ["violations"]}  # what is as it should be need not be told in full
ALL = {**FAULTS, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_LOOKS = {**FAULTS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}}
LOOKS: tuple[tuple[ViewportSize, Scheme, dict[str, Any]], ...] = ((PHONE, "light", ALL), (DESKTOP, "dark", OF_LOOKS))
"""Each width and each scheme once: colours do not depend on the width, and nothing else does on either."""

HEAVIEST = 15_000  # bytes, compressed: a page of a patient's with all that it loads
NARROWEST = ViewportSize(width=320, height=640)
SMALLEST_TARGET = 44
SMALL_TARGETS = """smallest => [...document.querySelectorAll("main :is(button, input, select, .button, .choice)")]
    .filter(one => one.checkVisibility() && !one.matches(".unseen, [type=radio], [type=hidden]"))
    .filter(one => one.getBoundingClientRect().height < smallest)
    .map(one => one.outerHTML)"""


def patients_pages(page: Page) -> Iterator[str]:
    """Walk through all pages that patients see; each is shown when it is named."""
    page.goto("/book/dull")
    yield "needs"
    page.get_by_role("button", name="See times").first.click()
    yield "times"
    page.get_by_text("Choose a practitioner").click()
    yield "times, with the choice of practitioners"
    page.get_by_role("link", name="See whole months").click()
    yield "month"
    page.get_by_role("navigation", name="Months").get_by_role("link").last.click()
    yield "another month"
    page.get_by_role("link", name="free").first.click()
    page.locator(".slot").first.click()
    yield "details"
    page.get_by_role("button", name="Continue").click()
    yield "details, with errors"
    page.get_by_label("Your full name").fill("Hana Kerr")
    page.get_by_label("E-mail address").fill("hana@example.org")
    page.get_by_role("button", name="Continue").click()
    yield "check"
    page.get_by_role("button", name="Book this appointment").click()
    yield "appointment"
    page.get_by_role("link", name="Move this appointment").click()
    yield "move"
    page.locator(".slot").last.click()
    yield "move, asked once more"
    page.get_by_role("button", name="Yes, move it").click()
    yield "moved"
    page.get_by_role("link", name="Cancel this appointment").click()
    yield "cancel"
    page.get_by_role("button", name="Yes, cancel it").click()
    yield "cancelled"
    page.goto("/book/dull/hold/018f0000-0000-7000-8000-000000000000")
    yield "hold that is over"
    page.goto("/book/dull/times?treatment=needling&from=2199-01-01")
    yield "no times"
    page.goto("/book/dull/month?treatment=needling&practitioner=dee")
    yield "no times in a month"
    page.goto("/nowhere")
    yield "not found"


def desk_pages(page: Page) -> Iterator[str]:
    """The same for the desk."""
    day = book(page, "cy", "Kim Doe")
    page.goto("/sign-in/dull")
    yield "sign in"
    sign_in(page, "manager")
    page.goto(f"/desk?date={day}")
    yield "day"
    page.get_by_role("link", name="Kim Doe").first.click()
    yield from visits_pages(page)
    yield from booking_pages(page)
    page.goto("/desk/why")
    yield "why not"
    page.get_by_role("button", name="Ask").click()
    yield "why not, with errors"
    page.goto(f"/desk/why?treatment=needling&date={day}&time=10:05")
    yield "why not, answered"
    page.goto("/desk/eligibility?practitioner=ada&first=2027-10-01&last=2028-03-31")
    yield "who may needle, with a gap"
    page.goto("/desk/eligibility?practitioner=")
    yield "who may needle, with errors"
    page.goto("/desk/now?practitioner=dee")
    yield "what may they needle now"
    page.goto("/desk/away")
    page.get_by_role("button", name="Enter").click()
    yield "away, with errors"
    page.get_by_label("Who or what").select_option("Cy Lane")
    page.get_by_label("First day").fill(day)
    page.get_by_role("button", name="Enter").click()
    yield "away"
    page.goto("/desk/findings")
    yield "findings"
    page.goto("/desk/credentials")
    page.locator("summary").first.click()
    yield "credentials"
    page.goto("/desk/law")
    for one in page.locator("summary").all():
        one.click()
    yield "law"
    page.get_by_role("button", name="Record the decision").click()
    yield "law, with errors"
    page.goto("/me")
    yield "not permitted"
    page.goto("/desk")
    page.get_by_role("button", name="Sign out").click()
    yield "signed out"


def visits_pages(page: Page) -> Iterator[str]:
    """The same for a visit that is open at the desk."""
    yield "visit"
    page.get_by_text("This was entered in error").click()
    page.get_by_role("button", name="Entered in error").click()
    yield "visit, entered in error without a reason"
    page.get_by_label("For those who work here").fill("Rang: is late")
    page.get_by_role("button", name="Save the note").click()
    yield "visit, with a note"
    page.get_by_role("button", name="Will come").click()
    yield "visit, confirmed"
    page.get_by_role("button", name="Cancel the visit").click()
    yield "visit, with errors"
    page.get_by_label("Time").fill("")
    page.get_by_role("button", name="Move the visit").click()
    yield "visit, with errors in the move"


def booking_pages(page: Page) -> Iterator[str]:
    """The same for booking at the desk, starting at a visit that is open there, and for patients."""
    page.get_by_role("link", name="Give to a colleague").click()
    yield "another place"
    page.get_by_role("button", name="Squeeze in").click()
    yield "another place, with errors"
    page.goto("/desk/walk-in")
    page.get_by_role("button", name="They are here").click()
    yield "walk-in, with errors"
    page.goto("/desk/book")
    page.get_by_label("Treatment").select_option("Dry needling")
    page.get_by_role("button", name="Book", exact=True).last.click()
    yield "book, with free times"
    page.locator(".slot").first.click()
    yield "book, with errors"
    page.get_by_label("Patient's name").fill("Kim Doe the younger")
    page.get_by_label("E-mail address").fill("kim@example.org")
    page.get_by_role("button", name="Book", exact=True).last.click()
    page.goto("/desk/patients?search=doe")
    yield "patients"
    page.get_by_role("link", name="Kim Doe", exact=True).click()
    yield "patient"
    page.get_by_role("link", name="Is on file twice").click()
    page.get_by_label("Search").fill("younger")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Kim Doe the younger").click()
    yield "two records"


def practitioners_pages(page: Page) -> Iterator[str]:
    """The same for somebody who treats."""
    book(page, "ada", "Uma Lee")
    sign_in(page, "ada")
    yield "my visits"
    page.get_by_role("link", name="Uma Lee").first.click()
    yield "my visit"
    page.goto("/me/credentials")
    yield "my credentials"
    page.goto("/me/eligibility")
    yield "when may I needle"
    page.goto("/me/now")
    page.locator("summary").first.click()
    yield "what may I needle now"
    page.goto("/me/leave")
    yield "my leave"
    page.goto("/me/calendar")
    page.get_by_role("textbox", name="Name").fill("Phone")
    page.get_by_role("button", name="Make the address").click()
    yield "address"
    page.goto("/me/calendar")
    yield "calendar"


@pytest.fixture
def requested(page: Page) -> set[str]:
    """The addresses of all that the browser asks for."""
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(request.url)

    page.on("request", note)
    return asked


def test_pages_of_patients_are_for_everybody_light_and_load_nothing_from_elsewhere(
    page: Page, base_url: str, requested: set[str]
) -> None:
    page.set_viewport_size(NARROWEST)
    sizes = []
    for name in patients_pages(page):
        sizes.append(compressed(page.content().encode()))
        check(page, name)
    assets = {url for url in requested if "/static/" in url}
    assert {url for url in requested if not url.startswith(base_url)} == set()
    assert max(sizes) + sum(compressed(page.request.get(url).body()) for url in assets) <= HEAVIEST


@pytest.mark.parametrize("walk", [desk_pages, practitioners_pages])
def test_pages_of_staff_are_for_everybody(page: Page, walk: Callable[[Page], Iterator[str]]) -> None:
    page.set_viewport_size(NARROWEST)
    for name in walk(page):
        check(page, name)


def compressed(content: bytes) -> int:
    return len(gzip.compress(content))


def check(page: Page, name: str) -> None:
    """One heading, wide enough on the narrowest screen, large enough for a finger, and nothing for axe to find.

    The page is then as narrow as before.
    """
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], name
    for size in ("200%", "100%"):
        page.evaluate("size => document.documentElement.style.fontSize = size", size)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{name} at {size}"
    for viewport, scheme, rules in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{name}, {scheme}, {viewport}\n{found.generate_report()}"
    page.set_viewport_size(NARROWEST)
