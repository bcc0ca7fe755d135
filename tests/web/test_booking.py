"""Steps 3 and 4: a held time becomes an appointment, or other times are offered."""

import pytest

from booking.usecases.views.appointments import DayQuery, list_appointments
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.web.browsing import Browser
from tests.web.conftest import Site

TIMES = "/book/dull/times?treatment=needling&from=2026-11-24"
TEN = "Tuesday 24 November, 10:00 am"
PAT = {"name": "Pat Smith", "email": "pat@example.org", "phone": ""}


def hold(site: Site, time: str = TEN) -> Browser:
    """A browser at step 3, with this time held."""
    guest = site.browser()
    guest.open(TIMES)
    guest.press(time)
    return guest


def booked(site: Site) -> int:
    query = DayQuery(first=TUESDAY, last=TUESDAY)
    return len(site.clinic.database.read_now(list_appointments, site.clinic.reception, query))


def test_a_time_is_held_checked_and_booked(site: Site) -> None:
    guest = hold(site)
    assert guest.page.heading == "About you"
    assert guest.page.has("Step 3 of 4", "Tuesday 24 November, 10:00 am to 10:30 am", "Ada Byrne, physical therapist")
    assert guest.page.has("Held for you for 10 minutes, until 8:10 am", "Seattle, 1 Pine Street, Seattle", "$95")
    page = guest.press("Continue", **PAT)
    assert page.heading == "Check and book"
    assert page.has("Step 4 of 4", "Pat Smith", "pat@example.org", "Tuesday 24 November, 10:00 am to 10:30 am")
    page = guest.press("Book this appointment")
    assert (page.heading, booked(site)) == ("Your appointment", 1)
    assert page.has("Booked", "Tuesday 24 November, 10:00 am to 10:30 am", "Reference DN-", "Pat Smith")


def test_what_is_given_on_request_is_said_to_be_a_request(site: Site) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["treatment"][0]["on_request"] = True
    open_clinic(site.clinic.database, data)
    assert site.browser().open("/book/dull").has("On request: we look at it before we accept it.")
    guest = hold(site)
    page = guest.press("Continue", **PAT)
    assert page.heading == "Check and send your request"
    assert page.has("This is a request. We look at it before we accept it, and will tell you.")
    page = guest.press("Send this request")
    assert (page.heading, booked(site)) == ("Your request", 1)
    assert page.has("Requested", "Tuesday 24 November, 10:00 am to 10:30 am")


def test_pressing_twice_books_once(site: Site) -> None:
    guest = hold(site)
    last = guest.press("Continue", **PAT)
    first = guest.press("Book this appointment")
    guest.page = last
    second = guest.press("Book this appointment")
    assert (second.path, booked(site)) == (first.path, 1)


def test_held_time_is_free_to_its_owner_alone(site: Site) -> None:
    guest = hold(site)
    other = site.browser()
    assert other.open(f"{TIMES}&practitioner=ada").has("10:30 am")
    assert not other.page.has(TEN)
    assert guest.open(f"{TIMES}&practitioner=ada").has(TEN)


