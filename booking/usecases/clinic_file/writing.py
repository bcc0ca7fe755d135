"""Hours, days and the rest as the tables of a file: nothing that is empty, everything in one order."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from booking.domain.ids import SiteId
from booking.domain.schedule import ExtraHours, Hours, WeeklyHours
from booking.domain.time.holidays import PublicHolidays
from booking.store.absences import Absence
from booking.store.closures import RecordedClosure
from booking.usecases.clinic_file.absences import said
from booking.usecases.clinic_file.notation import DAYS, clock

Data = dict[str, Any]
Slugs = Mapping[SiteId, str]
"""The slugs of the sites that are to be named; none are in the tables of a site itself."""

_EMPTY: tuple[object, ...] = (None, "", [], {}, frozenset())


def filled(values: Mapping[str, Any], drop: Collection[str] = ()) -> Data:
    """As TOML has it: nothing that is empty, sets as sorted lists."""
    kept = {key: value for key, value in values.items() if key not in drop and value not in _EMPTY}
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in kept.items()}


def hours(published: Hours, slugs: Slugs) -> Data:
    return {"hours": _weekly(published.weekly, slugs), "extra": _extra(published.extra, slugs)}


def _weekly(stretches: Iterable[WeeklyHours], slugs: Slugs) -> list[Data]:
    """The week as few entries: days with the same times at the same site are named together."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for one in sorted(stretches, key=lambda one: _order(one, slugs)):
        weeks = (one.every_weeks, one.week_of) if one.every_weeks > 1 else (None, None)
        times = (one.start_minute, one.end_minute)
        found.setdefault((slugs.get(one.site_id), *times, one.valid_from, one.valid_until, *weeks), []).append(
            DAYS[one.weekday]
        )
    names = ("valid_from", "valid_until", "every_weeks", "week_of")
    return [
        filled({"site": site, "days": days, **_minutes(start, end), **dict(zip(names, rest, strict=True))})
        for (site, start, end, *rest), days in found.items()
    ]


def _order(one: WeeklyHours, slugs: Slugs) -> tuple[Any, ...]:
    times = (one.weekday, one.start_minute, one.end_minute, slugs.get(one.site_id, ""))
    return *times, one.valid_from or date.min, one.valid_until or date.max, one.every_weeks, one.week_of or date.min


def _minutes(start: int | None, end: int | None) -> Data:
    return {"from": None if start is None else clock(start), "to": None if end is None else clock(end)}


def _extra(stretches: Iterable[ExtraHours], slugs: Slugs) -> list[Data]:
    found = [
        {"site": slugs.get(one.site_id), "date": one.day, **_minutes(one.start_minute, one.end_minute)}
        for one in stretches
    ]
    return [filled(one) for one in sorted(found, key=lambda one: (one["date"], one["site"] or "", one["from"]))]


def absences(found: Iterable[Absence | RecordedClosure]) -> list[Data]:
    """Leave or closures, each once, whoever entered it."""
    each = {said(one.days, one.reason): one for one in found}
    return [
        filled({
            "first": one.days.first,
            "last": one.days.last,
            **_minutes(one.days.start_minute, one.days.end_minute),
            "reason": one.reason,
        })
        for _, one in sorted(each.items(), key=lambda pair: pair[0])
    ]  # fmt: skip


def holidays(one: PublicHolidays | None) -> Data:
    if one is None:
        return {}
    return filled({
        "country": one.country, "region": one.region, "open": [*sorted(one.open_names), *sorted(one.open_on)]
    })  # fmt: skip
