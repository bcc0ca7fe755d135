"""A search by ticks finds the starts that the spans, which are the truth, allow."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.domain.availability.facts import Candidate, Place, Taken
from booking.domain.availability.frame import Frame, before_closing, frame_of, hours_mask, open_mask
from booking.domain.availability.search import Lengths, any_of, starts_of, tidy
from booking.domain.availability.starts import conditions, free_starts, groups
from booking.domain.availability.tidiness import leaves_gap
from booking.domain.eligibility import Eligibility
from booking.domain.policy import BookingPolicy
from booking.domain.schedule import Closure, Hours, Timetable
from booking.domain.slot import on_grid
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import ALWAYS, SpanSet, TimeSpan
from booking.domain.time.ticks import instant_of, tick_at, tick_from
from booking.domain.time.zone import ZoneName, day_span, instant_after, zone_name
from booking.domain.treatment import Needs, TreatmentType
from tests.domain.factories import (
    LONDON,
    LORD_HOWE,
    NEW_YORK,
    make_ask,
    make_extra,
    make_hours,
    make_practitioner,
    make_room,
    make_site,
    make_treatment_type,
)

STATES = 150
# The last day of each is one on which the clocks change, or an ordinary one.
WEEKS = [
    (LONDON, date(2027, 3, 24), date(2027, 3, 28)),
    (LONDON, date(2026, 10, 21), date(2026, 10, 25)),
    (NEW_YORK, date(2027, 3, 11), date(2027, 3, 14)),
    (LORD_HOWE, date(2027, 4, 1), date(2027, 4, 4)),
    (zone_name("Asia/Kathmandu"), date(2027, 1, 11), date(2027, 1, 14)),
    (zone_name("Africa/Casablanca"), date(2027, 2, 4), date(2027, 2, 7)),
]


class Chance:
    """A state of the world as chance has it: one person, two rooms, a few days."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 -- reproducible, no secret
        self.zone, self.first, self.last = self.dice.choice(WEEKS)
        self.policy = BookingPolicy(
            grid_minutes=self.dice.choice((5, 15, 20, 30)), smallest_gap_minutes=self.dice.choice((0, 0, 15, 30, 45))
        )
        self.treatment = make_treatment_type(
            minutes=self.dice.choice((20, 45, 60)),
            buffer_before=self.dice.choice((0, 5, 15)),
            buffer_after=self.dice.choice((0, 10)),
            needs=Needs(ends_before_closing=self.dice.choice((0, 0, 60))),
        )
        self.hours = Hours(weekly=tuple(self._stretch() for _ in range(8)), extra=(make_extra(self.last, 60, 300),))
        opening = (
            Hours(weekly=tuple(make_hours(day, 8, 17) for day in range(7))) if self.dice.random() < 0.5 else Hours()
        )
        closed = LocalSpan(first=self.first, last=self.first, start_minute=14 * 60)
        self.who = make_practitioner().id
        self.timetable = Timetable(
            zone=self.zone,
            opening=opening,
            closures=(Closure(site_id=None, days=closed),),
            people={self.who: self.hours},
        )
        self.lawful = self._lawful()
        self.claimed, self.away = self._taken(6), self._taken(1)
        self.rooms = [(make_room(), self._taken(8)), (make_room(), self._taken(8))]

    def _stretch(self) -> Any:
        start = self.dice.randrange(0, 20 * 12) * 5
        end = min(start + self.dice.randrange(1, 72) * 5, 1440)
        return make_hours(self.dice.randrange(7), 0, 0, start_minute=start, end_minute=end)

    def _lawful(self) -> SpanSet:
        end = self.dice.choice((None, self.first + timedelta(days=1)))
        return SpanSet([day_span(None, end, self.zone)])

    def _taken(self, count: int) -> SpanSet:
        spans = []
        for _ in range(count):
            day = self.first + timedelta(days=self.dice.randrange((self.last - self.first).days + 1))
            start = instant_after(day, self.dice.randrange(1440), self.zone)
            spans.append(TimeSpan(start, start + timedelta(minutes=self.dice.randrange(1, 200))))
        return SpanSet(spans)

    def place(self, day: date) -> Place:
        following = day + timedelta(days=1)
        return Place(
            site=make_site(zone=self.zone),
            day=day_span(day, day, self.zone),
            opening=self.timetable.opening_time(day, following),
            closed=self.timetable.closed(day, following),
            closing=self.timetable.closing(day),
            rooms=self.rooms,
            has_rooms=True,
        )

    def candidate(self, day: date) -> Candidate:
        return Candidate(
            practitioner=make_practitioner(),
            eligibility=Eligibility(spans=self.lawful, rules=None, ask=make_ask()),
            hours=self.timetable.hours(self.who, day - timedelta(days=1), day + timedelta(days=1)),
            taken=Taken(claimed=self.claimed, away=self.away),
        )


