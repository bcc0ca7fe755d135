"""What an entry of a calendar says, by how much its feed may tell."""

from typing import Literal

from booking.domain.lifecycle import Shown

Level = Literal["busy", "minimal", "initials", "full"]

_BOOKED: dict[Shown, str] = {"tentative": "Requested", "confirmed": "Booked", "cancelled": "Booked"}
_BEFORE: dict[Shown, str] = {"tentative": "Requested · ", "confirmed": "", "cancelled": "Cancelled · "}


def entry_summary(
    level: Level, label: str, treatment: str, patient: str, *, shown: Shown, supervises: str | None = None
) -> str:
    """The line that calendars show; `supervises` is the colleague whom the calendar's owner is in the room with.

    `busy` says only that the time is taken, `minimal` the clinic's neutral label, `initials` adds the patient's, and
    `full` names the treatment and the patient. A request and a cancelled entry say so in words, because not every
    program shows it.
    """
    said = {
        "busy": _BOOKED[shown],
        "minimal": label,
        "initials": f"{label} · {initials(patient)}",
        "full": f"{treatment} · {patient}",
    }[level]
    if supervises and level != "busy":
        said = f"Supervising {supervises} · {said}"
    return said if (level, shown) == ("busy", "tentative") else _BEFORE[shown] + said


def initials(name: str) -> str:
    """The initials with points: `H. v. K.` for Hana van Kerr."""
    return " ".join(f"{part[0]}." for part in name.split())


def place(*parts: str | None) -> str:
    """Room, site and address on one line, without what is not known."""
    return ", ".join(part for part in parts if part)


def calendar_name(label: str, clinic: str, practitioner: str) -> str:
    """What the calendar is called in a list of calendars: the practitioner's own label for it, if there is one."""
    return label or f"{practitioner}, {clinic}"
