"""The values of a clinic's file: each function reads one key of a table and notes what is wrong with it."""

import unicodedata

from booking.domain.reading import Table
from booking.domain.time.zone import ZoneName, known_zones
from booking.domain.treatment import TICK_MINUTES
from booking.domain.words import JURISDICTION

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
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


def number(table: Table, key: str, *, least: int = 0, most: int, usual: int | None = None) -> int:
    """A whole number from `least` to `most`; `usual` when it is left out, which is a fault when there is no usual."""
    if key not in table.left:
        if usual is None:
            table.fault(f"{key} is missing")
        return least if usual is None else usual
    value = table.take(key, int)
    if value is not None and not least <= value <= most:
        table.fault(f"{key} must be from {least} to {most}")
    return value if value is not None and least <= value <= most else least


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


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(letter) in _CONTROLS for letter in text)
