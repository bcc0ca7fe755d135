"""How values lie in a column: the same meaning on both databases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.types import Data, Id, Instant, Words

VALUES = Table(
    "value",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("at", Instant),
    Column("words", Words),
    Column("data", Data),
)


def make(tx: Transaction) -> None:
    VALUES.create(tx.connection)


def put(tx: Transaction, *rows: Mapping[str, object]) -> None:
    tx.connection.execute(insert(VALUES), [{"at": None, "words": None, "data": None, **row} for row in rows])


@pytest.fixture
def values(database: Database) -> Database:
    database.write_now(make)
    return database


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 24, 9, 30, 0, 123457, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-8))),
        datetime(2300, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    ],
    ids=["now", "before-1970", "elsewhere", "far"],
)
def test_instant_comes_back_to_the_microsecond_in_utc(values: Database, instant: datetime) -> None:
    values.write_now(put, {"id": new_id(), "at": instant})
    back = values.read_now(lambda tx: tx.connection.execute(select(VALUES.c.at)).scalar_one())
    assert (back, back.tzinfo) == (instant, UTC)


def test_naive_instant_is_refused(values: Database) -> None:
    with pytest.raises(StatementError, match="an instant needs its offset"):
        values.write_now(put, {"id": new_id(), "at": datetime(2026, 11, 24, 9, 30)})  # noqa: DTZ001 -- what is tested
    query = select(VALUES).where(VALUES.c.at >= datetime(2026, 11, 24))  # noqa: DTZ001 -- what is tested
    with pytest.raises(StatementError, match="an instant needs its offset"):
        values.read_now(lambda tx: tx.connection.execute(query))


def test_instants_compare_as_instants(values: Database) -> None:
    """Also across the digits' growth in 2001, where text would not."""
    instants = [datetime(year, 9, 9, tzinfo=UTC) for year in (1950, 1999, 2003, 2200)]
    values.write_now(put, *({"id": new_id(), "at": instant} for instant in reversed(instants)))
    query = select(VALUES.c.at).where(VALUES.c.at > instants[0]).order_by(VALUES.c.at)
    assert values.read_now(lambda tx: tx.connection.execute(query).scalars().all()) == instants[1:]


def test_ids_are_ordered_by_their_bytes(values: Database) -> None:
    ids = [UUID(int=0x80 << 120), UUID(int=0x7F << 120), *(new_id() for _ in range(20)), UUID(int=1)]
    values.write_now(put, *({"id": one} for one in ids))
    query = select(VALUES.c.id).order_by(VALUES.c.id)
    found = values.read_now(lambda tx: tx.connection.execute(query).scalars().all())
    assert found == sorted(ids, key=lambda one: one.bytes)
    assert all(isinstance(one, UUID) and a.bytes < b.bytes for one in found for a, b in pairwise(found))


def test_words_and_data_come_back_and_equal_values_have_equal_text(values: Database) -> None:
    words, data = frozenset({"lumbar", "cervical"}), {"b": [1, {"ä": True}], "a": None}
    values.write_now(put, {"id": UUID(int=1), "words": words, "data": data})
    values.write_now(put, {"id": UUID(int=2), "words": frozenset(sorted(words)), "data": dict(reversed(data.items()))})
    values.write_now(put, {"id": UUID(int=3), "words": frozenset(), "data": {}})
    rows = values.read_now(lambda tx: tx.connection.execute(select(VALUES).order_by(VALUES.c.id)).all())
    assert [(row.words, row.data) for row in rows] == [(words, data), (words, data), (frozenset(), {})]
    texts = values.read_now(lambda tx: tx.connection.exec_driver_sql("SELECT words, data FROM value ORDER BY id").all())
    assert texts[0] == texts[1] == ('["cervical", "lumbar"]', '{"a": null, "b": [1, {"ä": true}]}')
