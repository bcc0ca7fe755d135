"""`booking serve`, `worker` and `demo`: what keeps running."""

import argparse
from pathlib import Path

from booking.cli.common import open_database, settings
from booking.demo.running import DEFAULT_PORT, run_demo
from booking.serving import serve
from booking.worker import work_until_told


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="serve a demo clinic with invented people; nothing else is needed")
    demo.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where it listens (default: {DEFAULT_PORT})")
    demo.add_argument("--host", default="127.0.0.1", help="which address it listens on (default: this machine only)")
    demo.add_argument("--data", type=Path, default=Path("demo-data"), metavar="DIR", help="where its data is kept")
    demo.add_argument("--fresh", action="store_true", help="throw away what an earlier demo left there")
    demo.set_defaults(run=run_the_demo)
    commands.add_parser("serve", help="serve patients, staff and calendars").set_defaults(run=run_serve)
    commands.add_parser("worker", help="do what is due: tidy expired holds and sessions").set_defaults(run=run_worker)


def run_the_demo(arguments: argparse.Namespace) -> int:
    run_demo(arguments.data, host=arguments.host, port=arguments.port, fresh=arguments.fresh)
    return 0


def run_serve(_arguments: argparse.Namespace) -> int:
    serve(settings())
    return 0


def run_worker(_arguments: argparse.Namespace) -> int:
    with open_database(settings()) as database:
        work_until_told(database)
    return 0
