"""Reception, a practitioner and a manager at their work."""

import re
import urllib.request

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, book, sign_in


def test_reception_sees_the_visit_in_the_day_and_cancels_it(page: Page) -> None:
    day = book(page, "ada", "Rita Bauer")
    sign_in(page, "reception")
    page.get_by_role("textbox", name="Day").fill(day)
    page.get_by_role("button", name="Show").click()
    row = page.get_by_role("row").filter(has_text="Rita Bauer")
    expect(row).to_contain_text("Dry needling")
    expect(row).to_contain_text("Booked")
    row.get_by_role("link", name="Rita Bauer").click()
    page.get_by_label("Reason").fill("Rang: has a cold")
    page.get_by_role("button", name="Cancel the visit").click()
    expect(page.get_by_role("status")).to_contain_text("The appointment is cancelled.")
    expect(page.get_by_role("row").filter(has_text="Rita Bauer")).to_contain_text("Cancelled")


def test_patient_says_that_they_will_come_and_reception_takes_a_mistake_back(page: Page) -> None:
    day = book(page, "cy", "Nina Holm")
    page.get_by_role("button", name="I will come").click()
    expect(page.get_by_text("You told us that you will come.")).to_be_visible()
    sign_in(page, "reception")
    page.goto(f"/desk?date={day}")
    row = page.get_by_role("row").filter(has_text="Nina Holm")
    expect(row).to_contain_text("Confirmed")
    row.get_by_role("link", name="Nina Holm").click()
    page.get_by_text("This was entered in error").click()
    page.get_by_label("What was wrong?").fill("Wrong patient")
    page.get_by_role("button", name="Entered in error").click()
    expect(page.get_by_role("status")).to_contain_text("entered in error")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The appointment is booked.")
    expect(page.get_by_role("region", name="What became of it")).to_contain_text("Taken back: entered in error")


def test_practitioner_makes_a_calendar_address_and_sees_it_once(page: Page) -> None:
    sign_in(page, "ada")
    page.get_by_role("link", name="My calendar").click()
    expect(page.get_by_role("radio", name=re.compile("Times and places When"))).to_be_checked()
    page.get_by_role("textbox", name="Name").fill("My phone")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("Address").input_value()
    expect(page.get_by_role("link", name="Open in my calendar program")).to_have_attribute(
        "href", re.sub("^http", "webcal", address)
    )
    with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own address
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
    page.reload()
    expect(page.get_by_text("This address was shown once and cannot be shown again.")).to_be_visible()
    assert address not in page.content()


def test_manager_suspends_a_credential_and_finds_the_visit_at_risk(page: Page) -> None:
    page.set_viewport_size(DESKTOP)
    day = book(page, "ben", "Noor Khan")
    sign_in(page, "manager")
    page.get_by_role("link", name="Credentials").click()
    ben = page.get_by_role("region", name=re.compile("Ben Ode"))
    licence = ben.get_by_role("listitem").filter(has_text="Licence")
    licence.locator("summary").click()
    licence.get_by_label("Reason").fill("The board has suspended it")
    licence.get_by_role("button", name="Suspend").click()
    notice = page.get_by_role("status")
    expect(notice).to_contain_text("Licence, US-WA of Ben Ode was suspended")
    expect(notice).to_contain_text("Noor Khan")
    page.goto(f"/desk?date={day}")
    page.get_by_role("row").filter(has_text="Noor Khan").get_by_role("link", name=re.compile("At risk")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Visits at risk")
    expect(page.get_by_role("region", name=re.compile("Ben Ode"))).to_contain_text("To mend it")


def test_reception_enters_leave_sees_what_is_in_the_way_and_takes_it_back(page: Page) -> None:
    page.set_viewport_size(DESKTOP)
    day = book(page, "ada", "Mona Lind")
    sign_in(page, "reception")
    page.get_by_role("link", name="Away").click()
    page.get_by_label("Who or what").select_option("Ada Byrne")
    page.get_by_label("First day").fill(day)
    page.get_by_label("Until").fill("23:00")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("status")).to_contain_text("Mona Lind")
    page.get_by_role("link", name=re.compile("At risk")).click()
    expect(page.get_by_role("region", name=re.compile("while Ada Byrne is away"))).to_contain_text("Mona Lind")
    page.get_by_role("link", name="Away", exact=True).click()
    page.get_by_role("button", name=re.compile("Take back Ada Byrne")).click()
    expect(page.get_by_role("status")).to_contain_text("It is taken back.")
    page.goto("/desk/findings")
    expect(page.get_by_role("region", name=re.compile("while Ada Byrne is away"))).to_have_count(0)


def test_day_list_prints_as_a_table_and_nothing_else(page: Page) -> None:
    day = book(page, "cy", "Ida Frost")
    sign_in(page, "reception")
    page.goto(f"/desk?date={day}")
    page.emulate_media(media="print")
    expect(page.get_by_role("row").filter(has_text="Ida Frost")).to_be_visible()
    for hidden in ("header", "footer", ".bar .actions", ".bar form"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_reception_asks_why_a_time_is_not_offered(page: Page) -> None:
    day = book(page, "ada", "Vera Moss")
    sign_in(page, "reception")
    page.goto(f"/desk?date={day}")
    told = page.get_by_role("row").filter(has_text="Vera Moss").get_by_role("rowheader").inner_text().splitlines()[0]
    shown, half = told.replace("12 noon", "12:00 pm").split()
    hour, minute = map(int, shown.split(":"))
    page.get_by_role("link", name="Why not?").click()
    page.get_by_label("Practitioner").select_option("Ada Byrne")
    page.get_by_role("textbox", name="Day").fill(day)
    page.get_by_role("textbox", name="Time").fill(f"{hour % 12 + (12 if half == 'pm' else 0):02}:{minute + 5:02}")
    page.get_by_role("button", name="Ask").click()
    ada = page.get_by_role("region", name="Ada Byrne")
    expect(ada).to_contain_text("Ada Byrne is taken at that time.")
    expect(page.get_by_role("region", name="to")).to_contain_text("Cannot be booked at the desk")
    ada.get_by_role("link", name="DN-").click()
    expect(page.get_by_text("Vera Moss").first).to_be_visible()
