"""The values of a clinic's file: each function reads one key of a table and notes what is wrong with it."""

import re
import unicodedata
from datetime import date

from booking.domain.absence import FIRST_YEAR, LAST_YEAR, MOST_ON_RECORD
from booking.domain.credential import runs_backwards
from booking.domain.reading import Table
from booking.domain.time.zone import ZoneName, known_zones
from booking.domain.treatment import ANY_ROOM, NO_ROOM, TICK_MINUTES
from booking.domain.words import JURISDICTION

MOST_ENTRIES = MOST_ON_RECORD
"""What one list of days or hours may hold."""

EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The days for which somebody may be away, something closed, or hours extra."""

_MOST_VISITS = 200
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_OWN_MEANING = {ANY_ROOM, NO_ROOM}
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_CONTROLS = {"Cc", "Zl", "Zp"}


def slug(table: Table) -> str:
    return table.matching("slug", _SLUG, "upper-back")


def line(table: Table, key: str) -> str:
    """A text of one line, without control characters."""
    text = table.text(key)
    if _has_controls(text):
        table.fault(f"{key} must be one line without control characters")
    return text


def maybe_line(table: Table, key: str) -> str | None:
    return line(table, key) if key in table.left else None


def prose(table: Table, key: str) -> str:
    """A text of any number of lines, empty when it is left out."""
    text = table.maybe_text(key) or ""
    if any(_has_controls(one) for one in text.split("\n")):
        table.fault(f"{key} must be without control characters")
    return text


def jurisdiction(table: Table, key: str = "jurisdiction") -> str:
    return table.matching(key, JURISDICTION, "US-WA")


def zone(table: Table) -> ZoneName:
    faults = len(table.faults)
    name = table.text("zone")
    if len(table.faults) == faults and name not in known_zones():
        table.fault(f"zone must be the name of a time zone, such as Europe/London, not {name!r}")
    return ZoneName(name)


def number(table: Table, key: str, *, least: int = 0, most: int, usual: int | None = None, step: int = 1) -> int:
    """A whole number from `least` to `most`; `usual` when it is left out, which is a fault when there is no usual."""
    if key not in table.left:
        if usual is None:
            table.fault(f"{key} is missing")
        return least if usual is None else usual
    value = table.take(key, int)
    if value is None:
        return least
    if not least <= value <= most:
        table.fault(f"{key} must be from {least} to {most}")
        return least
    if value % step:
        table.fault(f"{key} must be a multiple of {step}")
    return value


def maybe_number(table: Table, key: str, *, least: int, most: int) -> int | None:
    return number(table, key, least=least, most=most) if key in table.left else None


def daily_limit(table: Table) -> int | None:
    return maybe_number(table, "daily_limit", least=1, most=_MOST_VISITS)


def minute(table: Table, key: str) -> int | None:
    """A time of day such as 09:30, in minutes from midnight, 24:00 being the next; None when it is none."""
    faults = len(table.faults)
    text = table.matching(key, _TIME, '"09:30"')
    if len(table.faults) > faults:
        return None
    minutes = int(text[:2]) * 60 + int(text[3:])
    if minutes % TICK_MINUTES:
        table.fault(f"{key} must be a multiple of {TICK_MINUTES} minutes")
    return minutes


def maybe_minute(table: Table, key: str) -> int | None:
    return minute(table, key) if key in table.left else None


def day(table: Table, key: str) -> date:
    """A day from EARLIEST to LATEST."""
    value = table.day(key)
    if not EARLIEST <= value <= LATEST:
        table.fault(f"{key} must be a day from {EARLIEST} to {LATEST}")
        return EARLIEST
    return value


def maybe_day(table: Table, key: str) -> date | None:
    return day(table, key) if key in table.left else None


def ensure_forward(table: Table, valid_from: date | None, valid_until: date | None) -> None:
    if runs_backwards(valid_from, valid_until):
        table.fault("valid_until is before valid_from")


def kind(table: Table, key: str, like: str) -> str:
    """A kind of room or device, in the clinic's own word."""
    word = table.matching(key, _SLUG, like)
    _ensure_free(table, key, word)
    return word


def kinds(table: Table, key: str, like: str) -> frozenset[str]:
    """Kinds of rooms or devices; none when they are left out."""
    words = table.words(key)
    for word in words:
        if not re.fullmatch(_SLUG, word):
            table.fault(f"{key} must look like {like}, not {word!r}")
        _ensure_free(table, key, word)
    return frozenset(words)


def room_kind(table: Table, key: str) -> str:
    """The room that a treatment asks for: ANY_ROOM, which leaving it out means too, NO_ROOM, or a kind."""
    return table.matching(key, _SLUG, "private") if key in table.left else ANY_ROOM


def entries(table: Table, key: str) -> list[Table]:
    """The tables of a list, each placed by its number; none when there are more than MOST_ENTRIES."""
    listed = table.left.get(key)
    if isinstance(listed, list) and len(listed) > MOST_ENTRIES:
        del table.left[key]
        table.fault(f"{key} has {len(listed)} entries, and may have {MOST_ENTRIES}")
    return table.tables(key, f"{table.place}, {key}")


def _ensure_free(table: Table, key: str, word: str) -> None:
    if word in _OWN_MEANING:
        table.fault(f"{key} cannot be {word!r}, which has a meaning of its own")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) in _CONTROLS for letter in text)
