"""Writing thousands of slots: what they share is written once, and what is written is put together by the page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from booking.api.answers import local
from booking.domain.availability.frame import DAY, Frame
from booking.domain.time.ticks import instant_of, ticks_of
from booking.domain.treatment import TICK_MINUTES
from booking.usecases.searching import PersonStarts
from booking.usecases.views.slots import FreeTimes


def write_slots_answer(found: FreeTimes) -> bytes:
    """The body of `listSlots`: what msgspec writes of `Slots`, in the order of starts, then of sites and people."""
    length = ticks_of(found.offer.treatment.length)
    people = sorted(found.people, key=lambda one: (one.site.id, one.practitioner_id))
    at_start: dict[tuple[int, int], bytes] = {}
    for place, (_site, there) in enumerate(groupby(people, key=lambda one: one.site.id)):
        here = list(there)
        clock = _Clock(here[0].frame)
        for tick, ends in _ends(here).items():
            begin = b'{"start":"%b","end":"%b",' % (clock[tick], clock[tick + length])
            at_start[tick, place] = begin + (b"," + begin).join(ends)
    slots = b",".join([at_start[start] for start in sorted(at_start)])
    treatment = msgspec.json.encode(found.offer.treatment.id)
    return b'{"treatment_type":%b,"slots":[%b]}' % (treatment, slots)


def _ends(people: Sequence[PersonStarts]) -> Mapping[int, list[bytes]]:
    """For each tick what the slots that start then end with: where, and with whom."""
    found = defaultdict[int, list[bytes]](list)
    for one in people:
        end = b'"site":"%b","practitioner":"%b"}' % (str(one.site.id).encode(), str(one.practitioner_id).encode())
        for tick in one.frame.window.ticks(one.mask):
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
