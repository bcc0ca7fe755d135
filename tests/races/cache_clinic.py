"""A clinic that has everything free times depend on, and the questions that are asked about it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from booking.domain.permission import Caller
from booking.usecases.views.slots import SlotQuery
from tests.clinics import DullClinic, dull

MINE = "mine"
"""The key under which one of those who ask holds a time."""

WEEK = ("mon", "tue", "wed", "thu", "fri")

_SITES = """
[[site]]
slug = "seattle"
name = "Seattle"
address = "1 Pine Street, Seattle"
zone = "America/Los_Angeles"
jurisdiction = "US-WA"
hours = [{ days = ["mon", "tue", "wed", "thu", "fri"], from = "08:00", to = "18:00" }]
room = [{ slug = "room-1", name = "Room 1", kinds = ["private"] }, { slug = "room-2", name = "Room 2" }]
equipment = [{ slug = "stimulator", name = "Stimulator", kind = "stimulator" }]

[[site]]
slug = "spokane"
name = "Spokane"
address = "2 Oak Street, Spokane"
zone = "America/Denver"
jurisdiction = "US-WA"
room = [{ slug = "room-3", name = "Room 3" }]

[[treatment]]
slug = "needling"
name = "Dry needling"
minutes = 30
buffer_after = 5
regions = ["lumbar", "thigh"]
techniques = ["trigger_point"]

[[treatment]]
slug = "upper-back"
name = "Upper back needling"
minutes = 40
regions = ["thorax"]
techniques = ["trigger_point"]
room = "private"
ends_before_closing = 60

[[treatment]]
slug = "electro"
name = "Needling with electrical stimulation"
minutes = 45
regions = ["thigh"]
techniques = ["trigger_point"]
equipment = ["stimulator"]
daily_limit = 1

[[treatment]]
slug = "talk"
name = "Talk to someone first"
minutes = 15
room = "none"
"""


def rich() -> dict[str, Any]:
    """Two sites with rooms and a device, three people one of whom works at both, and treatments that need all of it."""
    data = dull(ben={"daily_limit": 2}, cleo={"hours": [_hours("spokane", "09:00", "17:00", *WEEK)]})
    data |= tomllib.loads(_SITES)
    data["practitioner"][0]["hours"] = [
        _hours("seattle", "09:00", "17:00", "mon", "tue"),
        _hours("seattle", "09:00", "12:00", "wed"),
        _hours("spokane", "13:00", "17:00", "wed", "thu", "fri"),
    ]
    data["clinic"]["policy"] = {
        "notice_minutes": 60,
        "horizon_days": 14,
        "same_day_until": "13:00",
        "travel_minutes": 30,
    }
    return data


def _hours(site: str, start: str, end: str, *days: str) -> dict[str, Any]:
    return {"site": site, "days": list(days), "from": start, "to": end}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks for which free times."""

    name: str
    caller: Caller
    query: SlotQuery


def questions(clinic: DullClinic, first: date, horizon: date) -> list[Question]:
    """Questions about the days from `first` on, whose windows touch, and about those around the `horizon`."""
    return list(_questions(clinic, first, horizon))


def _questions(clinic: DullClinic, first: date, horizon: date) -> Iterator[Question]:
    public, desk = clinic.public, clinic.reception
    seattle, spokane, ada = clinic.sites["seattle"], clinic.sites["spokane"], clinic.practitioners["ada"]

    def ask(name: str, caller: Caller, treatment: str, day: date, days: int, **more: Any) -> Question:
        last = day + timedelta(days=days - 1)
        query = SlotQuery(treatment_type=clinic.treatments[treatment], first=day, last=last, **more)
        return Question(name=name, caller=caller, query=query)

    yield ask("everywhere", public, "needling", first, 4)
    yield ask("one site", public, "needling", first + timedelta(days=2), 2, site=seattle)
    yield ask("one region", public, "needling", first, 2, site=seattle, regions=frozenset({"thigh"}))
    yield ask("one person", public, "needling", first, 3, practitioner=ada)
    yield ask("the desk", desk, "needling", first, 2)
    yield ask("with an own hold", public, "needling", first, 3, hold_key=MINE)
    yield ask("before closing", public, "upper-back", first, 3)
    yield ask("with a device", public, "electro", first, 2)
    yield ask("without a room", public, "talk", first + timedelta(days=1), 3, site=spokane)
    yield ask("at the horizon", public, "needling", horizon - timedelta(days=1), 3)
