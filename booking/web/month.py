"""A month at one glance: on which days there are free times, and how many."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from booking.domain.permission import Caller
from booking.domain.time.zone import local_date
from booking.http.access import Access
from booking.http.context import Context
from booking.http.visitors import Visitor
from booking.usecases.types import Transaction
from booking.usecases.views.outlook import count_slots, next_slots
from booking.usecases.views.slots import SlotQuery
from booking.web.choosing import needs_page, times_asked
from booking.web.forms import read_day
from booking.web.frame import PageRequest, anybody, browser_of, public_frame
from booking.web.links import month_url, times_url
from booking.web.rendering import page
from booking.web.searching import Choice, Looking, TimesAsked, choices_of, looking


@dataclass(frozen=True, kw_only=True)
class DayOfMonth:
    """A day, and at how many times of it a visit can start; `url` leads to them."""

    date: date
    starts: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Month:
    """Weeks begin on Monday; None stands for the days of other months. `before` and `after` are the months beside it.

    There are none beyond today and the horizon. `next` is the first free time of all, where this month has none.
    """

    of: Looking
    first: date
    weeks: tuple[tuple[DayOfMonth | None, ...], ...]
    before: date | None
    after: date | None
    next: Choice | None

    @property
    def is_empty(self) -> bool:
        return not any(day.starts for week in self.weeks for day in week if day)


@get("/book/{clinic:str}/month", opt={"access": Access.PUBLIC})
async def show(
    request: PageRequest, context: NamedDependency[Context], visitor: NamedDependency[Visitor]
) -> Response[str]:
    asked = times_asked(request)
    first = read_day(f"{request.query_params.get('month', '')}-01")
    browser = browser_of(request, context)
    found = await context.database.read(look_at, anybody(request, visitor), asked, first, browser.hold_key)
    if found is None:
        return await needs_page(request, context, visitor, asked)
    return page(
        "month.html",
        public_frame(request, context, found.of.catalogue, browser.secret),
        cookies=browser.cookies,
        month=found,
        of=found.of,
        times_url=times_url(found.of, None),
        next_url=times_url(found.of, local_date(found.next.start, found.of.site.zone)) if found.next else "",
        before_url=month_url(found.of, found.before) if found.before else "",
        after_url=month_url(found.of, found.after) if found.after else "",
    )


def look_at(tx: Transaction, caller: Caller, asked: TimesAsked, month: date | None, hold_key: str) -> Month | None:
    """The month that is asked for, or the nearest that can be booked; None as `looking` says it."""
    of = looking(tx, caller, asked)
    if of is None:
        return None
    first = min(max(month or of.today, of.today), of.horizon).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    query = SlotQuery(
        treatment_type=of.treatment.id,
        site=of.site.id,
        practitioner=None if of.practitioner is None else of.practitioner.id,
        hold_key=hold_key,
        first=first,
        last=after - timedelta(days=1),
    )
    starts = {one.date: one.starts for one in count_slots(tx, caller, query)}
    return Month(
        of=of,
        first=first,
        weeks=tuple(
            tuple(_day(of, day, starts) if day.month == first.month else None for day in week)
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ),
        before=(first - timedelta(days=1)).replace(day=1) if first > of.today else None,
        after=after if after <= of.horizon else None,
        next=None if starts else next(iter(choices_of(next_slots(tx, caller, of.outlook(hold_key)))), None),
    )


def _day(of: Looking, day: date, starts: dict[date, int]) -> DayOfMonth:
    return DayOfMonth(date=day, starts=starts.get(day, 0), url=times_url(of, day))


HANDLERS = [show]
