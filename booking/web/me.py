"""A practitioner's own pages: their visits, and what is on file for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.credential import Credential
from booking.domain.errors import NotPermitted
from booking.domain.ids import PractitionerId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller
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

AHEAD = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class DayOfVisits:
    date: date
    visits: tuple[AppointmentView, ...]


@dataclass(frozen=True, kw_only=True)
class _Mine:
    who: PractitionerId
    days: tuple[DayOfVisits, ...]
    today: date
    now: datetime

    @property
    def count(self) -> int:
        return sum(len(one.visits) for one in self.days)


def own(caller: Caller) -> PractitionerId:
    """Whose pages these are. Raises NotPermitted for staff who do not treat."""
    if caller.practitioner_id is None:
        raise NotPermitted("open_a_practitioner's_pages")
    return caller.practitioner_id


@get("/me", opt={"access": Access.STAFF})
async def visits(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "My visits")
    found = await context.database.read(_visits, at_work(request, visitor))
    return page("me.html", frame, mine=found, ahead=AHEAD.days)


@get("/me/credentials", opt={"access": Access.STAFF})
async def credentials(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    frame = await staff_frame(request, context, visitor, "My credentials")
    found, now = await context.database.read(_credentials, at_work(request, visitor))
    return page("my_credentials.html", frame, credentials=found, today=local_date(now, frame.zone))


def _visits(tx: Transaction, caller: Caller) -> _Mine:
    who, now = own(caller), tx.now()
    today = local_date(now, catalogue(tx, caller).clinic.zone)
    query = DayQuery(first=today, last=today + AHEAD, practitioner=who)
    listed = [one for one in list_appointments(tx, caller, query) if one.appointment.status is Status.BOOKED]
    days = groupby(listed, lambda one: local_date(one.appointment.span.start, one.appointment.zone))
    grouped = tuple(DayOfVisits(date=day, visits=tuple(visits)) for day, visits in days)
    return _Mine(who=who, days=grouped, today=today, now=now)


def _credentials(tx: Transaction, caller: Caller) -> tuple[list[Credential], datetime]:
    return of_practitioner(tx, caller, own(caller)), tx.now()


HANDLERS = [visits, credentials]
