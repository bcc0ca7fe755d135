"""When somebody or something is away, as people say it."""

from booking.domain.time.local import LocalSpan
from booking.wording.dates import short_day

_NOON, _DAY = 12 * 60, 24 * 60


def when(days: LocalSpan) -> str:
    """`24 Nov 2026`, `24 Nov 2026 to 27 Nov 2026`, `24 Nov 2026, 1:00 pm to 5:00 pm`, `24 Nov 2026 from 1:00 pm`."""
    first, last = short_day(days.first), short_day(days.last)
    start = "" if days.start_minute is None else clock(days.start_minute)
    end = "" if days.end_minute is None else clock(days.end_minute)
    if days.first < days.last:
        return f"{', '.join(filter(None, (first, start)))} to {', '.join(filter(None, (last, end)))}"
    if start and end:
        return f"{first}, {start} to {end}"
    return f"{first} from {start}" if start else f"{first} until {end}" if end else first


def clock(minute: int) -> str:
    """Minutes from midnight as `11:05 am`, `12 noon`, `12 midnight`."""
    if minute % _DAY == 0:
        return "12 midnight"
    if minute == _NOON:
        return "12 noon"
    hour, rest = divmod(minute, 60)
    return f"{hour % 12 or 12}:{rest:02d} {'am' if minute < _NOON else 'pm'}"
