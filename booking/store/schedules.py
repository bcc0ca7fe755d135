"""Published hours, closures and ways between sites, as they are stored."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from booking.domain.ids import ClinicId, PractitionerId, SiteId
from booking.domain.practitioner import Practitioner
from booking.domain.schedule import Closure, ExtraHours, Hours, Timetable, WeeklyHours
from booking.domain.site import Site
from booking.domain.time.local import LocalSpan
from booking.store.database import Transaction
from booking.store.tables import ClosureRow, ExtraHoursRow, TravelRow, WorkingHoursRow, table

_weekly = table(WorkingHoursRow)
_extra = table(ExtraHoursRow)
_closure = table(ClosureRow)
_travel = table(TravelRow)
_WHEN = [column for column in _weekly.c if column.name not in {"clinic_id", "id"}]

Whose = tuple[PractitionerId | None, SiteId]
"""A practitioner at a site; without a practitioner, the site itself."""


def timetables(
    tx: Transaction,
    clinic_id: ClinicId,
    sites: Mapping[SiteId, Site],
    people: Mapping[PractitionerId, Practitioner],
) -> dict[SiteId, Timetable]:
    """The timetable of each site, with the hours of those who still treat."""
    published = hours(tx, clinic_id)
    closed = closures(tx, clinic_id)
    return {
        site_id: Timetable(
            zone=site.zone,
            opening=published.get((None, site_id), Hours()),
            closures=tuple(one for one in closed if one.site_id in {None, site_id}),
            holidays=site.holidays,
            people={
                who: theirs
                for (who, where), theirs in published.items()
                if where == site_id and who is not None and people[who].active
            },
        )
        for site_id, site in sites.items()
    }


def hours(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> dict[Whose, Hours]:
    """Published hours by person and site, and of the sites themselves; of these people alone when they are given."""
    return _together(weekly(tx, clinic_id, practitioner_ids), extra(tx, clinic_id, practitioner_ids))


def weekly(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> list[WeeklyHours]:
    query = select(*_WHEN).where(_weekly.c.clinic_id == clinic_id)
    if practitioner_ids is not None:
        query = query.where(_weekly.c.practitioner_id.in_(sorted(practitioner_ids)))
    ordered = query.order_by(_weekly.c.weekday, _weekly.c.start_minute, _weekly.c.id)
    return [_as_weekly(row) for row in tx.connection.execute(ordered)]


def extra(
    tx: Transaction, clinic_id: ClinicId, practitioner_ids: Collection[PractitionerId] | None = None
) -> list[ExtraHours]:
    query = select(_extra).where(_extra.c.clinic_id == clinic_id)
    if practitioner_ids is not None:
        query = query.where(_extra.c.practitioner_id.in_(sorted(practitioner_ids)))
    ordered = query.order_by(_extra.c.day, _extra.c.start_minute, _extra.c.id)
    return [_as_extra(row) for row in tx.connection.execute(ordered)]


def closures(tx: Transaction, clinic_id: ClinicId) -> list[Closure]:
    """Of all sites and of the whole clinic, in the order of their days."""
    query = select(_closure).where(_closure.c.clinic_id == clinic_id)
    return [as_closure(row) for row in tx.connection.execute(query.order_by(_closure.c.first_day, _closure.c.id))]


def travel(tx: Transaction, clinic_id: ClinicId) -> dict[frozenset[SiteId], timedelta]:
    """How long the way is between two sites, where it has a time of its own."""
    rows = tx.connection.execute(select(_travel).where(_travel.c.clinic_id == clinic_id))
    return {frozenset({SiteId(row.site_id), SiteId(row.other_site_id)}): timedelta(minutes=row.minutes) for row in rows}


def _together(weekly_hours: list[WeeklyHours], extra_hours: list[ExtraHours]) -> dict[Whose, Hours]:
    found: dict[Whose, tuple[list[WeeklyHours], list[ExtraHours]]] = defaultdict(lambda: ([], []))
    for one in weekly_hours:
        found[one.practitioner_id, one.site_id][0].append(one)
    for single in extra_hours:
        found[single.practitioner_id, single.site_id][1].append(single)
    return {whose: Hours(weekly=tuple(each), extra=tuple(more)) for whose, (each, more) in found.items()}


def as_closure(row: Row[Any]) -> Closure:
    """A row that has all columns of `closure`."""
    return Closure(site_id=None if row.site_id is None else SiteId(row.site_id), days=as_days(row), reason=row.reason)


def as_days(row: Row[Any]) -> LocalSpan:
    """The local days and minutes that a row of `closure` or `busy` stands for."""
    return LocalSpan(first=row.first_day, last=row.last_day, start_minute=row.start_minute, end_minute=row.end_minute)


def _whose(row: Row[Any]) -> PractitionerId | None:
    return None if row.practitioner_id is None else PractitionerId(row.practitioner_id)


def _as_weekly(row: Row[Any]) -> WeeklyHours:
    return WeeklyHours(
        practitioner_id=_whose(row),
        site_id=SiteId(row.site_id),
        weekday=row.weekday,
        start_minute=row.start_minute,
        end_minute=row.end_minute,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        every_weeks=row.every_weeks,
        week_of=row.week_of,
    )


def _as_extra(row: Row[Any]) -> ExtraHours:
    return ExtraHours(
        practitioner_id=_whose(row),
        site_id=SiteId(row.site_id),
        day=row.day,
        start_minute=row.start_minute,
        end_minute=row.end_minute,
    )
