"""`booking serve` and `worker`."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from booking.store import schema
from tests.cli.command import Run

SECRET = "a secret for the tests, forty letters it has"
PATIENCE = 30.0  # seconds


@contextmanager
def program(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own, which is gone afterwards."""
    command = [sys.executable, "-m", "booking", *arguments]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOOKING_")}
    with subprocess.Popen(
        command, env={**inherited, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_serve_needs_a_secret(run: Run, environment: pytest.MonkeyPatch) -> None:
    sentence = "BOOKING_SECRET or BOOKING_SECRET_FILE must give at least 32 characters."
    for secret in ("", "short"):
        environment.setenv("BOOKING_SECRET", secret)
        ran = run("serve")
        assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


def test_serve_names_the_variable_that_cannot_be_meant(run: Run, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOKING_SECRET", SECRET)
    environment.setenv("BOOKING_PORT", "eighty")
    assert run("serve").err == ["booking: BOOKING_PORT must be a number from 1 to 65535."]


def test_serve_needs_a_port_of_its_own(run: Run, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOKING_SECRET", SECRET)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment.setenv("BOOKING_PORT", str(port))
        ran = run("serve")
    assert (ran.code, ran.err) == (1, [f"booking: 127.0.0.1 port {port} is already in use."])


def test_serve_refuses_an_unmigrated_database_in_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with program("serve", BOOKING_DATABASE_URL=url, BOOKING_SECRET=SECRET) as process:
        out, err = process.communicate(timeout=PATIENCE)
    sentence = f"The database is empty, this program needs {schema.newest()}: run `booking migrate` first."
    assert (process.returncode, out, err) == (1, "", f"booking: {sentence}\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "interrupt"])
def test_worker_works_until_it_is_told_to_stop(sqlite_url: str, number: signal.Signals) -> None:
    with program("worker", BOOKING_DATABASE_URL=sqlite_url) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.send_signal(number)
        rest = process.stderr.read()
        assert (process.wait(PATIENCE), rest) == (0, "")
    assert said.endswith("INFO booking.worker: at work every 30.0 seconds\n")


def test_worker_needs_a_migrated_database(run: Run, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("BOOKING_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    ran = run("worker")
    sentence = f"The database is empty, this program needs {schema.newest()}: run `booking migrate` first."
    assert (ran.code, ran.err) == (1, [f"booking: {sentence}"])
