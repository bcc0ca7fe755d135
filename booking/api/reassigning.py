"""Giving a visit to another practitioner at its own time."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.api.answers import AppointmentAnswer, appointment_of
from booking.api.fields import Body, Version
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.ids import AppointmentId, PractitionerId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.reassign import ReassignAppointment, reassign
from booking.usecases.types import RequestKey


class ReassignBody(Body):
    """`version` is the one the caller has seen. Any other practitioner who may and can when `practitioner` is null."""

    version: Version
    practitioner: UUID | None = None


@post(
    "/appointments/{appointment_id:str}/reassign",
    operation_id="reassignAppointment",
    summary="Give an appointment to another practitioner; its time stays, and its room where it can",
    status_code=200,
    opt=open_to(
        Access.STAFF,
        *("stale-version", "slot-taken", "patient-double-booked", "practitioner-not-eligible", "outside-hours"),
        *("too-close", "patient-age", "idempotency-mismatch"),
    ),
)
async def reassign_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[ReassignBody],
) -> AppointmentAnswer:
    command = ReassignAppointment(
        appointment=AppointmentId(appointment_id),
        version=data.version,
        practitioner=None if data.practitioner is None else PractitionerId(data.practitioner),
        request=key,
    )
    seen = await or_alternatives(context, caller, command, context.database.write(reassign, caller, command))
    return appointment_of(seen, caller)
