"""Somebody stands at the desk without an appointment."""

from collections.abc import Sequence
from datetime import date

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, InvalidInput, Unavailable
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.walk_in import WalkIn, times_to_come_back, walk_in
from booking.web.choices import only
from booking.web.desk import TAB, at_desk
from booking.web.desk_forms import OF_TIME, desk_form, once_only, picked, picked_or_any, refused, request_key, zone_of
from booking.web.forms import Form, day, reached
from booking.web.frame import PageRequest, staff_frame
from booking.web.rendering import page
from booking.web.searching import Choice, choices_of


@get("/desk/walk-in", opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form(values=dict(request.query_params)))


@post("/desk/walk-in", opt={"access": Access.STAFF}, status_code=200)
async def receive(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = at_desk(request, visitor), await desk_form(request, context)
    command = _command(await context.database.read(catalogue, caller), caller, form)
    if command is None:
        return await _page(request, context, visitor, form)
    try:
        seen = await context.database.write(walk_in, caller, command)
    except (Unavailable, InvalidInput):
        raise
    except BookingError as refusal:
        others = await _others(context, caller, command) if isinstance(refusal, OF_TIME) else ()
        return await _page(request, context, visitor, form, refusal, others)
    return Redirect(f"/desk/appointments/{seen.appointment.id}?done=walk-in", status_code=303)


def _command(found: Catalogue, caller: Caller, form: Form) -> WalkIn | None:
    """What the form asks for; None when something is wrong with it, each with its sentence."""
    name, email, phone = reached(form, "the patient's")
    treatment = picked(form, "treatment", found.treatment_types, "Choose a treatment.")
    site = only(found.sites) or picked(form, "site", found.sites, "Choose a site.")
    who = picked_or_any(form, "practitioner", found.practitioners, "Choose a practitioner, or anyone.")
    born = day(form, "born", "the date of birth")
    if form.wrong or treatment is None or site is None:
        return None
    return WalkIn(
        name=name,
        email=email,
        phone=phone,
        born=born,
        treatment_type=treatment.id,
        site=site.id,
        practitioner=who.id if who else None,
        request=request_key(caller, form),
    )


async def _others(context: Context, caller: Caller, command: WalkIn) -> Sequence[Choice]:
    """Times to come back at; none rather than an error: the refusal itself is what must be heard."""
    try:
        return choices_of(await context.database.read(times_to_come_back, caller, command))
    except BookingError:
        return ()


async def _page(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    form: Form,
    problem: BookingError | None = None,
    others: Sequence[Choice] = (),
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    found, today = await context.database.read(_look, at_desk(request, visitor), form)
    return page(
        "desk_walk_in.html",
        frame,
        status=STATUS[problem.code] if problem else 400 if form.wrong else 200,
        form=once_only(form),
        about=found,
        problem=refused(problem, others, anyone=not form.typed("practitioner")) if problem else None,
        zone=zone_of(found, form),
        today=today,
    )


def _look(tx: Transaction, caller: Caller, form: Form) -> tuple[Catalogue, date]:
    found = catalogue(tx, caller)
    return found, local_date(tx.now(), zone_of(found, form))


HANDLERS = [show, receive]
