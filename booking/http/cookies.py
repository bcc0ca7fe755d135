"""The cookies of the pages. Behind https their names carry `__Host-`, so that no other host can set them."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from booking.settings import Settings

SESSION = "session"
"""Who is signed in at the desk; holds the token of a session."""

HOLD = "hold"
"""Whose hold it is; holds a secret that the browser got with its first hold."""

MANAGE = "manage"
"""Which appointment is looked at; holds its manage token, so that it need not stay in the address."""


def cookie_name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure else name


def read_cookie(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings, name: str) -> str | None:
    return connection.cookies.get(cookie_name(settings, name)) or None


def set_cookie(settings: Settings, name: str, value: str, *, lasts: int | None = None) -> Cookie:
    """A cookie that no script can read and no other site's form sends; `lasts` seconds, or as long as the browser."""
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        max_age=lasts,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(settings: Settings, name: str) -> Cookie:
    return set_cookie(settings, name, "", lasts=0)
