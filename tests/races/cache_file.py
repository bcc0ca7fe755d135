"""Changes of the clinic's file that change free times."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.clinics import TUESDAY

File = dict[str, Any]
DAY = timedelta(days=1)
MONDAY, WEDNESDAY = TUESDAY - DAY, TUESDAY + DAY


def _practitioner(place: int, **what: Any) -> Callable[[File], object]:
    return lambda file: file["practitioner"][place].update(what)


def _treatment(place: int, **what: Any) -> Callable[[File], object]:
    return lambda file: file["treatment"][place].update(what)


def _site(place: int, **what: Any) -> Callable[[File], object]:
    return lambda file: file["site"][place].update(what)


def policy(**what: Any) -> Callable[[File], object]:
    return lambda file: file["clinic"]["policy"].update(what)


def _stretch(site: str, start: str, end: str, *days: str) -> dict[str, Any]:
    return {"site": site, "days": list(days), "from": start, "to": end}


def _whole(day: date) -> list[dict[str, date]]:
    return [{"first": day, "last": day}]


def _move_to_oregon(file: File) -> None:
    file["rules"].append({**file["rules"][0], "jurisdiction": "US-OR", "version": "2026-11-25"})
    file["site"][1]["jurisdiction"] = "US-OR"


def _retire_spokane(file: File) -> None:
    del file["clinic"]["travel"], file["site"][1]
    for person in file["practitioner"]:
        person["hours"] = [one for one in person["hours"] if one["site"] != "spokane"]


CHANGES: dict[str, Callable[[File], object]] = {
    "limit of a person": _practitioner(1, daily_limit=9),
    "notice": policy(notice_minutes=30),
    "horizon": policy(horizon_days=15),
    "grid": policy(grid_minutes=20),
    "same day": policy(same_day_until="00:00"),
    "same day again": policy(same_day_until="12:00"),
    "gaps": policy(smallest_gap_minutes=40),
    "no gaps": policy(smallest_gap_minutes=0),
    "travel": policy(travel_minutes=90),
    "travel of a pair": lambda file: file["clinic"].update(travel=[{"between": ["seattle", "spokane"], "minutes": 5}]),
    "closure of the clinic": lambda file: file["clinic"].update(closure=_whole(WEDNESDAY)),
    "no closure of the clinic": lambda file: file["clinic"].update(closure=[]),
    "length": _treatment(0, minutes=45),
    "buffer": _treatment(0, buffer_before=10),
    "regions": _treatment(0, regions=["lumbar"]),
    "regions again": _treatment(0, regions=["lumbar", "thigh"]),
    "kinds of a room": lambda file: file["site"][0]["room"][1].update(kinds=["private"]),
    "rooms of any kind": _treatment(1, room="any"),
    "before closing": _treatment(1, ends_before_closing=120),
    "no device": lambda file: file["treatment"][2].pop("equipment"),
    "no limit of a treatment": _treatment(2, daily_limit=9),
    "only through reception": _treatment(3, online=False),
    "treatment retired": lambda file: file["treatment"].pop(3),
    "opening hours": _site(0, hours=[{"days": ["mon", "tue", "wed"], "from": "10:00", "to": "16:00"}]),
    "opening on a single day": _site(0, extra=[{"date": TUESDAY + 2 * DAY, "from": "09:00", "to": "12:00"}]),
    "closure of a site": _site(1, closure=_whole(WEDNESDAY)),
    "public holidays": _site(1, holidays={"country": "US"}),
    "closure of a room": lambda file: file["site"][1]["room"][0].update(closure=_whole(TUESDAY)),
    "another room": lambda file: file["site"][1]["room"].append({"slug": "room-4", "name": "Room 4"}),
    "room retired": lambda file: file["site"][0]["room"].pop(0),
    "zone": _site(1, zone="America/New_York"),
    "jurisdiction": _move_to_oregon,
    "jurisdiction again": _site(1, jurisdiction="US-WA"),
    "hours": _practitioner(1, hours=[_stretch("seattle", "09:00", "15:00", "mon", "tue")]),
    "hours of a single day": _practitioner(
        1, extra=[{"site": "seattle", "date": WEDNESDAY, "from": "09:00", "to": "11:00"}]
    ),
    "leave": _practitioner(1, leave=_whole(MONDAY)),
    "profession": _practitioner(2, profession="massage_therapist"),
    "profession again": _practitioner(2, profession="physical_therapist"),
    "credential withdrawn": lambda file: file["practitioner"][0]["credential"].pop(),
    "person retired": lambda file: file["practitioner"].pop(1),
    "site retired": _retire_spokane,
}
"""What is changed in the clinic's file, each in the file as the one before has left it."""
