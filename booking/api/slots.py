"""Free times, and the ones nearest to a time that is not free."""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from booking.api.answers import SlotAnswer, slots_of
from booking.api.fields import Answer, FirstDay, LastDay, Regions
from booking.api.operations import open_to
from booking.domain.errors import BookingError, OutsideHours, PractitionerNotEligible, SlotTaken
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day
from booking.usecases.placing import Wanted
from booking.usecases.views.slots import SlotQuery, alternatives, list_slots

T = TypeVar("T")


class Slots(Answer):
    """In the order of their starts."""

    treatment_type: UUID
    slots: list[SlotAnswer]


@get(
    "/slots",
    operation_id="listSlots",
    summary="Times that can be booked, on at most 62 days",
    opt=open_to(Access.PUBLIC, "not-bookable-online"),
)
async def list_free(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    first: FirstDay,
    last: LastDay,
    site: FromQuery[UUID | None] = None,
    practitioner: FromQuery[UUID | None] = None,
    regions: FromQuery[Regions | None] = None,
) -> Slots:
    query = SlotQuery(
        treatment_type=TreatmentTypeId(treatment_type),
        first=day(first, "from"),
        last=day(last, "to"),
        site=None if site is None else SiteId(site),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
    )
    found = await context.database.read(list_slots, caller, query)
    return Slots(treatment_type=treatment_type, slots=slots_of(found))


async def or_alternatives(context: Context, caller: Caller, wanted: Wanted | None, attempt: Awaitable[T]) -> T:
    """The outcome of the attempt; a refusal of the time carries the nearest times that are free."""
    try:
        return await attempt
    except (SlotTaken, OutsideHours, PractitionerNotEligible) as refusal:
        if wanted is not None:
            refusal.details = {**refusal.details, "alternatives": await _nearest(context, caller, wanted)}
        raise


async def _nearest(context: Context, caller: Caller, wanted: Wanted) -> list[SlotAnswer]:
    """None rather than an error: the refusal itself is what the caller must hear."""
    try:
        return slots_of(await context.database.read(alternatives, caller, wanted))
    except (BookingError, ValueError, ArithmeticError, LookupError):
        return []
