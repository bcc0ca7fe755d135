"""What entries of calendars say."""

import pytest

from booking.domain.lifecycle import Shown
from booking.wording.calendars import Level, entry_summary

SAID = [
    ("busy", "Booked"),
    ("minimal", "Supervising Pia Roe · Appointment"),
    ("initials", "Supervising Pia Roe · Appointment · P. S."),
    ("full", "Supervising Pia Roe · Dry needling · Pat Smith"),
]


@pytest.mark.parametrize(("level", "said"), SAID)
def test_supervised_visit_names_the_colleague_and_no_more_of_the_patient(level: Level, said: str) -> None:
    prefixes: tuple[tuple[Shown, str], ...] = (("confirmed", ""), ("cancelled", "Cancelled · "))
    for shown, prefix in prefixes:
        told = entry_summary(level, "Appointment", "Dry needling", "Pat Smith", shown=shown, supervises="Pia Roe")
        assert told == prefix + said


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("busy", "Requested"),
        ("minimal", "Requested · Appointment"),
        ("initials", "Requested · Appointment · P. S."),
        ("full", "Requested · Dry needling · Pat Smith"),
    ],
)
def test_request_says_that_it_is_one(level: Level, said: str) -> None:
    assert entry_summary(level, "Appointment", "Dry needling", "Pat Smith", shown="tentative") == said
