"""A large clinic, half full: made of rows that the guards let in, many at a time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text, update

from booking.domain.time.zone import instant_after, local_date, wall_time
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.tables import AppointmentRow, BusyRow, DiaryRow, PatientRow, table
from tests.clinics import SEATTLE_ZONE, DullClinic, dull, open_clinic

TREATMENT = {"minutes": 45, "buffer_before": 5, "buffer_after": 5}
STRETCHES = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
LENGTHS = (30, 30, 30, 45)
GAPS = (0, 0, 0, 60, 120)
COPY_DAYS = 35
"""Older visits are copies of those of thirty days, by so many days earlier that no two overlap."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many practitioners, and for how many days from `first_day` they have visits."""

    people: int
    days: int


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit by the places of practitioner and patient: minutes from the local midnight of a day."""

    person: int
    day: date
    start: int
    minutes: int


def first_day() -> date:
    """Two days ahead, where notice hides nothing."""
    return local_date(datetime.now(UTC), SEATTLE_ZONE) + timedelta(days=2)


def build(database: Database, size: Size) -> DullClinic:
    """A clinic with as many rooms as practitioners, whose next days are half taken; some licences end meanwhile."""
    clinic = open_clinic(database, described(size.people, size.days))
    database.write_now(fill, clinic, size.days)
    return clinic


def described(people: int, days: int) -> dict[str, Any]:
    week = ["mon", "tue", "wed", "thu", "fri"]
    hours = [
        {"site": "seattle", "days": week, "from": clock(start), "to": clock(end)} for start, end in STRETCHES
    ]  # fmt: skip
    data = dull(**{f"person-{number:02}": {} for number in range(people - 1)})
    data["clinic"]["policy"]["horizon_days"] = 120
    data["treatment"][0] |= TREATMENT
    data["site"][0]["room"] = [{"slug": f"room-{number:02}", "name": f"Room {number}"} for number in range(people)]
    for number, one in enumerate(data["practitioner"]):
        one["hours"] = hours
        if number % 10 == 3:
            one["credential"][0]["valid_until"] = first_day() + timedelta(days=days // 2)
    return data


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def visits(people: int, days: int) -> Iterator[Visit]:
    """Half of everybody's hours, by chance that is the same each time; one in ten is away for the first week."""
    chance = random.Random(people * 1000 + days)  # noqa: S311 -- a workload, no secret
    for offset in range(days):
        day = first_day() + timedelta(days=offset)
        for person in range(people) if day.weekday() < 5 else ():
            if person % 10 == 7 and offset < 7:
                continue
            for start, end in STRETCHES:
                at = start + TREATMENT["buffer_before"] + chance.choice(GAPS)
                while at + (minutes := chance.choice(LENGTHS)) + TREATMENT["buffer_after"] <= end:
                    yield Visit(person=person, day=day, start=at, minutes=minutes)
                    at += minutes + TREATMENT["buffer_before"] + TREATMENT["buffer_after"] + chance.choice(GAPS)


