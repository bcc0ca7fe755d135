"""Who may needle in Tennessee. Facts: licensure-us.md lines 118 to 120."""

from typing import Any

import pytest

from tests.rules.desk import AT, OT, PT, PTA, answer, ask, asked_at_the_start, licence, paper, training

COURSE: dict[str, Any] = {"hours_in_person": 24, "board_approved": True}
DEGREE = paper("degree", attributes={"includes_needling": True})

HOLDS = {
    "licence, course": (licence("US-TN"), training(**COURSE)),
    "licence, 23 hours": (licence("US-TN"), training(hours_in_person=23, board_approved=True)),
    "licence, course not approved": (licence("US-TN"), training(hours_in_person=24)),
    "licence, course by video": (licence("US-TN"), training(hours_online=24, board_approved=True)),
    "licence since 2026-02-01, course": (licence("US-TN", since="2026-02-01"), training(**COURSE)),
    "licence since 2026-02-01, course, degree": (licence("US-TN", since="2026-02-01"), training(**COURSE), DEGREE),
    "OT licence, course": (licence("US-TN", OT), training()),
    "OT licence": (licence("US-TN", OT),),
    "OT licence, course of 2020": (licence("US-TN", OT), training("2020-05-31")),
    "AT licence, course": (licence("US-TN", AT), training(**COURSE)),
}

TABLE = [
    (PT, "licence, course", "knee", "2027-01-14", "may"),
    (PT, "licence, course", "thorax", "2027-01-14", "may"),
    (PT, "licence, 23 hours", "knee", "2027-01-14", "may not: hours"),
    (PT, "licence, course not approved", "knee", "2027-01-14", "may not: course"),
    (PT, "licence, course by video", "knee", "2027-01-14", "may not: hours"),
    # one year in practice, unless needling was part of the degree
    (PT, "licence since 2026-02-01, course", "knee", "2027-01-31", "may not: tenure"),
    (PT, "licence since 2026-02-01, course", "knee", "2027-02-01", "may"),
    (PT, "licence since 2026-02-01, course, degree", "knee", "2026-02-01", "may"),
    (PTA, "licence, course", "knee", "2027-01-14", "may not: scope.prohibited"),
    # occupational therapists: hand to shoulder, since the act of 2021
    (OT, "OT licence, course", "hand wrist elbow shoulder", "2027-01-14", "may"),
    (OT, "OT licence, course", "elbow forearm", "2027-01-14", "may not: limit.regions_only"),
    (OT, "OT licence, course", "shoulder upper_trapezius", "2027-01-14", "may not: limit.regions_only"),
    (OT, "OT licence", "hand", "2027-01-14", "may not: training"),
    (OT, "OT licence, course of 2020", "hand", "2021-06-30", "may not: scope.none"),
    (OT, "OT licence, course of 2020", "hand", "2021-07-01", "may"),
    # athletic trainers: the bill was not found enacted
    (AT, "AT licence, course", "knee", "2027-01-14", "may not: scope.pending"),
]


@pytest.mark.parametrize(("who", "holds", "where", "day", "expected"), TABLE)
def test_tennessee(who: str, holds: str, where: str, day: str, expected: str) -> None:
    assert answer("US-TN", ask("US-TN", who, HOLDS[holds], where), day) == expected


def test_patient_gets_a_description_first() -> None:
    assert asked_at_the_start("US-TN", ask("US-TN", PT, ())) == "description"
