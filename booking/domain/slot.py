"""Free times: computed, never stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, wall_time
from booking.domain.treatment import TreatmentType


@dataclass(frozen=True, kw_only=True, order=True)
class Slot:
    """A time at which this practitioner may lawfully give the treatment, is there and free, and a room is too."""

    span: TimeSpan
    site_id: SiteId
    practitioner_id: PractitionerId


@dataclass(frozen=True, kw_only=True)
class Diaries:
    """What one practitioner at one site can offer: hours, when the treatment is lawful, and what is taken.

    `there` and `lawful` must cover the visit; `taken` must leave the visit and its buffers free.
    """

    there: SpanSet
    lawful: SpanSet
    taken: SpanSet


def free_starts(diaries: Diaries, rooms_taken: Collection[SpanSet], treatment: TreatmentType) -> SpanSet:
    """The instants at which the visit may start; each span ends just after its last start.

    One room must be free throughout, whichever it is; a site without rooms needs none.
    """
    visit = _starts(diaries.there & diaries.lawful, treatment.length, timedelta())
    whole = treatment.before + treatment.length + treatment.after
    person = _starts(~diaries.taken, whole, treatment.before)
    rooms = SpanSet(span for taken in rooms_taken for span in _starts(~taken, whole, treatment.before))
    return visit & person & rooms if rooms_taken else visit & person


def _starts(free: SpanSet, length: timedelta, before: timedelta) -> SpanSet:
    """From each free span the starts at which something of this length fits, as a span that ends after the last."""
    tick = timedelta(microseconds=1)
    fitting = (span for span in free if span.length >= length)
    return SpanSet(TimeSpan(span.start + before, span.end - length + before + tick) for span in fitting)


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
