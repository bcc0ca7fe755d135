"""Weekly hours of people and sites."""

from datetime import date

from booking.domain.reading import Table
from booking.usecases.clinic_file.model import HoursFile
from booking.usecases.clinic_file.notation import DAYS
from booking.usecases.clinic_file.reading.overlaps import overlaps
from booking.usecases.clinic_file.reading.times import stretches
from booking.usecases.clinic_file.values import MOST_ENTRIES, ensure_forward, entries, line, maybe_day, number

_MOST_WEEKS = 12


def hours(table: Table, site: str | None = None) -> tuple[HoursFile, ...]:
    """The weekly hours of a person, or those of the site itself when `site` is given: a stretch for each day."""
    faults = len(table.faults)
    found = [(n, one) for n, inner in enumerate(entries(table, "hours"), 1) for one in _hours(inner, site)]
    if len(found) > MOST_ENTRIES:
        table.fault(f"hours come to {len(found)} stretches, and may come to {MOST_ENTRIES}")
    if len(table.faults) == faults:
        for sentence in overlaps(found, told_where=site is None):
            table.fault(sentence)
    return tuple(one for _, one in found)


def _hours(table: Table, site: str | None) -> list[HoursFile]:
    where = line(table, "site") if site is None else site
    if "days" not in table.left:
        table.fault("days is missing")
    days = table.words("days", DAYS)
    found = stretches(table)
    valid_from, valid_until = table.take("valid_from", date), table.take("valid_until", date)
    ensure_forward(table, valid_from, valid_until)
    every_weeks, week_of = _weeks(table)
    table.close()
    return [
        HoursFile(
            site=where,
            weekday=DAYS.index(name),
            start_minute=start,
            end_minute=end,
            valid_from=valid_from,
            valid_until=valid_until,
            every_weeks=every_weeks,
            week_of=week_of,
        )
        for name in days
        if name in DAYS
        for start, end in found
    ]


def _weeks(table: Table) -> tuple[int, date | None]:
    """Every how many weeks, and a day in one of those in which they hold."""
    faults = len(table.faults)
    every_weeks = number(table, "every_weeks", least=1, most=_MOST_WEEKS, usual=1)
    week_of = maybe_day(table, "week_of")
    if len(table.faults) == faults and (every_weeks > 1) != (week_of is not None):
        table.fault("every_weeks of 2 or more needs week_of, a day in a week in which they hold, and 1 has none")
    return every_weeks, week_of
