"""Sets of ticks as whole numbers: a search asks few questions of many spans, each of which is then a few operations.

A tick is five minutes of UTC, numbered from 1970; in a mask, bit i stands for tick i of a window. Spans are the truth
and masks only search: what is free is rounded inward, what is taken outward.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from booking.domain.time.span import SpanSet, TimeSpan

TICK = timedelta(minutes=5)
PACKED = 256
"""A stretch of fewer ticks than these is one number, `packed`: so many times its first tick, and its length."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tick_at(instant: datetime) -> int:
    """The tick that the instant lies in."""
    return (instant - _EPOCH) // TICK


def tick_from(instant: datetime) -> int:
    """The first tick that begins at the instant or later."""
    return -((_EPOCH - instant) // TICK)


def instant_of(tick: int) -> datetime:
    """When the tick begins."""
    return _EPOCH + tick * TICK


def ticks_of(length: timedelta) -> int:
    """How many ticks the length takes, a part of one counting whole."""
    return -(-length // TICK)


@dataclass(frozen=True, slots=True)
class Window:
    """The ticks from `first` on, `size` of them."""

    first: int
    size: int

    @classmethod
    def around(cls, span: TimeSpan) -> "Window":
        """The ticks that the span touches."""
        first = tick_at(span.start)
        return cls(first, tick_from(span.end) - first)

    @property
    def all(self) -> int:
        return (1 << self.size) - 1

    @property
    def span(self) -> TimeSpan:
        return TimeSpan(instant_of(self.first), instant_of(self.first + self.size))

    def mask(self, pairs: Iterable[tuple[int, int]]) -> int:
        """The ticks from the first of each pair until just before the second, as far as they are in the window."""
        found, first, size = 0, self.first, self.size
        for start, end in pairs:
            low, high = max(start - first, 0), min(end - first, size)
            if low < high:
                found |= (1 << high) - (1 << low)
        return found

    def unpacked(self, stretches: Iterable[int]) -> int:
        """The ticks of packed stretches that begin before the window ends, as far as they are in it."""
        found, first = 0, self.first
        for packed in stretches:
            start, ones = packed // PACKED - first, _ONES[packed % PACKED]
            found |= ones << start if start >= 0 else ones >> -start
        return found & self.all

    def inside(self, spans: SpanSet) -> int:
        """The ticks that lie wholly in the spans."""
        return self.mask((tick_from(span.start), tick_at(span.end)) for span in spans if span.overlaps(self.span))

    def touched(self, spans: Iterable[TimeSpan]) -> int:
        """The ticks that any of the spans touches."""
        return self.mask((tick_at(span.start), tick_from(span.end)) for span in spans if span.overlaps(self.span))

    def ticks(self, mask: int) -> list[int]:
        """The numbers of the ticks in the mask, in the order of time."""
        return [self.first + position for position in positions(mask)]


_ONES = tuple((1 << length) - 1 for length in range(PACKED))


def pair_of(packed: int, before_and_after: int = 0) -> tuple[int, int]:
    """The first tick of a packed stretch and the one after its last, with so many more on either side."""
    start, length = divmod(packed, PACKED)
    return start - before_and_after, start + length + before_and_after


def runs(mask: int, length: int) -> int:
    """The ticks at which so many set ticks in a row begin."""
    have = 1
    while have < length:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def positions(mask: int) -> Iterator[int]:
    """The positions of the set bits, lowest first."""
    digits = bin(mask)[:1:-1]  # a string is searched in one pass; taking the lowest bit off a long number is not
    position = digits.find("1")
    while position >= 0:
        yield position
        position = digits.find("1", position + 1)


def filled(seeds: int, stretches: int, firsts: int) -> int:
    """All ticks of those stretches that hold a seed; a stretch is set ticks in a row, and `firsts` begin new ones."""
    return _spread(seeds & stretches, stretches, firsts) | _spread_back(seeds & stretches, stretches, firsts)


def _spread(seeds: int, stretches: int, firsts: int) -> int:
    passable, step = stretches & ~firsts, 1
    while passable:
        seeds |= passable & (seeds << step)
        passable &= passable << step
        step *= 2
    return seeds


def _spread_back(seeds: int, stretches: int, firsts: int) -> int:
    passable, step = stretches & ~(firsts >> 1), 1
    while passable:
        seeds |= passable & (seeds >> step)
        passable &= passable >> step
        step *= 2
    return seeds
