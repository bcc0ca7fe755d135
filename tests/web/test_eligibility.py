"""The pages on who may needle, day by day."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient

from booking.app import create_app
from booking.domain.permission import Role
from booking.http.tokens import digest, new_secret
from booking.store.database import Database
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.staff import AddStaff, add_staff, begin_session
from tests.clinics import dull, open_clinic
from tests.usecases.test_supervising import supervised
from tests.web.browsing import Browser
from tests.web.conftest import SETTINGS, Site

DESK, MINE = "/desk/eligibility", "/me/eligibility"
YEAR = "23 Nov 2026 to 22 Nov 2027"


def suspended(site: Site, who: str = "ada") -> None:
    hole = SuspendCredential(
        credential=site.clinic.credentials[who, "licence"],
        reason="board order",
        first=date(2027, 2, 1),
        last=date(2027, 2, 28),
    )
    site.clinic.database.write_now(suspend, site.clinic.manager, hole)


def test_form_asks_for_a_practitioner_and_a_year_from_today(site: Site) -> None:
    page = site.signed_in("reception").open(DESK)
    assert (page.status, page.heading) == (200, "Who may needle, and when?")
    assert page.forms[-1].fields == {"treatment": "needling", "first": "2026-11-23", "last": "2027-11-22"}
    assert not page.has("May on every day")


def test_year_without_a_gap_is_one_answer(site: Site) -> None:
    page = site.signed_in("reception").open(f"{DESK}?practitioner=ada")
    assert page.has("Dry needling at Seattle", "Ada Byrne, physical therapist", f"May on every day {YEAR}")
    assert page.has("Before each visit starts", "What the law asks besides", "Stay with the patient throughout.")
    assert page.has("Judged by the rules for Washington, United States, version 2026-11-25")
    assert not page.has("Why not:")


def test_gap_is_told_with_what_is_asked_what_there_is_and_what_mends_it(site: Site) -> None:
    suspended(site)
    desk = site.signed_in("reception")
    desk.open(DESK)
    page = desk.press("Ask", practitioner="ada", first="2027-01-01", last="2028-01-31")
    assert page.has("May not on 59 of 396 days 1 Jan 2027 to 31 Jan 2028")
    assert page.has("May 1 Jan 2027 to 31 Jan 2027 May not 1 Feb 2027 to 28 Feb 2027 Why not")
    assert page.has("Why not: 1 Feb 2027 to 28 Feb 2027 A Washington licence or compact privilege in force")
    assert page.has("On file Licence PT-1, US-WA, suspended from 1 Feb 2027 to 28 Feb 2027.", "True from 1 Mar 2027")
    assert page.has("or choose a day from 1 Mar 2027 on.", "Source RCW 18.74.200")
    assert page.has("Why not: 1 Jan 2028 to 31 Jan 2028", "ended 31 Dec 2027", "True from No day that we know of")
    assert page.links["Why not 1 Feb 2027 to 28 Feb 2027"] == "#gap-2027-02-01"
    assert 'id="gap-2027-02-01"' in page.answer.text


def test_bar_has_a_piece_for_each_stretch(site: Site) -> None:
    suspended(site)
    text = site.signed_in("reception").open(f"{DESK}?practitioner=ada&first=2027-01-01&last=2027-03-31").answer.text
    assert text.count('<rect class="fine"') == 2
    assert text.count('<rect class="wash"') == text.count('fill="url(#stripes)"') == 1


def test_who_may_on_no_day_has_nothing_to_do_before_a_visit(site: Site) -> None:
    open_clinic(site.clinic.database, dull(dee={"credential": []}))
    page = site.signed_in("reception").open(f"{DESK}?practitioner=dee")
    assert page.has(f"May not on any day {YEAR}", "Nothing on file.")
    assert not page.has("Before each visit starts")


def test_regions_can_be_ticked(site: Site) -> None:
    data = dull()
    data["treatment"][0]["regions"] = ["lumbar", "thorax"]
    open_clinic(site.clinic.database, data)
    page = site.signed_in("reception").open(f"{DESK}?practitioner=ada&region=thorax&region=knee")
    assert (page.status, page.answer.text.count(" checked>")) == (200, 1)
    assert page.has("Chest and ribs.", "Parts of the body")


def test_practitioners_see_themselves_at_once(site: Site) -> None:
    page = site.signed_in("ada").open(f"{MINE}?practitioner=ben")
    assert (page.heading, page.status) == ("When may I needle?", 200)
    assert page.has(f"Dry needling at Seattle May on every day {YEAR}")
    assert not page.has("Ben Ode")
    assert page.links["What may I needle now?"] == "/me/now?site=seattle"


def test_pages_lead_to_it(site: Site) -> None:
    suspended(site)
    manager, ada = site.signed_in("manager"), site.signed_in("ada")
    manager.open("/desk/credentials")
    assert manager.follow("Day by day: when Ben Ode may needle").has("Ben Ode, physical therapist", "May on every day")
    assert manager.page.links["Credentials of Ben Ode"] == "/desk/credentials#person-ben"
    assert manager.follow("What may Ben Ode needle now?").heading == "What may they needle now?"
    manager.open("/desk/why?treatment=needling&practitioner=ada&date=2027-02-02&time=10:00")
    assert manager.follow("Ada Byrne, day by day").has("May not on 28 of 365 days")
    ada.open("/me/credentials")
    assert ada.follow("When may I needle, day by day?").has("May not on 28 of 365 days")
    assert "Credentials of Ada Byrne" not in site.signed_in("reception").open(f"{DESK}?practitioner=ada").links


def test_site_is_the_one_where_they_work_unless_it_is_chosen(site: Site) -> None:
    data = dull()
    east = {"slug": "east", "name": "East", "zone": "America/Denver", "room": []}
    data["site"].append(deepcopy(data["site"][0]) | east)
    open_clinic(site.clinic.database, data)
    desk = site.signed_in("reception")
    assert desk.open(f"{DESK}?practitioner=ada&site=").has("Dry needling at Seattle")
    assert desk.open(f"{DESK}?practitioner=ada&site=east").has("Dry needling at East")
    assert desk.open(f"{DESK}?practitioner=ada&site=nowhere").has("Choose a site.")
    data["practitioner"][0]["hours"] = []
    open_clinic(site.clinic.database, data)
    page = desk.open(f"{DESK}?practitioner=ada")
    assert (page.status, page.has("Choose a site.")) == (400, True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("practitioner=", "Choose a practitioner."),
        ("practitioner=nobody", "Choose a practitioner."),
        ("practitioner=ada&treatment=nothing", "Choose a treatment."),
        ("practitioner=ada&first=", "Enter the first day."),
        ("practitioner=ada&last=2026-02-30", "Enter the last day as in 2026-11-24."),
        ("practitioner=ada&first=2027-01-02&last=2027-01-01", "Ask for 1 to 800 days, the first one first."),
        ("practitioner=ada&first=1970-01-01&last=1970-01-02", "Ask for days from 2000-01-01 on"),
    ],
)
def test_what_is_missing_or_wrong_is_said(shared: Site, query: str, said: str) -> None:
    page = shared.signed_in("reception").open(f"{DESK}?{query}")
    assert (page.status, page.has("Please look at this again", said)) == (400, True)
    assert not page.has("Judged by")


@pytest.mark.parametrize("query", ["region=%00&x=%00", "%00", "first=%00&last=9999-12-31", "site=%00&treatment=%00"])
def test_any_question_has_an_answer(shared: Site, query: str) -> None:
    for login, base in (("reception", DESK), ("ada", MINE)):
        assert shared.signed_in(login).open(f"{base}?practitioner=ada&{query}").status in {200, 400}


def test_treatment_without_needles_is_always_lawful(site: Site) -> None:
    data: dict[str, Any] = dull()
    data["treatment"].append({"slug": "talk", "name": "Talk", "minutes": 15})
    data["practitioner"][0]["credential"] = []
    open_clinic(site.clinic.database, data)
    page = site.signed_in("ada").open(f"{MINE}?treatment=talk")
    assert page.has("Talk at Seattle", "May on every day")


def test_supervision_is_told_with_names(sqlite: Database) -> None:
    clinic = supervised(sqlite, bea={"name": "Bea Low"})
    staff = AddStaff(login="desk", name="Desk", role=Role.RECEPTION, password_hash="none", practitioner=None)
    token = new_secret()
    sqlite.write_now(begin_session, sqlite.write_now(add_staff, clinic.manager, staff), digest(token))
    with TestClient(create_app(SETTINGS, sqlite)) as client:
        desk = Browser(client)
        desk.cookies.set("session", token)
        days = desk.open(f"{DESK}?practitioner=pia&last=2028-01-31")
        assert days.has("May 23 Nov 2026 to 31 Dec 2027 Only with a supervisor on the premises: Ada Byrne or Bea Low.")
        assert desk.open(f"{DESK}?practitioner=pia").has(
            "Only with a supervisor on the premises: Ada Byrne or Bea Low."
        )
        assert not desk.open(f"{DESK}?practitioner=ada").has("supervisor")
        now = desk.open("/desk/now?practitioner=pia")
        assert now.has("No region at all.", "Ada Byrne is not there for the whole visit")
