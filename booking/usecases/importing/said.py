"""What a file has said of a visit, kept as salted digests: what has changed in the file is seen, and nobody is told it.

A staff member may move or rename here what was imported; the file, read again unchanged, still says what it said, and
so changes nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping

from booking.domain.appointment import Appointment
from booking.usecases.importing.model import Row

_SALT = "salt"
_LENGTH = 20


def said(row: Row) -> Mapping[str, str]:
    """Each thing that the row says, digested under a salt of its own."""
    salt = secrets.token_hex(8)
    return {_SALT: salt, **{name: _digest(salt, name, value) for name, value in _words(row).items()}}


def changed(row: Row, before: Mapping[str, str]) -> frozenset[str]:
    """The names of what the row says otherwise than it was said before; none where the salt has been erased."""
    salt = before.get(_SALT)
    if salt is None:
        return frozenset()
    return frozenset(name for name, value in _words(row).items() if before.get(name) != _digest(salt, name, value))


def is_where_it_was(visit: Appointment, before: Mapping[str, str]) -> bool:
    """Whether the visit is still when, where and with whom the file said."""
    place = _place(visit.span.start.isoformat(), str(visit.site_id), str(visit.practitioner_id))
    return all(before.get(name) == _digest(before.get(_SALT, ""), name, value) for name, value in place.items())


PLACE = frozenset({"start", "site", "practitioner"})
"""What a visit can be moved to."""


def _place(start: str, site: str, practitioner: str) -> dict[str, str]:
    return {"start": start, "site": site, "practitioner": practitioner}


def _words(row: Row) -> dict[str, str]:
    return {
        **_place(row.start.isoformat(), str(row.site.id), str(row.practitioner.id)),
        "treatment": str(row.treatment.id),
        "minutes": str(row.minutes or ""),
        "regions": ",".join(sorted(row.regions or ())),
        "room": "" if row.room is None else str(row.room.id),
        "status": row.status,
        "patient": row.contact.match_key,
        "note": row.note,
    }


def _digest(salt: str, name: str, value: str) -> str:
    return hashlib.sha256(f"{salt}|{name}|{value}".encode()).hexdigest()[:_LENGTH]
