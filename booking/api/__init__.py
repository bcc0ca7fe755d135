"""The JSON API. A handler parses, calls one use case, and answers."""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from booking.api import (
    absences,
    appointments,
    catalogue,
    credentials,
    eligibility,
    feeds,
    findings,
    holds,
    law,
    lifecycle,
    moving,
    outlook,
    patients,
    reassigning,
    sessions,
    slots,
    squeezing,
    swapping,
    walk_ins,
    why_not,
)
from booking.api.callers import provide_caller
from booking.api.documents import openapi
from booking.api.feed import practitioner_feed
from booking.api.idempotency import provide_request_key
from booking.http.problems import respond
from booking.http.requests import StrictRequest, ensure_known_query
from booking.http.visitors import Door

clinics = Router(
    path="/api/v1/clinics/{clinic:str}",
    route_handlers=[
        catalogue.list_treatment_types,
        catalogue.list_practitioners,
        catalogue.list_sites,
        slots.list_free,
        outlook.find_next,
        outlook.count_free,
        why_not.explain,
        holds.hold_slot,
        holds.extend_hold,
        holds.release_hold,
        appointments.book_appointment,
        appointments.get_one,
        appointments.list_days,
        appointments.cancel_appointment,
        moving.move_appointment,
        reassigning.reassign_appointment,
        swapping.swap_appointments,
        squeezing.squeeze_one_in,
        walk_ins.receive,
        patients.find,
        patients.merge,
        *lifecycle.HANDLERS,
        eligibility.explain,
        credentials.list_credentials,
        credentials.list_site_credentials,
        credentials.verify_credential,
        credentials.suspend_credential,
        findings.list_open,
        law.get_law,
        law.record_decision,
        law.withdraw,
        absences.add_absence,
        absences.list_days,
        absences.remove_one,
        absences.close_one,
        absences.reopen_one,
        feeds.list_addresses,
        feeds.create_address,
        feeds.rotate_address,
        feeds.revoke_address,
        sessions.begin,
        sessions.end,
    ],
    dependencies={
        "caller": Provide(provide_caller, sync_to_thread=False),
        "key": Provide(provide_request_key),
    },
    opt={"door": Door.API},
    request_class=StrictRequest,
    before_request=ensure_known_query,
    exception_handlers={Exception: respond},
)

root = Router(path="/", route_handlers=[openapi([clinics]), practitioner_feed])

route_handlers: list[ControllerRouterHandler] = [clinics, root]
