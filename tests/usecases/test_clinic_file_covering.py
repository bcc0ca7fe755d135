"""What applying a clinic's file means for the cover of visits to come: told beforehand and afterwards alike."""

from datetime import date, timedelta
from typing import Any

import pytest
import tomli_w

from booking.rules import shipped
from booking.store.database import Database, Transaction
from booking.store.installation import Kind
from booking.usecases.clinic_file import ApplyClinic, CoverChange, CoverChanges, apply_clinic, read_clinic
from tests.clinics import SYSTEM_NOWHERE, TUESDAY, at, contact, dull, open_clinic
from tests.plugins.database import Clock

LATER = TUESDAY + timedelta(days=1)
LICENCE = "A Washington licence or compact privilege in force for the whole appointment ({})"
BEN = {"ben": {"name": "Ben Ode"}}


def applied(tx: Transaction, data: dict[str, Any]) -> CoverChanges:
    command = ApplyClinic(file=read_clinic(tomli_w.dumps(data)), kind=Kind.REAL, uid_domain="clinic.example")
    return apply_clinic(tx, SYSTEM_NOWHERE, command).cover


def told(day: date, hour: int, *why: str) -> CoverChange:
    """Ada's visit at that hour of Seattle's clock."""
    return CoverChange(start=at(day, hour), site="Seattle", practitioner="Ada Byrne", treatment="Dry needling", why=why)


def ending(day: date, **people: dict[str, Any]) -> dict[str, Any]:
    """The file in which Ada's licence ends that day."""
    data = dull(**people)
    data["practitioner"][0]["credential"][0]["valid_until"] = day
    return data


def test_licence_that_ends_sooner_takes_the_cover_of_what_comes_after(database: Database) -> None:
    clinic = open_clinic(database)
    for day, hour in ((LATER, 11), (TUESDAY, 10), (LATER, 9)):
        clinic.book(at(day, hour), patient=f"Pat {hour}")
    lost = database.write_now(applied, ending(TUESDAY))
    why = LICENCE.format("licence PT-1, US-WA, ended 2026-11-24")
    assert lost == CoverChanges(lost=(told(LATER, 9, why), told(LATER, 11, why)))
    # what is known already is no change; that it ends is one
    assert database.write_now(applied, ending(TUESDAY, **BEN)) == CoverChanges()
    regained = database.write_now(applied, dull())
    assert regained == CoverChanges(regained=(told(LATER, 9), told(LATER, 11)))
    assert database.write_now(applied, dull()) == CoverChanges()


def test_one_may_lose_what_another_has_again(database: Database) -> None:
    clinic = open_clinic(database, dull(**BEN))
    clinic.book(at(TUESDAY, 10))
    clinic.book(at(LATER, 10), practitioner="ben", patient="Sam Roe")
    first = database.write_now(applied, ending(TUESDAY - timedelta(days=1), **BEN))
    assert ([one.practitioner for one in first.lost], first.regained) == (["Ada Byrne"], ())
    data = dull(**BEN)
    data["practitioner"][1]["credential"] = []
    both = database.write_now(applied, data)
    (ben,) = both.lost
    assert both.regained == (told(TUESDAY, 10),)
    assert ben.practitioner == "Ben Ode"
    assert len(ben.why) == 6  # licence, endorsement, a year of practice, hours, those in class, sessions


def test_rules_that_are_adopted_may_ask_for_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    data, text = dull(), shipped()["US-WA"]
    version = data["rules"][0]["version"]
    text = text.replace("at_least = 325", "at_least = 400").replace(f'version = "{version}"', 'version = "2027-01-01"')
    monkeypatch.setattr("booking.rules.shipped", lambda: {"US-WA": text})
    data["rules"][0]["version"] = "2027-01-01"
    why = "325 hours of instruction and clinical experience in needling (325 of 400 hours total)"
    assert database.write_now(applied, data) == CoverChanges(lost=(told(TUESDAY, 10, why),))


def test_what_is_looked_at_first_is_what_comes(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    clinic.book(at(LATER, 10))

    def look(tx: Transaction) -> None:
        raise LookupError(applied(tx, ending(TUESDAY)))

    with pytest.raises(LookupError) as foretold:
        sqlite.write_now(look)
    assert foretold.value.args == (sqlite.write_now(applied, ending(TUESDAY)),)


def test_visit_that_is_over_is_not_told(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    clinic.book(at(LATER, 10), patient="Sam Roe")
    database.write_now(applied, ending(TUESDAY - timedelta(days=1)))
    clock.now = at(TUESDAY, 12)
    assert database.write_now(applied, dull()) == CoverChanges(regained=(told(LATER, 10),))


def test_no_patient_is_told(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    clinic.book(at(LATER, 10))
    patient = contact()
    assert patient.name not in repr(sqlite.write_now(applied, ending(TUESDAY)))
