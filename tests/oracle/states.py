"""Clinics as chance has them, and what people try in them; the same seed gives the same, as plain data."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar

from tests.clinics import dull
from tests.oracle.places import WEEK
from tests.oracle.sweep import State, questions
from tests.oracle.wall import DAY, MIDNIGHT, changes, days, reached, stretch, ticks, wall

ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Vancouver",
    "Asia/Kathmandu",
)
BEGINNING, END = date(2026, 11, 23), date(2028, 11, 22)
HOLIDAYS = (date(2026, 11, 26), date(2027, 5, 31), date(2027, 7, 5), date(2027, 12, 27))
BANDS = ((0, 300), (480, 750), (780, 1080), (1200, 1440))
"""Stretches of a day that do not meet; the last and the first do, over midnight."""

T = TypeVar("T")


class Attempt(NamedTuple):
    """Somebody at the desk tries, at a moment, to book a time or to hold it; `own` is the asker's own hold."""

    at: datetime
    treatment: str
    site: str
    practitioner: str
    start: datetime
    books: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A clinic, what is tried in it before `now`, and the days that are asked for then."""

    seed: int
    clinic: dict[str, Any]
    attempts: tuple[Attempt, ...]
    now: datetime
    first: date
    last: date

    @property
    def treatments(self) -> list[str]:
        return [one["slug"] for one in self.clinic["treatment"]]


def situation(seed: int, now: datetime | None = None) -> Situation:
    """At any time of two years; or at `now`, for those whose clock cannot be set."""
    rng = random.Random(seed)  # noqa: S311 -- chance, no secret
    zones = rng.sample(ZONES, rng.choice((1, 1, 2)))
    if now is None:
        first = _anchor(rng, zones[0]) - rng.randrange(2) * DAY
        late = rng.choice((0, rng.randrange(-2 * MIDNIGHT, MIDNIGHT), rng.randrange(-2 * MIDNIGHT, MIDNIGHT, 60)))
        now = reached(first, 0, zones[0]) + timedelta(minutes=late)
    else:
        first = wall(now, zones[0]).date() + rng.randrange(2) * DAY
    last = first + rng.choice((0, 1, 1, 2)) * DAY
    clinic = _Making(rng=rng, first=first, last=last).clinic(zones)
    clinic["clinic"]["slug"] = f"clinic-{seed}"
    return Situation(
        seed=seed,
        clinic=clinic,
        attempts=tuple(sorted(_attempts(rng, clinic, now, first, last))),
        now=now,
        first=first,
        last=last,
    )


def _anchor(rng: random.Random, zone: str) -> date:
    """A day on which the clock is moved, a public holiday, or any other."""
    any_day = BEGINNING + rng.randrange(1, (END - BEGINNING).days) * DAY
    return rng.choice((rng.choice(_changes(zone) or HOLIDAYS), rng.choice(HOLIDAYS), any_day))


@cache
def _changes(zone: str) -> tuple[date, ...]:
    return changes(zone, BEGINNING, END)


def _attempts(rng: random.Random, clinic: dict[str, Any], now: datetime, first: date, last: date) -> Iterator[Attempt]:
    """Times that are free in the empty clinic; holds that are over by now, that last, and the asker's."""
    moments = [now - timedelta(minutes=minute) for minute in (25, 20, 9, 5, 0)]
    for treatment in clinic["treatment"]:
        asked = list(questions(State(clinic=clinic, now=moments[0], staff=True), treatment["slug"]))
        for _ in range(rng.choice((0, 15, 40))):
            one, books = rng.choice(asked), rng.random() < 0.6
            every = list(ticks(first, last, one.zone))
            start = rng.choice(every[-12:] if rng.random() < 0.1 else every)  # over midnight now and then
            if not any(one.broken(start)):
                yield Attempt(
                    at=rng.choice(moments),
                    treatment=treatment["slug"],
                    site=one.site["slug"],
                    practitioner=one.person["slug"],
                    start=start,
                    books=books,
                    own=not books and rng.random() < 0.4,
                )


