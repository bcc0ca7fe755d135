"""Writing thousands of slots: each is written once, and put together as often as somebody asks."""

import msgspec

from booking.api.answers import local
from booking.domain.time.ticks import instant_of, ticks_of
from booking.domain.time.zone import ZoneName
from booking.usecases.searching import PersonStarts
from booking.usecases.types import Memory
from booking.usecases.views.slots import FreeTimes


def write_slots_answer(found: FreeTimes, memory: Memory) -> bytes:
    """The body of `listSlots`: what msgspec writes of `Slots`, in the order of starts, then of sites and people."""
    people = sorted(found.people, key=lambda one: (one.site.id, one.practitioner_id))
    writers = [_writer(one, ticks_of(found.offer.treatment.length), memory) for one in people]
    count = len(people)
    # One number stands for a start and its person: numbers are sorted faster than anything else.
    starts = [tick * count + at for at, one in enumerate(people) for tick in one.frame.window.ticks(one.mask)]
    starts.sort()
    slots = b",".join([writers[start % count][start // count] for start in starts])
    treatment = msgspec.json.encode(found.offer.treatment.id)
    return b'{"treatment_type":%b,"slots":[%b]}' % (treatment, slots)


def _writer(one: PersonStarts, length: int, memory: Memory) -> "_Writer":
    """What writes this person's slots in the days of the search; it remembers what it wrote."""
    days = len(one.frame.days)
    key = ("slot", one.site.id, one.practitioner_id, one.frame, length)

    def make() -> _Writer:
        stamps = memory.get(("stamps", one.frame), lambda: _Stamps(one.site.zone), cost=days * _STAMP_BYTES)
        who = b'"site":"%b","practitioner":"%b"' % (str(one.site.id).encode(), str(one.practitioner_id).encode())
        return _Writer(stamps, length, who)

    return memory.get(key, make, cost=days * _SLOT_BYTES)


_SLOT_BYTES = 10_000
"""About what the slots of one person and day take at most, written: forty starts."""
_STAMP_BYTES = 20_000
"""The same for what the clock shows on one day."""


class _Writer(dict[int, bytes]):
    """The slot of one person at one site for each tick at which it may start, written when first asked for."""

    def __init__(self, stamps: "_Stamps", length: int, who: bytes) -> None:
        super().__init__()
        self._stamps, self._length, self._who = stamps, length, who

    def __missing__(self, tick: int) -> bytes:
        stamps = self._stamps
        written = self[tick] = b'{"start":"%b","end":"%b",%b}' % (stamps[tick], stamps[tick + self._length], self._who)
        return written


class _Stamps(dict[int, bytes]):
    """What the clock of a zone shows at each tick, in RFC 3339, written when first asked for."""

    def __init__(self, zone: ZoneName) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, tick: int) -> bytes:
        written = self[tick] = local(instant_of(tick), self._zone).encode()
        return written
