"""The program as it is served, with one more address: `POST /forget` empties what the process remembers.

A process that has just started answers slower than one that has merely forgotten; that is measured apart.
"""

import logging
import multiprocessing
import os
from functools import partial

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from booking.app import create_app
from booking.domain.availability.frame import frame_of
from booking.settings import Settings, from_env
from booking.store.database import Database
from booking.store.memory import Memory

FORGET = "/forget"


def application(settings: Settings) -> ASGIApp:
    logging.basicConfig(level=logging.WARNING)
    database = Database(settings.database_url, threads=settings.threads)
    app = create_app(settings, database)

    async def with_forgetting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"] != FORGET:
            await app(scope, receive, send)
            return
        database.memory = Memory()
        frame_of.cache_clear()
        await send({"type": "http.response.start", "status": 204, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return with_forgetting


def main() -> None:
    settings = from_env(os.environ)
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "booking",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(application, settings), wrap_loader=False)


if __name__ == "__main__":
    main()
