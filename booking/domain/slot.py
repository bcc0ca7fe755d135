"""Free times, which are computed and never stored, and the grid they lie on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, wall_time


@dataclass(frozen=True, kw_only=True, order=True)
class Slot:
    """A time at which this practitioner may lawfully give the treatment, is there and free, and a room is too."""

    span: TimeSpan
    site_id: SiteId
    practitioner_id: PractitionerId


def on_grid(starts: SpanSet, zone: ZoneName, grid_minutes: int) -> Iterator[datetime]:
    """The instants in `starts` at which the clock on the wall shows a multiple of the grid, in the order of time."""
    for span in starts:
        instant = _first_on_grid(span.start, zone, grid_minutes)
        while instant < span.end:
            yield instant
            instant = _first_on_grid(instant + timedelta(minutes=1), zone, grid_minutes)


def is_on_grid(instant: datetime, zone: ZoneName, grid_minutes: int) -> bool:
    return _first_on_grid(instant, zone, grid_minutes) == instant


def _first_on_grid(instant: datetime, zone: ZoneName, grid_minutes: int) -> datetime:
    """The first instant from `instant` on whose wall time lies on the grid, looking again after a change of clocks."""
    while True:
        wall = wall_time(instant, zone)
        past = timedelta(minutes=wall.minute % grid_minutes, seconds=wall.second, microseconds=wall.microsecond)
        if not past:
            return instant.astimezone(UTC)
        instant += timedelta(minutes=grid_minutes) - past
