"""Visits: booked, seen, listed, cancelled."""

from dataclasses import replace
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from booking.api.answers import AppointmentAnswer, appointment_fields, appointment_of
from booking.api.fields import (
    Answer,
    Body,
    DayText,
    Email,
    FirstDay,
    InstantText,
    LastDay,
    Name,
    Phone,
    Regions,
    Secret,
    Version,
    Words,
)
from booking.api.holds import HoldBody, wanted_of
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.errors import InvalidInput
from booking.domain.ids import AppointmentId, PractitionerId, SiteId
from booking.domain.patient import Contact
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import LONGEST_NAME, contact, day, line
from booking.http.tokens import digest, manage_token
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.hold import HoldRef
from booking.usecases.placing import Wanted
from booking.usecases.types import RequestKey
from booking.usecases.views.appointments import DayQuery, get_appointment, list_appointments
from booking.usecases.views.slots import LONGEST_SEARCH_DAYS


class PatientBody(Body):
    """Who comes: a name, and an e-mail address or a telephone number; and the date of birth, where the law asks."""

    name: Name
    email: Email | None = None
    phone: Phone | None = None
    born: DayText | None = None

    def contact(self) -> Contact:
        person = contact(self.name, self.email, self.phone, within="patient.")
        return person if self.born is None else replace(person, born=day(self.born, "patient.born"))


class BookBody(Body):
    """Either `hold` and `hold_secret`, or `treatment_type`, `site` and `start` with, if wanted, the other two.

    `booked_by` names whoever books for the patient.
    """

    patient: PatientBody
    hold: UUID | None = None
    hold_secret: Secret | None = None
    treatment_type: UUID | None = None
    site: UUID | None = None
    start: InstantText | None = None
    practitioner: UUID | None = None
    regions: Regions | None = None
    booked_by: Name | None = None

    def what(self) -> HoldRef | Wanted:
        """Raises InvalidInput for a mixture of the two ways, or a part of one."""
        if self.hold is None:
            return wanted_of(self._directly())
        if self.hold_secret is None:
            raise InvalidInput("hold_secret", "A hold is booked with its secret.")
        for name in ("treatment_type", "site", "start", "practitioner", "regions"):
            if getattr(self, name) is not None:
                raise InvalidInput(name, "The hold says this already.")
        return HoldRef(hold=AppointmentId(self.hold), hold_key=digest(self.hold_secret))

    def _directly(self) -> HoldBody:
        if self.treatment_type is None:
            raise InvalidInput("treatment_type", "Name a hold, or a treatment type, a site and a start.")
        if self.site is None:
            raise InvalidInput("site", "Where is the visit to be?")
        if self.start is None:
            raise InvalidInput("start", "When is the visit to start?")
        return HoldBody(
            treatment_type=self.treatment_type,
            site=self.site,
            start=self.start,
            practitioner=self.practitioner,
            regions=self.regions,
        )


def booker(name: str | None) -> str | None:
    """Who books for the patient; nobody else for a blank name."""
    return None if name is None else line(name, "booked_by", LONGEST_NAME) or None


class CancelBody(Body):
    """`version` is the one the caller has seen."""

    version: Version
    reason: Words | None = None


class BookedAnswer(AppointmentAnswer, kw_only=True):
    """`manage_token` is a bearer token that lets the patient see, move and cancel this appointment."""

    manage_token: str


class Appointments(Answer):
    """In the order of their starts, cancelled ones too."""

    appointments: list[AppointmentAnswer]


@post(
    "/appointments",
    operation_id="bookAppointment",
    summary="Book what is held, or a free time directly",
    opt=open_to(
        Access.PUBLIC,
        *(
            "not-permitted",
            "slot-taken",
            "patient-double-booked",
            "hold-expired",
            "practitioner-not-eligible",
            "patient-age",
        ),
        *(
            "outside-hours",
            "too-short-notice",
            "beyond-horizon",
            "not-offered",
            "too-close",
            "patient-age",
            "not-bookable-online",
        ),
        "idempotency-mismatch",
    ),
)
async def book_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[BookBody],
) -> BookedAnswer:
    what = data.what()
    command = BookAppointment(contact=data.patient.contact(), what=what, booked_by=booker(data.booked_by), request=key)
    attempt = context.database.write(book, caller, command)
    seen = await or_alternatives(context, caller, what if isinstance(what, Wanted) else None, attempt)
    token = manage_token(context.settings, caller.clinic_id, seen.appointment.id)
    return BookedAnswer(**appointment_fields(seen, caller), manage_token=token)


@get(
    "/appointments/{appointment_id:str}",
    operation_id="getAppointment",
    summary="One appointment, for staff or the bearer of its token",
    opt=open_to(Access.APPOINTMENT),
)
async def get_one(
    context: NamedDependency[Context], caller: NamedDependency[Caller], appointment_id: FromPath[UUID]
) -> AppointmentAnswer:
    seen = await context.database.read(get_appointment, caller, AppointmentId(appointment_id))
    return appointment_of(seen, caller)


@get(
    "/appointments",
    operation_id="listAppointments",
    summary="The appointments of at most 62 days",
    opt=open_to(Access.STAFF),
)
async def list_days(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    first: FirstDay,
    last: LastDay,
    site: FromQuery[UUID | None] = None,
    practitioner: FromQuery[UUID | None] = None,
) -> Appointments:
    query = DayQuery(
        first=day(first, "from"),
        last=day(last, "to"),
        site=None if site is None else SiteId(site),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
    )
    if not 0 <= (query.last - query.first).days < LONGEST_SEARCH_DAYS:
        raise InvalidInput("to", f"Ask for 1 to {LONGEST_SEARCH_DAYS} days, the first one first.")
    found = await context.database.read(list_appointments, caller, query)
    return Appointments(appointments=[appointment_of(seen, caller) for seen in found])


@post(
    "/appointments/{appointment_id:str}/cancel",
    operation_id="cancelAppointment",
    summary="Cancel an appointment; its time is free again at once",
    status_code=200,
    opt=open_to(Access.APPOINTMENT, "stale-version", "already-done", "too-short-notice", "idempotency-mismatch"),
)
async def cancel_appointment(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    appointment_id: FromPath[UUID],
    data: JSONBody[CancelBody],
) -> AppointmentAnswer:
    command = CancelAppointment(
        appointment=AppointmentId(appointment_id), version=data.version, reason=data.reason, request=key
    )
    return appointment_of(await context.database.write(cancel, caller, command), caller)
