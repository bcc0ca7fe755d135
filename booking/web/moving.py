"""Moving a visit: its patient chooses among free times and is asked once more; reception says when, and with whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.appointment import Appointment
from booking.domain.errors import BookingError, InvalidInput, Unavailable
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller
from booking.domain.room import Room
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.move import MoveAppointment, move
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.outlook import Outlook, first_days
from booking.usecases.views.places import rooms_that_do
from booking.web.desk_forms import minutes, picked, picked_or_any, start_at
from booking.web.errors import said
from booking.web.forms import Form, own_form, read_day, read_instant, version
from booking.web.frame import PageRequest, at_work, public_frame
from booking.web.rendering import page
from booking.web.searching import DAYS_SHOWN, DayOfChoices, days_of
from booking.web.staff_visit import asked, visit_page

_ANYONE = "*"
"""Stands among the practitioners for whoever is free."""


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The patient's visit, and the first days from `first` on at which it could be instead."""

    catalogue: Catalogue
    view: AppointmentView
    now: datetime
    days: tuple[DayOfChoices, ...] = ()
    later: date | None = None

    @property
    def today(self) -> date:
        return local_date(self.now, self.view.appointment.zone)


def may_move(found: Catalogue, visit: Appointment, now: datetime) -> bool:
    """Whether its patient may move it online: it lies ahead, and what was agreed is still to be had."""
    return (
        visit.status in {Status.REQUESTED, Status.BOOKED}
        and now < visit.span.start
        and any(one.id == visit.agreed.treatment_type_id for one in found.treatment_types)
        and any(one.id == visit.site_id for one in found.sites)
        and any(one.id == visit.practitioner_id for one in found.practitioners)
    )


@get("/b/{token:str}/move", opt={"access": Access.APPOINTMENT})
async def choose(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    query = request.query_params
    seen = await context.database.read(_look, at_work(request, visitor), read_day(query.get("from", "")))
    if not may_move(seen.catalogue, seen.view.appointment, seen.now):
        return Redirect(f"/b/{token}", status_code=303)
    if "start" not in query:
        return _page("move.html", request, context, token, seen, problem=None)
    start, visit = read_instant(query["start"]), seen.view.appointment
    return _page("move_check.html", request, context, token, seen, start=query["start"], span=_span(visit, start))


@post("/b/{token:str}/move", opt={"access": Access.APPOINTMENT}, status_code=200)
async def move_it(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    form = await own_form(request, context, token)
    seen = await context.database.read(_look, caller, None)
    visit = seen.view.appointment
    command = MoveAppointment(appointment=visit.id, version=version(form), start=read_instant(form.typed("start")))
    try:
        await context.database.write(move, caller, command)
    except Unavailable:
        raise
    except BookingError as refusal:
        again = await context.database.read(_look, caller, local_date(command.start, visit.zone))
        return _page("move.html", request, context, token, again, status=STATUS[refusal.code], problem=said(refusal))
    return Redirect(f"/b/{token}?moved", status_code=303)


@post("/desk/appointments/{appointment_id:uuid}/move", opt={"access": Access.STAFF}, status_code=200)
async def move_at_the_desk(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    of = asked(request, context, visitor, appointment_id)
    caller = of.seat.caller
    form = await own_form(request, context, read_cookie(request, context.settings, SESSION))
    seen = await context.database.read(get_appointment, caller, AppointmentId(appointment_id))
    found = await context.database.read(catalogue, caller)
    rooms = await context.database.read(rooms_that_do, caller, of.appointment_id)
    command = _move(form, seen.appointment, found, rooms)
    if command is None:
        return await visit_page(of, {"move": form})
    try:
        moved = await context.database.write(move, caller, command)
    except InvalidInput as refusal:
        form.wrong["time" if refusal.details["field"] == "start" else "minutes"] = refusal.message
        return await visit_page(of, {"move": form})
    except Unavailable:
        raise
    except BookingError as refusal:
        return await visit_page(of, {"move": form}, refusal, command.version)
    visit = moved.view.appointment
    when = local_date(visit.span.start, visit.zone).isoformat()
    told = "moved" if moved.changed else "same"
    return Redirect(f"/desk?date={when}&site={moved.view.site.slug}&{told}", status_code=303)


def _look(tx: Transaction, caller: Caller, first: date | None) -> _Seen:
    assert caller.appointment_id is not None  # noqa: S101 -- the guard lets nobody in without one
    view = get_appointment(tx, caller, caller.appointment_id)
    seen = _Seen(catalogue=catalogue(tx, caller), view=view, now=tx.now())
    visit = view.appointment
    if not may_move(seen.catalogue, visit, seen.now):
        return seen
    query = Outlook(
        treatment_type=visit.agreed.treatment_type_id,
        site=visit.site_id,
        practitioner=visit.practitioner_id,
        moves=visit.id,
        first=first,
    )
    found = first_days(tx, caller, query, DAYS_SHOWN)
    others = replace(found.listed, slots=tuple(one for one in found.listed.slots if one.span != visit.span))
    return replace(seen, days=tuple(days_of(others, view.site)), later=found.later)


def _span(visit: Appointment, start: datetime) -> TimeSpan:
    return TimeSpan(start, start + visit.span.length)


def _move(form: Form, visit: Appointment, found: Catalogue, rooms: Iterable[Room]) -> MoveAppointment | None:
    """What the form of the desk asks for; None when something is wrong with it, each with its sentence."""
    start, anyone = start_at(form, visit.zone), form.typed("practitioner") == _ANYONE
    who = None if anyone else picked(form, "practitioner", found.practitioners, "Choose with whom.")
    room = picked_or_any(form, "room", rooms, "Choose a room.")
    length = minutes(form, "minutes", "the length", required=False)
    if start is None or form.wrong:
        return None
    return MoveAppointment(
        appointment=visit.id,
        version=version(form),
        start=start,
        practitioner=who.id if who else None,
        anyone=anyone,
        room=room.id if room else None,
        minutes=length,
    )


def _page(
    template: str, request: PageRequest, context: Context, token: str, seen: _Seen, *, status: int = 200, **values: Any
) -> Response[str]:
    later = f"/b/{token}/move?from={seen.later.isoformat()}" if seen.later else ""
    return page(
        template,
        public_frame(request, context, seen.catalogue, token),
        status=status,
        seen=seen,
        view=seen.view,
        today=seen.today,
        visit_url=f"/b/{token}",
        later_url=later,
        **values,
    )


HANDLERS = [choose, move_it, move_at_the_desk]
