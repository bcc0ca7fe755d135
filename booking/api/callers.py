"""Who calls the API, as use cases know them."""

from typing import Any

from litestar.connection import Request

from booking.domain.permission import Caller
from booking.http.visitors import Visitor

CHANNEL = "api"


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """For handlers, as `caller: NamedDependency[Caller]`."""
    visitor: Visitor = request.user
    return visitor.caller(CHANNEL, request.headers["x-request-id"])
