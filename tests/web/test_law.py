"""The law as the staff see it, and the owner's decisions entered by the manager."""

from typing import Any

import pytest

from booking.store import description, diaries, owner_decisions
from booking.store.database import Transaction
from booking.usecases.law import DecideGrant, decide_grant
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.usecases.test_law import made_of_other_rules
from tests.usecases.test_law_of_places import PREMISES, adopted, indiana
from tests.web.browsing import Browser
from tests.web.conftest import Site

PAGE = "/desk/law"
DECISION = {"decided_by": "Olive Owner", "basis": "letter of the board, 18 Nov 2026"}


def both() -> dict[str, Any]:
    """Ada, a chiropractor, in Indiana, and Ben in Canberra, whose site holds a licence; neither moves their clock."""
    data = indiana()
    canberra = {**data["site"][0], "slug": "canberra", "name": "Canberra", "jurisdiction": "AU-ACT"}
    data["site"].append({**canberra, "room": [], "credential": [PREMISES]})
    hours = [{"site": "canberra", "days": ["mon"], "from": "09:00", "to": "17:00"}]
    data["practitioner"].append({**dull()["practitioner"][0], "slug": "ben", "name": "Ben Ode", "hours": hours})
    data["rules"] += [adopted("AU"), adopted("AU-ACT")]
    return data


@pytest.fixture
def lawful(site: Site) -> Site:
    open_clinic(site.clinic.database, both())
    return site


@pytest.fixture
def manager(lawful: Site) -> Browser:
    browser = lawful.signed_in("manager")
    browser.open(PAGE)
    return browser


def decided(site: Site) -> None:
    command = DecideGrant(jurisdiction="US-IN", grant="dc", decided_by="Olive Owner", basis="letter of the board")
    site.clinic.database.write_now(decide_grant, site.clinic.manager, command)


def test_page_says_what_holds_where_and_what_waits(manager: Browser) -> None:
    page = manager.page
    assert page.heading == "The law we go by"
    assert page.has("1 rule waits for the owner's decision", "Chiropractor, Indiana, United States")
    assert page.links["Chiropractor, Indiana, United States"] == "#grant-US-IN-dc"
    assert page.has("Canberra", "A visit must be lawful by all of them.", "The site holds: Infection control licence")
    assert page.has(
        "Version 2026-11-25, adopted by Olive Owner on 25 Nov 2026.", "well; the text of the law itself was read."
    )
    assert page.has("Chiropractor Waits for the owner Little is known of it Here: Ada Byrne")
    assert page.has("Asked of each of them An Indiana chiropractic licence in force for the whole appointment.")
    assert page.has("In Indiana needling may not be delegated.", "May not needle")


def test_decision_is_recorded_and_shows_the_visits_that_got_cover(lawful: Site, manager: Browser) -> None:
    decided(lawful)
    lawful.clinic.book(at(TUESDAY, 10))
    page = manager.open(PAGE)
    assert page.has("Open by the owner's decision", "Decided by Olive Owner on 23 Nov 2026. It rests on: Letter of the")
    assert not page.has("waits for the owner")
    page = manager.press("Withdraw the decision", sure="")
    assert (page.status, page.has("Tick the box if you mean it.")) == (400, True)
    page = manager.press("Withdraw the decision", sure="yes")
    assert page.has("The decision is withdrawn", "1 booked visit may no longer be given. Nothing has been cancelled:")
    assert page.has("Tuesday 24 November, 10:00 am, Dry needling for Pat Smith with Ada Byrne", "At risk 1")
    page = manager.press("Record the decision", **DECISION, valid_until="2026-12-31")
    assert page.has("The decision is recorded", "1 booked visit may now be given:", "until 31 Dec 2026")
    assert manager.press("Record the decision", **DECISION).has("No booked visit is concerned.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"decided_by": ""}, "Enter who has decided."),
        ({"basis": "x" * 501}, "Use at most 500 characters for what the decision rests on."),
        ({"decided_on": "today"}, "Enter the day of the decision as in 2026-11-24."),
        ({"valid_until": "2026-01-01"}, "A decision does not end before it starts."),
        ({"version": "2020"}, "The clinic goes by version 2026-11-25 of these rules now"),
        ({"grant": "pta"}, "no decision of the owner can open it"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    lawful: Site, manager: Browser, typed: dict[str, str], said: str
) -> None:
    page = manager.press("Record the decision", **(DECISION | typed))
    assert page.status == 400
    assert page.has(said) is ("grant" not in typed)
    assert lawful.clinic.database.read_now(owner_decisions.recorded, lawful.clinic.id) == {}
    if "grant" not in typed:
        kept = next(form for form in page.forms if form.action.endswith("decide"))
        assert {name: kept.fields[name] for name in typed if name != "version"} == {
            name: value for name, value in typed.items() if name != "version"
        }


def test_decision_of_an_earlier_version_is_shown_as_one_that_counts_no_more(lawful: Site, manager: Browser) -> None:
    decided(lawful)
    lawful.clinic.database.write_now(made_of_other_rules)
    page = manager.open(PAGE)
    assert page.has("It counts no more: it was made of version 2025 of the rules", "Waits for the owner")
    assert page.has("Decisions that count no more")
    assert manager.press("Withdraw the decision", 1, sure="yes").has("The decision is withdrawn")


def test_site_without_rules_says_that_nobody_may_needle(lawful: Site) -> None:
    lawful.clinic.database.write_now(_move_to_nevada, lawful.clinic)
    page = lawful.signed_in("reception").open(PAGE)
    assert page.has("No rules None are adopted for US-NV. Nobody may needle here.", "Holds at none of the sites.")


def _move_to_nevada(tx: Transaction, clinic: DullClinic) -> None:
    diaries.lock_clinic(tx, clinic.id, exclusive=True)
    description.change(tx, clinic.id, "site", clinic.sites["seattle"], {"jurisdiction": "US-NV"})
    diaries.raise_offer(tx, clinic.id)


def test_review_that_is_due_is_said(lawful: Site, clock: Any) -> None:
    clock.advance(days=365)
    assert lawful.signed_in("reception").open(PAGE).has("Review due since 22 May 2027")


@pytest.mark.parametrize(("who", "path"), [("reception", PAGE), ("ada", "/me/law")])
def test_others_read_and_change_nothing(lawful: Site, who: str, path: str) -> None:
    decided(lawful)
    page = lawful.signed_in(who).open(path)
    assert page.has("The law we go by", "Decided by Olive Owner")
    assert not page.has("The site holds")
    assert [form.action for form in page.forms] == ["/sign-out"]
