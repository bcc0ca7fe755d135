"""The program in this process, built and started once: for each test it is given another database.

To build it takes longer than most of what is asked of it. All that it remembers from one request to the next is in its
context, which is new for each test; `tests/test_app.py` builds and starts programs of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import ASGIApp

from booking.app import build
from booking.http.context import Context
from booking.http.headers import with_headers
from booking.settings import Settings
from booking.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Program:
    """A started program, without and with its outermost layer, and a client without cookies that asks it."""

    inner: Litestar
    app: ASGIApp
    client: TestClient[Any]


_idle: dict[Settings, list[Program]] = defaultdict(list)


@contextmanager
def program(settings: Settings, database: Database) -> Iterator[Program]:
    """A program on this database, which nobody else has until it is left."""
    one = _idle[settings].pop() if _idle[settings] else _start(settings, database)
    one.inner.state.context = Context(database=database, settings=settings)
    one.client.cookies = httpx.Cookies()
    try:
        yield one
    finally:
        _idle[settings].append(one)


def _start(settings: Settings, database: Database) -> Program:
    inner = build(settings, database)
    app = with_headers(inner, settings)
    return Program(inner=inner, app=app, client=TestClient(app).__enter__())


def pytest_sessionfinish() -> None:
    for several in _idle.values():
        while several:
            several.pop().client.__exit__()
