"""Who may needle in Montana. Facts: licensure-us.md lines 95 and 96, licensure.md line 60."""

from typing import Any

import pytest

from tests.rules.desk import (
    AC,
    DC,
    OT,
    PT,
    PTA,
    RULES,
    answer,
    ask,
    asked_at_the_start,
    licence,
    privilege,
    suspended,
    training,
)

# for physical therapists hands-on work and both examinations; no number of hours
TAUGHT: dict[str, Any] = {"hands_on": True, "written_exam": True, "practical_exam": True}
COURSE = training(**TAUGHT)
DC_COURSE = training("2020-01-15", hands_on=True)

HOLDS = {
    "licence, course": (licence("US-MT"), COURSE),
    "licence": (licence("US-MT"),),
    "licence, course of two hours": (licence("US-MT"), training(**TAUGHT, hours_total=2)),
    "licence, course without hands-on work": (licence("US-MT"), training(**{**TAUGHT, "hands_on": False})),
    "licence, course without a written examination": (licence("US-MT"), training(**{**TAUGHT, "written_exam": False})),
    "licence, course without a practical one": (licence("US-MT"), training(hands_on=True, written_exam=True)),
    "licence, course in acupuncture": (licence("US-MT"), training(**TAUGHT, subject="acupuncture")),
    "licence, course of 2026-12-05": (licence("US-MT"), training("2026-12-05", **TAUGHT)),
    "licence of today, course": (licence("US-MT", since="2027-01-14"), COURSE),
    "licence to 2027-01-31, course": (licence("US-MT", until="2027-01-31"), COURSE),
    "licence renewed in time, course": (
        licence("US-MT", until="2027-01-31"),
        licence("US-MT", since="2027-02-01"),
        COURSE,
    ),
    "licence renewed a day late, course": (
        licence("US-MT", until="2027-01-31"),
        licence("US-MT", since="2027-02-02"),
        COURSE,
    ),
    "licence suspended in March 2027, course": (suspended(licence("US-MT"), "2027-03-01", "2027-03-31"), COURSE),
    "licence suspended from 2027-03-01, course": (suspended(licence("US-MT"), "2027-03-01"), COURSE),
    "licence with conditions, course": (licence("US-MT", restricted=True), COURSE),
    "Utah's licence, course": (licence("US-UT"), COURSE),
    "Utah's licence to 2027-01-31, privilege, course": (
        licence("US-UT", until="2027-01-31"),
        privilege("US-MT", "US-UT", until="2027-06-30"),
        COURSE,
    ),
    "Utah's licence, privilege to 2027-01-31, course": (
        licence("US-UT"),
        privilege("US-MT", "US-UT", until="2027-01-31"),
        COURSE,
    ),
    "privilege, course": (privilege("US-MT", "US-UT"), COURSE),
    "PTA licence, course": (licence("US-MT", PTA), COURSE),
    "DC licence, course": (licence("US-MT", DC), DC_COURSE),
    "DC licence, course without hands-on work": (licence("US-MT", DC), training(written_exam=True)),
    "DC licence to 2027-08-31, course": (licence("US-MT", DC, until="2027-08-31"), DC_COURSE),
    "DC licence suspended from 2027-03-01, course": (suspended(licence("US-MT", DC), "2027-03-01"), DC_COURSE),
    "Utah's DC licence, DC privilege, course": (
        licence("US-UT", DC),
        privilege("US-MT", "US-UT", DC),
        DC_COURSE,
    ),
    "AC licence": (licence("US-MT", AC),),
}

