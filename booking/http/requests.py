"""Reading what was sent: exactly what is described, or a refusal that names the field."""

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from booking.domain.errors import InvalidInput

LARGEST_BODY = 64 * 1024
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*?)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is read straight into the handler's Struct, without turning text into numbers."""

    async def json(self) -> Any:
        """Raises InvalidInput for another content type, and for whatever the Struct does not describe."""
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if content_type != "application/json":
            raise InvalidInput("content-type", "Send the body as application/json.")
        if not hasattr(self, "parsed"):
            wanted = self.route_handler.parsed_data_field
            self.parsed = parse_json(await self.body(), Any if wanted is None else wanted.annotation)
        return self.parsed


def parse_json(body: bytes, wanted: Any) -> Any:
    """Raises InvalidInput, which names the field and never repeats what was sent."""
    try:
        return msgspec.json.decode(body, type=wanted)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput("body", "The body is not well-formed JSON in UTF-8.") from error


def misfit(said: str, field: str = "body") -> InvalidInput:
    """What msgspec says about a value that does not fit, with the field it says it of."""
    place = _PLACE.search(said)
    where = place[1] if place and place[1] else ""
    what = said[: place.start()] if place else said
    for pattern in (_UNKNOWN, _MISSING):
        if named := pattern.search(what):
            where = f"{where}.{named[1]}".lstrip(".")
            return InvalidInput(where[:100], "This field is " + ("unknown." if pattern is _UNKNOWN else "missing."))
    if "matching regex" in what:
        what = "This has a form or characters that are not allowed"
    if "enum value" in what:
        what = "This is none of the words that can stand here"  # msgspec would repeat the one that was sent
    return InvalidInput(where or field, f"{what.rstrip('.')}.")


async def ensure_known_query(request: Request[Any, Any, Any]) -> None:
    """Raises InvalidInput for a parameter in the query that the handler does not take, or takes only once."""
    known = _query_of(request.route_handler)
    seen: set[str] = set()
    for name, _ in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name not in known:
            raise InvalidInput(name[:100], "There is no such parameter.")
        if name in seen and not known[name]:
            raise InvalidInput(name, "Give this parameter once.")
        seen.add(name)


@cache
def _query_of(handler: HTTPRouteHandler) -> dict[str, bool]:
    """The names of the parameters the handler takes from the query, and whether each may be repeated."""
    fields = [(one, one.kwarg_definition) for one in handler.parsed_fn_signature.parameters.values()]
    return {
        said.name or field.name: any(part.is_non_string_sequence for part in (field, *field.inner_types))
        for field, said in fields
        if isinstance(said, QueryParameter)
    }
