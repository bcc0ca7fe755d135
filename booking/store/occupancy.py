"""What is taken of many diaries at once, as ticks: one row for each diary, whatever it holds."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from booking.domain.ids import AppointmentId, ClinicId, DiaryId, SiteId
from booking.domain.time.span import TimeSpan
from booking.domain.time.ticks import PACKED, TICK
from booking.store.database import Transaction
from booking.store.tables import BusyRow, ClaimRow, table
from booking.store.types import Id, Instant, Meets

_claim, _busy = table(ClaimRow), table(BusyRow)

Ticks = list[tuple[int, int]]
"""Pairs of ticks, from the first until just before the second, rounded outward."""


@dataclass(kw_only=True)
class Occupied:
    """What is taken of one diary: claims by site, absences, and when the first hold among the claims ends.

    Claims are packed ticks, rounded outward; under None where nobody asked at which site they are.
    """

    claimed: dict[SiteId | None, list[int]] = field(default_factory=dict)
    away: Ticks = field(default_factory=list)
    until: datetime | None = None


def occupied(
    tx: Transaction,
    clinic_id: ClinicId,
    diaries: Collection[DiaryId],
    window: TimeSpan,
    now: datetime,
    *,
    by_site: bool,
    but: AppointmentId | None = None,
) -> dict[DiaryId, Occupied]:
    """What is taken of each of these diaries in the window; holds expired by `now`, and the visit `but`, are free."""
    found = {one: Occupied() for one in diaries}
    if not found:
        return found
    asked = {"clinic": clinic_id, "diaries": sorted(diaries), "start": window.start, "end": window.end}
    claims = tx.connection.execute(
        _claims(by_site=by_site, without_one=but is not None), asked | {"now": now, "but": but}
    )
    for diary, site, packed, until in claims:
        one = found[DiaryId(diary)]
        one.claimed[site] = packed if isinstance(packed, list) else json.loads(packed)
        one.until = min(filter(None, (one.until, until)), default=None)
    for diary, pairs in tx.connection.execute(_ABSENCES, asked):
        found[DiaryId(diary)].away = _pairs(pairs)
    return found


_CLINIC, _DIARIES = bindparam("clinic", type_=Id()), bindparam("diaries", type_=Id(), expanding=True)
_START, _END = bindparam("start", type_=Instant()), bindparam("end", type_=Instant())


@cache  # to make a query takes about as long as to run it
def _claims(*, by_site: bool, without_one: bool) -> Select[Any]:
    columns = _claim.c
    site = columns.site_id if by_site else null()
    query = (
        select(
            columns.diary_id,
            site,
            _Packed(columns.starts_at, columns.ends_at),
            func.min(columns.expires_at, type_=Instant()),
        )
        .where(
            columns.clinic_id == _CLINIC,
            columns.diary_id.in_(_DIARIES),
            Meets(columns.starts_at, columns.ends_at, _START, _END),
            or_(columns.expires_at.is_(None), columns.expires_at > bindparam("now", type_=Instant())),
        )
        .group_by(columns.diary_id, *([site] if by_site else []))
    )
    return query.where(columns.appointment_id != bindparam("but", type_=Id())) if without_one else query


def _pairs(found: str) -> Ticks:
    ticks = json.loads(found)
    return list(zip(ticks[::2], ticks[1::2], strict=True))


class _Packed(FunctionElement[Any]):
    """`_Packed(starts_at, ends_at)`: the packed ticks of all spans of a group, as an array, of JSON on SQLite."""

    inherit_cache = True
    type = NullType()


class _Pairs(FunctionElement[str]):
    """`_Pairs(starts_at, ends_at)`: the ticks of all spans of a group, start and end by turns, as one JSON array."""

    inherit_cache = True
    type = String()


_SECONDS = int(TICK / timedelta(seconds=1))
_MICROSECONDS = _SECONDS * 1_000_000


@compiles(_Packed, "postgresql")
def _packed_on_postgresql(element: _Packed, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends = (compiler.process(clause, **options) for clause in element.clauses)
    # date_part gives a double, with which a server calculates ten times faster than with what EXTRACT gives
    first, last = f"floor(date_part('epoch', {starts}) / {_SECONDS})", f"ceil(date_part('epoch', {ends}) / {_SECONDS})"
    return f"array_agg(({first} * {PACKED - 1} + {last})::bigint)"


@compiles(_Packed, "sqlite")
def _packed_on_sqlite(element: _Packed, compiler: SQLCompiler, **options: Any) -> str:
    starts, ends = (compiler.process(clause, **options) for clause in element.clauses)
    first, last = f"{starts} / {_MICROSECONDS}", f"({ends} + {_MICROSECONDS - 1}) / {_MICROSECONDS}"
    return f"json_group_array({first} * {PACKED - 1} + {last})"


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


_ABSENCES = (
    select(_busy.c.diary_id, _Pairs(_busy.c.starts_at, _busy.c.ends_at))
    .where(
        _busy.c.clinic_id == _CLINIC, _busy.c.diary_id.in_(_DIARIES), _busy.c.ends_at > _START, _busy.c.starts_at < _END
    )
    .group_by(_busy.c.diary_id)
)
