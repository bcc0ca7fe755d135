"""The two protocols by which anything is read or written; nothing else opens a transaction.

Read: one snapshot for all statements (PostgreSQL REPEATABLE READ READ ONLY, SQLite an explicit BEGIN).
Write: READ COMMITTED with limits (SQLite BEGIN IMMEDIATE behind a lock of the process, because SQLite's own waiting is
unfair), run again as a whole after a deadlock, a time-out of a lock or a lost connection, and never after a commit was
sent: whether that one counts only the database knows, and the caller asks again under the same idempotency key.
"""

import asyncio
import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from booking.domain.errors import BookingError, Unavailable
from booking.store.memory import Memory
from booking.store.verdicts import refusal_of

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Clock = Callable[[], datetime]

ATTEMPTS = 4
LOCK_TIMEOUT_MS = 4_000
STATEMENT_TIMEOUT_MS = 8_000
IDLE_TIMEOUT_MS = 15_000
WAIT_SECONDS = 20.0
"""Longest wait for a turn; then the answer is Unavailable."""

_RUN_AGAIN = {"40001", "40P01", "55P03"}
_CONNECTION_LOST = ("57P01", "57P02", "57P03", "08")


class Transaction:
    """An open transaction: its connection, its process's memory, and the time as this transaction goes by it."""

    def __init__(self, connection: Connection, memory: Memory, clock: Clock | None) -> None:
        self.connection = connection
        self.memory = memory
        self._clock = clock

    def now(self) -> datetime:
        """The time now, in UTC: the database's own, so that all hosts agree; ask after the locks are granted."""
        if self._clock is not None:
            return self._clock()
        if self.connection.dialect.name == "sqlite":
            return datetime.now(UTC)
        now: datetime = self.connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now.astimezone(UTC)


class Database:
    """A database by URL. `clock` replaces the time for tests and for the demo's history."""

    def __init__(self, url: str, *, threads: int = 8, clock: Clock | None = None) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._clock = clock
        self._closing = False
        self.memory = Memory()
        self._turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        self.engine = _sqlite(url, threads) if self.is_sqlite else _postgresql(url, threads)
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**_SNAPSHOT)
        self._writer = self.engine.execution_options(write=True)
        self._reads = ThreadPoolExecutor(4 if self.is_sqlite else threads, "read")
        self._writes = ThreadPoolExecutor(1, "write") if self.is_sqlite else self._reads

    async def read(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` on one snapshot, off the event loop. Raises Unavailable when the database cannot answer."""
        return await self._run(self._reads, lambda: self.read_now(fn, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` as one transaction, off the event loop; `fn` may run several times, its effects count once.

        Raises what `fn` raises, a refusal for a guard's verdict, and Unavailable when the database cannot answer.
        """
        return await self._run(self._writes, lambda: self.write_now(fn, *args, **kwargs))

    def read_now(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `read`, in this thread."""
        return self._attempts(lambda: self._once(self._reader, fn, *args, **kwargs))

    def write_now(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `write`, in this thread."""

        def attempt() -> T:
            with self._turn:
                return self._once(self._writer, fn, *args, **kwargs)

        return self._attempts(attempt)

    async def close(self) -> None:
        """Let what has begun finish, refuse what comes, and give the connections back."""
        self._closing = True
        for pool in {self._reads, self._writes}:
            await asyncio.get_running_loop().run_in_executor(None, pool.shutdown)
        self.engine.dispose()

    def close_now(self) -> None:
        """The same as `close`, in this thread."""
        self._closing = True
        for pool in {self._reads, self._writes}:
            pool.shutdown()
        self.engine.dispose()

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closing:
            raise Unavailable
        deadline = time.monotonic() + WAIT_SECONDS

        def in_turn() -> T:
            if time.monotonic() > deadline:
                raise Unavailable
            return work()

        try:
            return await asyncio.get_running_loop().run_in_executor(pool, in_turn)
        except RuntimeError as error:
            if self._closing:
                raise Unavailable from error
            raise

    def _once(
        self, engine: Engine, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with engine.connect() as connection:
            with connection.begin() as transaction:
                result = fn(Transaction(connection, self.memory, self._clock), *args, **kwargs)
                try:
                    transaction.commit()
                except DBAPIError as error:
                    raise _after_commit(error) from error
            return result

    def _attempts(self, attempt: Callable[[], T]) -> T:
        for number in range(1, ATTEMPTS + 1):
            try:
                return attempt()
            except IntegrityError as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error
            except (OperationalError, InterfaceError, PoolTimeoutError) as error:
                if not _may_run_again(error) or number == ATTEMPTS:
                    raise _last_word(error) from error
                _log.info("run again after %s", getattr(getattr(error, "orig", None), "sqlstate", type(error).__name__))
                time.sleep(random.uniform(0.5, 1.0) * 0.02 * 3**number)  # noqa: S311 -- jitter, no secret
        raise Unavailable


def _last_word(error: Exception) -> Exception:
    if _may_run_again(error) or isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        _log.warning("the database did not answer: %s", type(error).__name__)
        return Unavailable()
    return error


def _may_run_again(error: Exception) -> bool:
    """Whether the failure left nothing done: the transaction is gone, and running it again is safe."""
    if isinstance(error, PoolTimeoutError):
        return False
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error.orig, sqlite3.OperationalError) or _no_connection(error)
    return state in _RUN_AGAIN or state.startswith(_CONNECTION_LOST)


def _no_connection(error: DBAPIError) -> bool:
    """Psycopg gives no state when there was no server to ask."""
    return isinstance(error, OperationalError)


def _after_commit(error: DBAPIError) -> BookingError | DBAPIError:
    """A failed commit that the database answered did not happen; one it did not answer may have."""
    state = getattr(error.orig, "sqlstate", None)
    answered = state is not None and not state.startswith(_CONNECTION_LOST)
    return error if answered or isinstance(error.orig, sqlite3.Error) else Unavailable()


_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _postgresql(url: str, threads: int) -> Engine:
    options = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} -c timezone=UTC"
    )
    return create_engine(
        url,
        pool_size=threads,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 3, "options": options, "application_name": "booking"},
    )


def _sqlite(url: str, threads: int) -> Engine:
    engine = create_engine(url, pool_size=threads, max_overflow=0, pool_use_lifo=True, connect_args={"timeout": 5})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # otherwise Python begins no transaction for a SELECT, and there is no snapshot
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
        connection.execute(f"PRAGMA {pragma}")
