"""Who may needle in Florida. Facts: licensure-us.md lines 67 and 68."""

from typing import Any

import pytest

from tests.rules.desk import DC, OT, PT, PTA, answer, ask, asked_at_the_start, licence, paper, training

COURSE: dict[str, Any] = {"hours_in_person": 50, "instructor_competency": True}
LETTER = paper("board_confirmation", "US-FL")
DC_COURSE: dict[str, Any] = {"hours_total": 40, "board_approved": True}

HOLDS = {
    "licence, course, 25 sessions": (licence("US-FL"), training(**COURSE, supervised_sessions=25)),
    "licence, course, 25 sessions elsewhere": (licence("US-FL"), training(**COURSE, licensed_sessions_elsewhere=25)),
    "licence, course, 24 sessions and 1 elsewhere": (
        licence("US-FL"),
        training(**COURSE, supervised_sessions=24, licensed_sessions_elsewhere=1),
    ),
    "licence, 49 hours, 25 sessions": (
        licence("US-FL"),
        training(hours_in_person=49, instructor_competency=True, supervised_sessions=25),
    ),
    "licence, course without the instructor's word": (
        licence("US-FL"),
        training(hours_in_person=50, supervised_sessions=25),
    ),
    "licence to 2027-01-31": (licence("US-FL", until="2027-01-31"), training(**COURSE, supervised_sessions=25)),
    "licence since 2024-02-29": (licence("US-FL", since="2024-02-29"), training(**COURSE, supervised_sessions=25)),
    "licence since 2026, Georgia's before": (
        licence("US-FL", since="2026-06-01"),
        licence("US-GA", since="2019-06-01", until="2026-05-31"),
        training(**COURSE, supervised_sessions=25),
    ),
    "Georgia's licence": (licence("US-GA"), training(**COURSE, supervised_sessions=25)),
    "assistant's licence": (licence("US-FL", PTA), training(**COURSE, supervised_sessions=25)),
    "DC licence, letter, 40 hours": (licence("US-FL", DC), LETTER, training(**DC_COURSE)),
    "DC licence, 40 hours": (licence("US-FL", DC), training(**DC_COURSE)),
    "DC licence, letter, 39 hours": (licence("US-FL", DC), LETTER, training(hours_total=39, board_approved=True)),
    "DC licence, letter, 40 hours not approved": (licence("US-FL", DC), LETTER, training(hours_total=40)),
    "DC licence, letter, 40 hours by 2024": (
        licence("US-FL", DC),
        LETTER,
        training("2024-06-30", **DC_COURSE),
    ),
}

TABLE = [
    # physical therapists: 50 hours face to face, the instructor's word, 25 sessions, two years
    (PT, "licence, course, 25 sessions", "2027-01-14", "may"),
    (PT, "licence, course, 25 sessions elsewhere", "2027-01-14", "may"),
    (PT, "licence, course, 24 sessions and 1 elsewhere", "2027-01-14", "may not: sessions"),
    (PT, "licence, 49 hours, 25 sessions", "2027-01-14", "may not: hours"),
    (PT, "licence, course without the instructor's word", "2027-01-14", "may not: skill"),
    # the last day of a licence counts, the next does not
    (PT, "licence to 2027-01-31", "2027-01-31", "may"),
    (PT, "licence to 2027-01-31", "2027-02-01", "may not: licence"),
    # two years from a leap day are over on 1 March
    (PT, "licence since 2024-02-29", "2026-02-28", "may not: tenure"),
    (PT, "licence since 2024-02-29", "2026-03-01", "may"),
    # years in another state count, its licence does not
    (PT, "licence since 2026, Georgia's before", "2027-01-14", "may"),
    (PT, "Georgia's licence", "2027-01-14", "may not: licence"),
    # what was learnt counts from the day it was
    (PT, "licence, course, 25 sessions", "2023-05-30", "may not: hours, skill, sessions"),
    (PT, "licence, course, 25 sessions", "2023-05-31", "may"),
    # before the rule there was none
    (PT, "licence, course, 25 sessions", "2021-04-18", "may not: scope.none"),
    # nobody else in their place
    (PTA, "assistant's licence", "2027-01-14", "may not: scope.prohibited"),
    (OT, "licence, course, 25 sessions", "2027-01-14", "may not: scope.none"),
    # chiropractors: the board's letter and 40 approved hours, since 29 December 2024
    (DC, "DC licence, letter, 40 hours", "2027-01-14", "may"),
    (DC, "DC licence, 40 hours", "2027-01-14", "may not: letter"),
    (DC, "DC licence, letter, 39 hours", "2027-01-14", "may not: hours"),
    (DC, "DC licence, letter, 40 hours not approved", "2027-01-14", "may not: hours"),
    (DC, "DC licence, letter, 40 hours by 2024", "2024-12-28", "may not: scope.none"),
    (DC, "DC licence, letter, 40 hours by 2024", "2024-12-29", "may"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_florida(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-FL", ask("US-FL", who, HOLDS[holds]), day) == expected


def test_licence_is_good_until_midnight_of_its_last_day() -> None:
    question = ask("US-FL", PT, HOLDS["licence to 2027-01-31"])
    assert answer("US-FL", question, "2027-01-31", hour=23, minutes=60) == "may"
    assert answer("US-FL", question, "2027-01-31", hour=23, minutes=61) == "may not: licence"


def test_patient_consents_first() -> None:
    assert asked_at_the_start("US-FL", ask("US-FL", PT, ())) == "consent"
    assert asked_at_the_start("US-FL", ask("US-FL", DC, ())) == ""
