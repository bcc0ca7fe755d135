"""One demo for the whole run: making it takes seconds."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from booking.demo.folder import prepare
from booking.store.database import Database

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
"""A Wednesday, half past ten in Seattle."""


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo made at NOW; not to be changed. The workers of pytest-xdist share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo" / "demo.db").exists():
            prepare(shared / "demo", host="127.0.0.1", port=8000, fresh=False, now=NOW, tell=str)
    return shared / "demo"


def copied(demo_folder: Path, where: Path) -> Path:
    """A copy of the folder, to be changed. What SQLite keeps beside a database comes and goes with its readers."""
    return Path(shutil.copytree(demo_folder, where, ignore=shutil.ignore_patterns("*-wal", "*-shm")))


@pytest.fixture
def demo(demo_folder: Path) -> Iterator[Database]:
    """The demo's database, at NOW."""
    database = Database(f"sqlite:///{demo_folder / 'demo.db'}", threads=1, clock=lambda: NOW)
    yield database
    database.close_now()
