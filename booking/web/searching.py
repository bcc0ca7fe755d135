"""What the page of free times shows."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import ZoneName, local_date
from booking.domain.treatment import TreatmentType
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.outlook import Outlook, first_days, next_slots
from booking.usecases.views.slots import SlotList
from booking.web.forms import write_instant
from booking.wording.dates import part_of_day

DAYS_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class TimesAsked:
    """What the address of the page says: slugs, and the first day to look at."""

    treatment: str
    site: str = ""
    practitioner: str = ""
    first: date | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A time that can be had, as a button: `value` is what the button sends."""

    start: datetime
    value: str
    practitioner: Practitioner


@dataclass(frozen=True, kw_only=True)
class PartOfChoices:
    """The times of one part of a day, such as its morning."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class DayOfChoices:
    date: date
    choices: tuple[Choice, ...]
    parts: tuple[PartOfChoices, ...]


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What times are looked for, and the days on which there can be any: from `today` to `horizon`."""

    catalogue: Catalogue
    treatment: TreatmentType
    site: Site
    practitioner: Practitioner | None
    today: date
    horizon: date

    @property
    def wanted(self) -> dict[str, str]:
        """What each button stands for, besides its time."""
        who = self.practitioner.slug if self.practitioner else ""
        return {"treatment": self.treatment.slug, "site": self.site.slug, "practitioner": who}

    def outlook(self, hold_key: str, first: date | None = None, *, with_anybody: bool = False) -> Outlook:
        """The same for use cases; the time that this browser holds is free to it."""
        who = None if with_anybody or self.practitioner is None else self.practitioner.id
        return Outlook(
            treatment_type=self.treatment.id, site=self.site.id, practitioner=who, hold_key=hold_key, first=first
        )


@dataclass(frozen=True, kw_only=True)
class Times(Looking):
    """The first ten days with free times from `first` on; `later` is the day of the next, if there is one.

    `next` is the first time of all, whatever day is looked at; `people` are all who have any, each with their first.
    """

    next: Choice | None
    people: tuple[Choice, ...]
    days: tuple[DayOfChoices, ...]
    first: date
    later: date | None


def looking(tx: Transaction, caller: Caller, asked: TimesAsked) -> Looking | None:
    """None when treatment or site are still to be chosen; the only site of a clinic need not be."""
    found = catalogue(tx, caller)
    treatment = next((one for one in found.treatment_types if one.slug == asked.treatment), None)
    site = next((one for one in found.sites if asked.site == one.slug or len(found.sites) == 1), None)
    if treatment is None or site is None:
        return None
    return Looking(
        catalogue=found,
        treatment=treatment,
        site=site,
        practitioner=next((one for one in found.practitioners if one.slug == asked.practitioner), None),
        today=local_date(tx.now(), site.zone),
        horizon=local_date(tx.now() + found.clinic.policy.horizon, site.zone),
    )


def look(tx: Transaction, caller: Caller, asked: TimesAsked, hold_key: str) -> Times | None:
    """None as `looking` says it."""
    of = looking(tx, caller, asked)
    if of is None:
        return None
    first = min(max(asked.first or of.today, of.today), of.horizon)
    ahead = choices_of(next_slots(tx, caller, of.outlook(hold_key, with_anybody=True)))
    found = first_days(tx, caller, of.outlook(hold_key, first), DAYS_SHOWN)
    return Times(
        catalogue=of.catalogue,
        treatment=of.treatment,
        site=of.site,
        practitioner=of.practitioner,
        today=of.today,
        horizon=of.horizon,
        next=next((one for one in ahead if of.practitioner in {None, one.practitioner}), None),
        people=tuple(sorted(ahead, key=lambda one: one.practitioner.name)),
        days=tuple(days_of(found.listed, of.site)),
        first=first,
        later=found.later,
    )


def choices_of(listed: SlotList) -> list[Choice]:
    """One for each slot."""
    people = listed.practitioners
    return [
        Choice(start=one.span.start, value=write_instant(one.span.start), practitioner=people[one.practitioner_id])
        for one in listed.slots
    ]


def days_of(listed: SlotList, site: Site) -> list[DayOfChoices]:
    """By local day; a time at which several people are free is one choice."""
    grouped = groupby(choices_of(listed), lambda choice: local_date(choice.start, site.zone))
    return [_day(day, tuple(choices), site.zone) for day, choices in grouped]


def _day(day: date, choices: tuple[Choice, ...], zone: ZoneName) -> DayOfChoices:
    grouped = groupby(choices, lambda choice: part_of_day(choice.start, zone))
    parts = tuple(PartOfChoices(name=name, choices=tuple(some)) for name, some in grouped)
    return DayOfChoices(date=day, choices=choices, parts=parts)
