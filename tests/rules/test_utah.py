"""Who may needle in Utah. Facts: licensure-us.md lines 124 and 125."""

from typing import Any

import pytest

from tests.rules.desk import DC, OT, PT, answer, ask, licence, paper, signed, training

WHOLE: dict[str, Any] = {"hours_in_person": 54, "hours_total": 300, "supervised_sessions": 250}
REGISTRATION = paper("registration", "US-UT")


def two_courses(second_earned: str) -> tuple[Any, ...]:
    """54 hours in person and 250 sessions in two halves, the first finished on 31 May 2021."""
    half = {"hours_in_person": 27, "hours_total": 150, "supervised_sessions": 125}
    return (licence("US-UT"), REGISTRATION, training("2021-05-31", "a", **half), training(second_earned, "b", **half))


HOLDS = {
    "licence, registration, all hours": (licence("US-UT"), REGISTRATION, training(**WHOLE)),
    "licence, all hours": (licence("US-UT"), training(**WHOLE)),
    "licence, Nevada's registration, all hours": (
        licence("US-UT"),
        paper("registration", "US-NV"),
        training(**WHOLE),
    ),
    "licence, registration": (licence("US-UT"), REGISTRATION),
    "licence, registration, 249 sessions": (
        licence("US-UT"),
        REGISTRATION,
        training(**{**WHOLE, "supervised_sessions": 249}),
    ),
    "second half within three years": two_courses("2024-05-30"),
    "second half on the third anniversary": two_courses("2024-05-31"),
    "licence since 2025-01-15": (licence("US-UT", since="2025-01-15"), REGISTRATION, training(**WHOLE)),
    "OT licence and registration": (licence("US-UT", OT), REGISTRATION),
}

TABLE = [
    (PT, "licence, registration, all hours", "2027-01-14", "may"),
    (PT, "licence, all hours", "2027-01-14", "may not: registration"),
    (PT, "licence, Nevada's registration, all hours", "2027-01-14", "may not: registration"),
    # the registration rests on hours that are asked for all the same
    (PT, "licence, registration", "2027-01-14", "may not: hours.in-person, sessions, hours.total"),
    (PT, "licence, registration, 249 sessions", "2027-01-14", "may not: sessions"),
    # three years for all of it: they end the day before the anniversary
    (PT, "second half within three years", "2027-01-14", "may"),
    (PT, "second half on the third anniversary", "2027-01-14", "may not: hours.in-person, sessions"),
    # two years in practice
    (PT, "licence since 2025-01-15", "2027-01-14", "may not: tenure"),
    (PT, "licence since 2025-01-15", "2027-01-15", "may"),
    # occupational therapists: their section was not read; before the act there was none
    (OT, "OT licence and registration", "2027-01-14", "may not: scope.low_confidence"),
    (OT, "OT licence and registration", "2025-05-06", "may not: scope.none"),
    (DC, "licence, registration, all hours", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_utah(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-UT", ask("US-UT", who, HOLDS[holds]), day) == expected


def test_owner_signs_for_occupational_therapists() -> None:
    decision = signed("US-UT", "ot", on="2027-01-10", until="2027-06-30")
    question = ask("US-UT", OT, HOLDS["OT licence and registration"], decisions=(decision,))
    days = ("2027-01-09", "2027-01-10", "2027-06-30", "2027-07-01")
    refused = "may not: scope.low_confidence"
    assert [answer("US-UT", question, day) for day in days] == [refused, "may", "may", refused]
