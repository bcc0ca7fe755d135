"""One PostgreSQL server for the whole run: that of TEST_DATABASE_URL, else one of our own.

It starts when first asked for. With pytest-xdist the controller starts it and tells its workers where it is.
"""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests import postgres
from tests.plugins.missing import missing, note

NONE_FOUND = "no PostgreSQL"
SERVER = pytest.StashKey[postgres.Server]()  # the one that this process has started
CLOSING = pytest.StashKey[contextlib.ExitStack]()  # what stops it
INPUT = "postgres"  # the key of what the controller tells its workers


class Node(Protocol):
    """What pytest-xdist hands over for each worker, which carries no types."""

    config: pytest.Config
    workerinput: dict[str, object]


@contextlib.contextmanager
def needed() -> Iterator[None]:
    try:
        yield
    except postgres.Unavailable as unavailable:
        missing(f"{NONE_FOUND}: {unavailable}")


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> postgres.Address:
    """The run's server, shared by all tests: leave it running, make databases of your own and drop them."""
    with needed():
        return reach(pytestconfig)


@pytest.fixture
def own_postgres() -> Iterator[postgres.Server]:
    """A server of the test's own, which it may stop, kill and restart."""
    with needed(), postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_client(postgres_server: postgres.Address, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pg_dump and a pg_restore that are not older than the run's server."""
    with needed():
        folder = postgres.find_binaries(tmp_path_factory.mktemp("client"))
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
    client, server = re.search(r"\(PostgreSQL\) (\d+)", said), postgres_server.major()
    if client is None or int(client[1]) < server:
        missing(f"{NONE_FOUND} client for a server of version {server}: {said.strip() or 'no pg_dump in the wheel'}")
    return folder


def reach(config: pytest.Config) -> postgres.Address:
    """Where the run's server is; starts it if nobody has. Unavailable says why there is none."""
    told: dict[str, str] | None = getattr(config, "workerinput", {}).get(INPUT)
    if told is not None:
        return heard(told)
    if url := os.environ.get("TEST_DATABASE_URL"):
        return postgres.Address(maintenance=url)
    if SERVER not in config.stash:
        config.stash[SERVER] = config.stash[CLOSING].enter_context(postgres.running())
    return config.stash[SERVER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Node) -> None:
    try:
        server = reach(node.config)
    except postgres.Unavailable as unavailable:
        node.workerinput[INPUT] = {"unavailable": str(unavailable)}
    else:
        node.workerinput[INPUT] = {"maintenance": server.maintenance, "log": str(server.log or "")}


def heard(told: dict[str, str]) -> postgres.Address:
    """What pytest_configure_node has told this worker."""
    if "unavailable" in told:
        raise postgres.Unavailable(told["unavailable"])
    return postgres.Address(maintenance=told["maintenance"], log=Path(told["log"]) if told["log"] else None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"postgres_server", "own_postgres"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("postgres")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CLOSING] = contextlib.ExitStack()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[CLOSING].close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    note(terminalreporter, NONE_FOUND, "no PostgreSQL on this machine")
