"""When a site is closed although its hours say otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.ids import SiteId
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A site, or every site of the clinic when None, is closed for a stretch of its local time."""

    site_id: SiteId | None
    days: LocalSpan
    reason: str = ""


def closed_time(
    closures: Iterable[Closure], holidays: PublicHolidays | None, first: date, last: date, zone: ZoneName
) -> list[tuple[TimeSpan, str]]:
    """The stretches that touch the local days from `first` to `last`, with why: a closure's reason, a holiday's name.

    The closures are those of one site.
    """
    return [*_closed(closures, first, last, zone), *_on_holiday(holidays, first, last, zone)]


def _closed(closures: Iterable[Closure], first: date, last: date, zone: ZoneName) -> Iterator[tuple[TimeSpan, str]]:
    for one in closures:
        if one.days.first <= last and one.days.last >= first:
            yield from ((span, one.reason or "closed") for span in one.days.span(zone))


def _on_holiday(
    holidays: PublicHolidays | None, first: date, last: date, zone: ZoneName
) -> Iterator[tuple[TimeSpan, str]]:
    if holidays is None:
        return
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        name = holidays.name_on(day)
        if name is not None:
            yield from ((span, name) for span in LocalSpan(first=day, last=day).span(zone))
