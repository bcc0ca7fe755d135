"""Holding a time for ten minutes while somebody makes up their mind."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.api.answers import local
from booking.api.fields import Answer, Body, Instant, InstantText, Regions, Secret
from booking.api.idempotency import secret_for
from booking.api.operations import open_to
from booking.api.slots import or_alternatives
from booking.domain.errors import HoldExpired
from booking.domain.ids import AppointmentId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import instant
from booking.http.tokens import digest
from booking.usecases.hold import HoldRef, HoldSlot, extend, hold, release
from booking.usecases.placing import Wanted
from booking.usecases.types import RequestKey
from booking.usecases.views.appointments import AppointmentView


class HoldBody(Body):
    """`hold_secret` is whoever's who holds: an earlier hold under it is given up. Without one, one is drawn.

    Anybody who can and may give the treatment when `practitioner` is null; all regions of the treatment when `regions`
    is null.
    """

    treatment_type: UUID
    site: UUID
    start: InstantText
    practitioner: UUID | None = None
    regions: Regions | None = None
    hold_secret: Secret | None = None


class SecretBody(Body):
    """What proves whose hold it is."""

    hold_secret: Secret


class HoldAnswer(Answer):
    """Until `expires_at` nobody else can take the time. Whoever has `hold_secret` can book, extend or release it."""

    hold: UUID
    hold_secret: str
    expires_at: Instant
    start: Instant
    end: Instant
    site: UUID
    practitioner: UUID
    treatment_type: UUID


@post(
    "/holds",
    operation_id="holdSlot",
    summary="Hold a time for ten minutes",
    opt=open_to(
        Access.PUBLIC,
        *("not-permitted", "slot-taken", "practitioner-not-eligible", "outside-hours", "too-short-notice"),
        *("beyond-horizon", "not-offered", "not-bookable-online", "hold-expired", "idempotency-mismatch"),
    ),
)
async def hold_slot(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[HoldBody],
) -> HoldAnswer:
    secret = data.hold_secret or secret_for(context.settings, "hold", caller, key)
    wanted = wanted_of(data)
    command = HoldSlot(wanted=wanted, hold_key=digest(secret), request=key)
    attempt = context.database.write(hold, caller, command)
    return _held(await or_alternatives(context, caller, wanted, attempt), secret)


@post(
    "/holds/{hold_id:str}/extend",
    operation_id="extendHold",
    summary="Hold it for ten minutes from now, thirty in all",
    status_code=200,
    opt=open_to(Access.PUBLIC, "not-permitted", "hold-expired"),
)
async def extend_hold(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    hold_id: FromPath[UUID],
    data: JSONBody[SecretBody],
) -> HoldAnswer:
    ref = HoldRef(hold=AppointmentId(hold_id), hold_key=digest(data.hold_secret))
    return _held(await context.database.write(extend, caller, ref), data.hold_secret)


@post(
    "/holds/{hold_id:str}/release",
    operation_id="releaseHold",
    summary="Give the time back",
    status_code=204,
    opt=open_to(Access.PUBLIC, "not-permitted"),
)
async def release_hold(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    hold_id: FromPath[UUID],
    data: JSONBody[SecretBody],
) -> None:
    ref = HoldRef(hold=AppointmentId(hold_id), hold_key=digest(data.hold_secret))
    await context.database.write(release, caller, ref)


def wanted_of(data: HoldBody) -> Wanted:
    """Raises InvalidInput when the start is no instant."""
    return Wanted(
        treatment_type=TreatmentTypeId(data.treatment_type),
        site=SiteId(data.site),
        start=instant(data.start, "start"),
        practitioner=None if data.practitioner is None else PractitionerId(data.practitioner),
        regions=None if data.regions is None else frozenset(data.regions),
    )


def _held(seen: AppointmentView, secret: str) -> HoldAnswer:
    """Raises HoldExpired when the same request, sent again, finds that the hold was booked meanwhile."""
    visit = seen.appointment
    if visit.expires_at is None:
        raise HoldExpired
    return HoldAnswer(
        hold=visit.id,
        hold_secret=secret,
        expires_at=local(visit.expires_at, visit.zone),
        start=local(visit.span.start, visit.zone),
        end=local(visit.span.end, visit.zone),
        site=visit.site_id,
        practitioner=visit.practitioner_id,
        treatment_type=visit.agreed.treatment_type_id,
    )
