"""Who may needle in Colorado. Facts: licensure-us.md lines 59 to 61."""

import pytest

from tests.rules.desk import DC, OT, PT, PTA, answer, ask, asked_at_the_start, licence, signed, training

HOLDS = {
    "licence, 50 hours, 40 in person": (licence("US-CO"), training("2021-05-31", hours_total=50, hours_in_person=40)),
    "licence, 50 hours of 2021, 39 in person": (
        licence("US-CO"),
        training("2021-05-31", hours_total=50, hours_in_person=39),
    ),
    "licence, 30 hours of 2023-01-15": (licence("US-CO"), training("2023-01-15", hours_total=30)),
    "licence, 29 hours of 2023-01-15": (licence("US-CO"), training("2023-01-15", hours_total=29)),
    "new licence, 50 hours, 40 in person": (
        licence("US-CO", since="2027-01-14"),
        training(hours_total=50, hours_in_person=40),
    ),
    "OT licence, 50 hours": (licence("US-CO", OT), training(hours_total=50, hours_in_person=40)),
    "DC licence, course": (licence("US-CO", DC), training()),
    "DC licence": (licence("US-CO", DC),),
}

TABLE = [
    (PT, "licence, 50 hours, 40 in person", "2027-01-14", "may"),
    (PT, "new licence, 50 hours, 40 in person", "2027-01-14", "may"),
    # a start after 30 hours, for four years less a day
    (PT, "licence, 29 hours of 2023-01-15", "2024-01-14", "may not: training"),
    (PT, "licence, 30 hours of 2023-01-15", "2023-01-14", "may not: training"),
    (PT, "licence, 30 hours of 2023-01-15", "2023-01-15", "may"),
    (PT, "licence, 30 hours of 2023-01-15", "2027-01-14", "may"),
    (PT, "licence, 30 hours of 2023-01-15", "2027-01-15", "may not: training"),
    (PT, "licence, 50 hours of 2021, 39 in person", "2027-01-14", "may not: training"),
    # occupational therapists: from September 2027 at the earliest, and only once the rules are in force
    (OT, "OT licence, 50 hours", "2027-08-31", "may not: scope.pending"),
    (OT, "OT licence, 50 hours", "2027-09-01", "may not: scope.pending"),
    # chiropractors: their hours were not read
    (DC, "DC licence, course", "2027-01-14", "may not: scope.silent"),
    (PTA, "licence, 50 hours, 40 in person", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_colorado(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-CO", ask("US-CO", who, HOLDS[holds]), day) == expected


@pytest.mark.parametrize(("holds", "expected"), [("DC licence, course", "may"), ("DC licence", "may not: training")])
def test_owner_decides_on_chiropractors(holds: str, expected: str) -> None:
    question = ask("US-CO", DC, HOLDS[holds], decisions=(signed("US-CO", "dc"),))
    assert answer("US-CO", question, "2027-01-14") == expected


def test_no_decision_opens_a_law_that_is_still_to_come() -> None:
    question = ask("US-CO", OT, HOLDS["OT licence, 50 hours"], decisions=(signed("US-CO", "ot"),))
    assert answer("US-CO", question, "2027-09-01") == "may not: scope.pending"


def test_patient_consents_first() -> None:
    assert asked_at_the_start("US-CO", ask("US-CO", PT, ())) == "consent"
