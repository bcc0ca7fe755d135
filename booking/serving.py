"""Serving with granian: worker processes on one port, until a SIGTERM lets them finish what they have begun."""

import errno
import logging
import multiprocessing
import os
import signal
import socket
import threading
from functools import partial

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from litestar.types import ASGIApp

from booking.app import create_app
from booking.settings import Settings, SettingsInvalid, ensure_secret
from booking.store.opening import opened
from booking.store.schema import ensure_servable

_log = logging.getLogger(__name__)

LONGEST_DRAIN_SECONDS = 30
"""How long requests may take to finish after the SIGTERM, before their worker is killed."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then let requests and transactions finish.

    Raises SettingsInvalid and DatabaseRefused before anything listens. granian's own access log stays off: it would
    write addresses down that hold secrets.
    """
    ensure_secret(settings)
    _ensure_servable(settings)
    ensure_free(settings.host, settings.port)
    _log.info("serving %s at %s, port %s", settings.public_url, settings.host, settings.port)
    multiprocessing.set_start_method("spawn", force=True)  # a fork would inherit threads' locks and open databases
    server = Server(
        "booking",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=LONGEST_DRAIN_SECONDS,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=partial(application, settings), wrap_loader=False)


def application(settings: Settings) -> ASGIApp:
    """The app of one worker process, which logs to the standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("booking.access").setLevel(logging.INFO if settings.access_log else logging.WARNING)
    threading.Thread(target=_end_with_its_parent, name="parent", daemon=True).start()
    return create_app(settings)


def _end_with_its_parent() -> None:
    """Let a worker finish and end when whoever started it was killed: it would keep the port from the next one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _log.error("the process that serves is gone: this worker of its ends")
        os.kill(os.getpid(), signal.SIGTERM)


def _ensure_servable(settings: Settings) -> None:
    """Said once, here, and not by every worker."""
    with opened(settings.database_url, threads=1) as database:
        ensure_servable(database)


def ensure_free(host: str, port: int) -> None:
    """Raises SettingsInvalid unless nobody listens there.

    Workers share the port, so a second server on it would be let in and get half of the requests.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is already in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise SettingsInvalid(f"{host} port {port} {why}.") from error
