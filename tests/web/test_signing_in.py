"""Staff come in and go out."""

import pytest

from tests.plugins.database import Clock
from tests.web.conftest import PASSWORD, Site


@pytest.mark.parametrize(
    ("login", "path", "heading"),
    [
        ("ada", "/me", "My visits"),
        ("reception", "/desk", "Monday 23 November 2026"),
        ("manager", "/desk", "Monday 23 November 2026"),
    ],
)
def test_everybody_gets_to_their_own_page(site: Site, login: str, path: str, heading: str) -> None:
    guest = site.browser()
    assert guest.open("/sign-in").path == "/sign-in/dull"
    page = guest.press("Sign in", login=login, password=PASSWORD)
    assert (page.path, page.heading) == (path, heading)
    assert page.has(f"Signed in as {login.title()}")
    assert guest.open("/sign-in").path == path
    assert guest.open("/sign-in/dull").path == path


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"login": "ada", "password": "guess 17"}, 401, "The login or the password is wrong."),
        ({"login": "nobody", "password": PASSWORD}, 401, "The login or the password is wrong."),
        ({"login": "ada", "password": f" {PASSWORD}"}, 401, "The login or the password is wrong."),
        ({"login": "", "password": PASSWORD}, 400, "Enter your login."),
        ({"login": "ada", "password": ""}, 400, "Enter your password."),
        ({"login": "a\x00da", "password": PASSWORD}, 400, "Type your login again"),
        ({"login": "a" * 101, "password": PASSWORD}, 400, "Use at most 100 characters for your login."),
        ({"login": "ada", "password": "\x00" + "p" * 30_000}, 401, "The login or the password is wrong."),
    ],
)
def test_who_is_kept_out_is_told_why(shared: Site, typed: dict[str, str], status: int, said: str) -> None:
    guest = shared.browser()
    guest.open("/sign-in/dull")
    page = guest.press("Sign in", **typed)
    assert (page.status, page.heading) == (status, "Staff sign-in")
    assert page.has(said)
    assert typed["password"] not in page.answer.text or not typed["password"]
    assert "session" not in guest.cookies


def test_guessing_is_slowed_down(site: Site) -> None:
    guest = site.browser()
    guest.open("/sign-in/dull")
    statuses = [guest.press("Sign in", login="ada", password="wrong").status for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert guest.page.has("Too many attempts; try again later.")


def test_session_is_a_new_one_whatever_cookie_was_there(site: Site) -> None:
    guest = site.browser()
    guest.cookies.set("session", "chosen-by-somebody")
    guest.open("/sign-in/dull")
    guest.press("Sign in", login="ada", password=PASSWORD)
    tokens = [cookie.value for cookie in guest.cookies.jar if cookie.name == "session"]
    assert "chosen-by-somebody" not in tokens[-1:]
    stranger = site.browser()
    stranger.cookies.set("session", "chosen-by-somebody")
    assert stranger.open("/me").heading == "Staff sign-in"


def test_signing_out_ends_the_session(site: Site) -> None:
    guest = site.signed_in("reception")
    token = guest.cookies["session"]
    guest.open("/desk")
    page = guest.press("Sign out Reception")
    assert (page.path, page.has("You are signed out.")) == ("/sign-in/dull?out", True)
    stranger = site.browser()
    stranger.cookies.set("session", token)
    assert stranger.open("/desk").heading == "Staff sign-in"


def test_signing_out_without_a_session_is_no_fault(site: Site) -> None:
    assert site.browser().post("/sign-out").heading == "Staff sign-in"


def test_session_that_is_over_leads_to_signing_in(site: Site, clock: Clock) -> None:
    guest = site.signed_in("reception")
    assert guest.open("/desk").status == 200
    clock.advance(hours=2)
    page = guest.open("/desk")
    assert (page.path, page.heading) == ("/sign-in/dull", "Staff sign-in")


def test_signing_in_needs_our_form(site: Site) -> None:
    guest = site.browser()
    guest.open("/sign-in/dull")
    guest.headers["Sec-Fetch-Site"] = "cross-site"
    assert guest.press("Sign in", login="ada", password=PASSWORD).status == 403


def test_api_does_not_know_the_pages_session(site: Site) -> None:
    guest = site.signed_in("manager")
    assert guest.ask("GET", "/api/v1/clinics/dull/findings").status_code == 401
