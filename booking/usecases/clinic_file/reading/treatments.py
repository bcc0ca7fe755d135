"""What can be booked."""

from collections.abc import Iterator

from booking.domain.reading import Table
from booking.domain.treatment import LONGEST_CLAIM, TICK_MINUTES, Suits
from booking.domain.words import REGIONS, SIDES, TECHNIQUES
from booking.usecases.clinic_file.model import TreatmentFile
from booking.usecases.clinic_file.values import daily_limit, kinds, line, maybe_number, number, prose, room_kind, slug

_LONGEST_MINUTES = int(LONGEST_CLAIM.total_seconds()) // 60
_HIGHEST_PRICE = 10_000_000


def treatment(table: Table) -> TreatmentFile:
    faults = len(table.faults)
    found = TreatmentFile(
        slug=slug(table),
        name=line(table, "name"),
        description=prose(table, "description"),
        minutes=number(table, "minutes", least=TICK_MINUTES, most=_LONGEST_MINUTES),
        buffer_before=number(table, "buffer_before", usual=0, most=_LONGEST_MINUTES),
        buffer_after=number(table, "buffer_after", usual=0, most=_LONGEST_MINUTES),
        regions=frozenset(table.words("regions", REGIONS)),
        techniques=frozenset(table.words("techniques", TECHNIQUES)),
        sides=frozenset(table.words("sides", SIDES)),
        adjunct=table.flag("adjunct", default=False),
        room=room_kind(table, "room"),
        equipment=kinds(table, "equipment", "stimulator"),
        ends_before_closing=number(table, "ends_before_closing", usual=0, most=_LONGEST_MINUTES, step=TICK_MINUTES),
        daily_limit=daily_limit(table),
        suits=str(table.word("suits", frozenset(Suits), Suits.ALL)),
        price=maybe_number(table, "price", least=0, most=_HIGHEST_PRICE),
        currency=table.matching("currency", "[A-Z]{3}", "USD") if "currency" in table.left else None,
        online=table.flag("online", default=True),
        on_request=table.flag("on_request", default=False),
    )
    for sentence in _faults(found) if len(table.faults) == faults else ():
        table.fault(sentence)
    table.close()
    return found


def _faults(found: TreatmentFile) -> Iterator[str]:
    parts = (found.minutes, found.buffer_before, found.buffer_after)
    if any(part % TICK_MINUTES for part in parts):
        yield f"minutes and buffers must be multiples of {TICK_MINUTES}"
    if sum(parts) > _LONGEST_MINUTES:
        yield f"a visit with its buffers takes at most {_LONGEST_MINUTES // 60} hours"
    if bool(found.regions) != bool(found.techniques):
        yield "a treatment with needles has both regions and techniques, one without has neither"
    if (found.price is None) != (found.currency is None):
        yield "price (in the smallest unit, such as cents) and currency go together"
