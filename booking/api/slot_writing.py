"""Writing thousands of slots: each is written once, and put together as often as somebody asks."""

from collections.abc import Hashable

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
    for one, writer in zip(people, writers, strict=True):
        _remember(one, writer, memory)
    treatment = msgspec.json.encode(found.offer.treatment.id)
    return b'{"treatment_type":%b,"slots":[%b]}' % (treatment, slots)


def _writer(one: PersonStarts, length: int, memory: Memory) -> "_Writer":
    """What writes this person's slots in the days of the search; it remembers what it wrote."""

    def make() -> _Writer:
        stamps = memory.get(("stamps", one.frame), lambda: _Stamps(one.site.zone))
        who = b'"site":"%b","practitioner":"%b"' % (str(one.site.id).encode(), str(one.practitioner_id).encode())
        return _Writer(stamps, length, who)

    return memory.get(_key(one, length), make)


def _remember(one: PersonStarts, writer: "_Writer", memory: Memory) -> None:
    """Tell how much a writer takes now that it has written more."""
    if not writer.grew:
        return
    memory.keep(("stamps", one.frame), None, writer.stamps, cost=_OVERHEAD + len(writer.stamps) * _STAMP_BYTES)
    memory.keep(_key(one, writer.length), None, writer, cost=_OVERHEAD + len(writer) * _SLOT_BYTES)
    writer.told = len(writer)


def _key(one: PersonStarts, length: int) -> Hashable:
    return ("slot", one.site.id, one.practitioner_id, one.frame, length)


_OVERHEAD = 1024
"""About what a writer takes that has written nothing, in bytes."""
_SLOT_BYTES = 300
"""The same for a slot that is written."""
_STAMP_BYTES = 200
"""The same for what the clock shows at a tick."""


class _Writer(dict[int, bytes]):
    """The slot of one person at one site for each tick at which it may start, written when first asked for."""

    def __init__(self, stamps: "_Stamps", length: int, who: bytes) -> None:
        super().__init__()
        self.stamps, self.length, self.told = stamps, length, 0
        self._who = who

    @property
    def grew(self) -> bool:
        """Whether it has written more than the memory was told."""
        return len(self) > self.told

    def __missing__(self, tick: int) -> bytes:
        stamps = self.stamps
        written = self[tick] = b'{"start":"%b","end":"%b",%b}' % (stamps[tick], stamps[tick + self.length], self._who)
        return written


class _Stamps(dict[int, bytes]):
    """What the clock of a zone shows at each tick, in RFC 3339, written when first asked for."""

    def __init__(self, zone: ZoneName) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, tick: int) -> bytes:
        written = self[tick] = local(instant_of(tick), self._zone).encode()
        return written
