"""What may be needled now, at one glance."""

from datetime import timedelta

import pytest

from booking.usecases.credentials import SuspendCredential, suspend
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.usecases.test_eligibility_now import in_tennessee
from tests.web.conftest import Site

DESK, MINE = "/desk/now", "/me/now"


def test_everything_is_answered_at_once(site: Site) -> None:
    page = site.signed_in("ada").open(MINE)
    assert (page.status, page.heading) == (200, "May I needle now?")
    assert page.has("Dry needling at Seattle", "Yes, every region. In a visit that starts now, 8:00 am.")
    assert page.has("Head and neck Yes Head and face, back of the neck", "Leg Yes Buttock and hip, thigh, knee")
    assert page.links["Dry needling, day by day"] == "/me/eligibility?treatment=needling&site=seattle"


def test_no_is_told_with_its_reason(site: Site) -> None:
    open_clinic(site.clinic.database, in_tennessee())
    page = site.signed_in("ada").open(MINE)
    assert page.has("Yes for 4 of 22 regions.", "Arm Yes Shoulder, elbow, wrist, hand No Upper arm, forearm")
    assert page.has("In Tennessee an occupational therapist may needle the hand, wrist, elbow and shoulder only.")
    assert page.answer.text.count("<details>") == 5  # one in each part of the body, and the choices


def test_what_refuses_everything_is_told_once(site: Site) -> None:
    hole = SuspendCredential(credential=site.clinic.credentials["ada", "licence"], reason="board order")
    site.clinic.database.write_now(suspend, site.clinic.manager, hole)
    page = site.signed_in("ada").open(MINE)
    assert page.has("No region at all.", "Why not A Washington licence or compact privilege")
    assert page.text.count("To mend it") == 1
    assert not page.has("Head and neck")


def test_another_technique_can_be_chosen(site: Site) -> None:
    ada = site.signed_in("ada")
    ada.open(MINE)
    page = ada.press("Show", technique="auricular")
    assert page.has("Dry needling at Seattle, points of the ear", "No region at all.", "distal points")
    assert ada.press("Show", technique="electro").has("with electricity", "Yes, every region.")


def test_visit_under_way_counts(site: Site, clock: Clock) -> None:
    data = in_tennessee()
    data["treatment"][0]["regions"] = ["wrist"]
    open_clinic(site.clinic.database, data)
    site.clinic.book(at(TUESDAY, 10))
    for minutes, said in ((0, True), (30, False)):
        clock.now = at(TUESDAY, 10) + timedelta(minutes=minutes)
        together = "together with what the visit under way treats (wrist)"
        page = site.signed_in("ada").open(MINE)
        assert (page.has("Yes for 4 of 22"), page.has(together)) == (True, said)


def test_treatments_without_needles_are_not_offered(site: Site) -> None:
    data = dull()
    data["treatment"].insert(0, {"slug": "talk", "name": "Talk", "minutes": 15})
    open_clinic(site.clinic.database, data)
    page = site.signed_in("ada").open(MINE)
    assert (page.has("Dry needling at Seattle"), page.has("Talk")) == (True, False)
    assert site.signed_in("ada").open(f"{MINE}?treatment=talk").status == 400


def test_clinic_without_needles_says_so(site: Site) -> None:
    data = dull()
    data["treatment"] = [{"slug": "talk", "name": "Talk", "minutes": 15}]
    open_clinic(site.clinic.database, data)
    page = site.signed_in("ada").open(MINE)
    assert (page.status, page.has("No treatment here uses needles.")) == (400, True)


def test_desk_asks_about_somebody(site: Site) -> None:
    desk = site.signed_in("reception")
    page = desk.open(DESK)
    assert (page.status, page.has("Practitioner Choose Ada Byrne Ben Ode")) == (200, True)
    page = desk.press("Show", practitioner="ben")
    assert page.has("Ben Ode: Dry needling at Seattle", "Yes, every region.")
    assert page.links["Dry needling, day by day"].startswith("/desk/eligibility?practitioner=ben&")
    assert desk.open(f"{DESK}?practitioner=nobody").has("Choose a practitioner.")


def test_practitioner_sees_nobody_else(site: Site) -> None:
    page = site.signed_in("ada").open(f"{MINE}?practitioner=ben")
    assert (page.status, page.has("Ben Ode")) == (200, False)


def test_pages_lead_to_it(site: Site) -> None:
    ada, manager = site.signed_in("ada"), site.signed_in("manager")
    for path, words in (
        ("/me", "What may I needle now?"),
        ("/me", "May I needle?"),
        ("/me/credentials", "What may I needle now?"),
    ):
        ada.open(path)
        assert ada.follow(words).heading == "May I needle now?"
    manager.open("/desk/credentials")
    assert manager.follow("Now: what Ben Ode may needle").has("Ben Ode: Dry needling at Seattle")


@pytest.mark.parametrize("query", ["technique=nothing", "technique=%00", "site=%00", "%00=%00", "treatment="])
def test_any_question_has_an_answer(shared: Site, query: str) -> None:
    assert shared.signed_in("ada").open(f"{MINE}?{query}").status in {200, 400}
    assert shared.signed_in("reception").open(f"{DESK}?practitioner=ada&{query}").status in {200, 400}
