"""A time line as a bar: where each stretch lies on it, in per cent of its width."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from booking.domain.eligibility.timeline import Stretch
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_start, local_date
from booking.wording import dates

_MARGIN = 0.08  # of the width: a name nearer to an end would stand out of the bar
_LEAST_BETWEEN = 0.21  # so that names do not touch on a phone
_LEAST_FOR_A_SIGN = 0.08
_LEAST_FOR_NOW = 0.01


@dataclass(frozen=True, kw_only=True)
class Piece:
    """`middle` is where its sign stands; None for a piece too narrow for one."""

    start: str
    width: str
    middle: str | None
    may: bool


@dataclass(frozen=True, kw_only=True)
class Mark:
    at: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`marks` are the beginnings of some months, with their names; `now` is None outside, and at the very beginning."""

    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    now: str | None


def bar(stretches: tuple[Stretch, ...], zone: ZoneName, now: datetime) -> Bar:
    """The stretches follow one another without a gap."""
    whole = TimeSpan(stretches[0].span.start, stretches[-1].span.end)
    here = _place(now, whole)
    return Bar(
        pieces=tuple(_piece(one, whole) for one in stretches),
        marks=tuple(_marks(whole, zone)),
        now=_percent(here) if _LEAST_FOR_NOW <= here < 1 else None,
    )


def _piece(one: Stretch, whole: TimeSpan) -> Piece:
    start, width = _place(one.span.start, whole), one.span.length / whole.length
    middle = _percent(start + width / 2) if width >= _LEAST_FOR_A_SIGN else None
    return Piece(start=_percent(start), width=_percent(width), middle=middle, may=one.may)


def _marks(whole: TimeSpan, zone: ZoneName) -> Iterator[Mark]:
    """Every month, or every second, third, sixth or twelfth, so that their names have room."""
    months = list(_months(local_date(whole.start, zone), local_date(whole.end, zone)))
    places = [(one, _place(day_start(one, zone), whole)) for one in months]
    inside = [(one, place) for one, place in places if _MARGIN <= place <= 1 - _MARGIN]
    for step in (1, 2, 3, 6, 12):
        chosen = [(one, place) for one, place in inside if (one.month - 1) % step == 0]
        if all(later - earlier >= _LEAST_BETWEEN for (_, earlier), (_, later) in pairwise(chosen)):
            yield from (Mark(at=_percent(place), name=dates.short_month(one)) for one, place in chosen)
            return


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from that of `first` to that of `last`."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _place(instant: datetime, whole: TimeSpan) -> float:
    return (instant - whole.start) / whole.length


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
