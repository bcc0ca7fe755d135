"""Staff sign in with login and password, and get a token for a working day."""

from typing import Any
from uuid import UUID

from litestar import delete, post
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import JSONBody

from booking.api.fields import Answer, Body, Instant, Login, Password
from booking.api.operations import open_to
from booking.domain.errors import NotFound
from booking.http.access import Access
from booking.http.context import Context
from booking.http.proxies import client_address
from booking.http.sessions import sign_in, sign_out
from booking.http.visitors import Visitor, bearer


class SignInBody(Body):
    login: Login
    password: Password


class SessionAnswer(Answer):
    """Send `token` as `Authorization: Bearer`. It ends at `expires_at`, and earlier when it is not used for an hour."""

    token: str
    expires_at: Instant
    name: str
    role: str
    practitioner: UUID | None


@post(
    "/sessions",
    operation_id="signIn",
    summary="Sign in a member of staff",
    opt=open_to(Access.PUBLIC, "rate-limited"),
)
async def begin(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    visitor: NamedDependency[Visitor],
    data: JSONBody[SignInBody],
) -> SessionAnswer:
    if visitor.clinic_id is None:
        raise NotFound("clinic")
    address = client_address(request, context.settings)
    token, session = await sign_in(context, visitor.clinic_id, data.login, data.password, address)
    return SessionAnswer(
        token=token,
        expires_at=session.expires_at.isoformat(),
        name=session.staff.name,
        role=session.staff.role.value,
        practitioner=session.staff.practitioner_id,
    )


@delete(
    "/sessions/current",
    operation_id="signOut",
    summary="Sign out: the token opens nothing from here on",
    opt=open_to(Access.STAFF),
)
async def end(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> None:
    await sign_out(context, bearer(request) or "")
