"""The time line as a bar."""

from datetime import date, timedelta

from booking.domain.eligibility import evaluate
from booking.domain.eligibility.timeline import timeline
from booking.domain.time.zone import day_start
from booking.web.timebar import Bar, bar
from tests.domain.factories import SEATTLE, make_ask
from tests.domain.short_rules import everylands, permitting, written

FIRST = date(2026, 1, 1)


def drawn(days: int, *, until: date, today: date = FIRST) -> Bar:
    """From new year 2026 on, of somebody whose licence lasts until that day."""
    eligibility = evaluate(written(permitting()), make_ask(everylands(valid_until=until)))
    stretches = timeline(eligibility, FIRST, FIRST + timedelta(days=days - 1))
    return bar(stretches, SEATTLE, day_start(today, SEATTLE))


def test_pieces_lie_side_by_side_and_narrow_ones_bear_no_sign() -> None:
    found = drawn(20, until=date(2026, 1, 15))
    assert [(one.start, one.width, one.middle, one.may) for one in found.pieces] == [
        ("0.00%", "75.00%", "37.50%", True),
        ("75.00%", "25.00%", "87.50%", False),
    ]
    assert [one.middle for one in drawn(20, until=date(2026, 1, 19)).pieces] == ["47.50%", None]


def test_now_is_drawn_within_the_bar_alone() -> None:
    days = [date(2025, 12, 31), FIRST, date(2026, 1, 6), date(2026, 1, 21)]
    assert [drawn(20, until=FIRST, today=one).now for one in days] == [None, None, "25.00%", None]


def test_marks_are_as_many_months_as_have_room() -> None:
    names = {days: [one.name for one in drawn(days, until=FIRST).marks] for days in (20, 90, 365, 800)}
    assert names == {
        20: [],
        90: ["Feb 2026", "Mar 2026"],
        365: ["Apr 2026", "Jul 2026", "Oct 2026"],
        800: ["Jul 2026", "Jan 2027", "Jul 2027", "Jan 2028"],
    }
    assert [one.at for one in drawn(90, until=FIRST).marks] == ["34.46%", "65.59%"]  # March has lost an hour
