"""What all commands share: settings, a database, a clinic to speak of, and how things are said."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from booking.domain.clinic import Clinic
from booking.domain.errors import InvalidInput
from booking.domain.permission import Caller, Role
from booking.settings import Settings, from_env
from booking.store import schema
from booking.store.database import Database
from booking.store.opening import opened
from booking.usecases.views.catalogue import all_clinics, clinic_by_slug


def settings() -> Settings:
    return from_env(os.environ)


@contextmanager
def open_database(of: Settings, *, servable: bool = True) -> Iterator[Database]:
    """The database, closed afterwards. Raises DatabaseRefused unless it may be served, when that is asked for."""
    with opened(of.database_url) as database:
        if servable:
            schema.ensure_servable(database)
        yield database


def the_clinic(database: Database, slug: str | None) -> Clinic:
    """The clinic of that slug, or the only one there is. Raises NotFound, or InvalidInput when none or several are."""
    if slug is not None:
        return database.read_now(clinic_by_slug, slug)
    found = database.read_now(all_clinics)
    if not found:
        raise InvalidInput("clinic", "There is no clinic yet: describe one in a file for `booking clinic apply`.")
    if len(found) > 1:
        names = ", ".join(clinic.slug for clinic in found)
        raise InvalidInput("clinic", f"There are several clinics; name one with --clinic: {names}.")
    return found[0]


def operator(clinic: Clinic) -> Caller:
    """Whoever has the command line has everything."""
    return Caller(clinic_id=clinic.id, role=Role.SYSTEM, channel="command line")


@contextmanager
def interruptible() -> Iterator[None]:
    """A SIGTERM is a Ctrl-C: what was begun is taken back, and nothing half done is left lying about."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


TELL_EVERY_SECONDS = 5.0


def telling() -> Callable[[str], None]:
    """Says on the standard error how far long work is, every few seconds of what it is told."""
    told = time.monotonic()

    def tell(how_far: str) -> None:
        nonlocal told
        if time.monotonic() > told + TELL_EVERY_SECONDS:
            told = time.monotonic()
            sys.stderr.write(f"… {how_far}\n")
            sys.stderr.flush()

    return tell


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 visit`, `2 visits`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
