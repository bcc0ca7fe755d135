"""Who is there: found out once for each request, by what they carry.

At the API that is `Authorization: Bearer`, at the pages a cookie, and neither looks at the other's.
"""

import re
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.di import Provide

from booking.domain.errors import NotFound, Unauthenticated
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.permission import Caller, Role
from booking.http.context import SLUG_SECONDS, Context
from booking.http.cookies import MANAGE, SESSION, read_cookie
from booking.http.sessions import session_from
from booking.http.tokens import read_manage_token
from booking.usecases.staff import caller_of
from booking.usecases.types import Session
from booking.usecases.views.catalogue import clinic_by_slug

Connection = ASGIConnection[Any, Any, Any, Any]

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Door(StrEnum):
    """By which way a request comes; stands in the `opt` of a router as `opt={"door": Door.API}`."""

    API = "api"
    PAGES = "pages"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Whoever sent the request: a member of staff, the bearer of an appointment's token, or anybody.

    `clinic_id` is of the clinic that the address names, if it names one; session and appointment belong to it.
    """

    clinic_id: ClinicId | None = None
    session: Session | None = None
    appointment: tuple[ClinicId, AppointmentId] | None = None

    def caller(self, channel: str, request_id: str = "") -> Caller:
        """The same as use cases know them. Raises Unauthenticated where nothing says of which clinic they are."""
        if self.appointment is not None:
            clinic_id, appointment_id = self.appointment
            return Caller(
                clinic_id=clinic_id,
                role=Role.PATIENT,
                appointment_id=appointment_id,
                channel=channel,
                request_id=request_id,
            )
        if self.session is not None:
            return caller_of(self.session.staff, channel, request_id)
        if self.clinic_id is None:
            raise Unauthenticated("Sign in first.")
        return Caller(clinic_id=self.clinic_id, role=Role.PUBLIC, channel=channel, request_id=request_id)


async def at_the_api(connection: Connection) -> Visitor:
    """By their bearer token, which must be one of the clinic in the address; a wrong one is never just ignored."""
    context: Context = connection.app.state.context
    clinic_id = await named_clinic(connection)
    token = bearer(connection)
    if token is None:
        return Visitor(clinic_id=clinic_id)
    appointment = read_manage_token(context.settings, token)
    session = None if appointment else await session_from(context, token)
    belongs_to = session.staff.clinic_id if session else appointment[0] if appointment else None
    if clinic_id is None or belongs_to != clinic_id:
        raise Unauthenticated("The token is not, or no longer, good for this.")
    return Visitor(clinic_id=clinic_id, session=session, appointment=appointment)


async def at_the_pages(connection: Connection) -> Visitor:
    """By the cookie of their session; somebody of another clinic is nobody here."""
    context: Context = connection.app.state.context
    clinic_id = await named_clinic(connection)
    token = read_cookie(connection, context.settings, SESSION)
    session = None if token is None else await session_from(context, token)
    if session is not None and clinic_id is not None and session.staff.clinic_id != clinic_id:
        session = None
    return Visitor(clinic_id=clinic_id, session=session)


def with_link(connection: Connection) -> Visitor:
    """By the token of an appointment, from the `{token}` of the address or the cookie it was exchanged for.

    Whoever comes so is the patient, also when they are signed in at the desk. Raises NotFound.
    """
    settings = connection.app.state.context.settings
    token = connection.path_params.get("token") or read_cookie(connection, settings, MANAGE) or ""
    appointment = read_manage_token(settings, token)
    if appointment is None:
        raise NotFound("appointment")
    return Visitor(appointment=appointment)


async def named_clinic(connection: Connection) -> ClinicId | None:
    """The clinic whose slug is the `{clinic}` of the address; None where there is no such part. Raises NotFound."""
    slug = connection.path_params.get("clinic")
    if slug is None:
        return None
    if not _SLUG.fullmatch(slug):
        raise NotFound("clinic")
    context: Context = connection.app.state.context
    return await clinic_called(context, slug)


async def clinic_called(context: Context, slug: str) -> ClinicId:
    """The clinic of this slug, as it is or was a moment ago. Raises NotFound."""
    now = time.monotonic()
    known, since = context.clinic_ids.get(slug, (None, 0.0))
    if known is None or now > since + SLUG_SECONDS:
        known = (await context.database.read(clinic_by_slug, slug)).id
        context.clinic_ids[slug] = (known, now)
    return known


def bearer(connection: Connection) -> str | None:
    """The token of the Authorization header. Raises Unauthenticated for a header of another kind."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise Unauthenticated("Send a token as Authorization: Bearer.")
    return token.strip()


def provide_visitor(request: Request[Any, Any, Any]) -> Visitor:
    visitor: Visitor = request.user
    return visitor


def provide_context(request: Request[Any, Any, Any]) -> Context:
    context: Context = request.app.state.context
    return context


DEPENDENCIES = {
    "context": Provide(provide_context, sync_to_thread=False),
    "visitor": Provide(provide_visitor, sync_to_thread=False),
}
"""What every handler can take: `context: NamedDependency[Context]` and `visitor: NamedDependency[Visitor]`."""
