"""Moving a visit to another time, practitioner or site."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.api.answers import AppointmentAnswer, appointment_fields
from booking.api.fields import Body, InstantText, Minutes, Version
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId, PractitionerId, RoomId, SiteId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import instant
from booking.usecases.move import MoveAppointment, move
from booking.usecases.types import RequestKey


class MoveBody(Body):
    """`version` is the one the caller has seen. Practitioner and site stay as they are when they are null.

    With `anyone` whoever may and can gives it. Staff may also name the `room`, and give it other `minutes`.
    """

    version: Version
    start: InstantText
    practitioner: UUID | None = None
    site: UUID | None = None
    anyone: bool = False
    room: UUID | None = None
    minutes: Minutes | None = None


class MovedAnswer(AppointmentAnswer, kw_only=True):
    """`moved` is false when all was so already: then nothing has changed, the version neither."""

    moved: bool


@post(
    "/appointments/{appointment_id:str}/move",
    operation_id="moveAppointment",
    summary="Move an appointment; it has its old time until it has the new one",
    status_code=200,
    opt=open_to(
        Access.APPOINTMENT,
        *(
            "stale-version",
            "slot-taken",
            "patient-double-booked",
            "practitioner-not-eligible",
            "patient-age",
            "outside-hours",
        ),
        *("too-short-notice", "beyond-horizon", "not-offered", "too-close", "patient-age", "not-bookable-online"),
        "idempotency-mismatch",
    ),
)
async def move_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[MoveBody],
) -> MovedAnswer:
    if data.anyone and data.practitioner is not None:
        raise InvalidInput("anyone", "Name a practitioner, or let anyone give it.")
    command = MoveAppointment(
        appointment=AppointmentId(appointment_id),
        version=data.version,
        start=instant(data.start, "start"),
        practitioner=None if data.practitioner is None else PractitionerId(data.practitioner),
        site=None if data.site is None else SiteId(data.site),
        anyone=data.anyone,
        room=None if data.room is None else RoomId(data.room),
        minutes=data.minutes,
        request=key,
    )
    found = await or_alternatives(context, caller, command, context.database.write(move, caller, command))
    return MovedAnswer(**appointment_fields(found.view, caller), moved=found.changed)
