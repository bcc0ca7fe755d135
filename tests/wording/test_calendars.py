"""What entries of calendars say."""

import pytest

from booking.wording.calendars import Level, entry_summary

SAID = [
    ("busy", "Booked"),
    ("minimal", "Supervising Pia Roe · Appointment"),
    ("initials", "Supervising Pia Roe · Appointment · P. S."),
    ("full", "Supervising Pia Roe · Dry needling · Pat Smith"),
]


@pytest.mark.parametrize(("level", "said"), SAID)
def test_supervised_visit_names_the_colleague_and_no_more_of_the_patient(level: Level, said: str) -> None:
    for cancelled, prefix in ((False, ""), (True, "Cancelled · ")):
        told = entry_summary(
            level, "Appointment", "Dry needling", "Pat Smith", cancelled=cancelled, supervises="Pia Roe"
        )
        assert told == prefix + said
