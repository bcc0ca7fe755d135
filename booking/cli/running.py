"""`booking serve` and `worker`: what keeps running."""

import argparse

from booking.cli.common import open_database, say, settings
from booking.serving import serve
from booking.store import installation
from booking.worker import work_until_told


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser("serve", help="serve patients, staff and calendars").set_defaults(run=run_serve)
    worker = commands.add_parser("worker", help="do what is due: tidy up, and move visits when time zones change")
    worker.add_argument(
        "--resume",
        action="store_true",
        help="let workers work again on a database that was restored or copied, once you have looked at it",
    )
    worker.set_defaults(run=run_worker)


def run_serve(_arguments: argparse.Namespace) -> int:
    serve(settings())
    return 0


def run_worker(arguments: argparse.Namespace) -> int:
    with open_database(settings()) as database:
        if arguments.resume:
            rested = database.write_now(installation.resume)
            say("The worker works again." if rested else "The worker was not resting; nothing was changed.")
        else:
            work_until_told(database)
    return 0
