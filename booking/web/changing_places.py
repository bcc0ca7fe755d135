"""Where else a visit could be: given to a colleague, exchanged with another, or shortened for one beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError, InvalidInput, Unavailable
from booking.domain.ids import AppointmentId
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.http.access import Access
from booking.http.context import Context
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.placing import Wanted
from booking.usecases.reassign import ReassignAppointment, reassign
from booking.usecases.squeeze import Shortened, SqueezeIn, squeeze_in
from booking.usecases.swap import SwapAppointments, swap
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.places import Places, places
from booking.web.desk import TAB, at_desk
from booking.web.desk_forms import desk_form, minutes, once_only, picked, picked_or_any, refused, request_key
from booking.web.forms import Form, contact, version
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page

_DONE = {
    "given": "The visit is given to a colleague.",
    "exchanged": "The two visits have changed places.",
}
_FORMS = ("give", "exchange", "squeeze")


@dataclass(frozen=True, kw_only=True)
class _Seen:
    places: Places
    catalogue: Catalogue
    today: date


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Somebody at the desk, about a visit."""

    request: PageRequest
    context: Context
    visitor: Visitor
    caller: Caller
    appointment_id: AppointmentId

    @property
    def url(self) -> str:
        return f"/desk/appointments/{self.appointment_id}/places"

    async def seen(self) -> _Seen:
        return await self.context.database.read(_look, self.caller, self.appointment_id)


