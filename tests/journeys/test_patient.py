"""A patient books and cancels: on a phone, without scripts, by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE

NO_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False, viewport=PHONE)


@NO_SCRIPTS
def test_patient_books_on_a_phone_without_scripts_and_cancels(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you need?")
    expect(page.get_by_text("Demo: all data here is invented.")).to_be_visible()
    page.get_by_role("button", name="See times for Dry needling").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a time")
    page.get_by_role("region").filter(has=page.get_by_role("heading")).first.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About you")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Enter your name.")).to_be_visible()
    page.get_by_label("Your full name").fill("Hana Kerr")
    page.get_by_role("button", name="Keep my time").click()
    expect(page.get_by_label("Your full name")).to_have_value("Hana Kerr")
    page.get_by_label("Telephone number").fill("206 555 0199")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.get_by_role("button", name="Book this appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")
    expect(page.get_by_text(re.compile("DN-[A-Z0-9]{8}"))).to_be_visible()
    page.get_by_role("link", name="Cancel this appointment").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_text("Your appointment is cancelled")).to_be_visible()
    expect(page.get_by_role("link", name="Book again")).to_be_visible()


def test_enter_in_a_field_goes_on_and_does_not_only_keep_the_time(page: Page) -> None:
    page.goto("/book/dull/times?treatment=needling")
    page.locator(".slot").first.click()
    page.get_by_label("Your full name").fill("Hana Kerr")
    page.get_by_label("E-mail address").fill("hana@example.org")
    page.get_by_label("E-mail address").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")


def test_first_stop_of_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/book/dull")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_whole_booking_by_keyboard_alone(page: Page) -> None:
    page.goto("/book/dull/times?treatment=needling")
    tab_to(page, "button.primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("About you")
    for field, typed in (("#name", "Hana Kerr"), ("#email", "hana@example.org")):
        tab_to(page, field)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    tab_to(page, "button.primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    page.wait_for_load_state()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} cannot be reached")


@NO_SCRIPTS
def test_patient_finds_a_day_in_a_month_on_a_phone_without_scripts(page: Page) -> None:
    page.goto("/book/dull/times?treatment=needling")
    page.get_by_role("link", name="See whole months").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a day")
    page.get_by_role("navigation", name="Months").get_by_role("link").last.click()
    day = page.get_by_role("table").get_by_role("link").first
    name = (day.inner_text()).split()[0]
    day.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a time")
    expect(page.locator(".day h2").first).to_contain_text(f" {name} ")