def test_another_time_gives_the_first_one_back(site: Site) -> None:
    guest = hold(site)
    guest.follow("Change time")
    guest.press("Tuesday 24 November, 11:00 am")
    assert guest.page.has("11:00 am to 11:30 am")
    assert site.browser().open(f"{TIMES}&practitioner=ada").has(TEN)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "   "}, "Enter your name."),
        ({"name": "Pat\x00"}, "Type your name again: it has characters that cannot be used."),
        ({"name": "Pat\u202eSmith"}, "Type your name again: it has characters that cannot be used."),
        ({"name": "P\r\nSmith"}, "Type your name again: it has characters that cannot be used."),
        ({"name": "P" * 201}, "Use at most 200 characters for your name."),
        ({"email": ""}, "Enter an e-mail address or a telephone number."),
        ({"email": "pat@example.org, eve@example.org"}, "Enter one e-mail address, such as name@example.com."),
        ({"email": "pat"}, "Enter one e-mail address, such as name@example.com."),
        ({"email": f"{'a' * 250}@b.example"}, "Use at most 254 characters for your e-mail address."),
        ({"phone": "call me"}, "Enter a telephone number in figures, such as +1 206 555 0142."),
        ({"phone": "1234"}, "Enter a telephone number in figures, such as +1 206 555 0142."),
        ({"phone": "1" * 32}, "Use at most 31 characters for your telephone number."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(site: Site, typed: dict[str, str], said: str) -> None:
    guest = hold(site)
    page = guest.press("Continue", **(PAT | typed))
    assert (page.status, page.heading) == (400, "About you")
    assert page.has("Please look at this again", said)
    [form] = [form for form in page.forms if "name" in form.fields]
    assert form.fields["email"] == (PAT | typed)["email"]
    assert form.fields["phone"] == (PAT | typed)["phone"]


def test_all_that_is_wrong_is_said_at_once(site: Site) -> None:
    page = hold(site).press("Continue", name="", email="", phone="no")
    assert page.has("Enter your name.", "Enter a telephone number in figures")


@pytest.mark.parametrize("name", ["O'Brien & <b>Sons</b>", "Zoë Ångström", "李小龍", "نور", "x" * 200])
def test_every_name_is_shown_as_it_is(site: Site, name: str) -> None:
    guest = hold(site)
    assert guest.press("Continue", **(PAT | {"name": name})).has(name)
    assert guest.press("Book this appointment").has(name)


def test_details_can_be_changed_at_the_last_step(site: Site) -> None:
    guest = hold(site)
    guest.press("Continue", **PAT)
    page = guest.press("Change your details")
    [form] = [form for form in page.forms if "name" in form.fields]
    assert (page.heading, form.fields["name"], form.fields["email"]) == ("About you", "Pat Smith", "pat@example.org")


def test_time_can_be_kept_for_thirty_minutes_and_what_was_typed_stays(site: Site, clock: Clock) -> None:
    guest = hold(site)
    for _ in range(2):
        clock.advance(minutes=9)
        page = guest.press("Keep my time", name="Pat", email="nonsense")
        assert page.has("Held for you for 10 minutes")
        assert page.forms[0].fields["name"] == "Pat"
    clock.advance(minutes=9)
    assert guest.press("Keep my time").has("Held for you for 3 minutes, until 8:30 am")
    assert not guest.page.has("Keep my time")


def test_time_can_be_kept_at_the_last_step(site: Site, clock: Clock) -> None:
    guest = hold(site)
    guest.press("Continue", **PAT)
    clock.advance(minutes=4)
    page = guest.press("Keep my time")
    assert page.heading == "Check and book"
    assert page.has("Held for you for 10 minutes, until 8:14 am")


def test_time_that_ran_out_is_held_again_while_it_is_free(site: Site, clock: Clock) -> None:
    guest = hold(site)
    clock.advance(minutes=11)
    page = guest.press("Continue", **PAT)
    assert page.heading == "Check and book"
    assert page.has("Your time had run out, but it was still free.", "until 8:21 am")
    assert guest.press("Book this appointment").heading == "Your appointment"


def test_time_that_ran_out_is_booked_while_it_is_free(site: Site, clock: Clock) -> None:
    guest = hold(site)
    guest.press("Continue", **PAT)
    clock.advance(minutes=11)
    page = guest.press("Book this appointment")
    assert (page.heading, booked(site)) == ("Your appointment", 1)
    assert page.has(TEN, "Ada Byrne")


@pytest.mark.parametrize("step", ["Keep my time", "Continue", "Book this appointment"])
def test_time_that_ran_out_and_was_taken_leads_to_others_with_all_that_was_typed(
    site: Site, clock: Clock, step: str
) -> None:
    guest = hold(site)
    if step.startswith("Book"):
        guest.press("Continue", **PAT)
    clock.advance(minutes=11)
    site.clinic.book(at(TUESDAY, 10))
    page = guest.press(step, **PAT)
    assert (page.status, page.heading) == (409, "That time has just been taken")
    assert page.has("The nearest times that are free", f"{TEN} with Ben Ode", "What you have typed is kept.")
    page = guest.press("Tuesday 24 November, 9:45 am with Ben Ode")
    assert page.heading == "Check and book"
    assert page.has("9:45 am to 10:15 am", "Ben Ode", "Pat Smith", "pat@example.org")
    assert guest.press("Book this appointment").has("Booked", "9:45 am to 10:15 am")


def test_time_that_is_taken_meanwhile_leads_to_others(site: Site) -> None:
    guest = site.browser()
    guest.open(f"{TIMES}&practitioner=ada")
    site.clinic.book(at(TUESDAY, 10))
    page = guest.press(TEN)
    assert (page.status, page.heading) == (409, "That time has just been taken")
    page = guest.press(f"{TEN} with Ben Ode")
    assert page.heading == "About you"
    assert page.has("10:00 am to 10:30 am", "Ben Ode")


def test_times_that_are_no_longer_offered_lead_to_others(site: Site, clock: Clock) -> None:
    guest = site.browser()
    guest.open("/book/dull/times?treatment=needling")
    clock.advance(hours=1)
    page = guest.press("Monday 23 November, 9:00 am")
    assert (page.status, page.heading) == (422, "That time is too soon to book online")
    assert page.has("A visit is booked at least 60 minutes ahead; please call us.", "10:00 am with")


def test_who_has_another_visit_then_is_told_so(site: Site) -> None:
    guest = hold(site)
    guest.press("Continue", **PAT)
    guest.press("Book this appointment")
    guest.open(f"{TIMES}&practitioner=ben")
    guest.press(TEN)
    guest.press("Continue", **PAT)
    page = guest.press("Book this appointment")
    assert (page.status, page.heading, booked(site)) == (409, "Check and book", 1)
    assert page.has("There is another visit at that time")


def test_who_has_another_visit_too_close_to_it_is_told_so(site: Site) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["clinic"]["policy"]["region_spacing_hours"] = 24
    open_clinic(site.clinic.database, data)
    guest = hold(site)
    guest.press("Continue", **PAT)
    guest.press("Book this appointment")
    guest.open(TIMES)
    guest.press("Wednesday 25 November, 10:00 am")
    guest.press("Continue", **PAT)
    page = guest.press("Book this appointment")
    assert (page.status, page.heading) == (422, "Check and book")
    assert page.has("There is another visit too close to it", "at least 24 hours apart")
    guest.follow("Change time")
    guest.press("Thursday 26 November, 10:00 am")
    guest.press("Continue", **PAT)
    assert guest.press("Book this appointment").heading == "Your appointment"


def test_time_that_came_to_leave_a_gap_leads_to_others(site: Site) -> None:
    data = dull(ben={"name": "Ben Ode"})
    data["clinic"]["policy"]["smallest_gap_minutes"] = 30
    open_clinic(site.clinic.database, data)
    guest = site.browser()
    guest.open(f"{TIMES}&practitioner=ada")
    site.clinic.book(at(TUESDAY, 10))
    page = guest.press("Tuesday 24 November, 10:45 am")
    assert (page.status, page.heading) == (422, "That time is not offered online")
    assert page.has("another time close to it is free", "Tuesday 24 November, 10:45 am with Ben Ode")


def test_hold_of_somebody_else_is_not_shown(site: Site) -> None:
    guest = hold(site)
    page = site.browser().open(guest.page.path)
    assert (page.status, page.heading) == (409, "That time is no longer held for you")
    assert page.links["Choose a time again"] == "/book/dull"


@pytest.mark.parametrize("step", ["extend", "details", "check", "book"])
def test_address_of_a_form_leads_back_to_its_page(site: Site, step: str) -> None:
    guest = hold(site)
    own = guest.page.path
    page = guest.open(f"{own}/{step}")
    assert (page.path, page.heading) == (own, "About you")


def test_form_without_the_browsers_cookie_is_refused(site: Site) -> None:
    guest = site.browser()
    guest.open(TIMES)
    guest.cookies.clear()
    page = guest.press(TEN)
    assert (page.status, page.heading) == (403, "Please send that again")
    assert page.has("your browser keeps no cookies")


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
)
def test_form_sent_by_another_site_is_refused(site: Site, headers: dict[str, str]) -> None:
    guest = site.browser()
    guest.open(TIMES)
    guest.headers.update(headers)
    assert guest.press(TEN).status == 403


