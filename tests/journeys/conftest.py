"""A demo clinic served as operators serve it, for the browser of this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from booking.domain.permission import Role
from booking.http.passwords import hash_password
from booking.store.database import Database
from booking.store.installation import Kind
from booking.usecases.staff import AddStaff, add_staff
from tests.clinics import dull, open_clinic
from tests.plugins.server import Served, serving

PASSWORD = "a dull password"
PATIENCE = 30_000  # milliseconds; other tests keep the machine busy
expect.set_options(timeout=PATIENCE)
PHONE = ViewportSize(width=360, height=740)
DESKTOP = ViewportSize(width=1280, height=900)
CAST = (("ada", Role.PRACTITIONER, "ada"), ("reception", Role.RECEPTION, None), ("manager", Role.MANAGER, None))


@pytest.fixture(scope="session")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ada, Ben and Cy treat there; tests that take something away from somebody take it from Ben. Dee may not yet."""
    path = tmp_path_factory.mktemp("journeys") / "clinic.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    database = Database(url)
    data = dull(ben={"name": "Ben Ode"}, cy={"name": "Cy Lane"}, dee={"name": "Dee Roy", "credential": []})
    data["rules"].append({**data["rules"][0], "jurisdiction": "US-IN", "version": "2026-11-25"})
    data["clinic"]["policy"]["grid_minutes"] = 60  # axe looks at each button for its contrast
    clinic = open_clinic(database, data, kind=Kind.DEMO)
    hashed = hash_password(PASSWORD)
    for login, role, treats in CAST:
        command = AddStaff(login=login, name=login.title(), role=role, password_hash=hashed, practitioner=treats)
        database.write_now(add_staff, clinic.manager, command)
    database.close_now()
    with serving(url) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    return served.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object], base_url: str) -> dict[str, object]:
    """Said again, for a browser test elsewhere, without an address, may have had the first say in this process."""
    return {**browser_context_args, "base_url": base_url}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """The page of pytest-playwright, on which nothing may go wrong unseen: no error in a script, nothing refused."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("requestfailed", lambda request: faults.append(f"{request.url}: {request.failure}"))
    page.set_default_timeout(PATIENCE)
    yield page
    assert [fault for fault in faults if "ERR_ABORTED" not in fault] == []  # left for the next page before it came


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def book(page: Page, practitioner: str, patient: str) -> str:
    """Book the first time of this practitioner, and answer the day of the visit as in 2026-11-24."""
    page.goto(f"/book/dull/times?treatment=needling&practitioner={practitioner}")
    first = page.locator(".slot").first
    day = page.locator(".day h2").first.get_attribute("id") or ""
    first.click()
    page.get_by_label("Your full name").fill(patient)
    page.get_by_label("E-mail address").fill("somebody@example.org")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book this appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment")
    return day.removeprefix("day-")
