"""Which stretches of days can be entered as an absence."""

from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.absence import MOST_ON_RECORD, ensure_room_for_more, ensure_some, sound
from booking.domain.errors import InvalidInput
from booking.domain.time.local import LocalSpan
from tests.domain.factories import SEATTLE

DAY = date(2026, 11, 24)


def refused(first: date = DAY, last: date = DAY, **more: Any) -> str:
    """The field that is refused, or nothing."""
    try:
        sound(LocalSpan(first=first, last=last, **more))
    except InvalidInput as refusal:
        return str(refusal.details["field"])
    return ""


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (DAY, DAY, ""),
        (DAY, DAY - timedelta(days=1), "last"),
        (DAY, DAY + timedelta(days=729), ""),
        (DAY, DAY + timedelta(days=730), "last"),
        (date(2199, 12, 31), date(2199, 12, 31), ""),
        (date(2199, 12, 31), date(2200, 1, 1), "last"),
        (date.max, date.max, "last"),
        (date(1970, 1, 1), date(1970, 1, 1), ""),
        (date(1969, 12, 31), date(1970, 1, 1), "first"),
        (date.min, date.min, "first"),
    ],
)
def test_days_are_bounded(first: date, last: date, field: str) -> None:
    assert refused(first, last) == field


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (None, None, ""),
        (0, 1440, ""),
        (1435, None, ""),
        (None, 5, ""),
        (540, 545, ""),
        (540, 540, "to"),
        (545, 540, "to"),
        (541, None, "from"),
        (None, 541, "to"),
        (1440, None, "from"),
        (-5, None, "from"),
        (None, 0, "to"),
        (None, 1445, "to"),
    ],
)
def test_minutes_are_times_of_a_day(start: int | None, end: int | None, field: str) -> None:
    assert refused(start_minute=start, end_minute=end) == field


def test_stretch_over_a_night_may_end_earlier_in_the_day_than_it_begins() -> None:
    assert refused(DAY, DAY + timedelta(days=1), start_minute=1200, end_minute=360) == ""


def test_midnights_at_which_it_begins_and_ends_are_left_out() -> None:
    whole = LocalSpan(first=DAY, last=DAY)
    assert sound(LocalSpan(first=DAY, last=DAY, start_minute=0, end_minute=1440)) == sound(whole) == whole
    part = LocalSpan(first=DAY, last=DAY, start_minute=5, end_minute=1435)
    assert sound(part) == part


def test_stretch_that_the_clock_skips_is_no_time() -> None:
    spring = date(2027, 3, 14)
    skipped = LocalSpan(first=spring, last=spring, start_minute=125, end_minute=175)
    with pytest.raises(InvalidInput) as refusal:
        ensure_some(skipped.span(SEATTLE))
    assert refusal.value.details == {"field": "from"}
    ensure_some(LocalSpan(first=spring, last=spring, start_minute=125, end_minute=185).span(SEATTLE))


def test_there_is_an_end_to_what_is_on_record() -> None:
    ensure_room_for_more(MOST_ON_RECORD - 1)
    with pytest.raises(InvalidInput) as refusal:
        ensure_room_for_more(MOST_ON_RECORD)
    assert refusal.value.message == "There are 10,000 on record already; remove some of them first."
