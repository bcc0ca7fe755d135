"""The `booking` command."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence

from booking import __version__
from booking.cli import audit, backup, clinic, copying, database, demo, importing, rules, running, staff
from booking.domain.errors import BookingError, ClinicInvalid, RulesInvalid


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. A refusal is a sentence on the standard error and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it introduces itself at every look at the database
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = run(arguments)
        sys.stdout.flush()  # here, where somebody who has left is no fault
    except (ClinicInvalid, RulesInvalid) as refusal:
        for fault in refusal.details["faults"]:
            sys.stderr.write(f"booking: {fault}\n")
    except BookingError as refusal:
        sys.stderr.write(f"booking: {refusal.message}\n")
    except BrokenPipeError:  # what is still to be written goes nowhere, when Python ends as well
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    else:
        return code
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="booking",
        description="Appointments for dry needling clinics. Settings are read from the environment:"
        " BOOKING_DATABASE_URL (default: sqlite:///booking.db), BOOKING_SECRET or BOOKING_SECRET_FILE,"
        " BOOKING_PUBLIC_URL and others.",
    )
    parser.add_argument("--version", action="version", version=f"booking {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (demo, running, database, backup, copying, audit, clinic, importing, staff, rules):
        module.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
