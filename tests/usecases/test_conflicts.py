"""Findings follow what is on record: opened, restated and closed by whatever changes it, for all visits at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from booking.domain.conflict import Conflict
from booking.domain.ids import DiaryId
from booking.domain.time.local import LocalSpan
from booking.store import absences, findings
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.cover import recheck
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from booking.usecases.views.findings import list_findings, list_found_visits
from tests.clinics import SEATTLE_ZONE, TUESDAY, DullClinic, at, dull, open_clinic

TOMORROW = TUESDAY + timedelta(days=1)
Change = Callable[[dict[str, Any]], object]


def found(clinic: DullClinic) -> dict[UUID, list[str]]:
    kinds: dict[UUID, list[str]] = {}
    for one in clinic.database.read_now(list_findings, clinic.reception):
        kinds.setdefault(one.appointment_id, []).append(one.kind)
    return {visit: sorted(each) for visit, each in kinds.items()}


def closed(data: dict[str, Any]) -> None:
    data["site"][0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "reason": "training"}]


def shorter(data: dict[str, Any]) -> None:
    data["practitioner"][0]["hours"][0]["to"] = "10:00"


CHANGES: dict[str, tuple[Change, str]] = {
    "leave": (lambda data: data["practitioner"][0].update(leave=[{"first": TUESDAY, "last": TUESDAY}]), "in_leave"),
    "hours": (shorter, "outside_hours"),
    "gone": (lambda data: data["practitioner"].pop(0), "outside_hours"),
    "closure": (closed, "site_closed"),
    "opening": (
        lambda data: data["site"][0].update(hours=[{"days": ["mon"], "from": "09:00", "to": "17:00"}]),
        "outside_hours",
    ),
    "room": (lambda data: data["site"][0]["room"].pop(0), "room_closed"),
    "room's closure": (
        lambda data: data["site"][0]["room"][0].update(closure=[{"first": TUESDAY, "last": TUESDAY}]),
        "room_closed",
    ),
    "verified": (lambda data: data["practitioner"][0]["credential"][0].update(verified=False), "lost_cover"),
}


@pytest.mark.parametrize(("change", "kind"), CHANGES.values(), ids=list(CHANGES))
def test_what_the_file_changes_is_found_and_lost_when_it_fits_again(
    database: Database, change: Change, kind: str
) -> None:
    clinic = open_clinic(database, dull(ben={}))
    booked = clinic.book(at(TUESDAY, 11)).appointment
    clinic.book(at(TOMORROW, 9), "ben", "Someone Else")
    data = dull(ben={})
    change(data)
    open_clinic(database, data)
    assert kind in found(clinic)[booked.id]
    open_clinic(database, dull(ben={}))
    assert found(clinic) == {}


def test_what_is_found_is_told_as_it_is_now(database: Database) -> None:
    """A finding stays the same one while its kind lasts; what it says does not lag behind."""
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 11))
    data = dull()
    seen = []
    for reason in ("training", "painting"):
        data["site"][0]["closure"] = [{"first": TUESDAY, "last": TUESDAY, "reason": reason}]
        open_clinic(database, data)
        (one,) = database.read_now(list_findings, clinic.reception)
        seen.append((one.id, one.detail["closed"][0]["reason"]))
    assert seen == [(seen[0][0], "training"), (seen[0][0], "painting")]


def test_several_things_can_be_in_the_way_of_one_visit(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 11)).appointment
    database.write_now(
        add_leave,
        clinic.reception,
        AddLeave(practitioner=clinic.practitioners["ada"], days=LocalSpan(first=TUESDAY, last=TUESDAY)),
    )
    licence = clinic.credentials["ada", "licence"]
    changed = database.write_now(
        suspend, clinic.manager, SuspendCredential(credential=licence, reason="board order", first=TUESDAY)
    )
    assert changed.at_risk == (booked.id,)
    assert found(clinic) == {booked.id: ["in_leave", "lost_cover"]}
    (one,) = database.read_now(list_found_visits, clinic.reception)
    assert (one.view.at_risk, one.view.in_the_way) == (True, True)
    assert [each.kind for each in one.findings] == ["in_leave", "lost_cover"]


def test_credentials_leave_closed_rooms_alone(database: Database) -> None:
    """Their writer holds no lock of a room: what is found about rooms is for those who do."""
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 11)).appointment

    def pretend(tx: Transaction) -> None:
        findings.open_many(tx, clinic.id, [(booked.id, Conflict.ROOM_CLOSED, {"closed": []})], tx.now())

    database.write_now(pretend)
    licence = clinic.credentials["ada", "licence"]
    database.write_now(verify, clinic.manager, VerifyCredential(credential=licence, source="the register"))
    assert found(clinic) == {booked.id: ["room_closed"]}
    database.write_now(recheck, clinic.id, at(TUESDAY, 0))
    assert found(clinic) == {}


def test_findings_of_other_kinds_are_not_touched(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 11)).appointment
    database.write_now(findings.open_one, clinic.id, booked.id, "needs_review", {}, at(TUESDAY, 0))
    database.write_now(recheck, clinic.id, at(TUESDAY, 0))
    assert found(clinic) == {booked.id: ["needs_review"]}


def statements_of(database: Database, clinic: DullClinic, visits: int) -> int:
    """How many statements a recheck takes that opens a finding for each of so many visits and closes it again."""
    ada = DiaryId(clinic.practitioners["ada"])
    for number in range(visits):
        clinic.book(at(TUESDAY, 9 + number), patient=f"Patient {number}")
    days = LocalSpan(first=TUESDAY, last=TUESDAY)
    absence = absences.new(ada, absences.LEAVE, days, days.span(SEATTLE_ZONE).spans[0], reason="", origin=absences.DESK)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    for change in (absences.add, lambda tx, clinic_id, one: absences.remove(tx, clinic_id, [one[0].id])):
        database.write_now(change, clinic.id, [absence])
        database.write_now(recheck, clinic.id, at(TUESDAY, 0))
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_number_of_statements_does_not_rise_with_that_of_visits(sqlite: Database) -> None:
    few = statements_of(sqlite, open_clinic(sqlite), 1)
    data = dull()
    data["clinic"]["slug"] = "another"
    assert statements_of(sqlite, open_clinic(sqlite, data), 7) == few < 60
