"""The folder in which a demo lives: its database and its secret."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from booking.demo.seeding import seed
from booking.domain.errors import DatabaseRefused, InvalidInput
from booking.settings import Settings
from booking.store import installation, schema
from booking.store.installation import Kind
from booking.store.opening import opened

Tell = Callable[[str], object]


def prepare(data: Path, *, host: str, port: int, fresh: bool, now: datetime, tell: Tell) -> Settings:
    """The settings of the demo in the folder `data`, which is made when there is none, or anew when `fresh`.

    Raises DatabaseRefused when the folder holds anything else, and InvalidInput when it cannot be written to.
    """
    secret = _secret(data)
    file = (data / "demo.db").resolve()
    if file.exists():
        _ensure_demo(file)
    if file.exists() and not fresh:
        with opened(_url(file)) as database:
            schema.migrate(database)
        tell(f"The demo in {data} goes on where it was left; --fresh makes a new one.")
    else:
        tell("Making the demo clinic: two sites, six practitioners, four weeks of visits …")
        _make(file, now)
    return Settings(
        database_url=_url(file), secret=secret, public_url=f"http://{_reached(host)}:{port}", host=host, port=port
    )


def _reached(host: str) -> str:
    """How a browser on this machine names the address that is listened on."""
    if host in _EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 -- compared, not bound


def _make(file: Path, now: datetime) -> None:
    """Made beside its place and then put there whole: an interrupted start leaves no half demo."""
    making = file.with_suffix(".making")
    _remove(making)
    with opened(_url(making)) as database:
        schema.migrate(database)
    seed(_url(making), now)
    _remove(file)
    making.rename(file)


def _ensure_demo(file: Path) -> None:
    with opened(_url(file)) as database:
        with database.engine.connect() as connection:
            ours = schema.revision(connection) is not None
        found = database.read_now(installation.get) if ours else None
    if found is None or found.kind is not Kind.DEMO:
        raise DatabaseRefused(f"{file} holds no demo, but something else; name another folder with --data DIR.")


def _remove(file: Path) -> None:
    for one in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        one.unlink(missing_ok=True)


def _secret(data: Path) -> bytes:
    """The secret that is kept there, made at first use; nobody else on the machine can read it."""
    file = data / "secret"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            made = file.with_suffix(".making")
            made.unlink(missing_ok=True)
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
                written.write(secrets.token_urlsafe(48))
            made.rename(file)
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput("data", f"{data} cannot be used for the demo: {error.strerror}.") from error


def _url(file: Path) -> str:
    return f"sqlite:///{file}"
