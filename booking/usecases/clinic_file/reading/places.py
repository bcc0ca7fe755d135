"""Sites, with their rooms and equipment, hours and holidays."""

from datetime import date

from booking.domain.reading import Table
from booking.domain.time.holidays import PublicHolidays, is_known_place
from booking.usecases.clinic_file.model import EquipmentFile, RoomFile, SiteFile
from booking.usecases.clinic_file.reading.credentials import credentials
from booking.usecases.clinic_file.reading.times import absences, extra
from booking.usecases.clinic_file.reading.weekly import hours
from booking.usecases.clinic_file.values import (
    EARLIEST,
    LATEST,
    MOST_ENTRIES,
    jurisdiction,
    kind,
    kinds,
    line,
    maybe_line,
    slug,
    zone,
)


def site(table: Table) -> SiteFile:
    named = slug(table)
    found = SiteFile(
        slug=named,
        name=line(table, "name"),
        address=line(table, "address"),
        zone=zone(table),
        jurisdiction=jurisdiction(table),
        holidays=_holidays(table.table("holidays")),
        hours=hours(table, named),
        extra=extra(table, named),
        closures=absences(table, "closure"),
        rooms=tuple(_room(inner) for inner in table.tables("room", f"{table.place}, room")),
        equipment=tuple(_equipment(inner) for inner in table.tables("equipment", f"{table.place}, equipment")),
        credentials=credentials(table),
    )
    table.close()
    return found


def _room(table: Table) -> RoomFile:
    room = RoomFile(
        slug=slug(table),
        name=line(table, "name"),
        kinds=kinds(table, "kinds", "private"),
        closures=absences(table, "closure"),
    )
    table.close()
    return room


def _equipment(table: Table) -> EquipmentFile:
    one = EquipmentFile(
        slug=slug(table),
        name=line(table, "name"),
        kind=kind(table, "kind", "stimulator"),
        closures=absences(table, "closure"),
    )
    table.close()
    return one


def _holidays(table: Table | None) -> PublicHolidays | None:
    if table is None:
        return None
    faults = len(table.faults)
    country, region = table.matching("country", "[A-Z]{2}", "US"), maybe_line(table, "region")
    if len(table.faults) == faults and not is_known_place(country, region):
        where = f"the region {region!r} of " if is_known_place(country, None) else ""
        table.fault(f"there are no public holidays on record for {where}the country {country!r}")
    days, names = _open(table)
    table.close()
    return PublicHolidays(country=country, region=region, open_on=days, open_names=names)


def _open(table: Table) -> tuple[frozenset[date], frozenset[str]]:
    """The days and the names of holidays on which it is open nevertheless."""
    listed = table.take("open", list) or []
    if len(listed) > MOST_ENTRIES:
        table.fault(f"open has {len(listed)} entries, and may have {MOST_ENTRIES}")
        return frozenset(), frozenset()
    days = frozenset(one for one in listed if type(one) is date)
    names = frozenset(one for one in listed if isinstance(one, str))
    if any(type(one) is not date and not isinstance(one, str) for one in listed):
        table.fault("open must have names of holidays, and days such as 2026-11-27")
    if not all(EARLIEST <= one <= LATEST for one in days):
        table.fault(f"open must have days from {EARLIEST} to {LATEST}")
    return days, names
