"""Who may come in where: every handler says so, and what does not say it lets nobody in."""

from collections.abc import Iterable
from enum import StrEnum

from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute

from booking.domain.errors import NotPermitted, Unauthenticated
from booking.http.visitors import Connection, Door, Visitor, at_the_api, at_the_pages, with_link


class Access(StrEnum):
    """Stands in a handler's `opt` as `opt={"access": Access.STAFF}`.

    PUBLIC anybody; STAFF a session; APPOINTMENT a session or the appointment's own token; FEED and HEALTH see to it
    themselves.
    """

    PUBLIC = "public"
    STAFF = "staff"
    APPOINTMENT = "appointment"
    FEED = "feed"
    HEALTH = "health"


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Find out who is there, and keep out who may not come in. It stands before every handler of the program.

    Leaves a Visitor as `connection.user`. Raises Unauthenticated, NotFound for an unknown clinic, and NotPermitted for
    a handler that does not say whom it is for.
    """
    access = _access(handler)
    if access in {Access.HEALTH, Access.FEED} or _is_options(handler):
        return
    if access is None:
        raise NotPermitted("unguarded")
    visitor = await _visitor(connection, handler.opt.get("door"), access)
    nobody = visitor.session is None and (access is Access.STAFF or visitor.appointment is None)
    if nobody and access is not Access.PUBLIC:
        raise Unauthenticated("Sign in first.")
    connection.scope["user"] = visitor


async def _visitor(connection: Connection, door: object, access: Access) -> Visitor:
    if door == Door.API:
        return await at_the_api(connection)
    return with_link(connection) if access is Access.APPOINTMENT else await at_the_pages(connection)


def unguarded(routes: Iterable[BaseRoute]) -> list[str]:
    """The handlers that do not say whom they are for; the program does not start with any."""
    handlers = [(route.path, handler) for route in routes for handler in getattr(route, "route_handlers", [])]
    mounted = [(route.path, route.route_handler) for route in routes if hasattr(route, "route_handler")]
    return [
        f"{path} {handler}"
        for path, handler in handlers + mounted
        if not _is_options(handler) and _access(handler) is None
    ]


def _access(handler: BaseRouteHandler) -> Access | None:
    found = handler.opt.get("access")
    return found if isinstance(found, Access) else None


def _is_options(handler: BaseRouteHandler) -> bool:
    """The answer to OPTIONS names the methods of an address and nothing else."""
    return isinstance(handler, HTTPRouteHandler) and set(handler.http_methods) == {"OPTIONS"}
