"""Spans and their sets, held against plain sets of minutes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.domain.time.span import ALWAYS, BEGINNING, END, NEVER, SpanSet, TimeSpan, shifted

MIDNIGHT = datetime(2027, 1, 14, tzinfo=UTC)
MINUTES = range(48)


def at(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


def span(start: int, end: int) -> TimeSpan:
    return TimeSpan(at(start), at(end))


def span_set(*pairs: tuple[int, int]) -> SpanSet:
    return SpanSet(span(start, end) for start, end in pairs)


def minutes_of(spans: SpanSet) -> set[int]:
    return {minute for minute in MINUTES if spans.covers(span(minute, minute + 1))}


starts, lengths = st.integers(0, len(MINUTES) - 1), st.integers(1, len(MINUTES))
pairs = st.tuples(starts, lengths).map(lambda pair: (pair[0], min(pair[0] + pair[1], len(MINUTES))))
pair_lists = st.lists(pairs, max_size=6)
small = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are shared


def as_minutes(chosen: list[tuple[int, int]]) -> set[int]:
    return {minute for start, end in chosen for minute in range(start, end)}


@small
@given(pair_lists, pair_lists)
def test_operators_agree_with_sets_of_minutes(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a, b = span_set(*one), span_set(*other)
    minutes_a, minutes_b = as_minutes(one), as_minutes(other)
    assert minutes_of(a) == minutes_a
    assert minutes_of(a & b) == minutes_a & minutes_b
    assert minutes_of(a | b) == minutes_a | minutes_b
    assert minutes_of(a - b) == minutes_a - minutes_b
    assert minutes_of(~a) == set(MINUTES) - minutes_a


@small
@given(pair_lists, pair_lists, pair_lists)
def test_laws_of_sets_hold(
    one: list[tuple[int, int]], other: list[tuple[int, int]], third: list[tuple[int, int]]
) -> None:
    a, b, c = span_set(*one), span_set(*other), span_set(*third)
    assert a & b == b & a
    assert a | b == b | a
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert ~(a & b) == ~a | ~b
    assert ~(a | b) == ~a & ~b
    assert a & (a | b) == a | (a & b) == a & a == a | a == a
    assert a - b == a & ~b == a - (a & b)
    assert (a - b) - c == a - (b | c)
    assert a - (b - c) == (a - b) | (a & c)
    assert ~~a == a
    assert a - a == NEVER
    assert a | ~a == ALWAYS
    assert a & ALWAYS == a | NEVER == a


@small
@given(pair_lists)
def test_set_has_one_form_however_it_is_made(chosen: list[tuple[int, int]]) -> None:
    spans = span_set(*chosen)
    assert spans == span_set(*reversed(chosen)) == span_set(*((m, m + 1) for m in as_minutes(chosen)))
    assert hash(spans) == hash(span_set(*reversed(chosen)))
    assert all(one.end < two.start for one, two in zip(spans.spans, spans.spans[1:], strict=False))
    assert bool(spans) is bool(chosen)


@small
@given(pair_lists, pairs)
def test_cover_and_first_cover_agree_with_minutes(chosen: list[tuple[int, int]], wanted: tuple[int, int]) -> None:
    free, length = as_minutes(chosen), wanted[1] - wanted[0]
    fits = [start for start in range(wanted[0], len(MINUTES)) if free.issuperset(range(start, start + length))]
    spans = span_set(*chosen)
    assert spans.covers(span(*wanted)) is (wanted[0] in fits)
    assert spans.first_cover(span(*wanted)) == (at(fits[0]) if fits else None)


@small
@given(pair_lists, pairs)
def test_set_covers_a_span_of_which_it_leaves_nothing(chosen: list[tuple[int, int]], wanted: tuple[int, int]) -> None:
    spans, whole = span_set(*chosen), span_set(wanted)
    assert spans.covers(span(*wanted)) is (whole - spans == NEVER) is (whole & spans == whole)
    fits = spans.first_cover(span(*wanted))
    assert fits is None or spans.covers(TimeSpan(fits, fits + span(*wanted).length))


@small
@given(pairs, pairs)
def test_spans_cover_and_overlap_like_minutes(one: tuple[int, int], other: tuple[int, int]) -> None:
    mine, theirs = set(range(*one)), set(range(*other))
    assert span(*one).covers(span(*other)) is (theirs <= mine)
    assert span(*one).overlaps(span(*other)) is bool(mine & theirs)


def test_touching_spans_are_one_and_do_not_overlap() -> None:
    assert span_set((0, 10), (10, 20)).spans == (span(0, 20),)
    assert not span(0, 10).overlaps(span(10, 20))
    assert span_set((0, 10), (11, 20)).spans == (span(0, 10), span(11, 20))


def test_complement_reaches_the_ends_of_time() -> None:
    assert (~span_set((5, 6))).spans == (TimeSpan(BEGINNING, at(5)), TimeSpan(at(6), END))
    assert (~ALWAYS, ~NEVER) == (NEVER, ALWAYS)


def test_padding_and_length() -> None:
    assert span(10, 20).padded(timedelta(minutes=5), timedelta(minutes=10)) == span(5, 30)
    assert span(10, 20).length == timedelta(minutes=10)


def test_padding_ends_with_time() -> None:
    year, nothing = timedelta(days=366), timedelta()
    first, last = TimeSpan(BEGINNING, at(0)), TimeSpan(at(0), END)
    assert first.padded(year, year) == TimeSpan(BEGINNING, at(0) + year)
    assert last.padded(year, year) == TimeSpan(at(0) - year, END)
    (always,) = ALWAYS
    assert always.padded(year, nothing) == always.padded(nothing, year) == always
    assert TimeSpan(BEGINNING + year / 2, END - year / 2).padded(year, year) == always


@pytest.mark.parametrize(
    ("instant", "by", "expected"),
    [
        (at(0), timedelta(minutes=5), at(5)),
        (at(5), timedelta(minutes=-5), at(0)),
        (END, timedelta(microseconds=1), END),
        (END - timedelta(minutes=1), timedelta(minutes=1), END),
        (BEGINNING, timedelta(minutes=-1), BEGINNING),
        (at(0), timedelta.max, END),
        (at(0), timedelta.min, BEGINNING),
        (END, timedelta(), END),
    ],
)
def test_instant_is_shifted_within_time(instant: datetime, by: timedelta, expected: datetime) -> None:
    assert shifted(instant, by) == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(1), at(1)),
        (at(2), at(1)),
        (at(1).replace(tzinfo=None), at(2).replace(tzinfo=None)),
        (at(1), at(2).astimezone(timezone(timedelta(hours=1)))),
    ],
    ids=["empty", "backwards", "naive", "not in UTC"],
)
def test_span_that_is_none_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="a span"):
        TimeSpan(start, end)


def test_set_is_no_other_thing() -> None:
    assert span_set((0, 1)) != {span(0, 1)}
    assert list(span_set((0, 1))) == [span(0, 1)]
    assert repr(NEVER) == "SpanSet([])"