def by_spans(world: Chance) -> list[datetime]:
    """Day by day, each start of the grid asked of the truth."""
    found = []
    for offset in range((world.last - world.first).days + 1):
        day = world.first + timedelta(days=offset)
        place, candidate = world.place(day), world.candidate(day)
        possible = free_starts(conditions(candidate, place, world.treatment), world.treatment) & SpanSet([place.day])
        starts = on_grid(possible, world.zone, world.policy.grid_minutes)
        found += [one for one in starts if not leaves_gap(one, candidate, place, world.treatment, world.policy)]
    return found


def by_ticks(world: Chance) -> list[datetime]:
    frame = frame_of(world.first, world.last, world.zone, world.policy.grid_minutes)
    lengths = Lengths.of(world.treatment)
    opening = open_mask(world.timetable, frame)
    there = hours_mask(world.hours, frame) & opening
    taken = frame.window.touched([*world.claimed, *world.away])
    allowed = any_of((frame.window.touched(spans) for _room, spans in world.rooms), frame, lengths)
    if world.treatment.needs.ends_before_closing:
        shut = opening if world.timetable.opening else there
        allowed &= before_closing(shut, frame, world.treatment.needs.ends_before_closing, lengths.visit)
    starts = starts_of(
        there=there,
        lawful=frame.window.inside(world.lawful),
        taken=taken,
        allowed=allowed,
        frame=frame,
        lengths=lengths,
    )
    return [instant_of(tick) for tick in frame.window.ticks(tidy(starts, there & ~taken, frame, lengths, world.policy))]


def test_ticks_find_what_the_spans_allow() -> None:
    found = 0
    for seed in range(STATES):
        world = Chance(seed)
        # The truth is exact to the second, ticks round what is taken outward: both are given whole ticks here.
        for name in ("claimed", "away"):
            setattr(world, name, whole_ticks(getattr(world, name)))
        world.rooms = [(room, whole_ticks(spans)) for room, spans in world.rooms]
        expected = by_spans(world)
        assert by_ticks(world) == expected, f"seed {seed}"
        found += len(expected)
    assert found > 15 * STATES


def whole_ticks(spans: SpanSet) -> SpanSet:
    return SpanSet(TimeSpan(instant_of(tick_at(span.start)), instant_of(tick_from(span.end))) for span in spans)


@pytest.mark.parametrize("grid", [5, 10, 15, 20, 30, 60])
@pytest.mark.parametrize(("zone", "first", "last"), WEEKS)
def test_the_frame_s_grid_is_the_grid_of_the_wall_clock(zone: ZoneName, first: date, last: date, grid: int) -> None:
    frame = frame_of(first, last, zone, grid)
    expected = list(on_grid(SpanSet([day_span(first, last, zone)]), zone, grid))
    assert [instant_of(tick) for tick in frame.window.ticks(frame.grid)] == expected


@pytest.mark.parametrize(("zone", "first", "last"), WEEKS)
def test_the_frame_holds_the_days_and_one_more_on_either_side(zone: ZoneName, first: date, last: date) -> None:
    frame = frame_of(first, last, zone, 15)
    one = timedelta(days=1)
    assert [day.date for day in frame.asked] == [first + one * n for n in range((last - first).days + 1)]
    assert frame.window.span == day_span(first - one, last + one, zone)


def test_a_day_on_which_the_clocks_change_is_not_plain() -> None:
    plain = {day.date: day.plain for day in frame_of(date(2027, 3, 26), date(2027, 3, 29), LONDON, 15).asked}
    assert plain == {
        date(2027, 3, 26): True,
        date(2027, 3, 27): True,
        date(2027, 3, 28): False,
        date(2027, 3, 29): True,
    }


def test_a_site_without_rooms_needs_none_and_one_without_the_kind_gives_no_time() -> None:
    treatment: TreatmentType = make_treatment_type()
    bare = Place(site=make_site(), day=day_span(date(2027, 1, 14), date(2027, 1, 14), LONDON))
    private = make_treatment_type(needs=Needs(room="private"))
    nowhere = make_treatment_type(needs=Needs(room="none", equipment=frozenset({"laser"})))
    assert [groups(bare, one) for one in (treatment, private, nowhere)] == [[], [[]], [[]]]
    candidate = Candidate(
        practitioner=make_practitioner(),
        eligibility=Eligibility(spans=ALWAYS, rules=None, ask=make_ask()),
        hours=ALWAYS,
    )
    assert [bool(free_starts(conditions(candidate, bare, one), one)) for one in (treatment, private, nowhere)] == [
        True, False, False
    ]  # fmt: skip


def test_a_frame_of_the_same_days_is_the_same() -> None:
    one: Frame = frame_of(date(2027, 1, 14), date(2027, 1, 20), LONDON, 15)
    assert frame_of(date(2027, 1, 14), date(2027, 1, 20), LONDON, 15) is one
