"""`booking serve` and `worker`: what keeps running."""

import argparse

from booking.cli.common import open_database, settings
from booking.serving import serve
from booking.worker import work_until_told


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser("serve", help="serve patients, staff and calendars").set_defaults(run=run_serve)
    commands.add_parser("worker", help="do what is due: tidy up, and move visits when time zones change").set_defaults(
        run=run_worker
    )


def run_serve(_arguments: argparse.Namespace) -> int:
    serve(settings())
    return 0


def run_worker(_arguments: argparse.Namespace) -> int:
    with open_database(settings()) as database:
        work_until_told(database)
    return 0
