from datetime import date

import pytest

from booking.domain.availability.obstacles import Kind
from booking.domain.time.span import TimeSpan
from booking.wording import obstacles
from tests.domain.factories import SEATTLE, utc

TUESDAY = date(2026, 11, 24)


def test_every_kind_has_a_word_of_its_own() -> None:
    assert len({obstacles.label(kind) for kind in Kind}) == len(Kind)


def test_taker_is_named_by_its_kind() -> None:
    assert [obstacles.taker(kind) for kind in ("visit", "hold", "leave", "closed")] == [
        "Visit",
        "Hold",
        "Leave",
        "Closed",
    ]
    assert obstacles.taker("imported") == "Imported"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-24T18:00", "2026-11-24T18:30", "10:00 am to 10:30 am"),
        ("2026-11-24T08:00", "2026-11-25T08:00", "all day"),
        ("2026-11-24T20:00", "2026-11-25T08:00", "12 noon to 12 midnight the next day"),
        ("2026-11-24T08:00", "2026-11-27T08:00", "24 Nov 2026 to 26 Nov 2026"),
        ("2026-11-23T20:00", "2026-11-25T08:00", "23 Nov 2026, 12 noon to 24 Nov 2026"),
        ("2026-11-24T08:00", "2026-11-25T18:30", "24 Nov 2026 to 25 Nov 2026, 10:30 am"),
    ],
)
def test_stretch_is_seen_from_its_day(start: str, end: str, said: str) -> None:
    assert obstacles.stretch(TimeSpan(utc(start), utc(end)), SEATTLE, TUESDAY) == said
