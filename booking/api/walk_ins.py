"""Somebody stands at the desk without an appointment."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from booking.api.answers import AppointmentAnswer, appointment_of
from booking.api.fields import Body, DayText, Email, Name, Phone
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day, reached
from booking.usecases.types import RequestKey
from booking.usecases.walk_in import WalkIn, walk_in


class WalkInBody(Body):
    """Only the name must be known. Whoever may and can gives the treatment when `practitioner` is null.

    `born` is the date of birth, where the law asks.
    """

    name: Name
    treatment_type: UUID
    site: UUID
    practitioner: UUID | None = None
    email: Email | None = None
    phone: Phone | None = None
    born: DayText | None = None


@post(
    "/walk-ins",
    operation_id="walkIn",
    summary="Book somebody who is there from now on; they have arrived",
    opt=open_to(
        Access.STAFF,
        *("slot-taken", "patient-double-booked", "practitioner-not-eligible", "outside-hours", "too-close"),
        *("patient-age", "idempotency-mismatch"),
    ),
)
async def receive(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[WalkInBody],
) -> AppointmentAnswer:
    name, email, phone = reached(data.name, data.email, data.phone)
    command = WalkIn(
        name=name,
        email=email,
        phone=phone,
        born=None if data.born is None else day(data.born, "born"),
        treatment_type=TreatmentTypeId(data.treatment_type),
        site=SiteId(data.site),
        practitioner=None if data.practitioner is None else PractitionerId(data.practitioner),
        request=key,
    )
    seen = await or_alternatives(context, caller, command, context.database.write(walk_in, caller, command))
    return appointment_of(seen, caller)
