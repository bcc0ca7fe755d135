"""The pages: made on the server, complete without scripts, styled by one sheet of our own."""

from litestar import Router

from booking.web import (
    absences,
    assets,
    booking_it,
    calendar,
    changing_places,
    choosing,
    credentials,
    desk,
    desk_booking,
    eligibility,
    findings,
    holding,
    law,
    leave,
    me,
    month,
    moving,
    needling,
    patients,
    signing_in,
    staff_visit,
    steps,
    visit,
    walk_ins,
    why_not,
)
from booking.web.errors import respond

__all__ = ["pages", "respond"]

pages = Router(
    path="/",
    route_handlers=[
        *assets.HANDLERS,
        *choosing.HANDLERS,
        *month.HANDLERS,
        *holding.HANDLERS,
        *booking_it.HANDLERS,
        *visit.HANDLERS,
        *moving.HANDLERS,
        *signing_in.HANDLERS,
        *desk.HANDLERS,
        *staff_visit.HANDLERS,
        *steps.HANDLERS,
        *changing_places.HANDLERS,
        *walk_ins.HANDLERS,
        *desk_booking.HANDLERS,
        *patients.HANDLERS,
        *findings.HANDLERS,
        *why_not.HANDLERS,
        *eligibility.HANDLERS,
        *needling.HANDLERS,
        *absences.HANDLERS,
        *credentials.HANDLERS,
        *law.HANDLERS,
        *me.HANDLERS,
        *leave.HANDLERS,
        *calendar.HANDLERS,
    ],
    exception_handlers={Exception: respond},
    include_in_schema=False,
)
