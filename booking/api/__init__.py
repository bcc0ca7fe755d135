"""The JSON API. A handler parses, calls one use case, and answers."""

from litestar import Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from booking.api.callers import provide_caller
from booking.api.catalogue import list_practitioners, list_sites, list_treatment_types
from booking.http.requests import StrictRequest
from booking.http.visitors import Door

clinics = Router(
    path="/api/v1/clinics/{clinic:str}",
    route_handlers=[list_treatment_types, list_practitioners, list_sites],
    dependencies={
        "caller": Provide(provide_caller, sync_to_thread=False),
    },
    opt={"door": Door.API},
    request_class=StrictRequest,
)

route_handlers: list[ControllerRouterHandler] = [clinics]
