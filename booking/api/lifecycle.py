"""The life of an appointment: arrived, begun, done, missed, accepted, declined, entered in error, and one step back."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from booking.api.answers import AppointmentAnswer, appointment_of
from booking.api.fields import Answer, Body, Instant, Note, Version, Words
from booking.api.operations import open_to
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Step
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.notes import Annotate, annotate
from booking.usecases.types import RequestKey
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.history import Entry, visit_history


class StepBody(Body):
    """`version` is the one the caller has seen; the reason, if there is one, stays in the history."""

    version: Version
    reason: Words | None = None


class VersionBody(Body):
    """`version` is the one the caller has seen."""

    version: Version


class NoteBody(Body):
    """`version` is the one the caller has seen. The note replaces the one that is there; null takes it away."""

    version: Version
    note: Note | None


class HistoryEntry(Answer):
    """What became of the appointment, and when. `undoes` is the `number` of the entry that it takes back.

    `by` and `reason` are null for whoever is not staff.
    """

    number: int
    status: str
    at: Instant
    by: str | None
    reason: str | None
    undoes: int | None


class HistoryAnswer(Answer):
    """In the order in which it happened; changes of time or place are not in it."""

    history: list[HistoryEntry]


_AFTER_A_STEP = ("stale-version", "already-done", "idempotency-mismatch")
_WHEN_TIME_IS_TAKEN = (
    "slot-taken",
    "patient-double-booked",
    "practitioner-not-eligible",
    "patient-age",
    "outside-hours",
    "too-close",
)


def _step(step: Step, name: str, operation: str, summary: str, *refusals: str) -> HTTPRouteHandler:
    """The handler of one step."""

    @post(
        f"/appointments/{{appointment_id:str}}/{name}",
        operation_id=operation,
        summary=summary,
        status_code=200,
        opt=open_to(Access.STAFF, *_AFTER_A_STEP, *refusals),
    )
    async def take(
        context: NamedDependency[Context],
        caller: NamedDependency[Caller],
        key: NamedDependency[RequestKey | None],
        appointment_id: FromPath[UUID],
        data: JSONBody[StepBody],
    ) -> AppointmentAnswer:
        command = TakeStep(
            appointment=AppointmentId(appointment_id), version=data.version, step=step, reason=data.reason, request=key
        )
        return appointment_of(await context.database.write(take_step, caller, command), caller)

    return take


check_in = _step(Step.CHECK_IN, "check-in", "checkInAppointment", "The patient has arrived", "too-early")
start = _step(Step.START, "start", "startAppointment", "The treatment begins", "too-early")
complete = _step(
    Step.COMPLETE, "complete", "completeAppointment", "The treatment is over; time that is left is free again",
    "too-early",
)  # fmt: skip
no_show = _step(
    Step.RECORD_NO_SHOW, "no-show", "recordNoShow", "The patient did not come; the time is free again", "too-early"
)
accept = _step(
    Step.ACCEPT, "accept", "acceptRequest", "Accept a request: it is booked, if nothing speaks against it now",
    *_WHEN_TIME_IS_TAKEN,
)  # fmt: skip
decline = _step(Step.DECLINE, "decline", "declineRequest", "Decline a request; its time is free again")
enter_in_error = _step(
    Step.ENTER_IN_ERROR, "enter-in-error", "enterInError", "It should never have been entered; its time is free again"
)


@post(
    "/appointments/{appointment_id:str}/undo",
    operation_id="undoStatus",
    summary="Take the last step back, while the time that it gave up is still to be had",
    status_code=200,
    opt=open_to(Access.APPOINTMENT, "stale-version", "nothing-to-undo", "idempotency-mismatch", *_WHEN_TIME_IS_TAKEN),
)
async def undo_status(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[VersionBody],
) -> AppointmentAnswer:
    command = UndoStep(appointment=AppointmentId(appointment_id), version=data.version, request=key)
    return appointment_of(await context.database.write(undo, caller, command), caller)


@post(
    "/appointments/{appointment_id:str}/confirm",
    operation_id="confirmAppointment",
    summary="The patient will come",
    status_code=200,
    opt=open_to(Access.APPOINTMENT, "stale-version", "too-short-notice", "idempotency-mismatch"),
)
async def confirm_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[VersionBody],
) -> AppointmentAnswer:
    command = ConfirmVisit(appointment=AppointmentId(appointment_id), version=data.version, request=key)
    return appointment_of(await context.database.write(confirm, caller, command), caller)


@post(
    "/appointments/{appointment_id:str}/note",
    operation_id="annotateAppointment",
    summary="Write the staff's note on an appointment",
    status_code=200,
    opt=open_to(Access.STAFF, "stale-version", "idempotency-mismatch"),
)
async def annotate_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[NoteBody],
) -> AppointmentAnswer:
    command = Annotate(
        appointment=AppointmentId(appointment_id), version=data.version, note=data.note or "", request=key
    )
    return appointment_of(await context.database.write(annotate, caller, command), caller)


@get(
    "/appointments/{appointment_id:str}/history",
    operation_id="listAppointmentHistory",
    summary="What became of an appointment, step by step",
    opt=open_to(Access.APPOINTMENT),
)
async def list_history(
    context: NamedDependency[Context], caller: NamedDependency[Caller], appointment_id: FromPath[UUID]
) -> HistoryAnswer:
    found = await context.database.read(visit_history, caller, AppointmentId(appointment_id))
    return HistoryAnswer(history=[_entry(one) for one in found.entries])


def _entry(one: Entry) -> HistoryEntry:
    return HistoryEntry(
        number=one.number,
        status=one.status.value,
        at=one.at.isoformat(),
        by=one.by,
        reason=one.reason,
        undoes=one.undoes,
    )


HANDLERS = [
    check_in, start, complete, no_show, accept, decline, enter_in_error, undo_status, confirm_appointment,
    annotate_appointment, list_history,
]  # fmt: skip
