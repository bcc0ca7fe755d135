"""Two visits that change places."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.api.answers import AppointmentAnswer, appointment_of
from booking.api.fields import Answer, Body, Version
from booking.api.operations import open_to
from booking.domain.ids import AppointmentId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.swap import SwapAppointments, swap
from booking.usecases.types import RequestKey


class SwapBody(Body):
    """The caller has seen `version` of the appointment in the address, and `other_version` of `other`."""

    version: Version
    other: UUID
    other_version: Version


class SwappedAnswer(Answer):
    """Both as they are now."""

    appointment: AppointmentAnswer
    other: AppointmentAnswer


@post(
    "/appointments/{appointment_id:str}/swap",
    operation_id="swapAppointments",
    summary="Let two appointments change places: each takes the time, site and practitioner of the other, or neither",
    status_code=200,
    opt=open_to(
        Access.STAFF,
        *("stale-version", "slot-taken", "patient-double-booked", "practitioner-not-eligible", "outside-hours"),
        *("too-close", "patient-age", "idempotency-mismatch"),
    ),
)
async def swap_appointments(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[SwapBody],
) -> SwappedAnswer:
    command = SwapAppointments(
        one=AppointmentId(appointment_id),
        version=data.version,
        other=AppointmentId(data.other),
        other_version=data.other_version,
        request=key,
    )
    both = await context.database.write(swap, caller, command)
    return SwappedAnswer(appointment=appointment_of(both.one, caller), other=appointment_of(both.other, caller))
