"""The published hours of people and sites."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.schedule import ExtraHours, Hours, WeeklyHours
from booking.store import description
from booking.usecases.clinic_file.model import ExtraFile, HoursFile
from booking.usecases.clinic_file.syncing import Sync, counted


def as_hours(
    who: PractitionerId | None, weekly: Iterable[HoursFile], extra: Iterable[ExtraFile], sites: Mapping[str, SiteId]
) -> Hours:
    """As they are published; None are those of a site itself."""
    return Hours(
        weekly=tuple(WeeklyHours(practitioner_id=who, **_values(one, sites)) for one in weekly),
        extra=tuple(ExtraHours(practitioner_id=who, **_values(one, sites)) for one in extra),
    )


def _values(one: HoursFile | ExtraFile, sites: Mapping[str, SiteId]) -> dict[str, Any]:
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "site"}
    return {**same, "site_id": sites[one.site]}


def sync_hours(
    sync: Sync, whose: tuple[PractitionerId | None, SiteId | None], wanted: Hours, current: Hours
) -> list[str]:
    """`whose` is a practitioner with all their sites, or a site alone."""
    weekly, extra = set(wanted.weekly), set(wanted.extra)
    was_weekly, was_extra = set(current.weekly), set(current.extra)
    if (weekly, extra) == (was_weekly, was_extra):
        return []
    description.set_hours(sync.tx, sync.clinic_id, *whose, wanted)
    changed = ["hours"] if weekly != was_weekly else []
    return changed + counted("extra", added=len(extra - was_extra), removed=len(was_extra - extra))
