"""The pages: made on the server, complete without scripts, styled by one sheet of our own."""

from litestar import Router

from booking.web import (
    absences,
    assets,
    booking_it,
    calendar,
    choosing,
    credentials,
    desk,
    findings,
    holding,
    leave,
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
        *absences.HANDLERS,
        *credentials.HANDLERS,
        *me.HANDLERS,
        *leave.HANDLERS,
        *calendar.HANDLERS,
    ],
    exception_handlers={Exception: respond},
    include_in_schema=False,
)
