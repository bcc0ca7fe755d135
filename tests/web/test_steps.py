"""What staff do with a visit from the day, from their own list, and on its page."""

from collections.abc import Callable

import pytest

from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Caller
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.move import MoveAppointment, move
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.appointments import AppointmentView, get_appointment
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import MONDAY, Clock
from tests.web.browsing import Browser
from tests.web.conftest import Site

TODAY = MONDAY.date()


@pytest.fixture
def today(site: Site) -> AppointmentView:
    """Pat's visit with Ada, today at nine; it is eight."""
    return site.clinic.book(at(TODAY, 9), caller=site.clinic.reception)


@pytest.fixture
def requested(site: Site) -> AppointmentView:
    """What Ida requested of Ada for tomorrow at ten."""
    data = dull(ben={"name": "Ben Ode"})
    data["treatment"][0]["on_request"] = True
    return open_clinic(site.clinic.database, data).book(at(TUESDAY, 10), patient="Ida Frost")


def as_staff(site: Site, login: str) -> Caller:
    member = site.staff[login]
    return site.clinic.caller(member.role, staff_id=member.id, practitioner_id=member.practitioner_id)


def take(site: Site, view: AppointmentView, step: Step, version: int = 1, login: str = "manager") -> None:
    command = TakeStep(appointment=view.appointment.id, version=version, step=step)
    site.clinic.database.write_now(take_step, as_staff(site, login), command)


def status(site: Site, view: AppointmentView) -> Status:
    seen = site.clinic.database.read_now(get_appointment, site.clinic.reception, view.appointment.id)
    return seen.appointment.status


def opened(site: Site, view: AppointmentView, login: str = "reception") -> Browser:
    """The visit's page."""
    browser = site.signed_in(login)
    browser.open(f"/{'me' if login in {'ada', 'ben'} else 'desk'}/appointments/{view.appointment.id}")
    return browser


def test_day_offers_the_usual_step_of_each_visit_and_takes_it_back(site: Site, today: AppointmentView) -> None:
    desk = site.signed_in("reception")
    assert desk.open("/desk").has("Seattle · 1 visit", "Room 1 Booked Arrived")
    page = desk.press("Arrived Pat Smith")
    assert page.path == f"/desk?date=2026-11-23&site=seattle&taken={today.appointment.id}"
    assert page.has("Pat Smith: The patient has arrived.", "Room 1 Arrived Start")
    for pressed, then in (("Start", "In treatment Done"), ("Done", "Room 1 Done Undo")):
        assert desk.press(f"{pressed} Pat Smith").has(then)
    page = desk.press("Undo Pat Smith")
    assert page.has("Pat Smith: The treatment has begun.", "In treatment Done")
    assert not page.has("Undo")
    assert status(site, today) is Status.IN_TREATMENT


def test_day_offers_nothing_before_its_day(site: Site) -> None:
    site.clinic.book(at(TUESDAY, 10))
    page = site.signed_in("reception").open("/desk?date=2026-11-24")
    assert [form.action for form in page.forms if form.method == "post"] == ["/sign-out"]


def test_day_keeps_to_all_sites_after_a_step(site: Site, today: AppointmentView) -> None:
    desk = site.signed_in("reception")
    desk.open("/desk")
    page = desk.press("Arrived Pat Smith", site="")
    assert page.path == f"/desk?date=2026-11-23&site=&taken={today.appointment.id}"


def test_day_counts_what_came_of_its_visits(site: Site, clock: Clock) -> None:
    views = [site.clinic.book(at(TODAY, 9 + n), patient=f"Pat {n}", caller=site.clinic.reception) for n in range(4)]
    clock.now = at(TODAY, 9)
    take(site, views[0], Step.RECORD_NO_SHOW)
    take(site, views[1], Step.ENTER_IN_ERROR)
    page = site.signed_in("reception").open("/desk")
    assert page.has("2 visits, 1 did not come, 1 entered in error")
    clock.now = at(TODAY, 13)
    assert site.signed_in("reception").open("/desk").has("Not recorded")


@pytest.mark.parametrize("query", ["taken=nobody", "taken=018f0000-0000-7000-8000-000000000000", "taken="])
def test_day_does_not_mind_a_visit_that_is_not_in_it(shared: Site, query: str) -> None:
    assert shared.signed_in("reception").open(f"/desk?{query}").status == 200


def test_visit_names_every_step_that_can_be_taken_and_what_it_means(
    site: Site, today: AppointmentView, clock: Clock
) -> None:
    page = opened(site, today).page
    assert page.has("What happens now Arrived The patient is here and waits.", "Start The treatment", "Will come")
    assert not page.has("Did not come")
    clock.now = at(TODAY, 9)
    assert opened(site, today).page.has("Did not come The time is free again.")


