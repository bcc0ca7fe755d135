"""Masks of ticks say what sets of ticks say."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from booking.domain.time.ticks import (
    PACKED,
    TICK,
    Window,
    filled,
    instant_of,
    pair_of,
    positions,
    runs,
    tick_at,
    tick_from,
    ticks_of,
)
from tests.domain.factories import utc

SIZE = 40
masks = st.integers(0, (1 << SIZE) - 1)


def bits(mask: int) -> set[int]:
    return {position for position in range(mask.bit_length()) if mask >> position & 1}


def stretches_of(free: set[int], firsts: set[int]) -> list[set[int]]:
    """Ticks in a row, cut before each of `firsts`."""
    found: list[set[int]] = []
    for tick in sorted(free):
        if tick - 1 in free and tick not in firsts:
            found[-1].add(tick)
        else:
            found.append({tick})
    return found


def test_a_tick_is_five_minutes_since_1970() -> None:
    assert (TICK, tick_at(utc("1970-01-01T00:10")), instant_of(2)) == (timedelta(minutes=5), 2, utc("1970-01-01T00:10"))


def test_an_instant_lies_in_one_tick_and_the_next_begins_at_it_or_later() -> None:
    edge, inside = utc("2027-01-14T10:05"), utc("2027-01-14T10:05:01")
    assert (tick_from(edge) - tick_at(edge), tick_from(inside) - tick_at(inside)) == (0, 1)


def test_a_part_of_a_tick_counts_whole() -> None:
    assert [ticks_of(timedelta(minutes=minutes)) for minutes in (0, 1, 5, 6)] == [0, 1, 1, 2]


WINDOW = Window.around(TimeSpan(utc("2027-01-14T10:00"), utc("2027-01-14T11:00")))


def test_what_is_free_is_rounded_inward_and_what_is_taken_outward() -> None:
    span = TimeSpan(utc("2027-01-14T10:07"), utc("2027-01-14T10:23"))
    assert (bits(WINDOW.inside(SpanSet([span]))), bits(WINDOW.touched([span]))) == ({2, 3}, {1, 2, 3, 4})


def test_a_window_holds_what_is_in_it() -> None:
    assert (WINDOW.inside(ALWAYS), WINDOW.inside(NEVER), WINDOW.size) == (WINDOW.all, 0, 12)
    outside = TimeSpan(utc("2027-01-14T09:00"), utc("2027-01-14T10:10"))
    assert (bits(WINDOW.touched([outside])), WINDOW.ticks(0b101)) == ({0, 1}, [WINDOW.first, WINDOW.first + 2])


@given(st.lists(st.tuples(st.integers(900, 1000 + SIZE), st.integers(1, PACKED - 1))))
def test_packed_stretches_are_what_their_pairs_are(stretches: list[tuple[int, int]]) -> None:
    window, packed = Window(1000, SIZE), [start * PACKED + length for start, length in stretches]
    pairs = [(start, start + length) for start, length in stretches]
    assert (window.unpacked(packed), [pair_of(one) for one in packed]) == (window.mask(pairs), pairs)
    assert [pair_of(one, 2) for one in packed] == [(start - 2, end + 2) for start, end in pairs]


@given(masks, st.integers(1, SIZE))
def test_runs_begin_where_so_many_ticks_follow(mask: int, length: int) -> None:
    free = bits(mask)
    assert bits(runs(mask, length)) == {tick for tick in free if all(tick + more in free for more in range(length))}


@given(masks)
def test_positions_are_the_set_bits_in_order(mask: int) -> None:
    assert list(positions(mask)) == sorted(bits(mask))


@given(masks, masks, masks)
def test_filled_are_the_stretches_that_hold_a_seed(seeds: int, free: int, cuts: int) -> None:
    firsts = (free & ~(free << 1)) | (free & cuts)
    held = [stretch for stretch in stretches_of(bits(free), bits(firsts)) if stretch & bits(seeds)]
    assert bits(filled(seeds, free, firsts)) == set().union(*held)


@pytest.mark.parametrize("pairs", [[(3, 3)], [(5, 2)], [(-9, 0)], [(99, 120)]])
def test_pairs_that_are_nothing_or_elsewhere_set_no_bit(pairs: list[tuple[int, int]]) -> None:
    assert Window(0, 12).mask(pairs) == 0
