"""A practitioner's own leave, and when the sites are closed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import InvalidInput
from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.cookies import SESSION, read_cookie
from booking.http.visitors import Visitor
from booking.usecases.absences import AddLeave, RemoveAbsence, add_leave, remove_absence
from booking.usecases.types import Transaction
from booking.usecases.views.absences import AbsenceQuery, list_absences
from booking.usecases.views.catalogue import catalogue
from booking.web.absences import LAST_DAY
from booking.web.forms import Form, own_form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import own
from booking.web.rendering import page
from booking.web.stretches import Entered, Row, entered, reason, row_of_absence, row_of_closure, stretch

TAB = "My leave"
BASE = "/me/leave"


@dataclass(frozen=True, kw_only=True)
class _Mine:
    leave: tuple[Row, ...]
    closed: tuple[Row, ...]
    entered: Entered | None
    today: date


@get(BASE, opt={"access": Access.STAFF})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    return await _page(request, context, visitor, Form())


@post(BASE, opt={"access": Access.STAFF}, status_code=200)
async def enter(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller, form = await _sent(request, context, visitor)
    why, days = reason(form), stretch(form)
    if days is not None and not form.wrong:
        command = AddLeave(practitioner=own(caller), days=days, reason=why)
        try:
            added = await context.database.write(add_leave, caller, command)
            return Redirect(f"{BASE}?entered={added.absence.id}", status_code=303)
        except InvalidInput as refusal:
            form.wrong[str(refusal.details["field"])] = refusal.message
    return await _page(request, context, visitor, form)


@post(f"{BASE}/{{absence_id:uuid}}/remove", opt={"access": Access.STAFF}, status_code=200)
async def take_back(
    request: PageRequest,
    absence_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    caller, _ = await _sent(request, context, visitor)
    await context.database.write(remove_absence, caller, RemoveAbsence(absence=absence_id))
    return Redirect(f"{BASE}?removed", status_code=303)


async def _sent(request: PageRequest, context: Context, visitor: Visitor) -> tuple[Caller, Form]:
    """Raises NotPermitted for staff who do not treat."""
    caller = at_work(request, visitor)
    own(caller)
    return caller, await own_form(request, context, read_cookie(request, context.settings, SESSION))


async def _page(request: PageRequest, context: Context, visitor: Visitor, form: Form) -> Response[str]:
    frame = await staff_frame(request, context, visitor, TAB)
    query = request.query_params
    found = await context.database.read(_mine, at_work(request, visitor), query.get("entered", ""))
    status = 400 if form.wrong else 200
    return page("my_leave.html", frame, status=status, form=form, mine=found, removed="removed" in query)


def _mine(tx: Transaction, caller: Caller, which: str) -> _Mine:
    own(caller)
    today = local_date(tx.now(), catalogue(tx, caller).clinic.zone)
    found = list_absences(tx, caller, AbsenceQuery(first=today, last=LAST_DAY))
    return _Mine(
        leave=tuple(row_of_absence(one, BASE) for one in found.absences),
        closed=tuple(row_of_closure(one, BASE) for one in found.closures),
        entered=entered(tx, caller, found, which, BASE),
        today=today,
    )


HANDLERS = [show, enter, take_back]
