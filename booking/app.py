"""The only place where everything meets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.types import ASGIApp

from booking import api, health, web
from booking.http import problems
from booking.http.access import guard, unguarded
from booking.http.context import Context
from booking.http.headers import with_headers
from booking.http.requests import LARGEST_BODY
from booking.http.visitors import DEPENDENCIES
from booking.settings import Settings, ensure_secret
from booking.store.database import Database
from booking.store.schema import ensure_servable


def create_app(settings: Settings, database: Database | None = None) -> ASGIApp:
    """The program as an ASGI app. A database that is given stays the giver's to close.

    Raises SettingsInvalid without a secret; its start-up raises DatabaseRefused unless the database may be served.
    """
    return with_headers(build(settings, database), settings)


def build(settings: Settings, database: Database | None = None) -> Litestar:
    """The same without the outermost layer. What it serves is what its state's `context` says when it starts."""
    ensure_secret(settings)
    served = database or Database(settings.database_url, threads=settings.threads)

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        await asyncio.to_thread(ensure_servable, app.state.context.database)
        yield
        if database is None:
            await served.close()

    app = Litestar(
        route_handlers=[*api.route_handlers, health.router, web.pages],
        guards=[guard],
        dependencies=DEPENDENCIES,
        exception_handlers={Exception: _respond},
        state=State({"context": Context(database=served, settings=settings)}),
        lifespan=[running],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=LARGEST_BODY,
    )
    if faults := unguarded(app.routes):
        raise RuntimeError(f"handlers without access: {', '.join(faults)}")
    return app


def _respond(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Programs are told problem details, people get a page."""
    for_programs = request.url.path.startswith(("/api/", "/feeds/", "/health/", "/openapi"))
    return problems.respond(request, error) if for_programs else web.respond(request, error)