@get("/desk/appointments/{appointment_id:uuid}/places", opt={"access": Access.STAFF})
async def show(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    return await _page(_asked(request, context, visitor, appointment_id))


@post("/desk/appointments/{appointment_id:uuid}/give", opt={"access": Access.STAFF}, status_code=200)
async def give(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = _asked(request, context, visitor, appointment_id), await desk_form(request, context)
    seen = await of.seen()
    who = picked_or_any(form, "colleague", seen.places.colleagues, "Choose a colleague, or anyone.")
    if form.wrong:
        return await _page(of, {"give": form})
    command = ReassignAppointment(
        appointment=of.appointment_id, version=version(form), practitioner=who.id if who else None
    )
    return await _carry_out(of, {"give": form}, reassign, command, "given")


@post("/desk/appointments/{appointment_id:uuid}/exchange", opt={"access": Access.STAFF}, status_code=200)
async def exchange(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = _asked(request, context, visitor, appointment_id), await desk_form(request, context)
    other = _other(await of.seen(), form)
    if other is None:
        return await _page(of, {"exchange": form})
    command = SwapAppointments(one=of.appointment_id, version=version(form), other=other[0], other_version=other[1])
    return await _carry_out(of, {"exchange": form}, swap, command, "exchanged")


@post("/desk/appointments/{appointment_id:uuid}/squeeze-in", opt={"access": Access.STAFF}, status_code=200)
async def squeeze(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of, form = _asked(request, context, visitor, appointment_id), await desk_form(request, context)
    command = _squeeze(await of.seen(), of.caller, form)
    if command is None:
        return await _page(of, {"squeeze": form})
    try:
        found = await context.database.write(squeeze_in, of.caller, command)
    except InvalidInput as refusal:
        form.wrong["shorter"] = refusal.message
        return await _page(of, {"squeeze": form})
    except Unavailable:
        raise
    except BookingError as refusal:
        return await _page(of, {"squeeze": form}, refusal)
    return Redirect(f"/desk/appointments/{found.booked.appointment.id}?done=squeezed", status_code=303)


async def _carry_out(
    of: _Asked, sent: Mapping[str, Form], use_case: Callable[..., object], command: object, done: str
) -> Response[str]:
    """Do it and come back to this page; a refusal is said on it, with the form as it was sent."""
    try:
        await of.context.database.write(use_case, of.caller, command)
    except (Unavailable, InvalidInput):
        raise
    except BookingError as refusal:
        return await _page(of, sent, refusal)
    return Redirect(f"{of.url}?done={done}", status_code=303)


def _asked(request: PageRequest, context: Context, visitor: Visitor, appointment_id: UUID) -> _Asked:
    caller, visit = at_desk(request, visitor), AppointmentId(appointment_id)
    return _Asked(request=request, context=context, visitor=visitor, caller=caller, appointment_id=visit)


async def _page(
    of: _Asked, forms: Mapping[str, Form] | None = None, problem: BookingError | None = None
) -> Response[str]:
    frame = await staff_frame(of.request, of.context, of.visitor, TAB)
    seen, given = await of.seen(), forms or {}
    filled = {name: given.get(name, Form()) for name in _FORMS}
    if "squeeze" not in given:
        filled["squeeze"] = Form(values=_half_for_another(seen))
    status = STATUS[problem.code] if problem else 400 if any(form.wrong for form in given.values()) else 200
    return page(
        "desk_places.html",
        frame,
        status=status,
        view=seen.places.visit,
        places=seen.places,
        treatments=seen.catalogue.treatment_types,
        forms={**filled, "squeeze": once_only(filled["squeeze"])},
        problem=refused(problem, anyone="give" in given and not given["give"].typed("colleague")) if problem else None,
        is_wrong=status != 200,
        done="" if given else _DONE.get(of.request.query_params.get("done", ""), ""),
        asks_age=seen.places.visit.site.id in seen.catalogue.asking_age,
        today=seen.today,
    )


def _look(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> _Seen:
    found = places(tx, caller, appointment_id)
    today = local_date(tx.now(), found.visit.appointment.zone)
    return _Seen(places=found, catalogue=catalogue(tx, caller), today=today)


def _other(seen: _Seen, form: Form) -> tuple[AppointmentId, int] | None:
    """The visit that was chosen, and the version that was seen of it."""
    which, _, at = form.typed("other").partition(":")
    found = next((one.appointment.id for one in seen.places.others if str(one.appointment.id) == which), None)
    if found is None:
        form.wrong["other"] = "Choose the other visit."
        return None
    return found, version(Form(values={"version": at}))


def _squeeze(seen: _Seen, caller: Caller, form: Form) -> SqueezeIn | None:
    """What the form asks for; None when something is wrong with it, each with its sentence."""
    visit = seen.places.visit.appointment
    shorter = minutes(form, "shorter", "how long it still takes")
    length = minutes(form, "length", "how long the other one takes", required=False)
    treatment = picked(form, "treatment", seen.catalogue.treatment_types, "Choose a treatment.")
    person = contact(form, "the patient's")
    if shorter is None or treatment is None or person is None or form.wrong:
        return None
    before = form.typed("side") == "before"
    wanted = Wanted(
        treatment_type=treatment.id,
        site=visit.site_id,
        practitioner=visit.practitioner_id,
        minutes=length,
        start=visit.span.start + (_room_before(visit, treatment) if before else _room_after(visit, treatment, shorter)),
    )
    start = visit.span.end - timedelta(minutes=shorter) if before else None
    neighbour = Shortened(appointment=visit.id, version=version(form), minutes=shorter, start=start)
    return SqueezeIn(contact=person, wanted=wanted, neighbour=neighbour, request=request_key(caller, form))


def _room_before(visit: Appointment, treatment: TreatmentType) -> timedelta:
    """How long after the start of the visit the other can start, when the visit starts later."""
    return timedelta(minutes=treatment.buffer_before - visit.agreed.buffer_before)


def _room_after(visit: Appointment, treatment: TreatmentType, shorter: int) -> timedelta:
    """How long after the start of the visit, which takes so many minutes, the other can start."""
    return timedelta(minutes=shorter + visit.agreed.buffer_after + treatment.buffer_before)


def _half_for_another(seen: _Seen) -> dict[str, str]:
    """What is proposed: the same treatment, after half of the visit."""
    agreed = seen.places.visit.appointment.agreed
    same = next((one.slug for one in seen.catalogue.treatment_types if one.id == agreed.treatment_type_id), "")
    return {"shorter": str(agreed.minutes // 10 * 5), "treatment": same, "side": "after"}


HANDLERS = [show, give, exchange, squeeze]
