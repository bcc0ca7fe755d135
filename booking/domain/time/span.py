"""Half-open spans of time and sets of them, the algebra that availability and eligibility are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before everything: the start of a span that has no start of its own."""

END = datetime.max.replace(tzinfo=UTC)
"""After everything: the end of a span that has no end of its own."""


def shifted(instant: datetime, by: timedelta) -> datetime:
    """The instant that much later, or earlier when `by` is negative, but none outside of all time."""
    try:
        return instant + by
    except OverflowError:
        return BEGINNING if by < timedelta() else END


@dataclass(frozen=True, order=True, slots=True)
class TimeSpan:
    """The instants from `start` (included) to `end` (excluded), both in UTC.

    Raises ValueError for a naive instant, one that is not in UTC, and for a span that is empty or runs backwards.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant.tzinfo is not UTC:
                raise ValueError("a span needs instants in UTC")
        if self.start >= self.end:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def covers(self, other: "TimeSpan") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "TimeSpan") -> bool:
        return self.start < other.end and other.start < self.end

    def padded(self, before: timedelta, after: timedelta) -> "TimeSpan":
        """The span with so much more on either side, as far as there is time."""
        return TimeSpan(shifted(self.start, -before), shifted(self.end, after))


class SpanSet:
    """A set of instants, kept as disjoint spans in the order of time; touching spans are one span.

    `a & b`, `a | b` and `a - b` are what they are for sets; `~a` is all time outside `a`.
    """

    __slots__ = ("spans",)

    def __init__(self, spans: Iterable[TimeSpan] = ()) -> None:
        self.spans: tuple[TimeSpan, ...] = tuple(_merged(spans))

    @classmethod
    def _made_of(cls, spans: Iterable[TimeSpan]) -> "SpanSet":
        """From disjoint spans in the order of time that do not touch."""
        made = cls.__new__(cls)
        made.spans = tuple(spans)
        return made

    def __and__(self, other: "SpanSet") -> "SpanSet":
        return SpanSet._made_of(_intersections(self.spans, other.spans))

    def __or__(self, other: "SpanSet") -> "SpanSet":
        return SpanSet((*self.spans, *other.spans))

    def __sub__(self, other: "SpanSet") -> "SpanSet":
        return self & ~other

    def __invert__(self) -> "SpanSet":
        edges = [BEGINNING, *(edge for span in self.spans for edge in (span.start, span.end)), END]
        gaps = list(pairwise(edges))[::2]
        return SpanSet._made_of(TimeSpan(start, end) for start, end in gaps if start < end)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpanSet) and self.spans == other.spans

    def __hash__(self) -> int:
        return hash(self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[TimeSpan]:
        return iter(self.spans)

    def __repr__(self) -> str:
        return f"SpanSet({list(self.spans)!r})"

    def covers(self, span: TimeSpan) -> bool:
        """Whether every instant of `span` is in the set."""
        return any(mine.covers(span) for mine in self.spans)

    def first_cover(self, span: TimeSpan) -> datetime | None:
        """The earliest instant from `span.start` on at which a span of this length would be covered."""
        for mine in self.spans:
            start = max(mine.start, span.start)
            if mine.end - start >= span.length:
                return start
        return None


def _merged(spans: Iterable[TimeSpan]) -> list[TimeSpan]:
    merged: list[TimeSpan] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = TimeSpan(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _intersections(a: tuple[TimeSpan, ...], b: tuple[TimeSpan, ...]) -> Iterator[TimeSpan]:
    i = j = 0
    while i < len(a) and j < len(b):
        one, other = a[i], b[j]
        if one.start < other.end and other.start < one.end:
            yield _common(one, other)
        if one.end < other.end:
            i += 1
        else:
            j += 1


def _common(one: TimeSpan, other: TimeSpan) -> TimeSpan:
    """What two spans that overlap have in common; one of them, where that is the whole of it."""
    if other.covers(one):
        return one
    return other if one.covers(other) else TimeSpan(max(one.start, other.start), min(one.end, other.end))


ALWAYS = SpanSet([TimeSpan(BEGINNING, END)])
NEVER = SpanSet()
