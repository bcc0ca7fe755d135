"""What `listSlots` answers, computed the plain way: the limit that the benchmark compares with.

It imports nothing of the program. The driver reads the same rows, lists of pairs are searched in a loop, `json` writes
the answer. It knows one clinic's case: hours by day, not past midnight, one rule (a licence, an endorsement and
training, all verified) and the buffers of one treatment.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Spans = list[tuple[int, int]]
"""Seconds since 1970, each from the first until just before the second."""

LONGEST_CLAIM = 12 * 3600
DAY = 24 * 3600
NEEDED = ("licence", "endorsement", "training")


class Rows:
    """Reads with either driver: ids as UUIDs, instants as seconds."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_sqlite = type(connection).__module__ == "sqlite3"

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.is_sqlite:
            query = query.replace("?", "%s")
        return list(self.connection.execute(query, values).fetchall())

    def id(self, value: Any) -> str:
        return str(UUID(bytes=value)) if self.is_sqlite else str(value)

    def key(self, value: str) -> Any:
        return UUID(value).bytes if self.is_sqlite else UUID(value)

    def seconds(self, column: str) -> str:
        return f"{column} / 1000000" if self.is_sqlite else f"extract(epoch FROM {column})::bigint"

    def instant(self, seconds: int) -> Any:
        return seconds * 1_000_000 if self.is_sqlite else datetime.fromtimestamp(seconds, ZoneInfo("UTC"))

    def day(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(kw_only=True)
class Person:
    """Somebody who treats: hours by weekday in minutes, when they may, when they are taken."""

    id: str
    weekly: dict[int, list[tuple[int, int]]]
    lawful: Spans
    taken: "Taken"

    def stretches(self, day: date, midnight: int) -> Spans:
        """The hours of the day, as far as the law allows."""
        hours = [(midnight + start * 60, midnight + end * 60) for start, end in self.weekly.get(day.weekday(), ())]
        return common(hours, self.lawful)


class Taken:
    """Taken time, sorted; asked whether a stretch is free."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self.starts = [start for start, _end in self.spans]

    def is_free(self, start: int, end: int) -> bool:
        before = bisect_right(self.starts, start) - 1
        if before >= 0 and self.spans[before][1] > start:
            return False
        return before + 1 >= len(self.starts) or self.starts[before + 1] >= end


def answer(connection: Any, slug: str, treatment: str, first: date, last: date) -> bytes:
    """The body of `listSlots` for everybody at the clinic's only site, on these days."""
    rows, now = Rows(connection), int(datetime.now(ZoneInfo("UTC")).timestamp())
    ((clinic, grid, notice, horizon),) = rows.read(
        "SELECT id, grid_minutes, notice_minutes, horizon_days FROM clinic WHERE slug = ?", slug
    )
    ((site, zone_name),) = rows.read("SELECT id, zone FROM site WHERE clinic_id = ? AND active", clinic)
    ((minutes, before, after),) = rows.read(
        "SELECT minutes, buffer_before, buffer_after FROM treatment_type WHERE clinic_id = ? AND id = ?",
        clinic,
        rows.key(treatment),
    )
    zone = ZoneInfo(zone_name)
    window = (_midnight(first, zone) - DAY, _midnight(last, zone) + 2 * DAY)
    taken = read_taken(rows, clinic, window, now)
    people = read_people(rows, clinic, site, zone, taken)
    rooms = [
        taken[room] for (room,) in rows.read("SELECT id FROM room WHERE clinic_id = ? AND active ORDER BY slug", clinic)
    ]
    length, before, after, step = minutes * 60, before * 60, after * 60, grid * 60
    earliest, latest = now + notice * 60, now + horizon * DAY
    found = []
    for day in days(first, last):
        midnight = _midnight(day, zone)
        for person in people:
            for opens, closes in person.stretches(day, midnight):
                for start in range(midnight - (midnight - opens) // step * step, closes - length + 1, step):
                    low, high = start - before, start + length + after
                    asked = earliest <= start <= latest
                    if asked and person.taken.is_free(low, high) and any(room.is_free(low, high) for room in rooms):
                        found.append((start, person.id))
    found.sort()
    return written(treatment, rows.id(site), zone, length, found)


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def read_taken(rows: Rows, clinic: Any, window: tuple[int, int], now: int) -> dict[Any, Taken]:
    """Claims of people and rooms, and leave, by diary."""
    start, end = (rows.instant(edge) for edge in window)
    columns = f"diary_id, {rows.seconds('starts_at')}, {rows.seconds('ends_at')}"
    ids = [
        one
        for (one,) in rows.read(
            "SELECT id FROM diary WHERE clinic_id = ? AND kind IN ('practitioner', 'room', 'equipment')", clinic
        )
    ]
    which = "diary_id = ANY(?)" if not rows.is_sqlite else f"diary_id IN ({', '.join('?' * len(ids))})"
    whose = ids if rows.is_sqlite else [ids]
    if rows.is_sqlite:
        met = "starts_at < ? AND starts_at > ? AND ends_at > ?"
        bounds = [end, rows.instant(window[0] - LONGEST_CLAIM), start]
    else:
        met, bounds = "tstzrange(starts_at, ends_at, '[)') && tstzrange(?, ?, '[)')", [start, end]
    claims = rows.read(
        f"SELECT {columns} FROM claim WHERE clinic_id = ? AND {which} AND {met}"  # noqa: S608 -- made of constants
        " AND (expires_at IS NULL OR expires_at > ?)",
        *(clinic, *whose, *bounds, rows.instant(now)),
    )
    leave = rows.read(
        f"SELECT {columns} FROM busy WHERE clinic_id = ? AND {which} AND ends_at > ? AND starts_at < ?",  # noqa: S608 -- made of constants
        *(clinic, *whose, start, end),
    )
    found: dict[Any, Spans] = {one: [] for one in ids}
    for diary, starts_at, ends_at in claims + leave:
        found[diary].append((starts_at, ends_at))
    return {diary: Taken(spans) for diary, spans in found.items()}


def read_people(rows: Rows, clinic: Any, site: Any, zone: ZoneInfo, taken: dict[Any, Taken]) -> list[Person]:
    weekly: dict[Any, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for who, weekday, start, end in rows.read(
        "SELECT practitioner_id, weekday, start_minute, end_minute FROM working_hours"
        " WHERE clinic_id = ? AND site_id = ?",
        *(clinic, site),
    ):
        weekly[who][weekday].append((start, end))
    lawful = read_lawful(rows, clinic, zone)
    people = rows.read("SELECT id FROM practitioner WHERE clinic_id = ? AND active", clinic)
    return [
        Person(id=rows.id(who), weekly=weekly[who], lawful=lawful.get(who, []), taken=taken[who]) for (who,) in people
    ]


def read_lawful(rows: Rows, clinic: Any, zone: ZoneInfo) -> dict[Any, Spans]:
    """When each may needle: while everything that is needed is verified and in force."""
    holes = defaultdict(list)
    for credential, first_day, last_day in rows.read(
        "SELECT credential_id, first_day, last_day FROM suspension WHERE clinic_id = ?", clinic
    ):
        holes[credential].append(span_of(rows.day(first_day), rows.day(last_day), zone))
    kinds: dict[Any, dict[str, Spans]] = defaultdict(lambda: defaultdict(list))
    for credential, who, kind, valid_from, valid_until in rows.read(
        "SELECT id, practitioner_id, kind, valid_from, valid_until FROM credential"
        " WHERE clinic_id = ? AND verification = 'verified'",
        clinic,
    ):
        span = span_of(rows.day(valid_from), rows.day(valid_until), zone)
        kinds[who][kind] += without([span], holes[credential])
    found = {}
    for who, held in kinds.items():
        spans = held[NEEDED[0]]
        for kind in NEEDED[1:]:
            spans = common(spans, held[kind])
        found[who] = spans
    return found


def span_of(first: date | None, last: date | None, zone: ZoneInfo) -> tuple[int, int]:
    """The local days from `first` to `last`; None is open."""
    low = 0 if first is None else int(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp())
    after = None if last is None else last + timedelta(days=1)
    high = 1 << 40 if after is None else int(datetime(after.year, after.month, after.day, tzinfo=zone).timestamp())
    return low, high


def common(one: Spans, other: Spans) -> Spans:
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]


def without(spans: Spans, holes: Sequence[tuple[int, int]]) -> Spans:
    for hole_start, hole_end in holes:
        spans = [
            piece
            for start, end in spans
            for piece in ((start, min(end, hole_start)), (max(start, hole_end), end))
            if piece[0] < piece[1]
        ]
    return spans


def _midnight(day: date, zone: ZoneInfo) -> int:
    """Midnight by the clock as it goes at noon, so that minutes of the day can be added to it."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=zone).timestamp()) - DAY // 2


def written(treatment: str, site: str, zone: ZoneInfo, length: int, found: list[tuple[int, str]]) -> bytes:
    clock: dict[int, str] = {}

    def shown(instant: int) -> str:
        if instant not in clock:
            clock[instant] = datetime.fromtimestamp(instant, zone).isoformat()
        return clock[instant]

    slots = [
        {"start": shown(start), "end": shown(start + length), "site": site, "practitioner": who} for start, who in found
    ]
    return json.dumps({"treatment_type": treatment, "slots": slots}, separators=(",", ":")).encode()
