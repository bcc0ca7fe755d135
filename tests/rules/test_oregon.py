"""Who may needle in Oregon: nobody yet. Facts: licensure-us.md lines 30, 111 and 112, licensure.md lines 17 and 72."""

from datetime import date

import pytest

from booking.domain.eligibility import evaluate
from tests.domain.factories import visit
from tests.rules.desk import (
    AC,
    DC,
    MD,
    OT,
    PT,
    PTA,
    RULES,
    answer,
    ask,
    asked_at_the_start,
    licence,
    privilege,
    signed,
    training,
    zone_of,
)

EVERY_COURSE = training(
    hands_on=True, written_exam=True, practical_exam=True, hours_total=400, hours_didactic=200, supervised_sessions=300
)

HOLDS = {
    "PT licence, every course": (licence("US-OR"), EVERY_COURSE),
    "Washington's licence, privilege, every course": (licence("US-WA"), privilege("US-OR", "US-WA"), EVERY_COURSE),
    "DC licence, every course": (licence("US-OR", DC), EVERY_COURSE),
    "AC licence": (licence("US-OR", AC),),
    "MD licence": (licence("US-OR", MD),),
    "nothing": (),
}

TABLE = [
    # law since 7 August 2025, of no use until the board has rules: hoped for by July 2027, and not counted on
    (PT, "PT licence, every course", "2025-08-06", "may not: scope.pending"),
    (PT, "PT licence, every course", "2025-08-07", "may not: scope.pending"),
    (PT, "PT licence, every course", "2027-01-14", "may not: scope.pending"),
    (PT, "PT licence, every course", "2027-06-30", "may not: scope.pending"),
    (PT, "PT licence, every course", "2027-07-01", "may not: scope.pending"),
    (PT, "PT licence, every course", "2029-01-14", "may not: scope.pending"),
    (PT, "Washington's licence, privilege, every course", "2027-01-14", "may not: scope.pending"),
    (PT, "nothing", "2027-01-14", "may not: scope.pending"),
    # the rule of 2011 for chiropractors was struck down
    (DC, "DC licence, every course", "2027-01-14", "may not: scope.prohibited"),
    (DC, "DC licence, every course", "2012-01-14", "may not: scope.prohibited"),
    # nobody else was read of
    (PTA, "PT licence, every course", "2027-01-14", "may not: scope.none"),
    (OT, "PT licence, every course", "2027-01-14", "may not: scope.none"),
    (AC, "AC licence", "2027-01-14", "may not: scope.none"),
    (MD, "MD licence", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_oregon(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-OR", ask("US-OR", who, HOLDS[holds]), day) == expected


@pytest.mark.parametrize(("who", "grant", "expected"), [(PT, "pt", "scope.pending"), (DC, "dc", "scope.prohibited")])
def test_no_owner_decides_instead_of_the_board_or_the_court(who: str, grant: str, expected: str) -> None:
    question = ask("US-OR", who, HOLDS["PT licence, every course"], decisions=(signed("US-OR", grant),))
    assert answer("US-OR", question, "2027-01-14") == f"may not: {expected}"


@pytest.mark.parametrize(
    ("who", "have", "confidence"),
    [(PT, "a physical therapist; expected 2027-07-01", "high"), (DC, "a chiropractor", "medium")],
)
def test_refusal_says_what_is_expected_and_how_well_it_is_known(who: str, have: str, confidence: str) -> None:
    asked = visit(date(2027, 1, 14), zone=zone_of("US-OR"))
    (reason,) = evaluate(RULES["US-OR"], ask("US-OR", who, ())).reasons(asked)
    assert (reason.have, reason.confidence, reason.true_from) == (have, confidence, None)


def test_nothing_is_asked_at_the_start() -> None:
    assert asked_at_the_start("US-OR", ask("US-OR", PT, ())) == ""
