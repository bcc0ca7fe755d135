"""The worker: does what is due, again and again, until it is told to stop. Any number of them may run."""

import logging
import signal
import threading

from booking.domain.errors import Unavailable
from booking.store.database import Database
from booking.usecases.sweeping import sweep

EVERY_SECONDS = 30.0

_log = logging.getLogger(__name__)


def work_until_told(database: Database) -> None:
    """Work until SIGTERM or SIGINT; what has begun is finished."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    work(database, told)


def work(database: Database, told: threading.Event) -> None:
    """Work until the event is set. A database that does not answer is asked again next time."""
    while not told.is_set():
        try:
            swept = database.write_now(sweep)
            _log.info("swept %s holds, %s sessions", swept.holds, swept.sessions)
        except Unavailable:
            _log.warning("the database does not answer; trying again in %s seconds", EVERY_SECONDS)
        told.wait(EVERY_SECONDS)
