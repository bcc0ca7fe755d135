"""The Idempotency-Key header: the same request, sent again, is carried out once."""

import hashlib
import re
from typing import Annotated, Any

import msgspec
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from booking.domain.errors import InvalidInput
from booking.domain.permission import Caller
from booking.http.tokens import derive, digest, new_secret
from booking.settings import Settings
from booking.usecases.types import RequestKey

_KEY = re.compile(r"[!-~]{1,255}")
_SAID = (
    "Send the same key with each repetition of the same request, and it is carried out once; a key is remembered for 48"
    " hours. Without a token the key is all that tells callers apart: draw it at random, such as a UUID."
)

IdempotencyKey = Annotated[str | None, HeaderParameter(name="Idempotency-Key", description=_SAID)]


async def provide_request_key(
    request: Request[Any, Any, Any], caller: NamedDependency[Caller], idempotency_key: IdempotencyKey = None
) -> RequestKey | None:
    """For handlers, as `key: NamedDependency[RequestKey | None]`. Raises InvalidInput for a key of another form."""
    if idempotency_key is None:
        return None
    if not _KEY.fullmatch(idempotency_key):
        raise InvalidInput("Idempotency-Key", "The key is 1 to 255 visible ASCII characters.")
    has_body = request.route_handler.parsed_data_field is not None
    body = await request.json() if has_body else None
    asked = [
        str(request.route_handler.operation_id),
        request.url.path,
        msgspec.json.encode(body, order="sorted").decode(),
    ]
    return RequestKey(
        identity=digest(_identity(caller, getattr(body, "hold_secret", None))),
        key=idempotency_key,
        digest=hashlib.sha256("\n".join(asked).encode()).hexdigest(),
    )


def secret_for(settings: Settings, purpose: str, caller: Caller, key: RequestKey | None) -> str:
    """A new secret; under a key, the same one for each repetition, so that its answer can be given again."""
    if key is None:
        return new_secret()
    return derive(settings, purpose, str(caller.clinic_id), key.identity, key.key, key.digest)


def _identity(caller: Caller, hold_secret: str | None) -> str:
    """Whose key it is: the same key of somebody else is another one."""
    if caller.staff_id is not None:
        return f"staff {caller.staff_id}"
    if caller.appointment_id is not None:
        return f"appointment {caller.appointment_id}"
    return "public" if hold_secret is None else f"hold {digest(hold_secret)}"
