"""Who may needle where the demonstration plays, which is no place on earth. Facts: licensure.md line 271."""

import pytest

from tests.rules.desk import (
    AC,
    DC,
    MD,
    OS,
    OT,
    PT,
    PTA,
    answer,
    ask,
    asked_at_the_start,
    licence,
    suspended,
    training,
)

COURSE = training()

HOLDS = {
    "licence, course": (licence("DEMO"), COURSE),
    "licence": (licence("DEMO"),),
    "Montana's licence, course": (licence("US-MT"), COURSE),
    "licence to 2027-01-31, course": (licence("DEMO", until="2027-01-31"), COURSE),
    "licence renewed in time, course": (
        licence("DEMO", until="2027-01-31"),
        licence("DEMO", since="2027-02-01"),
        COURSE,
    ),
    "licence renewed a day late, course": (
        licence("DEMO", until="2027-01-31"),
        licence("DEMO", since="2027-02-02"),
        COURSE,
    ),
    "licence suspended from 2027-03-01, course": (suspended(licence("DEMO"), "2027-03-01"), COURSE),
    "licence, course of 2026-12-05": (licence("DEMO"), training("2026-12-05")),
    **{f"licence of a {who}, course": (licence("DEMO", who), COURSE) for who in (DC, AC, OS, MD, PTA, OT)},
}

TABLE = [
    (PT, "licence, course", "2027-01-14", "may"),
    *((who, f"licence of a {who}, course", "2027-01-14", "may") for who in (DC, AC, OS, MD)),
    (PT, "licence", "2027-01-14", "may not: training"),
    (PT, "Montana's licence, course", "2027-01-14", "may not: licence"),
    (DC, "licence, course", "2027-01-14", "may not: licence"),
    (PT, "licence, course of 2026-12-05", "2026-12-04", "may not: training"),
    (PT, "licence, course of 2026-12-05", "2026-12-05", "may"),
    (PT, "licence to 2027-01-31, course", "2027-01-31", "may"),
    (PT, "licence to 2027-01-31, course", "2027-02-01", "may not: licence"),
    (PT, "licence renewed in time, course", "2027-02-01", "may"),
    (PT, "licence renewed a day late, course", "2027-02-01", "may not: licence"),
    (PT, "licence renewed a day late, course", "2027-02-02", "may"),
    (PT, "licence suspended from 2027-03-01, course", "2027-02-28", "may"),
    (PT, "licence suspended from 2027-03-01, course", "2027-03-01", "may not: licence"),
    *((who, f"licence of a {who}, course", "2027-01-14", "may not: scope.none") for who in (PTA, OT)),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_demonstration(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("DEMO", ask("DEMO", who, HOLDS[holds]), day) == expected


def test_patient_consents_first() -> None:
    assert asked_at_the_start("DEMO", ask("DEMO", PT, ())) == "consent"