@dataclass(frozen=True, kw_only=True)
class _Making:
    """Draws a clinic; nearly all that is dated lies on the days asked for, or beside them."""

    rng: random.Random
    first: date
    last: date

    def clinic(self, zones: Sequence[str]) -> dict[str, Any]:
        data = dull(**{slug: {} for slug in ("ben", "cleo")[: self.pick(0, 1, 1, 2)]})
        data["clinic"]["policy"] = self.policy()
        data["clinic"]["closure"] = self.some(0.15, self.closure)
        site = data["site"][0]
        data["site"] = [self.site(site, number, zone) for number, zone in enumerate(zones)]
        if len(zones) > 1 and self.is_so(0.5):
            data["clinic"]["travel"] = [
                {"between": [one["slug"] for one in data["site"]], "minutes": self.pick(5, 20, 60)}
            ]
        data["treatment"] = [self.needling(data["treatment"][0]), self.talk()]
        for treatment in data["treatment"]:
            self.furnish(self.rng.choice(data["site"]), treatment)
        for person in data["practitioner"]:
            self.person(person, data["site"])
        return data

    def policy(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "grid_minutes": self.pick(5, 10, 15, 15, 20, 30, 60),
            "notice_minutes": self.pick(0, 0, 60, 135, 1440),
            "horizon_days": self.pick(2, 3, 60, 60, 365),
            "travel_minutes": self.pick(0, 15, 45),
            "smallest_gap_minutes": self.pick(0, 0, 20, 45),
        }
        if self.is_so(0.3):
            found["same_day_until"] = self.pick("00:00", "09:30", "18:00")
        return found

    def site(self, dull_site: dict[str, Any], number: int, zone: str) -> dict[str, Any]:
        slug = ("seattle", "tacoma")[number]
        site = {key: dull_site[key] for key in ("address", "jurisdiction")}
        site |= {"slug": slug, "name": slug.title(), "zone": zone, "closure": self.some(0.25, self.closure)}
        site["room"] = [self.room(f"room-{number}{one}") for one in range(self.pick(0, 1, 1, 2, 3))]
        kinds = [self.pick("stimulator", "lamp") for _ in range(self.pick(0, 1, 2, 3))]
        site["equipment"] = [self.device(f"device-{number}{one}", kind) for one, kind in enumerate(kinds)]
        if self.is_so(0.4):
            site["hours"] = [one for day in WEEK for one in self.stretches(day, 0.8)]
            site["extra"] = self.extras(zone)
        if self.is_so(0.3):
            country, region = self.pick(("US", "WA"), ("GB", "ENG"))
            site["holidays"] = {"country": country, "region": region, "open": self.some(0.3, self.day)}
        return site

    def room(self, slug: str) -> dict[str, Any]:
        kinds = self.pick({}, *[{"kinds": ["private"]}, {"kinds": ["private", "large"]}] * 2)
        return {"slug": slug, "name": slug.title(), "closure": self.some(0.15, self.closure), **kinds}

    def device(self, slug: str, kind: str) -> dict[str, Any]:
        return {"slug": slug, "name": slug.title(), "closure": self.some(0.15, self.closure), "kind": kind}

    def furnish(self, site: dict[str, Any], treatment: dict[str, Any]) -> None:
        """One site at least has what the treatment needs."""
        if treatment["room"] == "private" and not any("kinds" in one for one in site["room"]):
            site["room"].append({"slug": f"{site['slug']}-private", "name": "Private", "kinds": ["private"]})
        for kind in treatment.get("equipment", []):
            if not any(one["kind"] == kind for one in site["equipment"]):
                site["equipment"].append(self.device(f"{site['slug']}-{kind}", kind))

    def needling(self, treatment: dict[str, Any]) -> dict[str, Any]:
        found = {
            **treatment,
            "minutes": self.pick(20, 30, 45, 60, 100),
            "buffer_before": self.pick(0, 0, 5, 15),
            "buffer_after": self.pick(0, 5, 20),
            "room": self.pick("any", "any", "none", "private"),
            "ends_before_closing": self.pick(0, 0, 30, 60),
        }
        if self.is_so(0.5):
            found["equipment"] = self.pick(["stimulator"], ["lamp"], ["lamp", "stimulator"])
        if self.is_so(0.3):
            found["daily_limit"] = self.pick(1, 2)
        return found

    def talk(self) -> dict[str, Any]:
        """It uses no needles, so nobody needs a licence for it."""
        words = {"slug": "talk", "name": "Talk", "minutes": self.pick(15, 40)}
        return {**words, "room": self.pick("none", "any", "private"), "buffer_after": self.pick(0, 10)}

    def person(self, person: dict[str, Any], sites: Sequence[dict[str, Any]]) -> None:
        """Changes one of the dull clinic's people."""
        person["hours"], person["extra"] = [], []
        for site in sites:
            weekly = [one for day in WEEK for one in self.stretches(day, 0.7)]
            for one in weekly:
                one.update(self.validity(), site=site["slug"])
            person["hours"] += weekly
            person["extra"] += [{**one, "site": site["slug"]} for one in self.extras(site["zone"])]
        person["leave"] = self.some(0.2, self.closure)
        if self.is_so(0.25):
            person["daily_limit"] = self.pick(1, 2, 3)
        self.rng.choice(person["credential"]).update(self.paper())

    def paper(self) -> dict[str, Any]:
        """What is amiss with one of three papers. Only the licence has been there for years, whatever else ends."""
        return self.pick(
            *[{}] * 8,
            {"valid_until": self.day()},
            {"valid_until": self.first},
            {"suspension": [{"first": self.day()}]},
            {"suspension": [{"first": self.first, "last": self.first}]},
            {"verified": False},
        )

    def stretches(self, day: str, likely: float) -> list[dict[str, Any]]:
        """Hours of one weekday."""
        return [
            {"days": [day], "from": _clock(start), "to": _clock(end), **self.breaks(start, end)}
            for low, high in BANDS
            if self.is_so(likely)
            for start, end in (self.within(low, high),)
        ]

    def breaks(self, start: int, end: int) -> dict[str, Any]:
        if end - start < 60 or not self.is_so(0.2):
            return {}
        middle = start + (end - start) // 10 * 5
        return {"breaks": [{"from": _clock(middle), "to": _clock(middle + self.pick(5, 20))}]}

    def within(self, low: int, high: int) -> tuple[int, int]:
        """A stretch of the band, which is all of it as often as not."""
        if self.is_so(0.5):
            return low, high
        start = self.rng.randrange(low, high - 60, 5)
        return start, self.rng.randrange(start + 30, high, 5)

    def validity(self) -> dict[str, Any]:
        return self.pick(
            *[{}] * 8,
            {"valid_from": self.day()},
            {"valid_until": self.day()},
            {"every_weeks": 2, "week_of": self.day()},
            {"every_weeks": 3, "week_of": self.first + 7 * self.rng.randrange(-3, 3) * DAY},
        )

    def extras(self, zone: str) -> list[dict[str, Any]]:
        """Hours of single days, which may lie in the weekly ones, but not in one another, nor where the clock jumps."""
        listed = ((self.day(), *self.within(*band)) for band in BANDS if self.is_so(0.1))
        return [
            {"date": day, "from": _clock(low), "to": _clock(high)}
            for day, low, high in listed
            if stretch(day, low, day, high, zone)
        ]

    def closure(self) -> dict[str, Any]:
        """Of a site, a room, a device or the clinic; leave looks the same."""
        low, high = sorted(self.rng.sample(list(days(self.first - DAY, self.last + DAY)), 2))
        one_day = self.day()
        return self.pick(
            {"first": one_day, "last": one_day},
            {"first": one_day, "last": one_day, "from": self.clock(0, 720), "to": self.clock(725, 1440)},
            *[{"first": one_day, "last": one_day, "from": "10:00", "to": self.clock(605, 780)}] * 2,
            *[{"first": one_day, "last": one_day, "from": "14:00", "to": self.clock(845, 1020)}] * 2,
            {"first": low, "last": high, "from": self.clock(0, 1435), "to": self.clock(5, 1440)},
            {"first": low, "last": high, "to": self.clock(5, 1440), "reason": "Painting"},
        )

    def clock(self, low: int, high: int) -> str:
        return _clock(self.rng.randrange(low, high + 1, 5))

    def day(self) -> date:
        """One of those asked for, or beside them."""
        return self.pick(*days(self.first - DAY, self.last + DAY))

    def some(self, likely: float, what: Callable[[], T]) -> list[T]:
        return [what() for _ in range(2) if self.is_so(likely)]

    def pick(self, *choices: T) -> T:
        return self.rng.choice(choices)

    def is_so(self, likely: float) -> bool:
        return self.rng.random() < likely


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
