"""Which times a clinic must offer, told a second time: every minute of the grid, every rule, one after the other.

It reads the clinic's file as plain data and imports nothing of `booking`, so that the two can be held against each
other. Slow, and meant to be read. The law is a stand-in: under it a treatment with needles needs a verified licence,
endorsement and training on each local day it touches, which is what US-WA comes to for the people of the tests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from tests.oracle.places import Place, dated, leave
from tests.oracle.wall import DAY, MIDNIGHT, STEP, Stretch, days, meet, minutes, reached, ticks, wall

PAPERS = ("licence", "endorsement", "training")


class Visit(NamedTuple):
    """A visit, or a hold, which has an expiry; everything by its slug. `start` is without buffers."""

    practitioner: str
    site: str
    room: str | None
    devices: frozenset[str]
    treatment: str
    start: datetime
    expires: datetime | None = None
    own: bool = False


class Offer(NamedTuple):
    start: datetime
    end: datetime
    site: str
    practitioner: str


@dataclass(frozen=True, kw_only=True)
class State:
    """A clinic at a moment. `own` visits are the asker's hold, which does not stand in the asker's way."""

    clinic: dict[str, Any]
    visits: tuple[Visit, ...] = ()
    now: datetime
    staff: bool = False

    @cached_property
    def policy(self) -> dict[str, Any]:
        found: dict[str, Any] = self.clinic["clinic"].get("policy", {})
        return found

    @cached_property
    def standing(self) -> list[Visit]:
        """Visits and live holds of others."""
        return [one for one in self.visits if not one.own and (one.expires is None or one.expires > self.now)]

    def at(self, now: datetime) -> "State":
        """The same later."""
        return State(clinic=self.clinic, visits=self.visits, now=now, staff=self.staff)

    def treatment(self, slug: str) -> dict[str, Any]:
        return next(one for one in self.clinic["treatment"] if one["slug"] == slug)

    def claim(self, visit: Visit) -> Stretch:
        return padded(visit.start, self.treatment(visit.treatment))


def padded(start: datetime, treatment: dict[str, Any]) -> Stretch:
    """A visit with its buffers."""
    before, after = treatment.get("buffer_before", 0), treatment.get("buffer_after", 0)
    return start - timedelta(minutes=before), start + timedelta(minutes=treatment["minutes"] + after)


def offered(
    state: State, treatment: str, first: date, last: date, site: str | None = None, practitioner: str | None = None
) -> list[Offer]:
    """Every start on the local days of each site that must be offered, and no other.

    Staff may book more than they are offered: any five minutes, and what is past today.
    """
    return sorted(
        Offer(start, start + asked.length, asked.site["slug"], asked.person["slug"])
        for asked in questions(state, treatment)
        if site in (None, asked.site["slug"]) and practitioner in (None, asked.person["slug"])
        for start in ticks(first, last, asked.site["zone"])
        if asked.is_shown(start) and not any(asked.broken(start))
    )


def obstacles(state: State, treatment: str, site: str, practitioner: str, start: datetime) -> set[str]:
    """The codes of all that stands in the way of that time; none when it must be offered."""
    (asked,) = (
        one for one in questions(state, treatment) if (one.site["slug"], one.person["slug"]) == (site, practitioner)
    )
    return set(asked.broken(start))


def questions(state: State, treatment: str) -> Iterator["Question"]:
    for site in state.clinic["site"]:
        place = Place(clinic=state.clinic, site=site)
        for person in state.clinic["practitioner"]:
            yield Question(state=state, treatment=state.treatment(treatment), place=place, person=person)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """May this person give this treatment at this site, at the times that are asked for?"""

    state: State
    treatment: dict[str, Any]
    place: Place
    person: dict[str, Any]
    _free: dict[datetime, bool] = field(default_factory=dict)
    _any_tidy: dict[Stretch, bool] = field(default_factory=dict)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.treatment["minutes"])

    @property
    def site(self) -> dict[str, Any]:
        return self.place.site

    @property
    def zone(self) -> str:
        return self.place.zone

    def broken(self, start: datetime) -> Iterator[str]:
        """The code of each rule that forbids it."""
        yield from (code for code, fits in self.rules if not fits(start))

    @cached_property
    def rules(self) -> list[tuple[str, Callable[[datetime], bool]]]:
        binding = [*self.fitting]
        if self.state.staff:
            return [*binding, ("too-short-notice", self.is_today_or_later)]
        return [
            *binding,
            ("too-short-notice", self.has_notice),
            ("too-short-notice", self.is_no_late_call),
            ("beyond-horizon", self.is_near),
            ("not-offered", self.is_within_limits),
            ("not-offered", self.leaves_no_gap),
        ]

    @cached_property
    def fitting(self) -> list[tuple[str, Callable[[datetime], bool]]]:
        """What makes a time fit, whoever asks and whenever."""
        return [
            ("outside-hours", self.is_on_grid),
            ("outside-hours", self.is_there),
            ("outside-hours", self.ends_before_closing),
            ("practitioner-not-eligible", self.is_lawful),
            ("slot-taken", self.is_at_work),
            ("slot-taken", self.is_free_of_visits),
            ("slot-taken", self.has_room),
            ("slot-taken", self.has_equipment),
        ]

    def is_shown(self, start: datetime) -> bool:
        return start >= self.state.now and self.is_on(self.state.policy.get("grid_minutes", 15), start)

    def is_on_grid(self, start: datetime) -> bool:
        return self.is_on(5 if self.state.staff else self.state.policy.get("grid_minutes", 15), start)

    def is_on(self, grid: int, start: datetime) -> bool:
        shown = wall(start, self.zone)
        return shown.minute % grid == 0 and shown.second == 0 and shown.microsecond == 0

    def is_there(self, start: datetime) -> bool:
        return self.place.is_there(self.person, (start, start + self.length))

    def ends_before_closing(self, start: datetime) -> bool:
        least = self.treatment.get("ends_before_closing", 0)
        if not least:
            return True
        closing = self.place.closing(wall(start, self.zone).date())
        return closing is not None and start + self.length + timedelta(minutes=least) <= closing

    def is_lawful(self, start: datetime) -> bool:
        if not self.treatment.get("techniques"):
            return True
        last = start + self.length - timedelta(seconds=1)
        touched = list(days(wall(start, self.zone).date(), wall(last, self.zone).date()))
        return all(
            any(one["kind"] == kind and all(is_in_force(one, day) for day in touched) for one in self.papers)
            for kind in PAPERS
        )

    @property
    def papers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.person.get("credential", [])
        return found

    def is_at_work(self, start: datetime) -> bool:
        """Not on leave, buffers included."""
        claim = padded(start, self.treatment)
        return not any(meet(claim, one) for one in self.leave)

    @cached_property
    def leave(self) -> list[Stretch]:
        return leave(self.state.clinic, self.person)

    def is_free_of_visits(self, start: datetime) -> bool:
        claim = padded(start, self.treatment)
        return not any(meet(claim, one) for one in self.taken)

    @cached_property
    def taken(self) -> list[Stretch]:
        """The person's visits, those elsewhere with the way between."""
        found = []
        for visit in self.state.standing:
            if visit.practitioner == self.person["slug"]:
                start, end = self.state.claim(visit)
                way = timedelta(minutes=self.way_from(visit.site))
                found.append((start - way, end + way))
        return found

    def way_from(self, site: str) -> int:
        if site == self.site["slug"]:
            return 0
        for one in self.state.clinic["clinic"].get("travel", []):
            if set(one["between"]) == {site, self.site["slug"]}:
                minutes_between: int = one["minutes"]
                return minutes_between
        usual: int = self.state.policy.get("travel_minutes", 0)
        return usual

    def has_room(self, start: datetime) -> bool:
        rooms, needed = self.site.get("room", []), self.treatment.get("room", "any")
        if needed == "none" or (needed == "any" and not rooms):
            return True
        claim = padded(start, self.treatment)
        return any(
            self.is_free_thing(one, claim, "room") for one in rooms if needed == "any" or needed in one.get("kinds", [])
        )

    def has_equipment(self, start: datetime) -> bool:
        claim = padded(start, self.treatment)
        return all(
            any(
                one["kind"] == kind and self.is_free_thing(one, claim, "device")
                for one in self.site.get("equipment", [])
            )
            for kind in self.treatment.get("equipment", [])
        )

    def is_free_thing(self, thing: dict[str, Any], claim: Stretch, what: str) -> bool:
        """Whether the room or device is neither closed nor in use."""
        used = [
            self.state.claim(one)
            for one in self.state.standing
            if (one.room == thing["slug"] if what == "room" else thing["slug"] in one.devices)
        ]
        closed = [span for one in thing.get("closure", []) for span in dated(one, self.zone)]
        return not any(meet(claim, one) for one in used + closed)

    def is_today_or_later(self, start: datetime) -> bool:
        return wall(start, self.zone).date() >= wall(self.state.now, self.zone).date()

    def has_notice(self, start: datetime) -> bool:
        return start >= self.state.now + timedelta(minutes=self.state.policy.get("notice_minutes", 120))

    def is_no_late_call(self, start: datetime) -> bool:
        """A visit of today is asked for before the hour until which that is possible."""
        until, today = self.state.policy.get("same_day_until"), wall(self.state.now, self.zone).date()
        if until is None or wall(start, self.zone).date() != today:
            return True
        return self.state.now < reached(today, minutes(until), self.zone)

    def is_near(self, start: datetime) -> bool:
        horizon: int = self.state.policy.get("horizon_days", 60)
        return start <= self.state.now + horizon * DAY

    def is_within_limits(self, start: datetime) -> bool:
        day = wall(start, self.zone).date()
        same_day = [
            one
            for one in self.state.standing
            if one.practitioner == self.person["slug"] and wall(one.start, self.zone).date() == day
        ]
        same_kind = [one for one in same_day if one.treatment == self.treatment["slug"]]
        limits = ((self.person, same_day), (self.treatment, same_kind))
        return all(len(found) < who.get("daily_limit", len(found) + 1) for who, found in limits)

    def leaves_no_gap(self, start: datetime) -> bool:
        """It is tidy, or nothing in the same stretch of free time is; a time that does not fit is not asked."""
        if not self.state.policy.get("smallest_gap_minutes", 0) or not self.fits(start):
            return True
        run = self.run(start)
        return self.is_tidy(start, run) or not self.has_tidy(run)

    def fits(self, start: datetime) -> bool:
        return all(rule(start) for _code, rule in self.fitting)

    def has_tidy(self, run: Stretch) -> bool:
        if run not in self._any_tidy:
            starts = (run[0] + number * STEP for number in range((run[1] - run[0]) // STEP))
            self._any_tidy[run] = any(self.is_tidy(start, run) and self.fits(start) for start in starts)
        return self._any_tidy[run]

    def is_tidy(self, start: datetime, run: Stretch) -> bool:
        smallest = timedelta(minutes=self.state.policy["smallest_gap_minutes"])
        claim = padded(start, self.treatment)
        gaps = (claim[0] - run[0], run[1] - claim[1])
        return all(gap <= timedelta() or gap >= smallest for gap in gaps)

    def run(self, start: datetime) -> Stretch:
        """The person's free time around the start of a visit that fits, of that local day: midnight ends it."""
        day = wall(start, self.zone).date()
        first, last = reached(day, 0, self.zone), reached(day, MIDNIGHT, self.zone)
        begin = end = start
        while begin > first and self.is_free(begin - STEP):
            begin -= STEP
        while end < last and self.is_free(end):
            end += STEP
        return begin, end

    def is_free(self, tick: datetime) -> bool:
        """Whether the person is there, at work and has no visit, for the five minutes from `tick`."""
        if tick not in self._free:
            five = (tick, tick + STEP)
            there = self.place.is_there(self.person, five)
            self._free[tick] = there and not any(meet(five, one) for one in self.leave + self.taken)
        return self._free[tick]


def is_in_force(paper: dict[str, Any], day: date) -> bool:
    if not paper.get("verified", False):
        return False
    if any(one["first"] <= day <= one.get("last", date.max) for one in paper.get("suspension", [])):
        return False
    first: date = paper.get("valid_from", date.min)
    last: date = paper.get("valid_until", date.max)
    return first <= day <= last
