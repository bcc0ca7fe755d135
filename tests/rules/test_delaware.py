"""Who may needle in Delaware. Facts: licensure-us.md lines 63 and 64."""

import pytest

from tests.rules.desk import AT, PT, PTA, answer, ask, asked_at_the_start, licence, paper, training

CPR = paper("cpr")

HOLDS = {
    "licence, CPR, 54 hours": (licence("US-DE"), CPR, training(hours_in_person=54)),
    "licence, CPR, 53 hours of 2023": (licence("US-DE"), CPR, training(hours_in_person=53)),
    "licence, CPR, 25 hours of 2025-05-31": (licence("US-DE"), CPR, training("2025-05-31", hours_in_person=25)),
    "licence, CPR, 24 hours of 2025-05-31": (licence("US-DE"), CPR, training("2025-05-31", hours_in_person=24)),
    "licence, CPR, 25 hours of 2024-02-29": (licence("US-DE"), CPR, training("2024-02-29", hours_in_person=25)),
    "licence, CPR, 25 hours of 2025-05-31, 29 of 2027-06-10": (
        licence("US-DE"),
        CPR,
        training("2025-05-31", "a", hours_in_person=25),
        training("2027-06-10", "b", hours_in_person=29),
    ),
    "licence, CPR, 54 hours by video": (licence("US-DE"), CPR, training(hours_online=54, hours_total=54)),
    "licence, 54 hours": (licence("US-DE"), training(hours_in_person=54)),
    "licence, CPR to 2027-01-13, 54 hours": (
        licence("US-DE"),
        paper("cpr", until="2027-01-13"),
        training(hours_in_person=54),
    ),
    "licence since 2026": (licence("US-DE", since="2026-01-01"), CPR, training(hours_in_person=54)),
}

TABLE = [
    (PT, "licence, CPR, 54 hours", "2027-01-14", "may"),
    (PT, "licence, CPR, 54 hours by video", "2027-01-14", "may not: training"),
    (PT, "licence, 54 hours", "2027-01-14", "may not: cpr"),
    (PT, "licence, CPR to 2027-01-13, 54 hours", "2027-01-13", "may"),
    (PT, "licence, CPR to 2027-01-13, 54 hours", "2027-01-14", "may not: cpr"),
    # a start after 25 hours, for two years less a day …
    (PT, "licence, CPR, 24 hours of 2025-05-31", "2026-01-14", "may not: training"),
    (PT, "licence, CPR, 25 hours of 2025-05-31", "2025-05-30", "may not: training"),
    (PT, "licence, CPR, 25 hours of 2025-05-31", "2025-05-31", "may"),
    (PT, "licence, CPR, 25 hours of 2025-05-31", "2027-05-30", "may"),
    (PT, "licence, CPR, 25 hours of 2025-05-31", "2027-05-31", "may not: training"),
    (PT, "licence, CPR, 53 hours of 2023", "2027-01-14", "may not: training"),
    # … from a leap day to the last of February
    (PT, "licence, CPR, 25 hours of 2024-02-29", "2026-02-28", "may"),
    (PT, "licence, CPR, 25 hours of 2024-02-29", "2026-03-01", "may not: training"),
    # whoever finishes late waits in between
    (PT, "licence, CPR, 25 hours of 2025-05-31, 29 of 2027-06-10", "2027-06-09", "may not: training"),
    (PT, "licence, CPR, 25 hours of 2025-05-31, 29 of 2027-06-10", "2027-06-10", "may"),
    (PT, "licence since 2026", "2027-12-31", "may not: tenure"),
    (PT, "licence since 2026", "2028-01-01", "may"),
    (PTA, "licence, CPR, 54 hours", "2027-01-14", "may not: scope.prohibited"),
    (AT, "licence, CPR, 54 hours", "2027-01-14", "may not: scope.prohibited"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_delaware(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-DE", ask("US-DE", who, HOLDS[holds]), day) == expected


def test_patient_consents_first() -> None:
    assert asked_at_the_start("US-DE", ask("US-DE", PT, ())) == "consent"
