"""`booking demo`: make it if it is not there, say where it is, and serve it."""

import secrets
import threading
from datetime import UTC, datetime
from pathlib import Path

from booking.cli.common import open_database, say
from booking.demo.seeding import PASSWORD, STAFF, seed
from booking.domain.errors import DatabaseRefused
from booking.serving import serve
from booking.settings import Settings
from booking.store import installation, schema
from booking.store.database import Database
from booking.store.installation import Kind
from booking.worker import work

DEFAULT_PORT = 8000


def run_demo(data: Path, *, host: str, port: int, fresh: bool) -> None:
    """Serve the demo until it is told to stop. Raises DatabaseRefused when `data` holds anything else."""
    of = _prepare(data, host=host, port=port, fresh=fresh)
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


def _prepare(data: Path, *, host: str, port: int, fresh: bool) -> Settings:
    data.mkdir(parents=True, exist_ok=True)
    file = (data / "demo.db").resolve()
    of = Settings(
        database_url=f"sqlite:///{file}",
        secret=_secret(data / "secret"),
        public_url=f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}",  # noqa: S104 -- compared, not bound
        host=host,
        port=port,
    )
    if file.exists():
        _ensure_demo(of)
        if not fresh:
            say(f"The demo in {data} goes on where it was left; --fresh makes a new one.")
            return of
    _make(file, of)
    return of


def _make(file: Path, of: Settings) -> None:
    """Made beside its place and then put there whole: an interrupted start leaves no half demo."""
    say("Making the demo clinic: two sites, six practitioners, four weeks of visits …")
    making = file.with_suffix(".making")
    _remove(making)
    url = f"sqlite:///{making}"
    database = Database(url, threads=2)
    schema.migrate(database)
    database.close_now()
    seed(url, datetime.now(UTC))
    _remove(file)
    making.rename(of.database_url.removeprefix("sqlite:///"))


def _ensure_demo(of: Settings) -> None:
    with open_database(of) as database:
        found = database.read_now(installation.get)
    if found is not None and found.kind is not Kind.DEMO:
        raise DatabaseRefused("That folder holds a real clinic; the demo needs one of its own (--data DIR).")


def _remove(file: Path) -> None:
    for one in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        one.unlink(missing_ok=True)


def _secret(file: Path) -> bytes:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_bytes()


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
