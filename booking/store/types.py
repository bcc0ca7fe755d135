"""How values lie in a column, the same meaning on SQLite and PostgreSQL."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

from booking.domain.treatment import LONGEST_CLAIM

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, sixteen bytes on SQLite; the order of bytes is the order of time on both."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.UUID() if native else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002 -- the base's signature
        return _id(value) if isinstance(value, bytes) else value


@lru_cache(maxsize=1 << 14)  # a clinic's few ids come in row after row; full it takes 4 MB
def _id(value: bytes) -> UUID:
    return UUID(bytes=value)


class Instant(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, microseconds since 1970 on SQLite; ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        native = dialect.name == "postgresql"
        return dialect.type_descriptor(DateTime(timezone=True) if native else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset")
        return value if dialect.name == "postgresql" else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- the base's signature
        if value is None:
            return None
        return EPOCH + value * _MICROSECOND if isinstance(value, int) else value.astimezone(UTC)


class Words(TypeDecorator[frozenset[str]]):
    """A set of words, as a sorted JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> Any:  # noqa: ARG002 -- the base's signature
        return None if value is None else json.dumps(sorted(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str] | None:  # noqa: ARG002 -- the base's signature
        return None if value is None else _words(value)


@lru_cache(maxsize=4096)
def _words(value: str) -> frozenset[str]:
    return frozenset(json.loads(value))


class Ids(TypeDecorator[frozenset[UUID]]):
    """A set of UUIDs, as a sorted JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[UUID] | None, dialect: Dialect) -> Any:  # noqa: ARG002 -- the base's signature
        return None if value is None else json.dumps(sorted(str(one) for one in value))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[UUID] | None:  # noqa: ARG002 -- the base's signature
        return None if value is None else frozenset(UUID(one) for one in json.loads(value))


class Data(TypeDecorator[Mapping[str, Any]]):
    """A small JSON object, its keys sorted, so that equal values have equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> Any:  # noqa: ARG002 -- the base's signature
        return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, Any] | None:  # noqa: ARG002 -- the base's signature
        return None if value is None else json.loads(value)


class Meets(FunctionElement[bool]):
    """`Meets(starts_at, ends_at, a, b)`: the claim overlaps [a, b), worded so that each dialect uses its guard's index.

    It has no type on purpose: as a Boolean, SQLAlchemy would write `(...) = 1` on SQLite, which no index answers.
    """

    inherit_cache = True
    type: TypeEngine[Any] = NullType()


@compiles(Meets, "postgresql")
def _meets_on_postgresql(element: Meets, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends, a, b = (compiler.process(clause, **options) for clause in element.clauses)
    return f"tstzrange({starts}, {ends}, '[)') && tstzrange({a}, {b}, '[)')"


@compiles(Meets, "sqlite")
def _meets_on_sqlite(element: Meets, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends, a, b = (compiler.process(clause, **options) for clause in element.clauses)
    longest = LONGEST_CLAIM // _MICROSECOND
    return f"({starts} < {b} AND {starts} > {a} - {longest} AND {ends} > {a})"