def fill(tx: Transaction, clinic: DullClinic, days: int) -> None:
    """The visits, their claims on practitioner, room and patient, and leave; the revisions of the diaries rise."""
    who, rooms = list(clinic.practitioners.values()), list(clinic.rooms.values())
    planned = sorted(visits(len(who), days), key=lambda one: (one.day, one.start))
    patients = [new_id() for _ in range(max(4 * len(who), len(planned) // 4))]
    _add_patients(tx, clinic, patients)
    now = datetime.now(UTC)
    rows = [
        {
            **_visit_row(clinic, one, now),
            "reference": f"DN-{number:08}",
            "practitioner_id": who[one.person],
            "room_id": rooms[(one.person + one.day.toordinal()) % len(rooms)],
            "patient_id": patients[number % len(patients)],
        }
        for number, one in enumerate(planned)
    ]
    tx.connection.execute(insert(table(AppointmentRow)), rows)
    _claim(tx)
    _add_leave(tx, clinic)
    tx.connection.execute(update(table(DiaryRow)).values(revision=table(DiaryRow).c.revision + 1))
    _analyse(tx)


def _add_patients(tx: Transaction, clinic: DullClinic, ids: list[Any]) -> None:
    mine = {"clinic_id": clinic.id}
    diaries = [{**mine, "id": one, "kind": "patient", "revision": 0, "calendar_revision": 0} for one in ids]
    tx.connection.execute(insert(table(DiaryRow)), diaries)
    people = [
        {**mine, "id": one, "match_key": f"{number}@example.org", "name": f"Patient {number}", "created_at": _LONG_AGO}
        for number, one in enumerate(ids)
    ]
    tx.connection.execute(insert(table(PatientRow)), people)


_LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


def _visit_row(clinic: DullClinic, one: Visit, now: datetime) -> dict[str, Any]:
    start = instant_after(one.day, one.start, SEATTLE_ZONE)
    return {
        "clinic_id": clinic.id,
        "id": new_id(),
        "status": "booked",
        "site_id": clinic.sites["seattle"],
        "starts_at": start,
        "ends_at": start + timedelta(minutes=one.minutes),
        "zone": SEATTLE_ZONE,
        "wall_time": wall_time(start, SEATTLE_ZONE).replace(tzinfo=None).isoformat(),
        "tzdata": "2026a",
        "treatment_type_id": clinic.treatments["needling"],
        "treatment_name": "Dry needling",
        "treatment_version": 1,
        **TREATMENT,
        "minutes": one.minutes,
        "regions": frozenset({"lumbar"}),
        "techniques": frozenset({"trigger_point"}),
        "language": "en",
        "created_at": now,
        "changed_at": now,
    }


def _claim(tx: Transaction) -> None:
    """Claim the time of every visit that has no claims: with buffers for practitioner and room."""
    minute = "60000000" if tx.connection.dialect.name == "sqlite" else "interval '1 minute'"
    buffers = (f"starts_at - buffer_before * {minute}", f"ends_at + buffer_after * {minute}")
    for diary, (start, end) in (
        ("practitioner_id", buffers),
        ("room_id", buffers),
        ("patient_id", ("starts_at", "ends_at")),
    ):
        tx.connection.execute(
            text(
                "INSERT INTO claim (clinic_id, appointment_id, diary_id, site_id, starts_at, ends_at)"  # noqa: S608 -- made of constants
                f" SELECT clinic_id, id, {diary}, site_id, {start}, {end} FROM appointment AS a"
                f" WHERE NOT EXISTS (SELECT 1 FROM claim WHERE claim.clinic_id = a.clinic_id"
                f" AND claim.appointment_id = a.id AND claim.diary_id = a.{diary})"
            )
        )


def _add_leave(tx: Transaction, clinic: DullClinic) -> None:
    first = first_day()
    rows = [
        {
            "clinic_id": clinic.id,
            "id": new_id(),
            "diary_id": who,
            "kind": "leave",
            "starts_at": instant_after(first, 0, SEATTLE_ZONE),
            "ends_at": instant_after(first + timedelta(days=7), 0, SEATTLE_ZONE),
            "first_day": first,
            "last_day": first + timedelta(days=6),
            "reason": "",
            "origin": "desk",
        }
        for number, who in enumerate(clinic.practitioners.values())
        if number % 10 == 7
    ]
    if rows:
        tx.connection.execute(insert(table(BusyRow)), rows)


_COPIES = """
INSERT INTO appointment ({same}, id, reference, starts_at, ends_at)
WITH RECURSIVE number(n) AS (SELECT CAST(:first AS integer) UNION ALL SELECT n + 1 FROM number WHERE n < :last)
SELECT {same}, {id}, reference || '-' || n, {starts_at}, {ends_at}
FROM appointment CROSS JOIN number WHERE length(reference) = 11
"""
_WORDS = {
    "sqlite": {"id": "randomblob(16)", "earlier": "{} - n * 86400000000 * :days"},
    "postgresql": {"id": "gen_random_uuid()", "earlier": "{} - n * interval '1 day' * :days"},
}


def add_history(tx: Transaction, years: tuple[int, int]) -> int:
    """Copies of the present visits from the first year back to the second; answers how many claims there are then.

    The guards stand; only what copies refer to, which the present visits do too, is not looked up again.
    """
    words = _WORDS[tx.connection.dialect.name]
    if tx.connection.dialect.name == "postgresql":
        for setting in ("session_replication_role = replica", "statement_timeout = 0"):
            tx.connection.execute(text(f"SET LOCAL {setting}"))
    own = {"id", "reference", "starts_at", "ends_at"}
    same = ", ".join(one.name for one in table(AppointmentRow).c if one.name not in own)
    times = {name: words["earlier"].format(name) for name in ("starts_at", "ends_at")}
    first, last = (year * 365 // COPY_DAYS for year in years)
    tx.connection.execute(
        text(_COPIES.format(same=same, id=words["id"], **times)), {"first": first + 1, "last": last, "days": COPY_DAYS}
    )
    _claim(tx)
    _analyse(tx)
    return claims(tx)


def _analyse(tx: Transaction) -> None:
    """What PostgreSQL does by itself a while after many rows have come."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(text("ANALYZE"))


def claims(tx: Transaction) -> int:
    return int(tx.connection.execute(text("SELECT count(*) FROM claim")).scalar_one())
