"""Squeezing a visit in, where a neighbour is shortened for it."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from booking.api.answers import AppointmentAnswer, appointment_of
from booking.api.appointments import PatientBody, booker
from booking.api.fields import Answer, Body, InstantText, Minutes, Name, Regions, Version
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.ids import AppointmentId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import instant
from booking.usecases.placing import Wanted
from booking.usecases.squeeze import Shortened, SqueezeIn, squeeze_in
from booking.usecases.types import RequestKey


class NeighbourBody(Body):
    """The appointment, as it was at `version`, with fewer minutes. It starts when it did, unless `start` is later."""

    appointment: UUID
    version: Version
    minutes: Minutes
    start: InstantText | None = None

    def shortened(self) -> Shortened:
        return Shortened(
            appointment=AppointmentId(self.appointment),
            version=self.version,
            minutes=self.minutes,
            start=None if self.start is None else instant(self.start, "neighbour.start"),
        )


class SqueezeBody(Body):
    """What is booked, and the neighbour that makes room for it.

    `minutes` are those of the treatment when null, and any `room` that does is taken when none is named.
    """

    patient: PatientBody
    treatment_type: UUID
    site: UUID
    start: InstantText
    neighbour: NeighbourBody
    practitioner: UUID | None = None
    regions: Regions | None = None
    room: UUID | None = None
    minutes: Minutes | None = None
    booked_by: Name | None = None

    def wanted(self) -> Wanted:
        return Wanted(
            treatment_type=TreatmentTypeId(self.treatment_type),
            site=SiteId(self.site),
            start=instant(self.start, "start"),
            practitioner=None if self.practitioner is None else PractitionerId(self.practitioner),
            regions=None if self.regions is None else frozenset(self.regions),
            room=None if self.room is None else RoomId(self.room),
            minutes=self.minutes,
        )


class SqueezedAnswer(Answer):
    """What was booked, and the neighbour as it is now."""

    booked: AppointmentAnswer
    neighbour: AppointmentAnswer


@post(
    "/appointments/squeeze-in",
    operation_id="squeezeIn",
    summary="Shorten an appointment and book another beside it, both or neither",
    opt=open_to(
        Access.STAFF,
        *("stale-version", "slot-taken", "patient-double-booked", "practitioner-not-eligible", "outside-hours"),
        *("too-close", "patient-age", "idempotency-mismatch"),
    ),
)
async def squeeze_one_in(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[SqueezeBody],
) -> SqueezedAnswer:
    wanted = data.wanted()
    command = SqueezeIn(
        contact=data.patient.contact(),
        wanted=wanted,
        neighbour=data.neighbour.shortened(),
        booked_by=booker(data.booked_by),
        request=key,
    )
    found = await or_alternatives(context, caller, wanted, context.database.write(squeeze_in, caller, command))
    return SqueezedAnswer(
        booked=appointment_of(found.booked, caller), neighbour=appointment_of(found.neighbour, caller)
    )