@pytest.mark.parametrize("step", ["/hold", "/hold/018f0000-0000-7000-8000-000000000000/book"])
def test_form_with_anothers_token_is_refused(site: Site, step: str) -> None:
    guest, other = site.browser(), site.browser()
    guest.open(TIMES)
    csrf = other.open(TIMES).forms[0].fields["csrf"]
    assert guest.post(f"/book/dull{step}", csrf=csrf).status == 403


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"treatment": "nothing"}, 404),
        ({"site": "nowhere"}, 404),
        ({"practitioner": "nobody"}, 404),
        ({"start": "whenever"}, 400),
        ({"start": "2026-11-24T18:00:00"}, 400),
        ({"start": "2026-11-24T18:01:00Z"}, 422),
        ({"start": "9999-12-31T23:59:59Z"}, 400),
        ({"start": "2100-01-01T18:00:00Z"}, 422),
        ({"start": "2026-11-24T18:00:00Z\x00"}, 400),
        ({"choice": "ada"}, 400),
        ({"choice": "nobody 2026-11-24T18:00:00Z"}, 404),
    ],
)
def test_form_that_nobody_of_ours_made_is_refused(site: Site, changed: dict[str, str], status: int) -> None:
    guest = site.browser()
    page = guest.open(TIMES)
    good = page.forms[0].fields | {"start": "2026-11-24T18:00:00Z"}
    assert guest.post("/book/dull/hold", **(good | changed)).status == status
