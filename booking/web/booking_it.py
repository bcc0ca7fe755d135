"""Step 4 of booking: look at it once more, and book."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, HoldExpired, PatientAge, PatientDoubleBooked, TooClose
from booking.domain.patient import Contact
from booking.http.access import Access
from booking.http.context import Context
from booking.http.tokens import manage_token
from booking.http.visitors import Visitor
from booking.usecases.book import BookAppointment, book
from booking.usecases.types import RequestKey
from booking.usecases.views.appointments import AppointmentView
from booking.web.asking import GONE, Asking, sending, still_held
from booking.web.forms import contact
from booking.web.frame import PageRequest
from booking.web.hold_pages import check_page, checked_page, others_page
from booking.web.wanting import asked_for


@post("/book/{clinic:str}/hold/{hold_id:uuid}/check", opt={"access": Access.PUBLIC}, status_code=200)
async def check(
    request: PageRequest, hold_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _checked(await sending(request, context, visitor), hold_id)


@post("/book/{clinic:str}/hold/{hold_id:uuid}/book", opt={"access": Access.PUBLIC}, status_code=200)
async def book_it(
    request: PageRequest, hold_id: FromPath[UUID], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    of = await sending(request, context, visitor)
    person = contact(of.form)
    if person is None:
        return await _checked(of, hold_id)
    try:
        booked = await _book(of, hold_id, person)
    except GONE as refusal:
        return await others_page(of, refusal)
    except (PatientAge, PatientDoubleBooked, TooClose) as refusal:
        return await _in_the_way(of, hold_id, person, refusal)
    token = manage_token(context.settings, of.caller.clinic_id, booked.appointment.id)
    return Redirect(f"/b/{token}", status_code=303)


async def _checked(of: Asking, hold_id: UUID) -> Response[str]:
    try:
        return await checked_page(of, await still_held(of, hold_id))
    except GONE as refusal:
        return await others_page(of, refusal)


async def _book(of: Asking, hold_id: UUID, person: Contact) -> AppointmentView:
    """Book what is held; when the hold has run out, the same time with the same person directly, if it is still free.

    Pressing the button twice books once: the second time finds the first one's appointment.
    """
    again = RequestKey(identity=of.browser.hold_key, key=f"page:{hold_id}", digest=str(hold_id))
    held = BookAppointment(contact=person, what=of.ref(hold_id), request=again)
    try:
        return await of.context.database.write(book, of.caller, held)
    except HoldExpired:
        asked = await of.context.database.read(asked_for, of.caller, of.form)
        direct = BookAppointment(contact=person, what=asked.wanted, request=again)
        return await of.context.database.write(book, of.caller, direct)


async def _in_the_way(of: Asking, hold_id: UUID, person: Contact, refusal: BookingError) -> Response[str]:
    """Another visit of the same person is: the same step again, where another time can be chosen, while one is held."""
    try:
        return await check_page(of, await still_held(of, hold_id), person, refusal)
    except GONE as gone:
        return await others_page(of, gone)


HANDLERS = [check, book_it]
