"""What may be said about when somebody or something is away, or a site is closed."""

from booking.domain.errors import InvalidInput
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import SpanSet
from booking.domain.treatment import TICK_MINUTES

LONGEST_DAYS = 730
FIRST_YEAR, LAST_YEAR = 1970, 2199
MOST_ON_RECORD = 10_000
"""As many absences of one person, room or device may be on record, and as many closures of one clinic."""

_DAY_MINUTES = 24 * 60


def sound(days: LocalSpan) -> LocalSpan:
    """The stretch, without minutes where it begins or ends with a day.

    Raises InvalidInput, naming `first`, `last`, `from` or `to`, when it cannot be meant.
    """
    if days.first.year < FIRST_YEAR:
        raise InvalidInput("first", f"Days from the year {FIRST_YEAR} on can be entered.")
    if days.last.year > LAST_YEAR:
        raise InvalidInput("last", f"Days up to the year {LAST_YEAR} can be entered.")
    if days.last < days.first:
        raise InvalidInput("last", "It ends before it begins.")
    if (days.last - days.first).days >= LONGEST_DAYS:
        raise InvalidInput("last", f"At most {LONGEST_DAYS} days can be entered at once.")
    _ensure_minute("from", days.start_minute, least=0, most=_DAY_MINUTES - TICK_MINUTES)
    _ensure_minute("to", days.end_minute, least=TICK_MINUTES, most=_DAY_MINUTES)
    if days.first == days.last and (days.start_minute or 0) >= (days.end_minute or _DAY_MINUTES):
        raise InvalidInput("to", "It ends before it begins.")
    end = None if days.end_minute == _DAY_MINUTES else days.end_minute
    return LocalSpan(first=days.first, last=days.last, start_minute=days.start_minute or None, end_minute=end)


def ensure_some(time: SpanSet) -> None:
    """Raises InvalidInput when what was said is no time at all."""
    if not time:
        raise InvalidInput("from", "The clock skips that time on that day.")


def ensure_room_for_more(on_record: int) -> None:
    """Raises InvalidInput when as many are on record as may be."""
    if on_record >= MOST_ON_RECORD:
        raise InvalidInput("first", f"There are {MOST_ON_RECORD:,} on record already; remove some of them first.")


def as_clock(minute: int) -> str:
    """Minutes from midnight as `09:30`; the next midnight is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _ensure_minute(field: str, minute: int | None, *, least: int, most: int) -> None:
    if minute is None:
        return
    if minute % TICK_MINUTES:
        raise InvalidInput(field, f"Times are multiples of {TICK_MINUTES} minutes.")
    if not least <= minute <= most:
        raise InvalidInput(field, "That is no time of a day.")
