"""`booking demo`: a clinic to try, on this machine and with nothing else."""

import argparse
import threading
from datetime import UTC, datetime
from pathlib import Path

from booking.cli.common import open_database, say
from booking.demo.folder import prepare
from booking.demo.seeding import PASSWORD, STAFF
from booking.serving import ensure_free, serve
from booking.settings import Settings
from booking.worker import work

DEFAULT_PORT = 8000


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="serve a demo clinic with invented people; nothing else is needed")
    demo.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"where it listens (default: {DEFAULT_PORT})")
    demo.add_argument("--host", default="127.0.0.1", help="which address it listens on (default: this machine only)")
    demo.add_argument("--data", type=Path, default=Path("demo-data"), metavar="DIR", help="where its data is kept")
    demo.add_argument("--fresh", action="store_true", help="throw away what an earlier demo left there")
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    """Serve the demo, with a worker, until it is told to stop."""
    ensure_free(arguments.host, arguments.port)  # said before the seconds that making a demo takes
    of = prepare(
        arguments.data,
        host=arguments.host,
        port=arguments.port,
        fresh=arguments.fresh,
        now=datetime.now(UTC),
        tell=say,
    )
    _introduce(of)
    told = threading.Event()
    with open_database(of) as database:
        worker = threading.Thread(target=work, args=(database, told), name="worker", daemon=True)
        worker.start()
        try:
            serve(of)
        finally:
            told.set()
            worker.join()
    return 0


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError("a number from 1 to 65535")
    return int(text)


def _introduce(of: Settings) -> None:
    logins = [f"    {member.login:10} {PASSWORD}   {member.name}, {member.role}" for member in STAFF]
    say(
        "",
        f"  Patients book at    {of.public_url}/book/needle-and-rest",
        f"  Staff sign in at    {of.public_url}/sign-in",
        *logins,
        f"  The API is told at  {of.public_url}/openapi.json",
        "",
        "  Everybody in it is invented. Stop with Ctrl-C.",
        "",
    )
