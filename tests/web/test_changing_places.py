"""A visit gets another place at the desk: a room, a length, anyone, a colleague, an exchange, somebody beside it."""

import pytest

from booking.domain.appointment import Appointment
from booking.store import appointments
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.views.appointments import AppointmentView
from tests.clinics import TUESDAY, at
from tests.web.browsing import Browser
from tests.web.conftest import Site

PERSON = {"name": "Sam Reed", "email": "sam.reed@example.org"}


def stored(site: Site, view: AppointmentView) -> Appointment:
    return site.clinic.database.read_now(appointments.get, site.clinic.id, view.appointment.id)


def desk_at(site: Site, view: AppointmentView) -> Browser:
    desk = site.signed_in("reception")
    desk.open(f"/desk/appointments/{view.appointment.id}")
    return desk


def test_visit_is_moved_to_a_room_a_length_and_anyone(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    site.clinic.book(at(TUESDAY, 14), patient="Kim Doe")
    desk = desk_at(site, view)
    form = next(form for form in desk.page.forms if "Move the visit" in form.buttons)
    assert (form.fields["minutes"], form.fields.get("room", "")) == ("30", "")
    desk.press("Move the visit", time="14:00", practitioner="*", room="room-2", minutes="45")
    now = stored(site, view)
    assert (now.practitioner_id, now.room_id, now.agreed.minutes) == (
        site.clinic.practitioners["ben"], site.clinic.rooms["room-2"], 45,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes": "7"}, "Enter the length in minutes, a multiple of 5."),
        ({"minutes": "half an hour"}, "Enter the length in minutes, a multiple of 5."),
        ({"minutes": "990"}, "A visit takes a multiple of 5 minutes, and not half a day."),
        ({"room": "cellar"}, "Choose a room."),
    ],
)
def test_room_and_length_that_are_none_are_refused(site: Site, typed: dict[str, str], sentence: str) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    page = desk_at(site, view).press("Move the visit", **typed)
    assert (page.status, page.has(sentence)) == (400, True)
    assert stored(site, view) == view.appointment


def test_visit_is_given_to_a_colleague(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = desk_at(site, view)
    page = desk.follow("Give to a colleague, change places, squeeze in")
    assert page.has("Tuesday 24 November, 10:00 am to 10:30 am", "Pat Smith with Ada Byrne, Seattle, Room 1")
    page = desk.press("Give it", colleague="ben")
    assert page.has("The visit is given to a colleague.", "Pat Smith with Ben Ode")
    assert desk.press("Give it", colleague="").has("Pat Smith with Ada Byrne")
    site.clinic.book(at(TUESDAY, 10), "ben", "Kim Doe")
    page = desk.press("Give it", colleague="")
    assert (page.status, page.has("Nobody is free then")) == (409, True)
    assert desk.press("Give it", colleague="cy").has("Choose a colleague, or anyone.")


def test_colleague_who_may_not_is_refused_with_every_reason(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    suspended = SuspendCredential(credential=site.clinic.credentials["ben", "licence"], reason="by the board")
    site.clinic.database.write_now(suspend, site.clinic.manager, suspended)
    desk = desk_at(site, view)
    desk.follow("Give to a colleague, change places, squeeze in")
    page = desk.press("Give it", colleague="ben")
    assert (page.status, page.has("On file", "suspended", "To mend it")) == (422, True)
    assert stored(site, view) == view.appointment


def test_two_visits_change_places(site: Site) -> None:
    one, other = site.clinic.book(at(TUESDAY, 10)), site.clinic.book(at(TUESDAY, 12), "ben", "Sam Reed")
    desk = desk_at(site, one)
    page = desk.follow("Give to a colleague, change places, squeeze in")
    assert page.has("12 noon, Sam Reed, Ben Ode")
    key = f"{other.appointment.id}:1"
    page = desk.press("Change places", other=key)
    assert page.has("The two visits have changed places.", "12 noon to 12:30 pm", "with Ben Ode")
    assert stored(site, other).span == one.appointment.span
    page = desk.press("Change places", other=key)
    assert (page.status, page.has("This visit has changed meanwhile")) == (409, True)
    assert desk.press("Change places", other="").has("Choose the other visit.")


@pytest.mark.parametrize(
    ("side", "booked", "stays"),
    [("after", "10:20 am to 10:30 am", (10, 0)), ("before", "10:00 am to 10:10 am", (10, 15))],
)
def test_somebody_is_squeezed_in_beside_a_visit(site: Site, side: str, booked: str, stays: tuple[int, int]) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = desk_at(site, view)
    desk.follow("Give to a colleague, change places, squeeze in")
    page = desk.press("Squeeze in", shorter="15", length="10", side=side, **PERSON)
    assert page.heading == f"Tuesday 24 November, {booked}"
    assert page.has("Sam Reed", "The appointment is booked.", "10 minutes", "Ada Byrne")
    now = stored(site, view)
    assert (now.agreed.minutes, now.span.start) == (15, at(TUESDAY, *stays))


def test_squeezing_in_says_what_is_wrong(site: Site) -> None:
    view = site.clinic.book(at(TUESDAY, 10))
    desk = desk_at(site, view)
    desk.follow("Give to a colleague, change places, squeeze in")
    page = desk.press("Squeeze in", shorter="soon")
    assert (page.status, page.has("Enter how long it still takes in minutes", "Enter the patient's name.")) == (
        400,
        True,
    )
    assert desk.press("Squeeze in", shorter="30", **PERSON).has("A neighbour is only shortened")
    site.clinic.book(at(TUESDAY, 10, 45), patient="Kim Doe")
    page = desk.press("Squeeze in", shorter="15", **PERSON)
    assert (page.status, page.has("That time is taken")) == (409, True)
    assert stored(site, view) == view.appointment
