"""Reception's day: who comes when, and cancelling for those who ring."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import BookingError, NotPermitted, StaleVersion
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller, Role
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import local_date, wall_time
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, DayQuery, get_appointment, list_appointments
from booking.usecases.views.catalogue import catalogue
from booking.usecases.views.findings import list_findings
from booking.web.errors import said
from booking.web.forms import Form, line, own_form, read_day, version
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.rendering import page
from booking.web.speaking_against import InTheWay, in_the_way
from booking.wording import words

TAB = "Day"
_DONE = {
    "done": "The appointment is cancelled. Its time is free again.",
    "moved": "The appointment is moved.",
    "same": "The appointment was at that time already; nothing has changed.",
}


@dataclass(frozen=True, kw_only=True)
class _Day:
    chosen: date
    today: date
    now: datetime
    site: Site | None
    sites: tuple[Site, ...]
    visits: tuple[AppointmentView, ...]

    @property
    def booked(self) -> int:
        return sum(one.appointment.status is Status.BOOKED for one in self.visits)

    @property
    def has_several_zones(self) -> bool:
        """Whether a time must say by which clock it is."""
        return len({one.site.zone for one in self.visits}) > 1

    def url(self, days: int) -> str:
        """The same for a day so many days later."""
        later = self.chosen + timedelta(days=days)
        return f"/desk?{urlencode({'date': later.isoformat(), 'site': self.site.slug if self.site else ''})}"


@dataclass(frozen=True, kw_only=True)
class _Visit:
    view: AppointmentView
    against: tuple[InTheWay, ...]
    practitioners: tuple[Practitioner, ...]
    now: datetime


def at_desk(request: PageRequest, visitor: Visitor) -> Caller:
    """Raises NotPermitted for those whose pages are others."""
    caller = at_work(request, visitor)
    if caller.role not in {Role.RECEPTION, Role.MANAGER}:
        raise NotPermitted("open_the_desk")
    return caller


@get("/desk", opt={"access": Access.STAFF})
async def day(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    query = request.query_params
    asked = read_day(query.get("date", ""))
    found = await context.database.read(_day, at_desk(request, visitor), asked, query.get("site", ""))
    return page("desk.html", frame, day=found, done=next((said for key, said in _DONE.items() if key in query), ""))


@get("/desk/appointments/{appointment_id:uuid}", opt={"access": Access.STAFF})
async def show(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    return await visit_page(request, context, visitor, appointment_id)


@post("/desk/appointments/{appointment_id:uuid}/cancel", opt={"access": Access.STAFF}, status_code=200)
async def cancel_it(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    caller = at_desk(request, visitor)
    form = await own_form(request, context, read_cookie(request, context.settings, SESSION))
    reason = line(form, "reason", "a reason", longest=300)
    if form.wrong:
        return await visit_page(request, context, visitor, appointment_id, form)
    command = CancelAppointment(appointment=AppointmentId(appointment_id), version=version(form), reason=reason)
    try:
        cancelled = await context.database.write(cancel, caller, command)
    except StaleVersion as refusal:
        return await visit_page(request, context, visitor, appointment_id, form, problem=refusal)
    visit = cancelled.appointment
    when = local_date(visit.span.start, visit.zone).isoformat()
    return Redirect(f"/desk?date={when}&site={cancelled.site.slug}&done", status_code=303)


async def visit_page(
    request: PageRequest,
    context: Context,
    visitor: Visitor,
    appointment_id: UUID,
    form: Form | None = None,
    *,
    moving: Form | None = None,
    problem: BookingError | None = None,
) -> Response[str]:
    """A visit with what can be done about it: `form` is that of cancelling, `moving` that of moving it."""
    frame = await staff_frame(request, context, visitor, TAB)
    seen = await context.database.read(_visit, at_desk(request, visitor), AppointmentId(appointment_id))
    visit = seen.view.appointment
    when = local_date(visit.span.start, visit.zone)
    form, moving = form or Form(), moving or _where_it_is(seen.view)
    status = STATUS[problem.code] if problem else 400 if form.wrong or moving.wrong else 200
    return page(
        "desk_visit.html",
        frame,
        status=status,
        view=seen.view,
        against=seen.against,
        form=form,
        moving=moving,
        practitioners=seen.practitioners,
        problem=said(problem) if problem else None,
        state=words.state(visit, seen.now),
        today=local_date(seen.now, visit.zone),
        day_url=f"/desk?date={when.isoformat()}&site={seen.view.site.slug}",
    )


def _day(tx: Transaction, caller: Caller, asked: date | None, site_slug: str) -> _Day:
    found = catalogue(tx, caller)
    site = next((one for one in found.sites if one.slug == site_slug or len(found.sites) == 1), None)
    now = tx.now()
    today = local_date(now, site.zone if site else found.clinic.zone)
    chosen = asked or today
    query = DayQuery(first=chosen, last=chosen, site=site.id if site else None)
    visits = tuple(list_appointments(tx, caller, query))
    return _Day(chosen=chosen, today=today, now=now, site=site, sites=found.sites, visits=visits)


def _visit(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> _Visit:
    view = get_appointment(tx, caller, appointment_id)
    found = [one for one in list_findings(tx, caller) if one.appointment_id == appointment_id]
    against = tuple(in_the_way(view, one) for one in found)
    return _Visit(view=view, against=against, practitioners=catalogue(tx, caller).practitioners, now=tx.now())


def _where_it_is(view: AppointmentView) -> Form:
    """The form of moving with the time and the practitioner that the visit has."""
    wall = wall_time(view.appointment.span.start, view.appointment.zone)
    values = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "practitioner": view.practitioner.slug}
    return Form(values=values)


HANDLERS = [day, show, cancel_it]
