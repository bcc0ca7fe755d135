"""What practitioners and sites hold: seen and verified by whoever manages it, suspended when it no longer counts."""

from datetime import date
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.api.fields import Answer, Body, Day, DayText, Words
from booking.api.operations import open_to
from booking.domain.credential import Credential
from booking.domain.ids import CredentialId, PractitionerId, SiteId
from booking.domain.permission import Caller
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day
from booking.usecases.credentials import (
    CredentialChanged,
    SuspendCredential,
    VerifyCredential,
    of_practitioner,
    of_site,
    suspend,
    verify,
)
from booking.usecases.types import RequestKey


class VerifyBody(Body):
    """`source` says where the clinic has looked, such as the address of the public register."""

    source: Words


class SuspendBody(Body):
    """On the days from `first` (today when null) to `last` (for good when null) nothing may rest on it."""

    reason: Words
    first: DayText | None = None
    last: DayText | None = None


class SuspensionAnswer(Answer):
    first: Day
    last: Day | None
    reason: str


class CredentialAnswer(Answer):
    """`regions` and `techniques` are what it extends to; null is everything. Days are included at both ends."""

    id: UUID
    slug: str
    kind: str
    profession: str | None
    jurisdiction: str | None
    number: str | None
    valid_from: Day | None
    valid_until: Day | None
    verification: str
    suspensions: list[SuspensionAnswer]
    regions: list[str] | None
    techniques: list[str] | None
    attributes: dict[str, bool | int | str]
    home: str | None


class Credentials(Answer):
    credentials: list[CredentialAnswer]


class ChangedAnswer(Answer):
    """`at_risk` are appointments without cover, of the practitioner or, for a site's, of anybody; none was changed.

    Either `practitioner` or `site` is its holder.
    """

    credential: CredentialAnswer
    practitioner: UUID | None
    site: UUID | None
    version: int
    at_risk: list[UUID]


@get(
    "/practitioners/{practitioner_id:str}/credentials",
    operation_id="listCredentials",
    summary="What a practitioner holds",
    opt=open_to(Access.STAFF),
)
async def list_credentials(
    context: NamedDependency[Context], caller: NamedDependency[Caller], practitioner_id: FromPath[UUID]
) -> Credentials:
    found = await context.database.read(of_practitioner, caller, PractitionerId(practitioner_id))
    return Credentials(credentials=[credential_of(one) for one in found])


@get(
    "/sites/{site_id:str}/credentials",
    operation_id="listSiteCredentials",
    summary="What a site holds, such as the approval of its premises",
    opt=open_to(Access.STAFF),
)
async def list_site_credentials(
    context: NamedDependency[Context], caller: NamedDependency[Caller], site_id: FromPath[UUID]
) -> Credentials:
    found = await context.database.read(of_site, caller, SiteId(site_id))
    return Credentials(credentials=[credential_of(one) for one in found])


@post(
    "/credentials/{credential_id:str}/verify",
    operation_id="verifyCredential",
    summary="Say that the clinic has made sure of it: it counts from now on",
    status_code=200,
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def verify_credential(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    credential_id: FromPath[UUID],
    data: JSONBody[VerifyBody],
) -> ChangedAnswer:
    command = VerifyCredential(credential=CredentialId(credential_id), source=data.source, request=key)
    return _changed(await context.database.write(verify, caller, command))


@post(
    "/credentials/{credential_id:str}/suspend",
    operation_id="suspendCredential",
    summary="Let nothing rest on it on some days; appointments that lose their cover are answered",
    status_code=200,
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def suspend_credential(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    credential_id: FromPath[UUID],
    data: JSONBody[SuspendBody],
) -> ChangedAnswer:
    command = SuspendCredential(
        credential=CredentialId(credential_id),
        reason=data.reason,
        first=None if data.first is None else day(data.first, "first"),
        last=None if data.last is None else day(data.last, "last"),
        request=key,
    )
    return _changed(await context.database.write(suspend, caller, command))


def _changed(changed: CredentialChanged) -> ChangedAnswer:
    return ChangedAnswer(
        credential=credential_of(changed.held.credential),
        practitioner=changed.held.practitioner_id,
        site=changed.held.site_id,
        version=changed.held.credential.version,
        at_risk=list(changed.at_risk),
    )


def credential_of(credential: Credential) -> CredentialAnswer:
    return CredentialAnswer(
        id=credential.id,
        slug=credential.slug,
        kind=credential.kind,
        profession=credential.profession,
        jurisdiction=credential.jurisdiction,
        number=credential.number,
        valid_from=_day(credential.valid_from),
        valid_until=_day(credential.valid_until),
        verification=credential.verification.value,
        suspensions=[
            SuspensionAnswer(first=hole.first.isoformat(), last=_day(hole.last), reason=hole.reason)
            for hole in credential.suspensions
        ],
        regions=None if credential.regions is None else sorted(credential.regions),
        techniques=None if credential.techniques is None else sorted(credential.techniques),
        attributes=dict(credential.attributes),
        home=credential.home,
    )


def _day(when: date | None) -> str | None:
    return None if when is None else when.isoformat()
