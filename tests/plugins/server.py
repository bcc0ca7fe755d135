"""A served clinic: `booking serve` as a process of its own, as an operator starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "a secret for the tests, forty letters it has"
PATIENCE = 120.0  # seconds; other tests keep the machine busy


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server; `log` is what it has said."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> int:
        """Ask it to stop, as a supervisor does, and answer its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextmanager
def serving(
    database_url: str, command: Sequence[str] = ("-m", "booking", "serve"), **environment: str
) -> Iterator[Served]:
    """`booking serve`, or what else the interpreter is told, on this database and a free port, until it is left."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "BOOKING_DATABASE_URL": database_url,
        "BOOKING_SECRET": SECRET,
        "BOOKING_PUBLIC_URL": url,
        "BOOKING_PORT": str(port),
    }
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **settings, **environment},
            stdout=log,
            stderr=log,
        )
        served = Served(url=url, process=process, log=Path(log.name))
        try:
            _wait(served)
            yield served
        finally:
            if process.poll() is None:
                served.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(served: Served) -> None:
    deadline = time.monotonic() + PATIENCE
    while served.process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{served.url}/health/ready", timeout=2):  # noqa: S310 -- our own address
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{served.log.read_text()}")