TABLE = [
    (PT, "licence, course", "2027-01-14", "may"),
    (PT, "licence", "2027-01-14", "may not: training"),
    (PT, "licence, course of two hours", "2027-01-14", "may"),
    (PT, "licence, course without hands-on work", "2027-01-14", "may not: training"),
    (PT, "licence, course without a written examination", "2027-01-14", "may not: training"),
    (PT, "licence, course without a practical one", "2027-01-14", "may not: training"),
    (PT, "licence, course in acupuncture", "2027-01-14", "may not: training"),
    (PT, "licence, course of 2026-12-05", "2026-12-04", "may not: training"),
    (PT, "licence, course of 2026-12-05", "2026-12-05", "may"),
    # no years in practice are asked for
    (PT, "licence of today, course", "2027-01-13", "may not: licence"),
    (PT, "licence of today, course", "2027-01-14", "may"),
    # to the last day; a renewal in time interrupts nothing
    (PT, "licence to 2027-01-31, course", "2027-01-31", "may"),
    (PT, "licence to 2027-01-31, course", "2027-02-01", "may not: licence"),
    (PT, "licence renewed in time, course", "2027-02-01", "may"),
    (PT, "licence renewed a day late, course", "2027-02-01", "may not: licence"),
    (PT, "licence renewed a day late, course", "2027-02-02", "may"),
    (PT, "licence suspended in March 2027, course", "2027-02-28", "may"),
    (PT, "licence suspended in March 2027, course", "2027-03-01", "may not: licence"),
    (PT, "licence suspended in March 2027, course", "2027-04-01", "may"),
    (PT, "licence suspended from 2027-03-01, course", "2027-03-01", "may not: licence"),
    (PT, "licence suspended from 2027-03-01, course", "2031-03-01", "may not: licence"),
    (PT, "licence with conditions, course", "2027-01-14", "may not: licence"),
    # a member of the compact: the privilege counts while both it and the home licence do
    (PT, "Utah's licence, course", "2027-01-14", "may not: licence"),
    (PT, "Utah's licence to 2027-01-31, privilege, course", "2027-01-31", "may"),
    (PT, "Utah's licence to 2027-01-31, privilege, course", "2027-02-01", "may not: licence"),
    (PT, "Utah's licence, privilege to 2027-01-31, course", "2027-01-31", "may"),
    (PT, "Utah's licence, privilege to 2027-01-31, course", "2027-02-01", "may not: licence"),
    (PT, "privilege, course", "2027-01-14", "may not: licence"),
    # chiropractors since 26 September 2020, with hands-on work, and without a compact
    (DC, "DC licence, course", "2020-09-25", "may not: scope.none"),
    (DC, "DC licence, course", "2020-09-26", "may"),
    (DC, "DC licence, course", "2027-01-14", "may"),
    (DC, "DC licence, course without hands-on work", "2027-01-14", "may not: training"),
    (DC, "DC licence to 2027-08-31, course", "2027-08-31", "may"),
    (DC, "DC licence to 2027-08-31, course", "2027-09-01", "may not: licence"),
    (DC, "DC licence suspended from 2027-03-01, course", "2027-02-28", "may"),
    (DC, "DC licence suspended from 2027-03-01, course", "2027-03-01", "may not: licence"),
    (DC, "Utah's DC licence, DC privilege, course", "2027-01-14", "may not: licence"),
    (DC, "licence, course", "2027-01-14", "may not: licence"),
    # it may not be delegated, and nobody else was read of
    (PTA, "PTA licence, course", "2027-01-14", "may not: scope.prohibited"),
    (OT, "licence, course", "2027-01-14", "may not: scope.none"),
    (AC, "AC licence", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_montana(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-MT", ask("US-MT", who, HOLDS[holds]), day) == expected


def test_no_technique_is_left_out() -> None:
    question = ask("US-MT", PT, HOLDS["licence, course"], techniques=frozenset({"electro", "distal", "auricular"}))
    assert answer("US-MT", question, "2027-01-14") == "may"


@pytest.mark.parametrize(
    ("grant", "duties"),
    [
        ("pt", ["Examine and diagnose first", "Show the board proof of training when it asks"]),
        (
            "dc",
            [
                "Examine and diagnose first",
                "Keep to the standards of OSHA and the CDC for needles",
                "Show the board proof of training when it asks",
            ],
        ),
    ],
)
def test_duties_are_told(grant: str, duties: list[str]) -> None:
    (found,) = (one for one in RULES["US-MT"].grants if one.id == grant)
    assert [duty.say for duty in found.duties] == duties


def test_nothing_is_asked_at_the_start() -> None:
    assert [asked_at_the_start("US-MT", ask("US-MT", who, ())) for who in (PT, DC)] == ["", ""]
