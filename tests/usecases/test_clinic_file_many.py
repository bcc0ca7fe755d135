"""Ten thousand exceptions in one list are handled, and not one more."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import tomli_w

from booking.domain.errors import ClinicInvalid
from booking.store.database import Database
from booking.usecases.clinic_file import read_clinic
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import dull, open_clinic
from tests.usecases.test_clinic_file_applying import apply
from tests.usecases.test_clinic_file_exporting import export

Data = dict[str, Any]

MANY = 10_000
FIRST = date(2026, 11, 24)
DAYS = [FIRST + timedelta(days=number) for number in range(MANY + 1)]
AWAY = [{"first": day, "last": day, "from": "10:00", "to": "15:00"} for day in DAYS]
EXTRA = [{"date": day, "from": "18:00", "to": "19:00"} for day in DAYS]
HOURS = [
    {"days": ["sat"], "from": "10:00", "to": "12:00", "valid_from": day, "valid_until": day + timedelta(days=6)}
    for day in (FIRST + timedelta(weeks=number) for number in range(MANY + 1))
]

TOO_MANY: dict[str, Callable[[Data], object]] = {
    "clinic: closure has": lambda data: data["clinic"].update(closure=AWAY),
    "clinic: travel has": lambda data: data["clinic"].update(
        travel=[{"between": ["a", "b"], "minutes": 5}] * (MANY + 1)
    ),
    'site "seattle": closure has': lambda data: data["site"][0].update(closure=AWAY),
    'site "seattle": extra has': lambda data: data["site"][0].update(extra=EXTRA),
    'site "seattle": hours has': lambda data: data["site"][0].update(hours=HOURS),
    'site "seattle", holidays: open has': lambda data: data["site"][0].update(holidays={"country": "US", "open": DAYS}),
    'site "seattle", room "room-1": closure has': lambda data: data["site"][0]["room"][0].update(closure=AWAY),
    'practitioner "ada": leave has': lambda data: data["practitioner"][0].update(leave=AWAY),
    'practitioner "ada": extra has': lambda data: data["practitioner"][0].update(
        extra=[{**one, "site": "seattle"} for one in EXTRA]
    ),
}


@pytest.mark.parametrize("fault", TOO_MANY)
def test_one_more_than_ten_thousand_is_refused(fault: str) -> None:
    data = dull()
    TOO_MANY[fault](data)
    with pytest.raises(ClinicInvalid) as refused:
        read_clinic(tomli_w.dumps(data))
    assert refused.value.details["faults"] == (f"{fault} 10001 entries, and may have 10000",)


def test_hours_may_come_to_ten_thousand_stretches() -> None:
    data = dull()
    breaks = [{"from": f"{n // 6:02}:{n % 6 * 10:02}", "to": f"{n // 6:02}:{n % 6 * 10 + 5:02}"} for n in range(144)]
    day = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "24:00", "breaks": breaks}
    data["site"][0]["hours"] = [{**day, "every_weeks": 10, "week_of": FIRST + timedelta(weeks=n)} for n in range(10)]
    with pytest.raises(ClinicInvalid) as refused:
        read_clinic(tomli_w.dumps(data))
    assert refused.value.details["faults"] == ('site "seattle": hours come to 10080 stretches, and may come to 10000',)


def test_ten_thousand_are_applied_listed_and_exported(sqlite: Database) -> None:
    """In seconds: whatever grew with their square would take hours."""
    began = time.monotonic()
    data = dull()
    data["site"][0].update(closure=AWAY[:MANY])
    data["practitioner"][0].update(leave=AWAY[:MANY], extra=[{**one, "site": "seattle"} for one in EXTRA[:MANY]])
    del data["practitioner"][0]["hours"]
    clinic = open_clinic(sqlite, data)
    assert apply(sqlite, data).changes == ()
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=FIRST, last=FIRST + timedelta(days=61))
    offered = {slot.span.start for slot in sqlite.read_now(list_slots, clinic.public, query).slots}
    assert min(offered) == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert len(offered) == 3 * 59  # 18:00, 18:15 and 18:30 of each day within the horizon
    exported = export(clinic)
    assert exported["practitioner"][0]["leave"] == AWAY[:MANY]
    assert exported["site"][0]["closure"] == AWAY[:MANY]
    assert time.monotonic() - began < 120
