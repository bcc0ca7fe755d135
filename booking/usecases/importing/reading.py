"""From the words of a row to what is meant; whoever wrote it learns everything that is wrong with it at once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from booking.domain.errors import InvalidInput
from booking.domain.lifecycle import Status
from booking.domain.patient import Contact
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.zone import instants
from booking.domain.treatment import LONGEST_CLAIM
from booking.domain.words import REGIONS
from booking.usecases.importing.model import RawRow, ReadContact, Row, RowRefused, quoted
from booking.usecases.importing.names import Names
from booking.usecases.notes import LONGEST_NOTE, NOTE

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_REFERENCE = 255
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_START = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_ONE_DIGIT = re.compile("(?<=[T ])(?=[0-9]:)")
"""Before the hour of 9:30, which spreadsheets write so."""
_STATUSES = (Status.BOOKED, Status.CANCELLED, Status.NO_SHOW, Status.FULFILLED)
_LONGEST_MINUTES = int(LONGEST_CLAIM.total_seconds()) // 60


def read_row(raw: RawRow, names: Names, contact: ReadContact) -> Row:
    """What is meant. Raises RowRefused with a sentence for each thing that is wrong."""
    if raw.problem is not None:
        raise RowRefused(raw.problem)
    faults: list[str] = []
    reference = _noted(faults, _reference, raw["reference"])
    site = _noted(faults, names.sites.find, raw["site"])
    start = _noted(faults, _start, raw["start"], site)
    practitioner = _noted(faults, _practitioner, raw, names)
    treatment = _noted(faults, names.treatments.find, raw["treatment"])
    person = _noted(faults, _person, raw, names, contact)
    status = _noted(faults, _status, raw["status"])
    minutes = _noted(faults, _minutes, raw["minutes"])
    regions = _noted(faults, _regions, raw["regions"])
    room = _noted(faults, names.room, raw["room"], site) if site is not None and raw["room"] else None
    note = _noted(faults, _note, raw["note"])
    if faults or not (reference and site and start and practitioner and treatment and person and status):
        raise RowRefused(" ".join(dict.fromkeys(faults)))
    return Row(
        number=raw.number,
        reference=reference,
        start=start,
        site=site,
        practitioner=practitioner,
        treatment=treatment,
        contact=person,
        status=status,
        minutes=minutes,
        regions=regions,
        room=room,
        note=note or "",
    )


def _noted(faults: list[str], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What it reads; None, and a fault, when it refuses."""
    try:
        return read(*args, **kwargs)
    except (RowRefused, InvalidInput) as refusal:
        faults.append(refusal.message)
        return None


def _reference(text: str) -> str:
    if not text:
        raise RowRefused("The reference is missing.")
    if len(text) > LONGEST_REFERENCE or not text.isprintable():
        raise RowRefused(f"A reference is one line of at most {LONGEST_REFERENCE} characters.")
    return text


def _start(text: str, site: Site | None) -> datetime:
    try:
        found = datetime.fromisoformat(_ONE_DIGIT.sub("0", text.upper())) if _START.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise RowRefused(
            "The start must be like 2026-12-01 09:30, by the clock of the site, or 2026-12-01T09:30:00-08:00."
        )
    if found.second or found.microsecond:
        raise RowRefused("The start must be a whole minute.")
    if found.tzinfo is not None or site is None:
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    shown = instants(found, site.zone)
    if len(shown) != 1:
        why = "The clock shows that time twice" if shown else "The clock skips that time"
        raise RowRefused(f"{why} on that day at {site.name}: write it with its offset, as 2026-12-01T09:30:00-08:00.")
    return shown[0]


def _practitioner(raw: RawRow, names: Names) -> Practitioner:
    """By the row's word; without one, whoever among the people of the entry is a practitioner here."""
    if raw["practitioner"] or not raw.people:
        return names.people.find(raw["practitioner"])
    known = {name for name, _ in raw.people if names.people.meant(name)}
    if len(known) != 1:
        said = "Several" if known else "None"
        raise RowRefused(f"{said} of the people of this entry are practitioners here: name one.")
    return names.people.find(known.pop())


def _person(raw: RawRow, names: Names, contact: ReadContact) -> Contact:
    """By the row's words; without any, the one among the people of the entry who is no practitioner."""
    if raw["patient_name"] or not raw.people:
        return contact(raw["patient_name"], raw["patient_email"] or None, raw["patient_phone"] or None)
    others = sorted({one for one in raw.people if not names.people.meant(one[0])})
    if len(others) != 1:
        raise RowRefused(
            "It cannot be told who is the patient: an entry must have one attendee who is no practitioner."
        )
    name, email = others[0]
    return contact(name, email or None, None)


def _status(text: str) -> Status:
    word = text.casefold().replace(" ", "_").replace("-", "_") or Status.BOOKED
    if word not in _STATUSES:
        raise RowRefused(f"There is no status {quoted(text)}; there are: {', '.join(_STATUSES)}.")
    return Status(word)


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= _LONGEST_MINUTES:
        raise RowRefused(f"The minutes must be a whole number from 1 to {_LONGEST_MINUTES}.")
    return int(text)


def _regions(text: str) -> frozenset[str] | None:
    words = frozenset(re.split(r"[,;|\s]+", text.casefold())) - {""}
    unknown = sorted(words - REGIONS)
    if unknown:
        raise RowRefused(
            f"There is no region of the body {quoted(unknown[0])}; there are: {', '.join(sorted(REGIONS))}."
        )
    return words or None


def _note(text: str) -> str:
    note = text.replace("\r\n", "\n")
    if len(note) > LONGEST_NOTE or not re.search(NOTE, note):
        raise RowRefused(f"A note has at most {LONGEST_NOTE} characters, and lines of text alone.")
    return note
