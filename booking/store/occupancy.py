"""What is taken of many diaries at once, as ticks: one row for each diary, whatever it holds."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from booking.domain.ids import AppointmentId, ClinicId, DiaryId, SiteId
from booking.domain.time.span import TimeSpan
from booking.domain.time.ticks import TICK
from booking.store.database import Transaction
from booking.store.tables import BusyRow, ClaimRow, table
from booking.store.types import Instant, Meets

_claim, _busy = table(ClaimRow), table(BusyRow)

Ticks = list[tuple[int, int]]
"""Pairs of ticks, from the first until just before the second, rounded outward."""


@dataclass(kw_only=True)
class Occupied:
    """What is taken of one diary: claims by site, absences, and when the first hold among the claims ends."""

    claimed: dict[SiteId, Ticks] = field(default_factory=dict)
    away: Ticks = field(default_factory=list)
    until: datetime | None = None


def occupied(
    tx: Transaction,
    clinic_id: ClinicId,
    diaries: Collection[DiaryId],
    window: TimeSpan,
    now: datetime,
    *,
    but: AppointmentId | None = None,
) -> dict[DiaryId, Occupied]:
    """What is taken of each of these diaries in the window; holds expired by `now`, and the visit `but`, are free."""
    found = {one: Occupied() for one in diaries}
    if not found:
        return found
    for diary, site, pairs, until in tx.connection.execute(_claims(clinic_id, diaries, window, now, but)):
        one = found[DiaryId(diary)]
        one.claimed[SiteId(site)] = _pairs(pairs)
        one.until = min(filter(None, (one.until, until)), default=None)
    for diary, pairs in tx.connection.execute(_absences(clinic_id, diaries, window)):
        found[DiaryId(diary)].away = _pairs(pairs)
    return found


def _claims(
    clinic_id: ClinicId,
    diaries: Collection[DiaryId],
    window: TimeSpan,
    now: datetime,
    but: AppointmentId | None,
) -> Any:
    columns = _claim.c
    start, end = bindparam("a", window.start, type_=Instant()), bindparam("b", window.end, type_=Instant())
    query = (
        select(
            columns.diary_id,
            columns.site_id,
            _Pairs(columns.starts_at, columns.ends_at),
            func.min(columns.expires_at, type_=Instant()),
        )
        .where(
            columns.clinic_id == clinic_id,
            columns.diary_id.in_(sorted(diaries)),
            Meets(columns.starts_at, columns.ends_at, start, end),
            or_(columns.expires_at.is_(None), columns.expires_at > now),
        )
        .group_by(columns.diary_id, columns.site_id)
    )
    return query if but is None else query.where(columns.appointment_id != but)


def _absences(clinic_id: ClinicId, diaries: Collection[DiaryId], window: TimeSpan) -> Any:
    columns = _busy.c
    return (
        select(columns.diary_id, _Pairs(columns.starts_at, columns.ends_at))
        .where(
            columns.clinic_id == clinic_id,
            columns.diary_id.in_(sorted(diaries)),
            columns.ends_at > window.start,
            columns.starts_at < window.end,
        )
        .group_by(columns.diary_id)
    )


def _pairs(found: str) -> Ticks:
    ticks = json.loads(found)
    return list(zip(ticks[::2], ticks[1::2], strict=True))


class _Pairs(FunctionElement[str]):
    """`_Pairs(starts_at, ends_at)`: the ticks of all spans of a group, start and end by turns, as one JSON array."""

    inherit_cache = True
    type = String()


_SECONDS = int(TICK / timedelta(seconds=1))
_MICROSECONDS = _SECONDS * 1_000_000


@compiles(_Pairs, "postgresql")
def _pairs_on_postgresql(element: _Pairs, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends = (compiler.process(clause, **options) for clause in element.clauses)
    first = f"floor(extract(epoch FROM {starts}) / {_SECONDS})::bigint"
    last = f"ceil(extract(epoch FROM {ends}) / {_SECONDS})::bigint"
    return f"'[' || string_agg({first} || ',' || {last}, ',') || ']'"


@compiles(_Pairs, "sqlite")
def _pairs_on_sqlite(element: _Pairs, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends = (compiler.process(clause, **options) for clause in element.clauses)
    first = f"({starts} / {_MICROSECONDS})"
    last = f"(({ends} + {_MICROSECONDS - 1}) / {_MICROSECONDS})"
    return f"'[' || group_concat({first} || ',' || {last}) || ']'"
