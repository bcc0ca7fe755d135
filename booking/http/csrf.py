"""Forms count only when they come from our own pages and carry the token of the browser they were made for."""

import hmac
from typing import Any

from litestar.connection import Request

from booking.domain.errors import NotPermitted
from booking.http.tokens import derive
from booking.settings import Settings

FIELD = "csrf"
"""The name of the hidden field."""


def csrf_token(settings: Settings, secret: str) -> str:
    """The token for forms of the browser that has this secret in a cookie: its session's, or its hold's."""
    return derive(settings, "csrf", secret)


def ensure_own_form(request: Request[Any, Any, Any], settings: Settings, secret: str | None, given: object) -> None:
    """Raises NotPermitted unless a page of ours sent this, with the token made for this browser's secret."""
    if not _is_same_origin(request, settings) or secret is None or not isinstance(given, str):
        raise NotPermitted("foreign form")
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), csrf_token(settings, secret).encode()):
        raise NotPermitted("foreign form")


def _is_same_origin(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """By what the browser itself says. One too old to say anything is left to the token."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    own = {settings.public_url, f"{'https' if settings.secure else 'http'}://{request.headers.get('host', '')}"}
    return origin is None or origin in own
