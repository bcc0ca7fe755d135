"""What speaks against a visit that is booked, as things stand now: the law, leave, closures, published hours."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from booking.domain.absence import as_clock
from booking.domain.appointment import Appointment
from booking.domain.eligibility import Eligibility
from booking.domain.ids import DiaryId
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.schedule import Timetable
from booking.domain.site import Site
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, local_date, wall_time
from booking.domain.treatment import Suits

Detail = Mapping[str, Any]
"""A conflict in plain facts, as JSON has them: what there is to know without looking anything up."""


class Conflict(StrEnum):
    """The kinds of findings that follow from what is on record."""

    LOST_COVER = "lost_cover"
    IN_LEAVE = "in_leave"
    ROOM_CLOSED = "room_closed"
    SITE_CLOSED = "site_closed"
    OUTSIDE_HOURS = "outside_hours"


ALL = frozenset(Conflict)

UNSUITED = "unsuited"
"""The kind of finding about a visit whose treatment is meant for other patients. It follows from nothing else on
record, is found when the visit is booked, and stays until somebody has looked or the visit is cancelled.
"""


def is_unsuited(suits: Suits, *, was_here_before: bool) -> bool:
    """Whether a treatment meant for new patients is booked by one who is not, or the other way round."""
    return suits is not Suits.ALL and (suits is Suits.RETURNING) != was_here_before


@dataclass(frozen=True, kw_only=True)
class Away:
    """A stretch during which somebody or something is not to be had: as it was said, and the time it is."""

    days: LocalSpan
    span: TimeSpan
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a visit rests on. `things` are its room and devices, `away` the absences by whose they are."""

    practitioner: Practitioner
    eligibility: Eligibility
    site: Site
    timetable: Timetable
    things: Sequence[Room | Equipment] = ()
    away: Mapping[DiaryId, Sequence[Away]] = field(default_factory=dict)


def conflicts(visit: Appointment, facts: Facts, kinds: Collection[Conflict] = ALL) -> dict[Conflict, Detail]:
    """What speaks against the visit, of these kinds.

    `lost_cover` has `reasons`. `in_leave` has `away`, `room_closed` and `site_closed` have `closed`: stretches with the
    name of whom or what, `first` and `last` day, `from` and `to` where they begin or end within a day; without days it
    is for good. A reason of leave is not told. `outside_hours` has `name`, the `hours` of that local day, and
    `ends_by` where the visit must end by then because the site closes.
    """
    found = {kind: _RULES[kind](visit, facts) for kind in sorted(kinds)}
    return {kind: detail for kind, detail in found.items() if detail}


def _lost_cover(visit: Appointment, facts: Facts) -> Detail:
    reasons = facts.eligibility.reasons(visit.span)
    return {"reasons": [reason.as_data() for reason in reasons]} if reasons else {}


def _in_leave(visit: Appointment, facts: Facts) -> Detail:
    who = facts.practitioner
    away = [_told(who.name, one.days) for one in _meeting(visit, facts, DiaryId(who.id))]
    return {"away": away} if away else {}


def _room_closed(visit: Appointment, facts: Facts) -> Detail:
    closed = list(_closed_things(visit, facts))
    return {"closed": closed} if closed else {}


def _closed_things(visit: Appointment, facts: Facts) -> Iterator[Detail]:
    for thing in facts.things:
        if not thing.active:
            yield _told(thing.name)
        yield from (_told(thing.name, one.days, one.reason) for one in _meeting(visit, facts, DiaryId(thing.id)))


def _meeting(visit: Appointment, facts: Facts, diary: DiaryId) -> list[Away]:
    """Buffers must be free of leave and of closed rooms too."""
    return [one for one in facts.away.get(diary, ()) if one.span.overlaps(visit.claimed)]


def _site_closed(visit: Appointment, facts: Facts) -> Detail:
    closed = list(_closings(visit, facts))
    return {"closed": closed} if closed else {}


def _closings(visit: Appointment, facts: Facts) -> Iterator[Detail]:
    name, zone, holidays = facts.site.name, facts.timetable.zone, facts.timetable.holidays
    days = _days(visit, zone)
    if not facts.site.active:
        yield _told(name)
    for one in facts.timetable.closures:
        is_near = one.days.first <= days[-1] and one.days.last >= days[0]
        if is_near and any(span.overlaps(visit.span) for span in one.days.span(zone)):
            yield _told(name, one.days, one.reason)
    for day in days:
        holiday = None if holidays is None else holidays.name_on(day)
        if holiday is not None:
            yield _told(name, LocalSpan(first=day, last=day), holiday)


def _days(visit: Appointment, zone: ZoneName) -> list[date]:
    """The local days that it touches: one, or two around a midnight."""
    return sorted({local_date(visit.span.start, zone), local_date(visit.span.end - _TINY, zone)})


def _outside_hours(visit: Appointment, facts: Facts) -> Detail:
    """Closures, and leave, are told apart: here both are left out of account."""
    table, who = facts.timetable, facts.practitioner
    days = _days(visit, table.zone)
    published = table.hours(who.id, days[0], days[-1]) & table.opening_time(days[0], days[-1])
    told = {"name": who.name, "hours": _clocks(published, table.zone)}
    if not published.covers(visit.span):
        return {**told, "ends_by": None}
    closing, before = table.closing(days[0]), timedelta(minutes=visit.agreed.needs.ends_before_closing)
    if before and closing is not None and visit.span.end > closing - before:
        return {**told, "ends_by": _clock(closing - before, table.zone)}
    return {}


_TINY = timedelta(microseconds=1)
_RULES: Mapping[Conflict, Callable[[Appointment, Facts], Detail]] = {
    Conflict.LOST_COVER: _lost_cover,
    Conflict.IN_LEAVE: _in_leave,
    Conflict.ROOM_CLOSED: _room_closed,
    Conflict.SITE_CLOSED: _site_closed,
    Conflict.OUTSIDE_HOURS: _outside_hours,
}


def _told(name: str, days: LocalSpan | None = None, reason: str = "") -> Detail:
    """A stretch in plain words; without days, for good."""
    told = {"name": name, "first": None, "last": None, "from": None, "to": None, "reason": reason}
    if days is None:
        return told
    start, end = (None if one is None else as_clock(one) for one in (days.start_minute, days.end_minute))
    return {**told, "first": days.first.isoformat(), "last": days.last.isoformat(), "from": start, "to": end}


def _clocks(spans: SpanSet, zone: ZoneName) -> list[Detail]:
    return [{"from": _clock(span.start, zone), "to": _clock(span.end, zone, midnight="24:00")} for span in spans]


def _clock(instant: datetime, zone: ZoneName, midnight: str = "00:00") -> str:
    shown = f"{wall_time(instant, zone):%H:%M}"
    return midnight if shown == "00:00" else shown
