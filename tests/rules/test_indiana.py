"""Who may needle in Indiana. Facts: licensure-us.md lines 77 and 78."""

import pytest

from tests.rules.desk import DC, PT, PTA, answer, ask, licence, signed, training

HOLDS = {
    "licence, 50 hours, 40 in person": (licence("US-IN"), training(hours_total=50, hours_in_person=40)),
    "licence, 50 hours, 39 in person": (licence("US-IN"), training(hours_total=50, hours_in_person=39)),
    "licence, 40 hours in person": (licence("US-IN"), training(hours_total=40, hours_in_person=40)),
    "licence, 30 and 20 hours": (
        licence("US-IN"),
        training("2023-05-31", "a", hours_total=30, hours_in_person=20),
        training("2025-05-31", "b", hours_total=20, hours_in_person=20),
    ),
    "new licence, 50 hours of the degree": (
        licence("US-IN", since="2027-01-14"),
        training("2026-05-31", hours_total=50, hours_in_person=40),
    ),
    "licence, 50 hours of acupuncture": (
        licence("US-IN"),
        training(hours_total=50, hours_in_person=40, subject="acupuncture"),
    ),
    "DC licence, approved course": (licence("US-IN", DC), training(board_approved=True)),
    "DC licence": (licence("US-IN", DC),),
}

TABLE = [
    (PT, "licence, 50 hours, 40 in person", "2027-01-14", "may"),
    (PT, "licence, 50 hours, 39 in person", "2027-01-14", "may not: hours.in-person"),
    (PT, "licence, 40 hours in person", "2027-01-14", "may not: hours.total"),
    (PT, "licence, 30 and 20 hours", "2025-05-30", "may not: hours.total, hours.in-person"),
    (PT, "licence, 30 and 20 hours", "2025-05-31", "may"),
    (PT, "licence, 50 hours of acupuncture", "2027-01-14", "may not: hours.total, hours.in-person"),
    # no years are asked for, and hours of the degree count
    (PT, "new licence, 50 hours of the degree", "2027-01-13", "may not: licence"),
    (PT, "new licence, 50 hours of the degree", "2027-01-14", "may"),
    # the rule on hours begins on 1 July 2024
    (PT, "licence, 50 hours, 40 in person", "2024-06-30", "may not: scope.none"),
    (PT, "licence, 50 hours, 40 in person", "2024-07-01", "may"),
    (PTA, "licence, 50 hours, 40 in person", "2027-01-14", "may not: scope.prohibited"),
    # chiropractors: their rule was not read
    (DC, "DC licence, approved course", "2027-01-14", "may not: scope.low_confidence"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_indiana(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-IN", ask("US-IN", who, HOLDS[holds]), day) == expected


@pytest.mark.parametrize(
    ("holds", "expected"), [("DC licence, approved course", "may"), ("DC licence", "may not: training")]
)
def test_owner_signs_for_chiropractors(holds: str, expected: str) -> None:
    question = ask("US-IN", DC, HOLDS[holds], decisions=(signed("US-IN", "dc"),))
    assert answer("US-IN", question, "2027-01-14") == expected
