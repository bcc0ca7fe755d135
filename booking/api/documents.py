"""The description of the API, at /openapi.json.

Litestar describes addresses and parameters; added here are the shapes as they are checked, who may call an operation,
and how each may refuse.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from msgspec import Struct

from booking import __version__
from booking.api.fields import Answer, Body
from booking.api.problems import ProblemAnswer
from booking.http.access import Access
from booking.http.problems import MEDIA_TYPE, STATUS, TITLES
from booking.http.visitors import DEPENDENCIES

Schema = dict[str, Any]

_ABOUT = (
    "Instants are RFC 3339 with their offset, days and hours are those of the site's own clock. A refusal is problem"
    " details (RFC 9457) whose `code` never changes its meaning."
)
_SECURITY: Schema = {
    "session": {"type": "http", "scheme": "bearer", "description": "The token that signIn answers."},
    "manage": {"type": "http", "scheme": "bearer", "description": "The manage_token of one appointment."},
}
_NEEDS: dict[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [{}, {"session": []}],
    Access.STAFF: [{"session": []}],
    Access.APPOINTMENT: [{"session": []}, {"manage": []}],
}


def openapi(routers: Sequence[Router]) -> HTTPRouteHandler:
    """The handler of /openapi.json, which describes what these routers hold."""

    @cache
    def written() -> bytes:
        return msgspec.json.encode(describe(routers))

    @get("/openapi.json", opt={"access": Access.PUBLIC}, include_in_schema=False, sync_to_thread=True)
    def get_document() -> Response[bytes]:
        return Response(written(), media_type="application/json", headers={"cache-control": "no-cache"})

    return get_document


def describe(routers: Sequence[Router]) -> Schema:
    """OpenAPI 3.1 of these routers."""
    config = OpenAPIConfig(title="Booking", version=__version__, description=_ABOUT)
    app = Litestar(route_handlers=list(routers), dependencies=DEPENDENCIES, openapi_config=config, logging_config=None)
    document: Schema = app.openapi_schema.to_schema()
    options = {handler.operation_id: handler.opt for handler in _handlers(app)}
    document["components"] = {"schemas": _shapes(), "securitySchemes": _SECURITY}
    for item in document["paths"].values():
        for operation in item.values():
            _complete(operation, options[operation["operationId"]])
    return document


def _shapes() -> Schema:
    """Of everything sent and answered, as msgspec itself checks it: unlike Litestar it says what is refused."""
    named = [*_all_below(Body), *_all_below(Answer)]
    return msgspec.json.schema_components(named, ref_template="#/components/schemas/{name}")[1]


def _handlers(app: Litestar) -> Iterator[HTTPRouteHandler]:
    for route in app.routes:
        yield from (one for one in getattr(route, "route_handlers", ()) if one.operation_id)


def _all_below(kind: type[Struct]) -> Iterator[type[Struct]]:
    for below in kind.__subclasses__():
        yield below
        yield from _all_below(below)


def _complete(operation: Schema, options: dict[str, Any]) -> None:
    operation["security"] = _NEEDS[options["access"]]
    answers = {status: answer for status, answer in operation["responses"].items() if status < "400"}
    operation["responses"] = {**answers, **_refusals(options["refusals"])}
    if "requestBody" in operation:
        operation["responses"]["413"] = _refusal(413, ["invalid-input"])


def _refusals(codes: Sequence[str]) -> Schema:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    return {str(status): _refusal(status, by_status[status]) for status in sorted(by_status)}


def _refusal(status: int, codes: Sequence[str]) -> Schema:
    answer: Schema = {
        "description": "; ".join(f"`{code}`: {TITLES[code]}" for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}}},
    }
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        seconds = {"description": "After how many seconds to try again.", "schema": {"type": "integer"}}
        answer["headers"] = {"Retry-After": seconds}
    return answer
