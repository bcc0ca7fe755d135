"""Visits that only a supervised person may give: the supervisor is there, or in the room, whatever happens after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from booking.domain.errors import BookingError, PractitionerNotEligible
from booking.domain.ids import DiaryId, SiteId
from booking.domain.rules import parse_rules
from booking.domain.time.local import LocalSpan
from booking.store import credentials, description, diaries
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, RemoveAbsence, add_leave, remove_absence
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.cover import recheck
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldRef, HoldSlot, hold
from booking.usecases.move import MoveAppointment, move
from booking.usecases.placing import Wanted
from booking.usecases.views.findings import list_findings
from booking.usecases.views.slots import SlotQuery, list_slots
from booking.usecases.views.why_not import WhyNot, explain_slot
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic

RULES = """
jurisdiction = "XX"
name = "Everyland"
version = "1"
confidence = "high"
reviewed_on = 2026-11-25
review_by = 2027-05-25

[source.act]
title = "Needling Act"

[[grant]]
id = "pt"
professions = ["physical_therapist"]
stance = "permitted"
source = ["act"]
[[grant.require]]
id = "licence"
need = "licence"
issued_by = "US-WA"
say = "A licence"
source = ["act"]

[[grant]]
id = "pta"
professions = ["physical_therapist_assistant"]
stance = "permitted"
unlicensed = true
source = ["act"]
[[grant.require]]
id = "supervision"
need = "supervisor"
mode = "on_site"
professions = ["physical_therapist"]
grants = ["pt"]
say = "A physical therapist on the premises"
source = ["act"]
"""
ON_SITE, DIRECT = RULES, RULES.replace('"on_site"', '"direct"')
WHOLE_DAY = LocalSpan(first=TUESDAY, last=TUESDAY)
WEDNESDAY = TUESDAY + timedelta(days=1)


def hours(start: str, end: str, site: str = "seattle") -> list[dict[str, Any]]:
    return [{"site": site, "days": ["tue", "wed"], "from": start, "to": end}]


def supervised(database: Database, rules: str = ON_SITE, **people: dict[str, Any]) -> DullClinic:
    """Pia is an assistant from 9 to 17; Ada, a therapist, is there from 9 to 12, or as `people` have it."""
    ada = people.pop("ada", {"hours": hours("09:00", "12:00")})
    pia = {"profession": "physical_therapist_assistant", "credential": [], "hours": hours("09:00", "17:00")}
    data = dull(pia=pia, **people)
    data["practitioner"][0].update(ada)
    data["site"][0]["room"] += [{"slug": f"room-{n}", "name": f"Room {n}"} for n in (3, 4)]
    data["site"].append({**data["site"][0], "slug": "tacoma", "name": "Tacoma", "room": []})
    clinic = open_clinic(database, data)
    database.write_now(adopt, clinic, rules)
    return clinic


def adopt(tx: Transaction, clinic: DullClinic, text: str, *, decide: bool = False) -> None:
    """Only rules that the program carries are adopted by a file. Booked visits are decided again if `decide`."""
    diaries.lock_clinic(tx, clinic.id, exclusive=True)
    credentials.adopt(tx, clinic.id, parse_rules(text), text, "Olive Owner", date(2026, 11, 25))
    for site in clinic.sites.values():
        description.change(tx, clinic.id, "site", site, {"jurisdiction": "XX"})
    diaries.raise_offer(tx, clinic.id)
    if decide:
        recheck(tx, clinic.id, tx.now())


def refused(clinic: DullClinic, start: datetime, patient: str = "Sam Roe") -> PractitionerNotEligible:
    with pytest.raises(PractitionerNotEligible) as refusal:
        clinic.book(start, "pia", patient, clinic.reception)
    return refusal.value


def away(clinic: DullClinic, who: str, days: LocalSpan = WHOLE_DAY) -> UUID:
    command = AddLeave(practitioner=clinic.practitioners[who], days=days)
    return clinic.database.write_now(add_leave, clinic.manager, command).absence.id


def found(clinic: DullClinic) -> list[tuple[UUID, str]]:
    return [(one.appointment_id, one.kind) for one in clinic.database.read_now(list_findings, clinic.reception)]


def violations(clinic: DullClinic) -> list[str]:
    return [one.kind for one in clinic.database.read_now(audit, clinic.caller(clinic.manager.role)).violations]


def starts(clinic: DullClinic, who: str = "pia", day: date = TUESDAY) -> list[datetime]:
    query = SlotQuery(
        treatment_type=clinic.treatments["needling"], first=day, last=day, practitioner=clinic.practitioners[who]
    )
    return [slot.span.start for slot in clinic.database.read_now(list_slots, clinic.public, query).slots]


def test_supervisor_must_be_on_the_premises_for_the_whole_visit(database: Database) -> None:
    clinic = supervised(database)
    assert clinic.book(at(TUESDAY, 11, 30), "pia").appointment.supervisor_id is None
    reason = refused(clinic, at(TUESDAY, 11, 45)).details["reasons"][0]
    assert (reason.rule, reason.need) == ("supervision", "A physical therapist on the premises")
    assert reason.have == "Ada Byrne is not there for the whole visit"


def test_supervisor_on_the_premises_may_be_busy_and_may_change(database: Database) -> None:
    clinic = supervised(database, ben={"hours": hours("12:00", "15:00")})
    clinic.book(at(TUESDAY, 9), "ada", "Ann Poe")
    clinic.book(at(TUESDAY, 9), "pia")
    clinic.book(at(TUESDAY, 11, 45), "pia", "Cat Lee")
    assert refused(clinic, at(TUESDAY, 14, 45)).code == "practitioner-not-eligible"


@pytest.mark.parametrize("rules", [ON_SITE, DIRECT])
def test_what_is_offered_of_a_supervised_person_is_what_can_be_booked(database: Database, rules: str) -> None:
    clinic = supervised(database, rules, ben={"hours": hours("12:00", "15:00")}, cy={"hours": hours("14:00", "16:00")})
    clinic.book(at(TUESDAY, 9, 45), "ada", "Ann Poe")
    away(clinic, "ben", replace(WHOLE_DAY, start_minute=13 * 60, end_minute=13 * 60 + 30))
    every = [at(TUESDAY, 9) + timedelta(minutes=15 * n) for n in range(34)]
    assert starts(clinic) == [start for start in every if _can_be_booked(clinic, start)]


def _can_be_booked(clinic: DullClinic, start: datetime) -> bool:
    wanted = Wanted(
        treatment_type=clinic.treatments["needling"], site=clinic.sites["seattle"], start=start,
        practitioner=clinic.practitioners["pia"],
    )  # fmt: skip
    why = clinic.database.read_now(explain_slot, clinic.reception, WhyNot(wanted=wanted)).offered_to_patients
    try:
        visit = clinic.book(start, "pia").appointment
    except BookingError:
        assert not why
        return False
    command = CancelAppointment(appointment=visit.id, version=visit.version)
    clinic.database.write_now(cancel, clinic.reception, command)
    assert why
    return True


def test_supervisor_who_must_be_in_the_room_is_taken(database: Database) -> None:
    assistant = {"profession": "physical_therapist_assistant", "credential": [], "hours": hours("09:00", "17:00")}
    clinic = supervised(database, DIRECT, max=assistant)
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    assert visit.supervisor_id == clinic.practitioners["ada"]
    assert visit.span.start not in starts(clinic, "ada")
    with pytest.raises(BookingError, match="just been taken"):
        clinic.book(at(TUESDAY, 9), "ada", "Ann Poe", clinic.reception)
    with pytest.raises(PractitionerNotEligible):
        clinic.book(at(TUESDAY, 9, 15), "max", "Ann Poe", clinic.reception)
    assert violations(clinic) == []
    command = CancelAppointment(appointment=visit.id, version=visit.version)
    database.write_now(cancel, clinic.reception, command)
    assert visit.span.start in starts(clinic, "ada")


def test_supervisors_in_the_room_do_not_take_turns(database: Database) -> None:
    clinic = supervised(database, DIRECT, ben={"hours": hours("12:00", "15:00")})
    refusal = refused(clinic, at(TUESDAY, 11, 45))
    assert refusal.message == "No one colleague is free to be in the room with Pia for the whole visit."


def test_moved_visit_takes_another_supervisor(database: Database) -> None:
    clinic = supervised(database, DIRECT, ben={"hours": hours("12:00", "15:00")})
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    command = MoveAppointment(appointment=visit.id, version=visit.version, start=at(TUESDAY, 13))
    moved = database.write_now(move, clinic.reception, command).view.appointment
    assert moved.supervisor_id == clinic.practitioners["ben"]
    assert visit.span.start in starts(clinic, "ada")
    assert violations(clinic) == []


@pytest.mark.parametrize("rules", [ON_SITE, DIRECT])
def test_visit_loses_its_cover_with_its_supervisor_and_gets_it_back(database: Database, rules: str) -> None:
    clinic = supervised(database, rules)
    visit = clinic.book(at(TUESDAY, 10), "pia").appointment
    leave = away(clinic, "ada")
    assert found(clinic) == [(visit.id, "lost_cover")]
    database.write_now(remove_absence, clinic.manager, RemoveAbsence(absence=leave))
    assert found(clinic) == []
    licence = clinic.credentials["ada", "licence"]
    changed = database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board"))
    assert (found(clinic), changed.at_risk) == ([(visit.id, "lost_cover")], (visit.id,))
    assert violations(clinic) == []


def test_another_supervisor_on_the_premises_keeps_the_cover_but_in_the_room_does_not(database: Database) -> None:
    clinic = supervised(database, DIRECT, ben={"hours": hours("09:00", "12:00")})
    first = clinic.book(at(TUESDAY, 10), "pia").appointment
    taken = next(slug for slug, who in clinic.practitioners.items() if who == first.supervisor_id)
    away(clinic, taken)
    assert found(clinic) == [(first.id, "lost_cover")]
    second = clinic.book(at(WEDNESDAY, 10), "pia", "Sam Roe").appointment
    database.write_now(adopt, clinic, ON_SITE)
    away(clinic, "ben", LocalSpan(first=WEDNESDAY, last=WEDNESDAY))
    assert second.id not in {visit for visit, _kind in found(clinic)}


@pytest.mark.parametrize("rules", [ON_SITE, DIRECT])
def test_held_time_is_not_booked_when_the_supervisor_has_gone(database: Database, rules: str) -> None:
    clinic = supervised(database, rules)
    wanted = clinic.wanted(at(TUESDAY, 10), "pia")
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=wanted, hold_key="mine")).appointment
    away(clinic, "ada")
    command = BookAppointment(contact=contact(), what=HoldRef(hold=held.id, hold_key="mine"))
    with pytest.raises(PractitionerNotEligible):
        database.write_now(book, clinic.reception, command)


def test_held_time_without_a_supervisor_is_not_booked_once_the_law_wants_one_in_the_room(database: Database) -> None:
    clinic = supervised(database, ON_SITE)
    wanted = clinic.wanted(at(TUESDAY, 10), "pia")
    held = database.write_now(hold, clinic.public, HoldSlot(wanted=wanted, hold_key="mine")).appointment
    database.write_now(adopt, clinic, DIRECT)
    command = BookAppointment(contact=contact(), what=HoldRef(hold=held.id, hold_key="mine"))
    with pytest.raises(PractitionerNotEligible, match="cannot be there"):
        database.write_now(book, clinic.reception, command)


def test_supervisor_called_to_another_site_is_missed_and_found_again(database: Database) -> None:
    both = [*hours("09:00", "12:00"), *hours("09:00", "12:00", "tacoma")]
    clinic = supervised(database, ON_SITE, ada={"hours": both})
    visit = clinic.book(at(TUESDAY, 10), "pia").appointment
    there = replace(clinic.wanted(at(TUESDAY, 10)), site=SiteId(clinic.sites["tacoma"]))
    command = BookAppointment(contact=contact("Ann Poe"), what=there)
    other = database.write_now(book, clinic.reception, command).appointment
    assert found(clinic) == [(visit.id, "lost_cover")]
    later = MoveAppointment(appointment=other.id, version=other.version, start=at(TUESDAY, 11))
    moved = database.write_now(move, clinic.reception, later).view.appointment
    assert found(clinic) == []
    back = MoveAppointment(appointment=moved.id, version=moved.version, start=at(TUESDAY, 10))
    moved = database.write_now(move, clinic.reception, back).view.appointment
    assert found(clinic) == [(visit.id, "lost_cover")]
    gone = CancelAppointment(appointment=moved.id, version=moved.version)
    database.write_now(cancel, clinic.reception, gone)
    assert found(clinic) == []


def test_everybody_who_might_supervise_is_locked(postgresql: Database) -> None:
    """So that nobody's leave slips in between what was read and what is written; nothing else of theirs changes."""
    clinic = supervised(postgresql, ben={"hours": hours("12:00", "15:00")})
    held = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 11), "pia"), hold_key="mine")

    def book_held() -> None:
        ref = HoldRef(hold=postgresql.write_now(hold, clinic.public, held).appointment.id, hold_key="mine")
        command = BookAppointment(contact=contact("Ann Poe"), what=ref)
        postgresql.write_now(book, clinic.reception, command)

    def move_it() -> None:
        command = MoveAppointment(appointment=visit, version=1, start=at(TUESDAY, 12, 30))
        postgresql.write_now(move, clinic.reception, command)

    before = postgresql.write_now(_revisions, clinic)
    assert _supervisors_locked(clinic, lambda: clinic.book(at(TUESDAY, 10), "pia")) == 1
    visit = clinic.book(at(TUESDAY, 14), "pia", "Cat Lee").appointment.id
    assert _supervisors_locked(clinic, book_held) == 2
    assert _supervisors_locked(clinic, move_it) == 1
    assert postgresql.write_now(_revisions, clinic) == before


def _supervisors_locked(clinic: DullClinic, act: Callable[[], object]) -> int:
    """How many statements lock diaries; each must lock those of both supervisors."""
    said: list[str] = []

    def note(*seen: Any) -> None:
        if "FOR NO KEY UPDATE" in seen[2]:
            said.append(str(seen[3]))

    event.listen(clinic.database.engine, "before_cursor_execute", note)
    act()
    event.remove(clinic.database.engine, "before_cursor_execute", note)
    assert all(str(clinic.practitioners[who]) in one for one in said for who in ("ada", "ben"))
    return len(said)


def _revisions(tx: Transaction, clinic: DullClinic) -> list[int]:
    both = [DiaryId(clinic.practitioners[who]) for who in ("ada", "ben")]
    return list(diaries.lock(tx, clinic.id, both).values())
