"""The worker: does what is due, again and again, until it is told to stop. Any number of them may run."""

import logging
import signal
import threading

from booking.domain.errors import Unavailable
from booking.domain.time.zone import tzdata_version
from booking.store import installation
from booking.store.database import Database
from booking.usecases import sealing
from booking.usecases.reanchoring import reanchor
from booking.usecases.sweeping import is_due, sweep

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
    _log.info("at work every %s seconds", EVERY_SECONDS)
    while not told.is_set():
        try:
            if (since := database.read_now(installation.rests_since)) is None:
                _do_what_is_due(database, told)
            else:
                _log.warning(_RESTING, since.isoformat(timespec="seconds"))
        except Unavailable:
            _log.warning("the database does not answer; trying again in %s seconds", EVERY_SECONDS)
        told.wait(EVERY_SECONDS)


_RESTING = "resting: the database was restored or copied at %s; look at it, then run `booking worker --resume`"


def _do_what_is_due(database: Database, told: threading.Event) -> None:
    _tidy(database)
    _follow_the_clocks(database, told)
    _seal(database, told)


def _tidy(database: Database) -> None:
    if database.read_now(is_due):
        swept = database.write_now(sweep)
        _log.info("swept %s holds, %s sessions", swept.holds, swept.sessions)


def _follow_the_clocks(database: Database, told: threading.Event) -> None:
    for step in reanchor(database):
        _log.info(
            "by the clocks of tzdata %s: %s visits moved, %s could not be, %s are right; %s absences moved",
            *(tzdata_version(), step.moved, step.stuck, step.kept, step.absences),
        )
        if told.is_set():
            return


def _seal(database: Database, told: threading.Event) -> None:
    for clinic_id in database.read_now(sealing.due):
        while not told.is_set() and (made := database.write_now(sealing.seal, clinic_id)) is not None:
            _log.info("sealed %s rows of clinic %s, seal %s", made.rows, clinic_id, made.number)
            if made.complete:
                break
