"""A practitioner's own pages: their visits, and what is on file for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.appointment import Appointment
from booking.domain.credential import Credential
from booking.domain.errors import NotPermitted
from booking.domain.ids import AppointmentId, PractitionerId
from booking.domain.lifecycle import AHEAD, Status, Step
from booking.domain.permission import Caller
from booking.domain.steps import open_steps
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.credentials import of_practitioner
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, DayQuery, list_appointments
from booking.usecases.views.catalogue import catalogue
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.rendering import page
from booking.web.taken import Taken, find_taken

MY_VISITS = "My visits"
SHOWN = timedelta(days=60)
_GONE = {Status.CANCELLED, Status.ENTERED_IN_ERROR}


@dataclass(frozen=True, kw_only=True)
class DayOfVisits:
    date: date
    visits: tuple[AppointmentView, ...]


@dataclass(frozen=True, kw_only=True)
class _Mine:
    """`steps` are those that are taken here, by visit; `requests` are the owner's to answer."""

    who: PractitionerId
    days: tuple[DayOfVisits, ...]
    requests: tuple[AppointmentView, ...]
    steps: Mapping[AppointmentId, tuple[Step, ...]]
    taken: Taken | None
    today: date
    now: datetime

    @property
    def count(self) -> int:
        return sum(one.appointment.status in AHEAD for day in self.days for one in day.visits)


def own(caller: Caller) -> PractitionerId:
    """Whose pages these are. Raises NotPermitted for staff who do not treat."""
    if caller.practitioner_id is None:
        raise NotPermitted("open_a_practitioner's_pages")
    return caller.practitioner_id


@get("/me", opt={"access": Access.STAFF})
async def visits(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, MY_VISITS)
    taken = request.query_params.get("taken", "")
    found = await context.database.read(_visits, at_work(request, visitor), taken)
    return page("me.html", frame, mine=found, shown=SHOWN.days)


@get("/me/credentials", opt={"access": Access.STAFF})
async def credentials(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "My credentials")
    found, now = await context.database.read(_credentials, at_work(request, visitor))
    return page("my_credentials.html", frame, credentials=found, today=local_date(now, frame.zone))


def _visits(tx: Transaction, caller: Caller, taken: str) -> _Mine:
    who, now = own(caller), tx.now()
    today = local_date(now, catalogue(tx, caller).clinic.zone)
    found = list_appointments(tx, caller, DayQuery(first=today, last=today + SHOWN, practitioner=who))
    days = groupby([one for one in found if one.appointment.status not in _GONE], _day_of)
    requests = [one for one in found if one.appointment.status is Status.REQUESTED]
    return _Mine(
        who=who,
        days=tuple(DayOfVisits(date=day, visits=tuple(visits)) for day, visits in days),
        requests=tuple(one for one in requests if one.appointment.practitioner_id == who),
        steps={one.appointment.id: _steps(caller, one.appointment, now) for one in found},
        taken=find_taken(tx, caller, found, taken),
        today=today,
        now=now,
    )


def _day_of(view: AppointmentView) -> date:
    return local_date(view.appointment.span.start, view.appointment.zone)


def _steps(caller: Caller, visit: Appointment, now: datetime) -> tuple[Step, ...]:
    """What whoever treats does from the list: begin, end, or record that nobody came."""
    possible = open_steps(caller, visit, now)
    usual = Step.COMPLETE if visit.status is Status.IN_TREATMENT else Step.START
    return tuple(step for step in (usual, Step.RECORD_NO_SHOW) if step in possible)


def _credentials(tx: Transaction, caller: Caller) -> tuple[list[Credential], datetime]:
    return of_practitioner(tx, caller, own(caller)), tx.now()


HANDLERS = [visits, credentials]
