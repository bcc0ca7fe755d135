"""When a visit may start, as spans: the truth that a search by ticks must agree with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from booking.domain.availability.facts import Candidate, Place
from booking.domain.time.span import ALWAYS, SpanSet, TimeSpan
from booking.domain.treatment import ANY_ROOM, NO_ROOM, TreatmentType

_TINY = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a visit depends on: it lies in `visit`, its time with buffers outside `taken`, and it starts in `starts`.

    Of each of the `groups` of rooms and devices, given by their taken time, one is free throughout.
    """

    visit: SpanSet
    taken: SpanSet
    groups: Sequence[Sequence[SpanSet]] = ()
    starts: SpanSet = ALWAYS


def conditions(candidate: Candidate, place: Place, treatment: TreatmentType) -> Conditions:
    """The conditions for this candidate on the day of `place`."""
    return Conditions(
        visit=candidate.hours & place.open & candidate.eligibility.spans,
        taken=candidate.taken.all,
        groups=groups(place, treatment),
        starts=before_closing(place, treatment),
    )


def groups(place: Place, treatment: TreatmentType) -> list[list[SpanSet]]:
    """For a room and for each kind of device that the treatment needs, the taken time of each that would do."""
    needs = treatment.needs
    needs_room = needs.room != NO_ROOM and (needs.room != ANY_ROOM or place.has_rooms)
    rooms = [[taken for _room, taken in place.rooms]] if needs_room else []
    return rooms + [
        [taken for device, taken in place.equipment if device.kind == kind] for kind in sorted(needs.equipment)
    ]


def before_closing(place: Place, treatment: TreatmentType) -> SpanSet:
    """The starts, on the day of `place`, that leave the treatment's time before the site closes."""
    if not treatment.needs.ends_before_closing:
        return ALWAYS
    if place.closing is None:
        return SpanSet()
    last = place.closing - timedelta(minutes=treatment.needs.ends_before_closing) - treatment.length
    return SpanSet([TimeSpan(place.day.start, last + _TINY)] if last >= place.day.start else [])


def free_starts(of: Conditions, treatment: TreatmentType) -> SpanSet:
    """The instants at which the visit may start; each span ends just after its last start."""
    whole = treatment.before + treatment.length + treatment.after
    found = of.starts & _starts(of.visit, treatment.length, timedelta()) & _starts(~of.taken, whole, treatment.before)
    for group in of.groups:
        found &= SpanSet(span for taken in group for span in _starts(~taken, whole, treatment.before))
    return found


def _starts(free: SpanSet, length: timedelta, before: timedelta) -> SpanSet:
    """From each free span the starts at which something of this length fits, as a span that ends after the last."""
    fitting = (span for span in free if span.length >= length)
    return SpanSet(TimeSpan(span.start + before, span.end - length + before + _TINY) for span in fitting)
