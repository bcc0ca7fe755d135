"""The pages: made on the server, complete without scripts, styled by one sheet of our own."""

from litestar import Router

from booking.web import (
    assets,
    booking_it,
    calendar,
    choosing,
    credentials,
    desk,
    findings,
    holding,
    me,
    signing_in,
    visit,
)
from booking.web.errors import respond

__all__ = ["pages", "respond"]

pages = Router(
    path="/",
    route_handlers=[
        *assets.HANDLERS,
        *choosing.HANDLERS,
        *holding.HANDLERS,
        *booking_it.HANDLERS,
        *visit.HANDLERS,
        *signing_in.HANDLERS,
        *desk.HANDLERS,
        *findings.HANDLERS,
        *credentials.HANDLERS,
        *me.HANDLERS,
        *calendar.HANDLERS,
    ],
    exception_handlers={Exception: respond},
    include_in_schema=False,
)
