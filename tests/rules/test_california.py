"""Who may needle in California. Facts: licensure-us.md lines 44 and 58, licensure.md lines 28 and 73."""

import pytest

from tests.rules.desk import (
    AC,
    AT,
    DC,
    MD,
    OT,
    PT,
    PTA,
    answer,
    ask,
    asked_at_the_start,
    licence,
    signed,
    suspended,
    training,
)

EVERY_COURSE = training(
    hands_on=True, written_exam=True, practical_exam=True, hours_total=400, hours_didactic=200, supervised_sessions=300
)

HOLDS = {
    "PT licence, every course": (licence("US-CA"), EVERY_COURSE),
    "AC licence": (licence("US-CA", AC),),
    "AC licence to 2027-01-31": (licence("US-CA", AC, until="2027-01-31"),),
    "AC licence renewed a day late": (
        licence("US-CA", AC, until="2027-01-31"),
        licence("US-CA", AC, since="2027-02-02"),
    ),
    "AC licence renewed in time": (licence("US-CA", AC, until="2027-01-31"), licence("US-CA", AC, since="2027-02-01")),
    "AC licence suspended from 2027-03-01": (suspended(licence("US-CA", AC), "2027-03-01"),),
    "Nevada's AC licence": (licence("US-NV", AC),),
    "MD licence": (licence("US-CA", MD),),
    "Nevada's MD licence": (licence("US-NV", MD),),
    "PTA licence, every course": (licence("US-CA", PTA), EVERY_COURSE),
    "OT licence, every course": (licence("US-CA", OT), EVERY_COURSE),
    "AT's course": (EVERY_COURSE,),
    "DC licence, every course": (licence("US-CA", DC), EVERY_COURSE),
    "nothing": (),
}

TABLE = [
    # no training lets a physical therapist, whatever some pages say
    (PT, "PT licence, every course", "2027-01-14", "may not: scope.prohibited"),
    (PT, "PT licence, every course", "2021-01-14", "may not: scope.prohibited"),
    (PT, "PT licence, every course", "2035-01-14", "may not: scope.prohibited"),
    (PT, "nothing", "2027-01-14", "may not: scope.prohibited"),
    # acupuncturists and physicians, within their own licence
    (AC, "AC licence", "2027-01-14", "may"),
    (AC, "nothing", "2027-01-14", "may not: licence"),
    (AC, "Nevada's AC licence", "2027-01-14", "may not: licence"),
    (AC, "MD licence", "2027-01-14", "may not: licence"),
    (MD, "MD licence", "2027-01-14", "may"),
    (MD, "Nevada's MD licence", "2027-01-14", "may not: licence"),
    (AC, "AC licence to 2027-01-31", "2027-01-31", "may"),
    (AC, "AC licence to 2027-01-31", "2027-02-01", "may not: licence"),
    (AC, "AC licence renewed in time", "2027-02-01", "may"),
    (AC, "AC licence renewed a day late", "2027-02-01", "may not: licence"),
    (AC, "AC licence renewed a day late", "2027-02-02", "may"),
    (AC, "AC licence suspended from 2027-03-01", "2027-02-28", "may"),
    (AC, "AC licence suspended from 2027-03-01", "2027-03-01", "may not: licence"),
    # nobody else is named; that athletic trainers are is said by a page that the boards do not bear out
    (PTA, "PTA licence, every course", "2027-01-14", "may not: scope.none"),
    (OT, "OT licence, every course", "2027-01-14", "may not: scope.none"),
    (AT, "AT's course", "2027-01-14", "may not: scope.none"),
    (DC, "DC licence, every course", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_california(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-CA", ask("US-CA", who, HOLDS[holds]), day) == expected


def test_no_owner_decides_against_a_prohibition() -> None:
    question = ask("US-CA", PT, HOLDS["PT licence, every course"], decisions=(signed("US-CA", "pt"),))
    assert answer("US-CA", question, "2027-01-14") == "may not: scope.prohibited"


def test_nothing_is_asked_at_the_start() -> None:
    assert [asked_at_the_start("US-CA", ask("US-CA", who, ())) for who in (PT, AC, MD)] == ["", "", ""]
