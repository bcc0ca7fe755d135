"""Patients at the desk: found, looked at, and two records of one person made one."""

from booking.domain.ids import PatientId
from tests.clinics import TUESDAY, at
from tests.web.conftest import Site


def test_patient_is_found_with_all_visits(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = site.signed_in("reception")
    desk.open("/desk")
    desk.follow("Patients")
    page = desk.press("Search", search="smith")
    assert page.has("Pat Smith pat.smith@example.org")
    page = desk.follow("Pat Smith")
    assert page.heading == "Pat Smith"
    assert page.has("1 visit", "Tuesday 24 November, 10:00 am", "Ada Byrne", view.appointment.reference)


def test_too_little_to_search_for_is_said(shared: Site) -> None:
    desk = shared.signed_in("reception")
    desk.open("/desk/patients")
    page = desk.press("Search", search="a")
    assert (page.status, page.has("Search for 2 to 100 letters or figures.")) == (400, True)
    assert desk.press("Search", search="nobody at all").has("Nobody was found.")


def test_two_records_are_compared_and_merged(site: Site) -> None:
    one = site.clinic.book(at(TUESDAY, 10)).appointment
    site.clinic.book(at(TUESDAY, 12), patient="Patricia Smith")
    desk = site.signed_in("reception")
    desk.open(f"/desk/patients/{one.patient_id}")
    desk.follow("Is on file twice")
    page = desk.press("Search", search="smith")
    assert "Pat Smith" not in page.links
    page = desk.follow("Patricia Smith")
    assert page.heading == "Are they one person?"
    assert page.has(f"1 visit of Pat Smith ({one.reference}) goes over to Patricia Smith.", "It cannot be taken back.")
    page = desk.follow("Keep the other one")
    assert page.has("goes over to Pat Smith.")
    page = desk.press("Yes, they are one person")
    assert page.has("Pat Smith", "The two records are one.", "2 visits", one.reference)
    assert not desk.open("/desk/patients?search=patricia").has("patricia.smith@example.org")


def test_people_with_visits_at_one_time_are_not_merged(site: Site) -> None:
    one = site.clinic.book(at(TUESDAY, 10)).appointment
    other = site.clinic.book(at(TUESDAY, 10), "ben", "Sam Reed").appointment
    desk = site.signed_in("manager")
    desk.open(f"/desk/patients/{one.patient_id}/merge/{other.patient_id}")
    page = desk.press("Yes, they are one person")
    assert (page.status, page.has("Their visits overlap", "Cancel or move one of these first")) == (409, True)
    link = f"{other.reference} Tuesday 24 November, 10:00 am to 10:30 am, Sam Reed with Ben Ode"
    assert page.links[link] == f"/desk/appointments/{other.id}"


def test_record_that_was_merged_is_gone(site: Site) -> None:
    one = site.clinic.book(at(TUESDAY, 10)).appointment
    nobody = PatientId(site.clinic.id)
    desk = site.signed_in("reception")
    for path in (f"{nobody}", f"{one.patient_id}/merge/{nobody}", f"{nobody}/merge/{one.patient_id}"):
        assert desk.open(f"/desk/patients/{path}").status == 404
    assert desk.open(f"/desk/patients/{one.patient_id}/merge/{one.patient_id}").status == 400
    assert desk.open(f"/desk/patients?like={nobody}").status == 404
