"""Writing thousands of slots: what they share is written once, and what is written is put together by the page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from itertools import groupby
from operator import or_
from typing import NamedTuple

import msgspec

from booking.api.answers import local
from booking.domain.availability.frame import DAY, Frame
from booking.domain.time.ticks import instant_of, ticks_of
from booking.domain.treatment import TICK_MINUTES
from booking.usecases.searching import PersonStarts
from booking.usecases.types import Memory
from booking.usecases.views.slots import FreeTimes, Written, named


def write_slots_answer(found: FreeTimes, memory: Memory) -> Written:
    """The body of `listSlots`: what msgspec writes of `Slots`, in the order of starts, then of sites and people."""
    length = ticks_of(found.offer.treatment.length)
    people = sorted(found.people, key=lambda one: (one.site.id, one.practitioner_id))
    pages = [_page(tuple(there), length, memory) for _site, there in groupby(people, key=lambda one: one.site.id)]
    by_start = {(tick, place): start for place, page in enumerate(pages) for tick, start in page.items()}
    starts = [by_start[at] for at in sorted(by_start)]
    begin = b'{"treatment_type":%b,"slots":[' % msgspec.json.encode(found.offer.treatment.id)
    slots = [start.slots for start in starts] or [b""]
    slots[0] = begin + slots[0]
    slots[-1] += b"]}"
    body = b",".join(slots)  # the one time that all of it is copied
    return named(body, begin + b"".join([start.digest for start in starts]))


class _Start(NamedTuple):
    """The slots that begin at one time at one site, as they are written, and the digest of that."""

    slots: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Page:
    """The slots of one site as they were written last: when each person could start, and by tick what was written."""

    masks: tuple[int, ...]
    written: Mapping[int, _Start]


def _page(people: Sequence[PersonStarts], length: int, memory: Memory) -> Mapping[int, _Start]:
    """By tick, the slots of these people at their site; what is remembered is written again where it changed."""
    frame = people[0].frame
    key = ("page", frame, length, people[0].site.id, tuple(one.practitioner_id for one in people))
    known: _Page = memory.recall(key, None) or _Page((0,) * len(people), {})
    masks = tuple(one.mask for one in people)
    changed = reduce(or_, (mask ^ before for mask, before in zip(masks, known.masks, strict=True)))
    clock, ends = _Clock(frame), _ends(people, changed)
    anew = set(frame.window.ticks(changed))
    written = {tick: start for tick, start in known.written.items() if tick not in anew}
    for tick, these in ends.items():
        begin = b'{"start":"%b","end":"%b",' % (clock[tick], clock[tick + length])
        slots = begin + (b"," + begin).join(these)
        written[tick] = _Start(slots, sha256(slots).digest())
    cost = _OVERHEAD * (1 + len(people) + len(written)) + sum(len(start.slots) for start in written.values())
    memory.keep(key, None, _Page(masks, written), cost=cost)
    return written


_OVERHEAD = 400
"""About what a person or a tick takes in memory besides its bytes."""


def _ends(people: Sequence[PersonStarts], among: int) -> Mapping[int, list[bytes]]:
    """For each tick in a mask, what the slots that start then end with: where, and with whom."""
    found = defaultdict[int, list[bytes]](list)
    for one in people:
        end = b'"site":"%b","practitioner":"%b"}' % (str(one.site.id).encode(), str(one.practitioner_id).encode())
        for tick in one.frame.window.ticks(one.mask & among):
            found[tick].append(end)
    return found


_TIMES = tuple(b"%02d:%02d:00" % divmod(tick * TICK_MINUTES, 60) for tick in range(DAY))


class _Clock(dict[int, bytes]):
    """What the clock of a frame's zone shows at each tick, in RFC 3339, written when first asked for."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._zone = frame.zone
        self._starts = [frame.window.first + day.start for day in frame.days]
        self._plain = [day.plain for day in frame.days]
        self._midnights = [local(instant_of(start), frame.zone).encode() for start in self._starts]

    def __missing__(self, tick: int) -> bytes:
        day = bisect_right(self._starts, tick) - 1
        if self._plain[day]:
            midnight = self._midnights[day]
            written = midnight[:11] + _TIMES[tick - self._starts[day]] + midnight[19:]
        else:
            written = local(instant_of(tick), self._zone).encode()
        self[tick] = written
        return written
