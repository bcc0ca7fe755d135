"""Words, times and people as they are sent, for pages and API alike; each refusal names the field."""

import re
import unicodedata
from datetime import UTC, date, datetime

from booking.domain.errors import InvalidInput
from booking.domain.patient import Contact

LINE = r"^[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]*$(?!\n)"
"""One line of text: no control characters, no line ends, nothing that turns the direction of writing."""

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$(?!\n)"
"""One address and nothing else (the form browsers accept); never a list."""

PHONE = r"^\+?[0-9 ()./-]{5,30}$(?!\n)"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)"
CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)"
INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})$(?!\n)"
"""RFC 3339: a time without its offset is no instant."""

LONGEST_NAME = 200
LONGEST_EMAIL = 254
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_FEWEST_DIGITS = 5


Reached = tuple[str, str | None, str | None]
"""A name, an e-mail address and a telephone number."""


def contact(name: str, email: str | None, phone: str | None, *, within: str = "") -> Contact:
    """The person, who can be reached; `within` stands before the names of the fields. Raises InvalidInput."""
    name, email, phone = reached(name, email, phone, within=within)
    if email is None and phone is None:
        raise InvalidInput(f"{within}email", "An e-mail address or a telephone number is needed.")
    return Contact(name=name, email=email, phone=phone)


def reached(name: str, email: str | None, phone: str | None, *, within: str = "") -> Reached:
    """The same for somebody who need not be reached. Raises InvalidInput."""
    name, email, phone = line(name, f"{within}name", LONGEST_NAME), email or None, phone or None
    if not name:
        raise InvalidInput(f"{within}name", "A name is needed.")
    if email is not None and not (re.search(EMAIL, email) and len(email) <= LONGEST_EMAIL):
        raise InvalidInput(f"{within}email", "That is not an e-mail address.")
    if phone is not None and not (re.search(PHONE, phone) and len(re.sub(r"\D", "", phone)) >= _FEWEST_DIGITS):
        raise InvalidInput(f"{within}phone", "That is not a telephone number.")
    return name, email, phone


def line(text: str, field: str, longest: int) -> str:
    """One line of text, composed (NFC) and without spaces around it. Raises InvalidInput."""
    if len(text) > longest or not re.search(LINE, text):
        raise InvalidInput(field, f"One line of at most {longest} characters, without control characters.")
    return unicodedata.normalize("NFC", text).strip()


def instant(text: str, field: str) -> datetime:
    """An instant in UTC, from 1970 to 2199. Raises InvalidInput, also for a time without its offset."""
    try:
        found = datetime.fromisoformat(text.upper()) if re.search(INSTANT, text) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise InvalidInput(field, "A time is needed like 2027-01-30T09:00:00-08:00, with its offset.")
    return found.astimezone(UTC)


def day(text: str, field: str) -> date:
    """A day from 1970 to 2199. Raises InvalidInput."""
    try:
        found = date.fromisoformat(text) if re.search(DAY, text) else None
    except ValueError:
        found = None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise InvalidInput(field, "A date is needed like 2027-01-30.")
    return found


def minute(text: str, field: str) -> int:
    """A time of day such as 09:30, in minutes from midnight; 24:00 is the next one. Raises InvalidInput."""
    if not re.search(CLOCK, text):
        raise InvalidInput(field, "A time of day is needed like 09:30.")
    return int(text[:2]) * 60 + int(text[3:])
