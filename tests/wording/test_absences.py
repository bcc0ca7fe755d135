"""When somebody is away, in words."""

from datetime import date

import pytest

from booking.domain.time.local import LocalSpan
from booking.wording.absences import clock, when

DAY, LATER = date(2026, 11, 24), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (LocalSpan(first=DAY, last=DAY), "24 Nov 2026"),
        (LocalSpan(first=DAY, last=LATER), "24 Nov 2026 to 27 Nov 2026"),
        (LocalSpan(first=DAY, last=DAY, start_minute=540, end_minute=720), "24 Nov 2026, 9:00 am to 12 noon"),
        (LocalSpan(first=DAY, last=DAY, start_minute=780), "24 Nov 2026 from 1:00 pm"),
        (LocalSpan(first=DAY, last=DAY, end_minute=725), "24 Nov 2026 until 12:05 pm"),
        (LocalSpan(first=DAY, last=LATER, start_minute=780), "24 Nov 2026, 1:00 pm to 27 Nov 2026"),
        (LocalSpan(first=DAY, last=LATER, end_minute=720), "24 Nov 2026 to 27 Nov 2026, 12 noon"),
    ],
)
def test_stretches_are_said_as_short_as_they_are(days: LocalSpan, said: str) -> None:
    assert when(days) == said


@pytest.mark.parametrize(
    ("minute", "said"), [(0, "12 midnight"), (5, "12:05 am"), (715, "11:55 am"), (720, "12 noon"), (1435, "11:55 pm")]
)
def test_clock_says_noon_and_midnight(minute: int, said: str) -> None:
    assert clock(minute) == said
