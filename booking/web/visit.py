"""A patient's own appointment, for whoever has its link: seen, confirmed, and cancelled when asked once more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response

from booking.domain.errors import AlreadyDone, BookingError, StaleVersion, TooShortNotice
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller
from booking.domain.steps import may_be_confirmed
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.history import History, visit_history
from booking.web.errors import said
from booking.web.forms import own_form, version
from booking.web.frame import PageRequest, at_work, public_frame
from booking.web.links import times_like
from booking.web.moving import may_move
from booking.web.rendering import page
from booking.wording.standing import standing

_NOTHING_TOLD = {"done": False, "moved": False, "confirmed": False}


@dataclass(frozen=True, kw_only=True)
class _Seen:
    catalogue: Catalogue
    view: AppointmentView
    may_confirm: bool
    declined: bool
    now: datetime


@get("/b/{token:str}", opt={"access": Access.APPOINTMENT})
async def show(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    seen, query = await context.database.read(_look, at_work(request, visitor)), request.query_params
    told = {"done": "done" in query, "moved": "moved" in query, "confirmed": "confirmed" in query}
    return _page("visit.html", request, context, token, seen, problem=None, **told)


@post("/b/{token:str}/confirm", opt={"access": Access.APPOINTMENT}, status_code=200)
async def confirm_it(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    form = await own_form(request, context, token)
    seen = await context.database.read(_look, caller)
    command = ConfirmVisit(appointment=seen.view.appointment.id, version=version(form))
    try:
        await context.database.write(confirm, caller, command)
    except (StaleVersion, TooShortNotice) as refusal:
        seen, status = await context.database.read(_look, caller), STATUS[refusal.code]
        return _page("visit.html", request, context, token, seen, status=status, problem=said(refusal), **_NOTHING_TOLD)
    return Redirect(f"/b/{token}?confirmed", status_code=303)


@get("/b/{token:str}/cancel", opt={"access": Access.APPOINTMENT})
async def ask(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    seen = await context.database.read(_look, at_work(request, visitor))
    if not _may_cancel(seen):
        return Redirect(f"/b/{token}", status_code=303)
    return _page("cancel.html", request, context, token, seen, problem=None)


@post("/b/{token:str}/cancel", opt={"access": Access.APPOINTMENT}, status_code=200)
async def cancel_it(
    request: PageRequest, token: FromPath[str], context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    caller = at_work(request, visitor)
    form = await own_form(request, context, token)
    seen = await context.database.read(_look, caller)
    command = CancelAppointment(appointment=seen.view.appointment.id, version=version(form))
    try:
        await context.database.write(cancel, caller, command)
    except (StaleVersion, AlreadyDone, TooShortNotice) as refusal:
        return await _refused(request, context, token, caller, refusal)
    return Redirect(f"/b/{token}?done", status_code=303)


async def _refused(
    request: PageRequest, context: Context, token: str, caller: Caller, refusal: BookingError
) -> Response[str]:
    """As it is now: perhaps cancelled already, which is what was wanted."""
    seen = await context.database.read(_look, caller)
    if seen.view.appointment.status is Status.CANCELLED:
        return Redirect(f"/b/{token}?done", status_code=303)
    status = STATUS[refusal.code]
    return _page("cancel.html", request, context, token, seen, status=status, problem=said(refusal))


def _look(tx: Transaction, caller: Caller) -> _Seen:
    assert caller.appointment_id is not None  # noqa: S101 -- the guard lets nobody in without one
    view = get_appointment(tx, caller, caller.appointment_id)
    history, now = visit_history(tx, caller, view.appointment.id), tx.now()
    return _Seen(
        catalogue=catalogue(tx, caller),
        view=view,
        may_confirm=may_be_confirmed(caller, view.appointment, now),
        declined=_was_declined(history),
        now=now,
    )


def _was_declined(history: History) -> bool:
    """Whether it is a request that somebody else called off: what they did themselves they could take back."""
    before = [one.status for one in history.entries[-2:-1]]
    return before == [Status.REQUESTED] and history.undoable is None


def _may_cancel(seen: _Seen) -> bool:
    visit = seen.view.appointment
    return visit.status in {Status.REQUESTED, Status.BOOKED} and seen.now < visit.span.start


def _page(
    template: str, request: PageRequest, context: Context, token: str, seen: _Seen, *, status: int = 200, **values: Any
) -> Response[str]:
    visit = seen.view.appointment
    return page(
        template,
        public_frame(request, context, seen.catalogue, token),
        status=status,
        view=seen.view,
        standing=standing(visit, seen.now, declined=seen.declined),
        today=local_date(seen.now, visit.zone),
        may_cancel=_may_cancel(seen),
        may_confirm=seen.may_confirm,
        may_move=may_move(seen.catalogue, visit, seen.now),
        visit_url=f"/b/{token}",
        again_url=times_like(seen.catalogue, visit),
        **values,
    )


HANDLERS = [show, confirm_it, ask, cancel_it]
