"""What the installation is told by its environment: read once, and refused at start when it cannot be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from booking.domain.errors import BookingError

SHORTEST_SECRET = 32


class SettingsInvalid(BookingError):
    """The environment says something that cannot be meant; the message names the variable."""

    code = "settings-invalid"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`secret` derives links and tokens: whoever has it can make them. `public_url` is what links begin with.

    `trusted_proxies` are the networks whose X-Forwarded-For is believed; `threads` is how many transactions may run at
    once in each of the `workers`; `access_log` writes a line for each answer, without addresses.
    """

    database_url: str = field(default="sqlite:///booking.db", repr=False)
    secret: bytes = field(default=b"", repr=False)
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 8
    trusted_proxies: tuple[str, ...] = ()
    access_log: bool = False

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https, which decides the names and flags of cookies."""
        return self.public_url.startswith("https://")


def from_env(environ: Mapping[str, str]) -> Settings:
    """The settings as the variables BOOKING_… say them. Raises SettingsInvalid."""
    return Settings(
        database_url=_database_url(environ),
        secret=_secret(environ),
        public_url=_public_url(environ.get("BOOKING_PUBLIC_URL", Settings.public_url)),
        host=environ.get("BOOKING_HOST", Settings.host),
        port=_number(environ, "BOOKING_PORT", Settings.port, 65_535),
        workers=_number(environ, "BOOKING_WORKERS", Settings.workers, 64),
        threads=_number(environ, "BOOKING_THREADS", Settings.threads, 64),
        trusted_proxies=_networks(environ.get("BOOKING_TRUSTED_PROXIES", "")),
        access_log=environ.get("BOOKING_ACCESS_LOG", "") == "1",
    )


def ensure_secret(settings: Settings) -> None:
    """Raises SettingsInvalid when there is no secret, or a guessable one; whoever serves asks first."""
    if len(settings.secret) < SHORTEST_SECRET:
        raise SettingsInvalid(f"BOOKING_SECRET or BOOKING_SECRET_FILE must give at least {SHORTEST_SECRET} characters.")


def _secret(environ: Mapping[str, str]) -> bytes:
    if "BOOKING_SECRET_FILE" in environ:
        return _first_line(environ, "BOOKING_SECRET_FILE").encode()
    return environ.get("BOOKING_SECRET", "").encode()


def _database_url(environ: Mapping[str, str]) -> str:
    """The URL, with the password of BOOKING_DATABASE_PASSWORD_FILE put into it."""
    url = environ.get("BOOKING_DATABASE_URL", "sqlite:///booking.db")
    parts = urlsplit(url)
    if parts.scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise SettingsInvalid("BOOKING_DATABASE_URL must begin with sqlite:/// or postgresql://")
    if "BOOKING_DATABASE_PASSWORD_FILE" not in environ:
        return url
    user, at, place = parts.netloc.rpartition("@")
    if not at:
        raise SettingsInvalid("BOOKING_DATABASE_URL must name the user whose password the file gives.")
    password = quote(_first_line(environ, "BOOKING_DATABASE_PASSWORD_FILE"), safe="")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{password}@{place}"))


def _first_line(environ: Mapping[str, str], name: str) -> str:
    try:
        lines = Path(environ[name]).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{name} names a file that cannot be read: {environ[name]}") from error
    return lines[0].strip() if lines else ""


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsInvalid("BOOKING_PUBLIC_URL must be like https://booking.example.com, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _number(environ: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= highest):
        raise SettingsInvalid(f"{name} must be a number from 1 to {highest}.")
    return int(text)


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(one.strip())) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingsInvalid("BOOKING_TRUSTED_PROXIES must be addresses or networks, with commas between.") from error
