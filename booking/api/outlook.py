"""Free times from afar: the first one of each practitioner, and how many there are on each day."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from booking.api.answers import SlotAnswer, slots_of
from booking.api.fields import A_DAY, Answer, Day, FirstDay, LastDay, Regions
from booking.api.operations import open_to
from booking.api.slots import HoldSecret, answer_written, hold_key_of
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day
from booking.usecases.types import Memory
from booking.usecases.views.outlook import DayCount, Outlook, counted, next_slots
from booking.usecases.views.slots import FreeTimes, SlotQuery, Written, named


class NextSlots(Answer):
    """The first slot of each practitioner at each site, in the order of their starts."""

    slots: list[SlotAnswer]


class DayCountAnswer(Answer):
    """One local day of one site: how many times a visit can start at, and how many slots that makes with everybody."""

    date: Day
    site: UUID
    starts: int
    slots: int


class Counts(Answer):
    """The days that have any free time, by date."""

    counts: list[DayCountAnswer]


Since = Annotated[
    str | None,
    QueryParameter(
        name="from",
        schema_extra=A_DAY,
        description="The first day, by the clock of each site; today where it is not given.",
    ),
]


@get(
    "/slots/next",
    operation_id="findNextSlot",
    summary="The first time that can be booked with each practitioner at each site",
    opt=open_to(Access.PUBLIC, "not-bookable-online"),
)
async def find_next(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    site: FromQuery[UUID | None] = None,
    practitioner: FromQuery[UUID | None] = None,
    regions: FromQuery[Regions | None] = None,
    first: Since = None,
    hold_secret: HoldSecret = None,
) -> NextSlots:
    query = Outlook(
        treatment_type=TreatmentTypeId(treatment_type),
        first=None if first is None else day(first, "from"),
        site=None if site is None else SiteId(site),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
        hold_key=hold_key_of(hold_secret),
    )
    return NextSlots(slots=slots_of(await context.database.read(next_slots, caller, query)))


@get(
    "/slots/counts",
    operation_id="countSlots",
    summary="How many times can be booked on each day, on at most 62 days",
    opt=open_to(Access.PUBLIC, "not-bookable-online"),
)
async def count_free(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    first: FirstDay,
    last: LastDay,
    site: FromQuery[UUID | None] = None,
    practitioner: FromQuery[UUID | None] = None,
    regions: FromQuery[Regions | None] = None,
    hold_secret: HoldSecret = None,
) -> Response[Counts]:
    query = SlotQuery(
        treatment_type=TreatmentTypeId(treatment_type),
        first=day(first, "from"),
        last=day(last, "to"),
        site=None if site is None else SiteId(site),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
        hold_key=hold_key_of(hold_secret),
    )
    return await answer_written(request, context, caller, query, write_counts)


def write_counts(found: FreeTimes, _memory: Memory) -> Written:
    """The body of `countSlots`."""
    return named(msgspec.json.encode(Counts(counts=[_count(one) for one in counted(found)])))


def _count(one: DayCount) -> DayCountAnswer:
    return DayCountAnswer(date=one.date.isoformat(), site=one.site_id, starts=one.starts, slots=one.slots)
