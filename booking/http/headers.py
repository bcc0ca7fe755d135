"""What every answer carries, whoever gave it: the outermost layer of the program.

Litestar's middleware sees neither 404 nor 405, hence this layer around it.
"""

import logging
import time
import uuid

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from booking.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_BEHIND_HTTPS = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
REQUEST_ID = b"x-request-id"

_log = logging.getLogger("booking.access")


def with_headers(app: ASGIApp, settings: Settings) -> ASGIApp:
    """The app, each of whose answers has these headers, unless it set them itself, and the id of its request.

    The id is always our own, and handlers find it as the request's header. One line is logged for each answer, with
    the pattern of the address and never the address itself, which may hold somebody's token.
    """
    fixed = {**_ALWAYS, **(_BEHIND_HTTPS if settings.secure else {})}
    pairs = [(name.encode(), value.encode()) for name, value in fixed.items()]

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, request_id = time.monotonic(), uuid.uuid4().hex.encode()
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != REQUEST_ID] + [(REQUEST_ID, request_id)]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.lower(), value) for name, value in message["headers"]]
                present = {name for name, _ in given}
                missing = [pair for pair in [*pairs, (REQUEST_ID, request_id)] if pair[0] not in present]
                message["headers"] = given + missing
                _note(scope, message["status"], began, request_id)
            await send(message)

        await app(scope, receive, send_with_headers)

    return outermost


def _note(scope: Scope, status: int, began: float, request_id: bytes) -> None:
    """Method, pattern of the address, status, milliseconds, id."""
    pattern = scope.get("path_template") or "-"
    took = (time.monotonic() - began) * 1000
    _log.info("%s %s %d %.0f ms %s", scope.get("method"), pattern, status, took, request_id.decode())
