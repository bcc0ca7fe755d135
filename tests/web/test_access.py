"""Who may see which page: every role at every page, and every page behind the guard."""

from typing import Any

import pytest
from litestar import Litestar

from booking.app import build
from booking.http.access import unguarded
from booking.store.database import Database
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.web.conftest import CAST, SETTINGS, Site

NOBODY = "018f0000-0000-7000-8000-000000000000"
SIGN_IN = 303
# For nobody, ada, reception and manager. 303 is the way to signing in.
PAGES = {
    "/me": (SIGN_IN, 200, 403, 403),
    "/me/credentials": (SIGN_IN, 200, 403, 403),
    "/me/eligibility": (SIGN_IN, 200, 403, 403),
    "/me/now": (SIGN_IN, 200, 403, 403),
    "/me/leave": (SIGN_IN, 200, 403, 403),
    "/me/calendar": (SIGN_IN, 200, 403, 403),
    f"/me/calendar/{NOBODY}": (SIGN_IN, 404, 403, 403),
    "/desk": (SIGN_IN, 403, 200, 200),
    "/desk/findings": (SIGN_IN, 403, 200, 200),
    "/desk/away": (SIGN_IN, 403, 200, 200),
    "/desk/why": (SIGN_IN, 403, 200, 200),
    "/desk/eligibility": (SIGN_IN, 403, 200, 200),
    "/desk/now": (SIGN_IN, 403, 200, 200),
    "/desk/credentials": (SIGN_IN, 403, 403, 200),
    "/desk/law": (SIGN_IN, 403, 200, 200),
    "/me/law": (SIGN_IN, 200, 403, 403),
    f"/desk/appointments/{NOBODY}": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/places": (SIGN_IN, 403, 404, 404),
    "/desk/walk-in": (SIGN_IN, 403, 200, 200),
    "/desk/book": (SIGN_IN, 403, 200, 200),
    "/desk/patients": (SIGN_IN, 403, 200, 200),
    f"/desk/patients/{NOBODY}": (SIGN_IN, 403, 404, 404),
    f"/desk/patients/{NOBODY}/merge/{NOBODY}": (SIGN_IN, 403, 400, 400),
    f"/me/appointments/{NOBODY}": (SIGN_IN, 404, 403, 403),
}
DEEDS = {
    f"/desk/appointments/{NOBODY}/cancel": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/move": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/step": (SIGN_IN, 403, 400, 400),
    f"/desk/appointments/{NOBODY}/undo": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/note": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/confirm": (SIGN_IN, 403, 404, 404),
    f"/me/appointments/{NOBODY}/step": (SIGN_IN, 400, 403, 403),
    f"/me/appointments/{NOBODY}/undo": (SIGN_IN, 404, 403, 403),
    f"/me/appointments/{NOBODY}/note": (SIGN_IN, 404, 403, 403),
    f"/desk/credentials/{NOBODY}/verify": (SIGN_IN, 403, 403, 404),
    f"/desk/credentials/{NOBODY}/suspend": (SIGN_IN, 403, 403, 404),
    f"/desk/appointments/{NOBODY}/give": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/exchange": (SIGN_IN, 403, 404, 404),
    f"/desk/appointments/{NOBODY}/squeeze-in": (SIGN_IN, 403, 404, 404),
    "/desk/walk-in": (SIGN_IN, 403, 400, 400),
    "/desk/book": (SIGN_IN, 403, 400, 400),
    f"/desk/patients/{NOBODY}/merge/{NOBODY}": (SIGN_IN, 403, 400, 400),
    "/desk/law/decide": (SIGN_IN, 403, 403, 400),
    "/desk/law/withdraw": (SIGN_IN, 403, 403, 400),
    "/desk/away": (SIGN_IN, 403, 400, 400),
    f"/desk/away/{NOBODY}/remove": (SIGN_IN, 403, 404, 404),
    f"/desk/away/closures/{NOBODY}/remove": (SIGN_IN, 403, 404, 404),
    "/me/leave": (SIGN_IN, 400, 403, 403),
    f"/me/leave/{NOBODY}/remove": (SIGN_IN, 404, 403, 403),
    "/me/calendar": (SIGN_IN, 200, 403, 403),
    f"/me/calendar/{NOBODY}/rotate": (SIGN_IN, 404, 404, 404),
    f"/me/calendar/{NOBODY}/revoke": (SIGN_IN, 404, 404, 404),
}
OPEN = {"/", "/sign-in", "/sign-out"}
TYPED = {"reason": "why", "source": "there", "label": "Phone", "version": "1"}


def handlers(app: Litestar) -> dict[str, set[str]]:
    """The methods of every path of the pages."""
    found = {route.path: set(getattr(route, "methods", ())) - {"OPTIONS"} for route in app.routes}
    return {
        path: methods for path, methods in found.items() if not path.startswith(("/api", "/health", "/feeds", "/open"))
    }


def test_the_tables_are_whole(sqlite: Database) -> None:
    app = build(SETTINGS, sqlite)
    assert unguarded(app.routes) == []
    said = [path.replace(NOBODY, "{}") for path in (*PAGES, *DEEDS)]
    for path, methods in handlers(app).items():
        plain = "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
        if path in OPEN or path.startswith(("/book/", "/b/", "/sign-in/", "/static/")):
            continue
        assert said.count(plain) == len(methods), path


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_those_they_are_for(shared: Site, path: str) -> None:
    assert statuses(shared, "GET", path) == PAGES[path]


@pytest.mark.parametrize("path", DEEDS)
def test_deeds_are_for_those_they_are_for(shared: Site, path: str) -> None:
    assert statuses(shared, "POST", path) == DEEDS[path]


@pytest.mark.parametrize("path", DEEDS)
@pytest.mark.parametrize("login", CAST)
def test_deeds_need_our_form(shared: Site, login: str, path: str) -> None:
    browser = shared.signed_in(login)
    csrf = browser.open("/").forms[0].fields.get("csrf", "")
    for sent in ({}, {"csrf": ""}, {"csrf": "é"}, {"csrf": csrf}, {"csrf": "x" * 43}):
        assert browser.ask("POST", path, data=TYPED | sent).status_code == 403


def test_member_of_another_clinic_is_nobody_here(site: Site, sqlite: Database) -> None:
    other = dull()
    other["clinic"] |= {"slug": "other", "name": "Other Clinic"}
    view = open_clinic(sqlite, other).book(at(TUESDAY, 10))
    desk = site.signed_in("manager")
    assert desk.open(f"/desk/appointments/{view.appointment.id}").status == 404
    assert desk.open("/sign-in/other").heading == "Staff sign-in"


def statuses(site: Site, method: str, path: str) -> tuple[int, ...]:
    return tuple(_status(site, login, method, path) for login in (None, "ada", "reception", "manager"))


def _status(site: Site, login: str | None, method: str, path: str) -> int:
    browser = site.browser() if login is None else site.signed_in(login)
    more: dict[str, Any] = {"follow_redirects": False}
    if method == "POST":
        forms = browser.open("/me" if login == "ada" else "/desk").forms
        more = {"data": TYPED | {"csrf": forms[0].fields["csrf"]}, "follow_redirects": login is not None}
    return browser.ask(method, path, **more).status_code