def test_visit_says_who_did_what_and_takes_it_back(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    page = desk.press("Arrived")
    assert page.path == f"/desk/appointments/{today.appointment.id}?done=step"
    assert page.has("The patient has arrived.", "Takes back: arrived, 8:00 am by Reception.")
    assert page.has("What became of it Booked 8:00 am, The reception Arrived 8:00 am, Reception")
    page = desk.press("Undo")
    assert page.has("The appointment is booked.", "Taken back: arrived 8:00 am, Reception")
    assert status(site, today) is Status.BOOKED


def test_visit_entered_in_error_needs_a_reason(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    assert desk.page.has("This was entered in error", "It should never have been entered.")
    page = desk.press("Entered in error", enter_in_error=" ")
    assert (page.status, page.has("Enter a reason.")) == (400, True)
    page = desk.press("Entered in error", enter_in_error="Entered twice")
    assert page.has(
        "The appointment is marked as entered in error.", "Entered in error 8:00 am, Reception Entered twice"
    )
    assert status(site, today) is Status.ENTERED_IN_ERROR


def test_cancelled_visit_can_be_had_back_from_the_day(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    desk.press("Cancel the visit", reason="Rang")
    assert desk.page.has("Pat Smith: The appointment is cancelled. Its time is free again.", "Cancelled Undo Pat Smith")
    desk.press("Undo Pat Smith")
    assert status(site, today) is Status.BOOKED


def test_time_that_was_given_away_is_not_had_back(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    desk.press("Cancel the visit", reason="Rang")
    other = site.clinic.book(at(TODAY, 9), patient="Sam Reed", caller=site.clinic.reception)
    page = desk.press("Undo Pat Smith")
    assert page.status == 409
    assert page.has(f"That time has been given to {other.appointment.reference} meanwhile.")


def test_note_is_written_in_lines_and_shown_as_it_was_written(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    page = desk.press("Save the note", note="Rang:\r\n<b>late</b>\t \r\n")
    assert page.has("The note is written.")
    assert "\nRang:\n&lt;b&gt;late&lt;/b&gt;</textarea>" in page.answer.text
    page = desk.press("Save the note", note="x" * 1001)
    assert (page.status, page.has("at most 1000 characters")) == (400, True)
    assert "x" * 1001 in page.answer.text
    assert "late" not in opened(site, today, "ada").press("Save the note", note="").answer.text


def test_patient_who_said_on_the_telephone_to_come_is_confirmed(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    page = desk.press("Will come")
    assert page.has("It is on record that the patient will come.", "Confirmed Monday 23 November, 8:00 am")
    assert not page.has("Will come")
    assert site.signed_in("reception").open("/desk").has("Confirmed Arrived Pat Smith")


Change = Callable[[Site, AppointmentView], object]


def moved(site: Site, view: AppointmentView) -> None:
    later = MoveAppointment(appointment=view.appointment.id, version=1, start=at(TODAY, 10))
    site.clinic.database.write_now(move, site.clinic.reception, later)


def cancelled(site: Site, view: AppointmentView) -> None:
    command = CancelAppointment(appointment=view.appointment.id, version=1)
    site.clinic.database.write_now(cancel, as_staff(site, "manager"), command)


def undone(site: Site, view: AppointmentView) -> None:
    take(site, view, Step.CHECK_IN)
    back = UndoStep(appointment=view.appointment.id, version=2)
    site.clinic.database.write_now(undo, as_staff(site, "manager"), back)


@pytest.mark.parametrize(
    ("meanwhile", "button", "said"),
    [
        (
            lambda site, view: take(site, view, Step.CHECK_IN),
            "Arrived",
            "Manager has done that already: Monday 23",
        ),
        (cancelled, "Arrived", "Manager: Cancelled, Monday 23 November, 8:00 am."),
        (cancelled, "Cancel the visit", "Manager has done that already: Monday 23 November, 8:00 am."),
        (undone, "Arrived", "This visit has changed meanwhile Manager: Booked, Monday 23"),
        (moved, "Arrived", "It has been changed meanwhile; look at it again."),
        (cancelled, "Will come", "Manager: Cancelled, Monday 23 November, 8:00 am."),
        (moved, "Save the note", "It has been changed meanwhile; look at it again."),
    ],
)
def test_whoever_comes_second_is_told_who_was_faster_and_when(
    site: Site, today: AppointmentView, meanwhile: Change, button: str, said: str
) -> None:
    desk = opened(site, today)
    meanwhile(site, today)
    page = desk.press(button, reason="Rang", note="Rang")
    assert (page.status, page.has(said), page.heading.startswith("Monday 23")) == (409, True, True)


def test_step_before_its_day_is_said_to_be_too_early(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = opened(site, view)
    form = next(form for form in desk.page.forms if "Will come" in form.buttons)
    page = desk.post(f"/desk/appointments/{view.appointment.id}/step", **form.fields, step="check_in")
    assert page.status == 409
    assert page.has("It is too early for that", "It can be done from Tuesday 24 November, 12 midnight on.")


@pytest.mark.parametrize("step", ["", "cancel", "held", "nonsense"])
def test_step_that_is_none_is_refused(site: Site, today: AppointmentView, step: str) -> None:
    desk = opened(site, today)
    form = next(form for form in desk.page.forms if "Will come" in form.buttons)
    page = desk.post(f"/desk/appointments/{today.appointment.id}/step", **form.fields, step=step)
    assert (page.status, status(site, today)) == (400, Status.BOOKED)


def test_practitioner_begins_and_ends_the_visit_from_their_own_list(
    site: Site, today: AppointmentView, clock: Clock
) -> None:
    clock.now = at(TODAY, 9)
    ada = site.signed_in("ada")
    assert ada.open("/me").has("Booked Start Pat Smith Did not come Pat Smith")
    page = ada.press("Start Pat Smith")
    assert page.path == f"/me?taken={today.appointment.id}"
    assert page.has("Pat Smith: The treatment has begun.", "In treatment Done Pat Smith Undo Pat Smith")
    assert ada.press("Done Pat Smith").has("From today on, 0 visits.", "The visit is done.")
    assert status(site, today) is Status.FULFILLED


def test_practitioner_records_who_did_not_come_and_takes_it_back(
    site: Site, today: AppointmentView, clock: Clock
) -> None:
    clock.now = at(TODAY, 9)
    ada = site.signed_in("ada")
    ada.open("/me")
    assert ada.press("Did not come Pat Smith").has("The patient did not come.")
    assert ada.press("Undo Pat Smith").has("The appointment is booked.")


def test_practitioner_answers_requests(site: Site, requested: AppointmentView) -> None:
    ada = site.signed_in("ada")
    page = ada.open("/me")
    assert page.has("1 request to answer", "Tuesday 24 November, 10:00 am to 10:30 am Ida Frost, Dry needling, Seattle")
    assert ada.press("Accept Ida Frost").has("Ida Frost: The appointment is booked.")
    assert not ada.page.has("to answer")
    assert status(site, requested) is Status.BOOKED


def test_request_is_declined_with_a_reason(site: Site, requested: AppointmentView) -> None:
    ada = site.signed_in("ada")
    ada.open("/me")
    ada.follow("Look at it, or decline Ida Frost")
    assert not ada.page.has("Cancel this visit")
    page = ada.press("Decline", decline="")
    assert (page.status, page.has("Enter a reason.")) == (400, True)
    page = ada.press("Decline", decline="On a course")
    assert page.has("The appointment is cancelled.", "Cancelled 8:00 am, Ada On a course")
    assert status(site, requested) is Status.CANCELLED


def test_request_that_cannot_be_given_any_more_is_not_accepted(site: Site, requested: AppointmentView) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["practitioner"][0]["hours"][0]["from"] = "11:00"
    open_clinic(site.clinic.database, data)
    page = site.signed_in("reception")
    page.open("/desk?date=2026-11-24")
    refused = page.press("Accept Ida Frost")
    assert (refused.status, refused.has("Requested")) == (422, True)
    assert status(site, requested) is Status.REQUESTED


def test_practitioner_neither_moves_nor_cancels_nor_corrects(site: Site, today: AppointmentView) -> None:
    ada = opened(site, today, "ada")
    assert not ada.page.has("Move this visit")
    assert not ada.page.has("Cancel this visit")
    assert not ada.page.has("This was entered in error")
    form = next(form for form in ada.page.forms if "Save the note" in form.buttons)
    path = f"/me/appointments/{today.appointment.id}/step"
    page = ada.post(path, **form.fields, step="enter_in_error", enter_in_error="why")
    assert (page.status, status(site, today)) == (403, Status.BOOKED)


def test_visit_of_a_colleague_is_not_there(site: Site, today: AppointmentView) -> None:
    assert opened(site, today, "ben").page.status == 404


def test_visit_that_is_not_there_cannot_be_stepped(site: Site, today: AppointmentView) -> None:
    desk = opened(site, today)
    nobody = AppointmentId(site.clinic.practitioners["ada"])
    form = next(form for form in desk.page.forms if "Will come" in form.buttons)
    assert desk.post(f"/desk/appointments/{nobody}/step", **form.fields, step="check_in").status == 404
