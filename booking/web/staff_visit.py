"""One visit as staff see it: what is known, what can be done about it now, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from booking.domain.errors import BookingError, StaleVersion
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Action, Caller, may, owns
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.steps import may_be_confirmed, open_steps, usual_step
from booking.domain.time.zone import local_date, wall_time
from booking.http.access import Access
from booking.http.context import Context
from booking.http.problems import STATUS
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.catalogue import catalogue
from booking.usecases.views.findings import list_findings
from booking.usecases.views.history import History, visit_history
from booking.usecases.views.places import rooms_that_do
from booking.web.desk import TAB, at_desk
from booking.web.errors import Said
from booking.web.forms import Form
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.me import MY_VISITS, own
from booking.web.rendering import page
from booking.web.speaking_against import InTheWay, in_the_way
from booking.wording import dates, life, refusals

NOTED, CONFIRMED = "noted", "confirmed"
_DONE = {NOTED: "The note is written.", CONFIRMED: "It is on record that the patient will come."}
_MOVABLE = {Status.REQUESTED, Status.BOOKED}


@dataclass(frozen=True, kw_only=True)
class Seat:
    """From where somebody works with visits: the desk, or the pages of whoever treats. `url` is where those begin."""

    caller: Caller
    url: str
    tab: str


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The visit, and what the caller can do about it."""

    view: AppointmentView
    against: tuple[InTheWay, ...]
    practitioners: tuple[Practitioner, ...]
    rooms: tuple[Room, ...]
    history: History
    steps: tuple[Step, ...]
    usual: Step | None
    may_confirm: bool
    may_move: bool
    may_annotate: bool
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody's visit, about which something was asked or sent."""

    request: PageRequest
    context: Context
    visitor: Visitor
    seat: Seat
    appointment_id: AppointmentId


def asked(request: PageRequest, context: Context, visitor: Visitor, appointment_id: UUID) -> Asked:
    """Raises NotPermitted for those whose pages are others."""
    seat = _seat(request, visitor)
    return Asked(
        request=request, context=context, visitor=visitor, seat=seat, appointment_id=AppointmentId(appointment_id)
    )


@get(
    ["/desk/appointments/{appointment_id:uuid}", "/me/appointments/{appointment_id:uuid}"], opt={"access": Access.STAFF}
)
async def show(
    request: PageRequest,
    appointment_id: FromPath[UUID],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
) -> Response[str]:
    return await visit_page(asked(request, context, visitor, appointment_id))


async def visit_page(
    of: Asked,
    forms: Mapping[str, Form] | None = None,
    problem: BookingError | None = None,
    since: int | None = None,
) -> Response[str]:
    """`forms` are those that must be filled in again, by name; `since` is the version that a refused change was of."""
    frame = await staff_frame(of.request, of.context, of.visitor, of.seat.tab)
    seen = await of.context.database.read(_look, of.seat.caller, of.appointment_id)
    visit, given = seen.view.appointment, forms or {}
    filled = {"move": _where_it_is(seen.view), "note": Form(values={"note": visit.note}), **given}
    wrong = [name for name, form in given.items() if form.wrong]
    status = STATUS[problem.code] if problem else 400 if wrong else 200
    return page(
        "staff_visit.html",
        frame,
        status=status,
        seen=seen,
        view=seen.view,
        forms={name: filled.get(name, Form()) for name in ("move", "note", "cancel", "decline", "enter_in_error")},
        is_wrong=bool(wrong),
        problem=_said(problem, seen, since) if problem else None,
        done="" if problem or wrong else _done(of.request, visit.status),
        today=local_date(seen.now, visit.zone),
        seat=of.seat,
        back_url=_back_url(of.seat, seen.view),
    )


def _seat(request: PageRequest, visitor: Visitor) -> Seat:
    if request.url.path.startswith("/me/"):
        caller = at_work(request, visitor)
        own(caller)
        return Seat(caller=caller, url="/me", tab=MY_VISITS)
    return Seat(caller=at_desk(request, visitor), url="/desk", tab=TAB)


def _look(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> _Seen:
    view, now = get_appointment(tx, caller, appointment_id), tx.now()
    visit = view.appointment
    steps, is_own = open_steps(caller, visit, now), owns(caller, visit.practitioner_id)
    found = [one for one in list_findings(tx, caller) if one.appointment_id == appointment_id]
    may_move = visit.status in _MOVABLE and may(caller, Action.MOVE, own=is_own)
    return _Seen(
        view=view,
        against=tuple(in_the_way(view, one) for one in found),
        practitioners=catalogue(tx, caller).practitioners,
        rooms=rooms_that_do(tx, caller, appointment_id) if may_move else (),
        history=visit_history(tx, caller, appointment_id),
        steps=steps,
        usual=usual_step(visit, steps),
        may_confirm=may_be_confirmed(caller, visit, now),
        may_move=may_move,
        may_annotate=may(caller, Action.ANNOTATE, own=is_own),
        now=now,
    )


def _said(refusal: BookingError, seen: _Seen, since: int | None) -> Said:
    """The refusal; of a visit that changed meanwhile, who did what to it."""
    zone, today = seen.view.appointment.zone, local_date(seen.now, seen.view.appointment.zone)
    sentence, last = refusals.at_the_desk(refusal, zone, today), seen.history.entries[-1]
    if isinstance(refusal, StaleVersion) and since is not None and last.number > since:
        sentence = f"{last.by}: {life.word(last.status)}, {dates.moment(last.at, zone, today)}."
    return Said(title=refusals.title(refusal.code), sentence=sentence)


def _done(request: PageRequest, status: Status) -> str:
    """What was just done, as the address says."""
    told = request.query_params.get("done", "")
    return _DONE.get(told, life.sentence(status) if told else "")


def _back_url(seat: Seat, view: AppointmentView) -> str:
    if seat.url != "/desk":
        return seat.url
    when = local_date(view.appointment.span.start, view.appointment.zone)
    return f"/desk?date={when.isoformat()}&site={view.site.slug}"


def _where_it_is(view: AppointmentView) -> Form:
    """The form of moving with the time and the practitioner that the visit has."""
    wall = wall_time(view.appointment.span.start, view.appointment.zone)
    values = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "practitioner": view.practitioner.slug}
    return Form(values={**values, "minutes": str(view.appointment.agreed.minutes)})


HANDLERS = [show]
