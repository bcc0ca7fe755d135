"""Reception's day: who comes when, and how far each visit is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.errors import NotPermitted
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import TAKES_TIME, Status, Step
from booking.domain.permission import Caller, Role
from booking.domain.site import Site
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.appointments import AppointmentView, DayQuery, list_appointments
from booking.usecases.views.catalogue import catalogue
from booking.web.forms import read_day
from booking.web.frame import PageRequest, at_work, staff_frame
from booking.web.rendering import page
from booking.web.taken import Taken, find_taken, usual_of
from booking.wording import dates, life

TAB = "Day"
_DONE = {
    "moved": "The appointment is moved.",
    "same": "The appointment was at that time already; nothing has changed.",
}
_COUNTED = (Status.REQUESTED, Status.CANCELLED, Status.NO_SHOW, Status.ENTERED_IN_ERROR)


@dataclass(frozen=True, kw_only=True)
class _Day:
    chosen: date
    today: date
    now: datetime
    site: Site | None
    sites: tuple[Site, ...]
    visits: tuple[AppointmentView, ...]
    usual: Mapping[AppointmentId, Step | None]
    taken: Taken | None

    @property
    def summary(self) -> str:
        """`3 visits, 1 requested, 1 cancelled`: all that take their time, the requests among them, and the others."""
        statuses = Counter(one.appointment.status for one in self.visits)
        others = {status: statuses[status] for status in _COUNTED if statuses[status]}
        said = [f"{count} {life.word(status).lower()}" for status, count in others.items()]
        return ", ".join([dates.number(sum(statuses[one] for one in TAKES_TIME), "visit"), *said])

    @property
    def has_several_zones(self) -> bool:
        """Whether a time must say by which clock it is."""
        return len({one.site.zone for one in self.visits}) > 1

    def url(self, days: int) -> str:
        """The same for a day so many days later."""
        later = self.chosen + timedelta(days=days)
        return f"/desk?{urlencode({'date': later.isoformat(), 'site': self.site.slug if self.site else ''})}"


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
    caller, shown = at_desk(request, visitor), (query.get("site", ""), query.get("taken", ""))
    found = await context.database.read(_day, caller, asked, *shown)
    return page("desk.html", frame, day=found, done=next((said for key, said in _DONE.items() if key in query), ""))


def _day(tx: Transaction, caller: Caller, asked: date | None, site_slug: str, taken: str) -> _Day:
    found = catalogue(tx, caller)
    site = next((one for one in found.sites if one.slug == site_slug or len(found.sites) == 1), None)
    now = tx.now()
    today = local_date(now, site.zone if site else found.clinic.zone)
    chosen = asked or today
    query = DayQuery(first=chosen, last=chosen, site=site.id if site else None)
    visits = tuple(list_appointments(tx, caller, query))
    return _Day(
        chosen=chosen,
        today=today,
        now=now,
        site=site,
        sites=found.sites,
        visits=visits,
        usual={one.appointment.id: usual_of(caller, one, now) for one in visits},
        taken=find_taken(tx, caller, visits, taken),
    )


HANDLERS = [day]
