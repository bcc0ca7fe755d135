"""What staff do with a visit: steps of its life, one step back, a note, and that the patient will come."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, InvalidInput, Unavailable
from booking.domain.lifecycle import Step
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.visitors import Visitor
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.notes import Annotate, annotate
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.appointments import AppointmentView
from booking.web.forms import Form, line, own_form, text, version
from booking.web.frame import PageRequest
from booking.web.staff_visit import CONFIRMED, NOTED, Asked, asked, visit_page

_BY_BUTTON = {Step.ACCEPT, Step.CHECK_IN, Step.START, Step.COMPLETE, Step.RECORD_NO_SHOW}
_WITH_REASON = {Step.DECLINE, Step.ENTER_IN_ERROR}
LONGEST_REASON = 300


def _at(name: str) -> list[str]:
    """The addresses of what the desk and whoever treats can do with a visit."""
    return [f"/{place}/appointments/{{appointment_id:uuid}}/{name}" for place in ("desk", "me")]


@post(_at("step"), opt={"access": Access.STAFF}, status_code=200)
async def take(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = await _sent(request, context, visitor, appointment_id)
    step = _step(form)
    reason = line(form, step, "a reason", longest=LONGEST_REASON) if step in _WITH_REASON else None
    if form.wrong:
        return await visit_page(of, {step: form})
    command = TakeStep(appointment=of.appointment_id, version=version(form), step=step, reason=reason)
    return await _carry_out(of, form, take_step, command)


@post(_at("undo"), opt={"access": Access.STAFF}, status_code=200)
async def take_back(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = await _sent(request, context, visitor, appointment_id)
    return await _carry_out(of, form, undo, UndoStep(appointment=of.appointment_id, version=version(form)))


@post(_at("note"), opt={"access": Access.STAFF}, status_code=200)
async def note(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = await _sent(request, context, visitor, appointment_id)
    command = Annotate(appointment=of.appointment_id, version=version(form), note=text(form, "note"))
    try:
        return await _carry_out(of, form, annotate, command, NOTED)
    except InvalidInput as refusal:
        form.wrong["note"] = refusal.message
        return await visit_page(of, {"note": form})


@post("/desk/appointments/{appointment_id:uuid}/confirm", opt={"access": Access.STAFF}, status_code=200)
async def patient_comes(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = await _sent(request, context, visitor, appointment_id)
    command = ConfirmVisit(appointment=of.appointment_id, version=version(form))
    return await _carry_out(of, form, confirm, command, CONFIRMED)


@post("/desk/appointments/{appointment_id:uuid}/cancel", opt={"access": Access.STAFF}, status_code=200)
async def cancel_it(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = await _sent(request, context, visitor, appointment_id)
    reason = line(form, "reason", "a reason", longest=LONGEST_REASON)
    if form.wrong:
        return await visit_page(of, {"cancel": form})
    command = CancelAppointment(appointment=of.appointment_id, version=version(form), reason=reason)
    return await _carry_out(of, form, cancel, command)


async def _sent(request: PageRequest, context: Context, visitor: Visitor, appointment_id: UUID) -> tuple[Asked, Form]:
    of = asked(request, context, visitor, appointment_id)
    return of, await own_form(request, context, read_cookie(request, context.settings, SESSION))


async def _carry_out(
    of: Asked, form: Form, use_case: Callable[..., AppointmentView], command: Any, told: str = "step"
) -> Response[str]:
    """Do it and go back to where it was asked for; a refusal is said on the visit's page, as the visit is now."""
    try:
        seen = await of.context.database.write(use_case, of.seat.caller, command)
    except (Unavailable, InvalidInput):
        raise
    except BookingError as refusal:
        return await visit_page(of, problem=refusal, since=command.version)
    return Redirect(_back(of, form, seen, told), status_code=303)


def _back(of: Asked, form: Form, seen: AppointmentView, told: str) -> str:
    """The list where the button was pressed, at its visit; else the visit's page."""
    visit = seen.appointment
    if form.typed("back") != "list":
        return f"{of.seat.url}/appointments/{visit.id}?done={told}"
    query = {"taken": str(visit.id)}
    if of.seat.url == "/desk":
        query = {"date": local_date(visit.span.start, visit.zone).isoformat(), "site": form.typed("site"), **query}
    return f"{of.seat.url}?{urlencode(query)}#visit-{visit.id}"


def _step(form: Form) -> Step:
    """Raises InvalidInput for a word that is no step, or one that is taken in another way."""
    typed = form.typed("step")
    found = next((one for one in _BY_BUTTON | _WITH_REASON if one == typed), None)
    if found is None:
        raise InvalidInput("step", "Go back to the visit and choose again.")
    return found


HANDLERS = [take, take_back, note, patient_comes, cancel_it]
