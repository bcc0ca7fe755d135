"""Who calls the API, as use cases know them."""

from typing import Any

from litestar.connection import Request
from litestar.di import NamedDependency

from booking.domain.permission import Caller
from booking.http.context import Context
from booking.http.visitors import Visitor

CHANNEL = "api"


def provide_caller(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Caller:  # noqa: ARG001 -- see below
    """For handlers, as `caller: NamedDependency[Caller]`.

    It takes the context so that the two are provided one after the other: side by side they take a group of tasks.
    """
    visitor: Visitor = request.user
    return visitor.caller(CHANNEL, request.headers["x-request-id"])
