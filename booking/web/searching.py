"""What the page of free times shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from booking.domain.permission import Caller
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.slot import Slot
from booking.domain.time.zone import local_date
from booking.domain.treatment import TreatmentType
from booking.usecases.types import Transaction
from booking.usecases.views.catalogue import Catalogue, catalogue
from booking.usecases.views.slots import LONGEST_SEARCH_DAYS, SlotList, SlotQuery, list_slots
from booking.web.forms import write_instant

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
class DayOfChoices:
    date: date
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Times:
    """The first ten days with free times from `first` on; `later` is the day after them, if there is more to see.

    `people` are all who have free times in the days searched, `practitioner` the one whose alone are shown.
    """

    catalogue: Catalogue
    treatment: TreatmentType
    site: Site
    practitioner: Practitioner | None
    people: tuple[Practitioner, ...]
    days: tuple[DayOfChoices, ...]
    first: date
    last: date
    later: date | None
    today: date

    @property
    def wanted(self) -> dict[str, str]:
        """What each button stands for, besides its time."""
        who = self.practitioner.slug if self.practitioner else ""
        return {"treatment": self.treatment.slug, "site": self.site.slug, "practitioner": who}

    @property
    def next(self) -> Choice | None:
        return self.days[0].choices[0] if self.days else None


def look(tx: Transaction, caller: Caller, asked: TimesAsked, hold_key: str) -> Times | None:
    """None when treatment or site are still to be chosen; the only site of a clinic need not be."""
    found = catalogue(tx, caller)
    treatment = next((one for one in found.treatment_types if one.slug == asked.treatment), None)
    site = next((one for one in found.sites if asked.site == one.slug or len(found.sites) == 1), None)
    if treatment is None or site is None:
        return None
    today = local_date(tx.now(), site.zone)
    horizon = local_date(tx.now() + found.clinic.policy.horizon, site.zone)
    first = min(max(asked.first or today, today), horizon)
    last = min(first + timedelta(days=LONGEST_SEARCH_DAYS - 1), horizon)
    query = SlotQuery(treatment_type=treatment.id, first=first, last=last, site=site.id, hold_key=hold_key)
    listed = list_slots(tx, caller, query)
    practitioner = next((one for one in found.practitioners if one.slug == asked.practitioner), None)
    days = _days(listed, site, practitioner)
    following = [one.date for one in days[DAYS_SHOWN:]] or ([last + timedelta(days=1)] if last < horizon else [])
    return Times(
        catalogue=found,
        treatment=treatment,
        site=site,
        practitioner=practitioner,
        people=_people(listed),
        days=tuple(days[:DAYS_SHOWN]),
        first=first,
        last=last,
        later=following[0] if following else None,
        today=today,
    )


def choices_of(listed: SlotList) -> list[Choice]:
    """One for each slot."""
    return [_choice(listed, slot) for slot in listed.slots]


def _days(listed: SlotList, site: Site, practitioner: Practitioner | None) -> list[DayOfChoices]:
    """By local day; a time at which several people are free is one choice."""
    slots = [one for one in listed.slots if practitioner is None or one.practitioner_id == practitioner.id]
    by_start = {slot.span.start: slot for slot in reversed(slots)}
    each = [_choice(listed, by_start[start]) for start in sorted(by_start)]
    grouped = groupby(each, lambda choice: local_date(choice.start, site.zone))
    return [DayOfChoices(date=day, choices=tuple(choices)) for day, choices in grouped]


def _choice(listed: SlotList, slot: Slot) -> Choice:
    start = slot.span.start
    return Choice(start=start, value=write_instant(start), practitioner=listed.practitioners[slot.practitioner_id])


def _people(listed: SlotList) -> tuple[Practitioner, ...]:
    free = {slot.practitioner_id for slot in listed.slots}
    return tuple(one for one in listed.practitioners.values() if one.id in free)
