"""What stands in the way of a booked visit, as people say it, and what they can do."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from booking.domain.conflict import UNSUITED, Conflict, Detail
from booking.domain.promise import CLOCK_CHANGED
from booking.domain.time.local import LocalSpan
from booking.wording.absences import clock, when
from booking.wording.dates import day
from booking.wording.words import listed, sentence, words

_CALL = "Call the patient and agree on another time"


def circumstance(kind: str, detail: Detail) -> str:
    """In what case a visit is, to stand behind it: `while Ada Byrne is away`, `outside the hours of Ada Byrne`."""
    said = _CIRCUMSTANCES.get(kind)
    return f"to be looked at: {words(kind)}" if said is None else said(detail)


def facts(kind: str, detail: Detail) -> list[str]:
    """What is on record, a sentence each; none for a kind that has no words here."""
    if kind == Conflict.OUTSIDE_HOURS:
        return _hours(detail)
    if kind == CLOCK_CHANGED:
        return [f"The patient was told {_moment(detail['promised'])}.", sentence(detail["reason"])]
    if kind == UNSUITED:
        return [_UNSUITED[detail["suits"]]]
    return [_stretch(one) for one in (*detail.get("away", ()), *detail.get("closed", ()))]


def advice(kind: str) -> str:
    """What to do about it; empty for a kind that has no words here."""
    return _ADVICE.get(kind, "")


def _names(detail: Detail) -> str:
    names = list(dict.fromkeys(one["name"] for one in detail["closed"]))
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'}"


def _outside(detail: Detail) -> str:
    return "too close to closing time" if detail["ends_by"] else f"outside the hours of {detail['name']}"


_CIRCUMSTANCES: Mapping[str, Callable[[Detail], str]] = {
    Conflict.IN_LEAVE: lambda detail: f"while {detail['away'][0]['name']} is away",
    Conflict.ROOM_CLOSED: lambda detail: f"while {_names(detail)} closed",
    Conflict.SITE_CLOSED: lambda detail: f"while {_names(detail)} closed",
    Conflict.OUTSIDE_HOURS: _outside,
    CLOCK_CHANGED: lambda _detail: "not at the time the patient was told",
    UNSUITED: lambda detail: f"of a treatment for {detail['suits']} patients",
}
_ADVICE: Mapping[str, str] = {
    Conflict.IN_LEAVE: f"{_CALL}; or take the leave back.",
    Conflict.ROOM_CLOSED: f"{_CALL}; or open what is closed again.",
    Conflict.SITE_CLOSED: f"{_CALL}; or take the closure back.",
    Conflict.OUTSIDE_HOURS: f"{_CALL}; or have hours published that hold it.",
    CLOCK_CHANGED: f"The rules of the clock have changed since. {_CALL}.",
    UNSUITED: "Look whether it suits all the same; if not, call the patient and agree on another treatment.",
}
_UNSUITED = {
    "new": "It is meant for new patients, and this one has been here before.",
    "returning": "It is meant for patients who have been here before, and this one is new.",
}


def _stretch(told: Mapping[str, Any]) -> str:
    days, reason = _days(told), told["reason"]
    said = f"{told['name']}: {'no longer in use' if days is None else when(days)}"
    return sentence(f"{said} ({reason})" if reason else said)


def _hours(detail: Detail) -> list[str]:
    hours = [f"{clock(_minute(one['from']))} to {clock(_minute(one['to']))}" for one in detail["hours"]]
    said = [f"Hours that day: {listed(hours)}." if hours else "No hours are published for that day."]
    if detail["ends_by"]:
        said.append(f"It must end by {clock(_minute(detail['ends_by']))}, because of when the site closes.")
    return said


def _moment(wall: str) -> str:
    time = datetime.fromisoformat(wall)
    return f"{day(time.date())}, {clock(time.hour * 60 + time.minute)}"


def _days(told: Mapping[str, Any]) -> LocalSpan | None:
    if told["first"] is None:
        return None
    return LocalSpan(
        first=date.fromisoformat(told["first"]),
        last=date.fromisoformat(told["last"]),
        start_minute=None if told["from"] is None else _minute(told["from"]),
        end_minute=None if told["to"] is None else _minute(told["to"]),
    )


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
