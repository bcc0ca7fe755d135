"""Free times, and the ones nearest to a time that is not free."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter

from booking.api.answers import SlotAnswer, slots_of
from booking.api.fields import RANDOM, Answer, FirstDay, LastDay, Regions
from booking.api.operations import open_to
from booking.api.slot_writing import write_slots_answer
from booking.domain.errors import (
    BookingError,
    InvalidInput,
    NotOffered,
    OutsideHours,
    PractitionerNotEligible,
    SlotTaken,
)
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.conditional import matches
from booking.http.context import Context
from booking.http.fields import day
from booking.http.tokens import digest
from booking.usecases.move import MoveAppointment, other_times
from booking.usecases.placing import Wanted
from booking.usecases.reassign import ReassignAppointment, other_times_with
from booking.usecases.types import Memory, Transaction
from booking.usecases.views.slots import FreeTimes, SlotList, SlotQuery, Written, alternatives, write_slots
from booking.usecases.walk_in import WalkIn, times_to_come_back

T = TypeVar("T")
Wish = Wanted | MoveAppointment | ReassignAppointment | WalkIn


class Slots(Answer):
    """In the order of their starts."""

    treatment_type: UUID
    slots: list[SlotAnswer]


HoldSecret = Annotated[
    str | None,
    HeaderParameter(
        name="Hold-Secret",
        schema_extra={"pattern": RANDOM},
        description="The secret under which you hold a time: what you hold yourself counts as free.",
    ),
]
"""It proves whose a hold is, so it stands in no address."""


def hold_key_of(secret: str | None) -> str | None:
    """What a hold under this secret is known by. Raises InvalidInput for what cannot be one."""
    if secret is None:
        return None
    if not re.fullmatch(RANDOM, secret):
        raise InvalidInput("Hold-Secret", "This is no secret that holdSlot answers or takes.")
    return digest(secret)


@get(
    "/slots",
    operation_id="listSlots",
    summary="Times that can be booked, on at most 62 days",
    opt=open_to(Access.PUBLIC, "not-bookable-online"),
)
async def list_free(
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
) -> Response[Slots]:
    query = SlotQuery(
        treatment_type=TreatmentTypeId(treatment_type),
        first=day(first, "from"),
        last=day(last, "to"),
        site=None if site is None else SiteId(site),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
        hold_key=hold_key_of(hold_secret),
    )
    return await answer_written(request, context, caller, query, write_slots_answer)


async def answer_written(
    request: Request[Any, Any, Any],
    context: Context,
    caller: Caller,
    query: SlotQuery,
    write: Callable[[FreeTimes, Memory], Written],
) -> Response[Any]:
    """The free times as `write` puts them, with a name by which the same ones need not be sent again."""
    written = await context.database.read(write_slots, caller, query, write)
    headers = {"etag": f'"{written.etag}"', "cache-control": "private, max-age=0, must-revalidate"}
    if matches(request.headers.get("if-none-match"), headers["etag"]):
        return Response(b"", status_code=304, headers=headers)
    return Response(written.body, media_type=MediaType.JSON, headers=headers)


async def or_alternatives(context: Context, caller: Caller, wanted: Wish | None, attempt: Awaitable[T]) -> T:
    """The outcome of the attempt; a refusal of the time carries the nearest times that are free."""
    try:
        return await attempt
    except (SlotTaken, OutsideHours, NotOffered, PractitionerNotEligible) as refusal:
        if wanted is not None:
            refusal.details = {**refusal.details, "alternatives": await _nearest(context, caller, wanted)}
        raise


async def _nearest(context: Context, caller: Caller, wanted: Wish) -> list[SlotAnswer]:
    """None rather than an error: the refusal itself is what the caller must hear."""
    try:
        return slots_of(await context.database.read(_other_times, caller, wanted))
    except (BookingError, ValueError, ArithmeticError, LookupError):
        return []


def _other_times(tx: Transaction, caller: Caller, wanted: Wish) -> SlotList:
    match wanted:
        case MoveAppointment():
            return other_times(tx, caller, wanted)
        case ReassignAppointment():
            return other_times_with(tx, caller, wanted)
        case WalkIn():
            return times_to_come_back(tx, caller, wanted)
        case Wanted():
            return alternatives(tx, caller, wanted)
