"""Faults that only show when the parts of a file are seen together."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from booking.domain.time.holidays import PublicHolidays, known_names
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import ZoneName
from booking.domain.treatment import ANY_ROOM, NO_ROOM
from booking.usecases.clinic_file.model import ClinicFile, ExtraFile, SiteFile, TreatmentFile
from booking.usecases.clinic_file.notation import clock
from booking.usecases.clinic_file.values import EARLIEST, LATEST

_YEARS_BEFORE, _YEARS_AFTER = 3, 12
"""Around the year in which the rules of a site were adopted: the holidays that somebody may know there."""


def faults_together(found: ClinicFile) -> Iterator[str]:
    yield from _twice(found)
    yield from _unknown_sites(found)
    yield from _holidays(found)
    yield from _needs(found)
    yield from _skipped(found)


def _twice(found: ClinicFile) -> Iterator[str]:
    for what, names in _names(found):
        for name in sorted(name for name, times in Counter(names).items() if times > 1):
            yield f'the file: there are two: {what} "{name}"'


def _names(found: ClinicFile) -> Iterator[tuple[str, list[str]]]:
    """Lists in which no name may stand twice, each with what it lists."""
    yield "rules", [one.jurisdiction for one in found.rules]
    yield "owner_decision", [f"{one.jurisdiction} {one.grant}" for one in found.decisions]
    yield "site", [one.slug for one in found.sites]
    yield "room", [room.slug for one in found.sites for room in one.rooms]
    yield "equipment", [device.slug for one in found.sites for device in one.equipment]
    yield "treatment", [one.slug for one in found.treatments]
    yield "practitioner", [one.slug for one in found.practitioners]
    yield "travel between", [" and ".join(sorted(one.between)) for one in found.clinic.travel]
    for site in found.sites:
        yield f'site "{site.slug}", credential', [credential.slug for credential in site.credentials]
    for one in found.practitioners:
        yield f'practitioner "{one.slug}", credential', [credential.slug for credential in one.credentials]


def _unknown_sites(found: ClinicFile) -> Iterator[str]:
    sites = {one.slug for one in found.sites}
    for n, way in enumerate(found.clinic.travel, 1):
        for name in sorted(way.between - sites):
            yield f"clinic, travel {n}: {name!r} is no site of this file"
    for one in found.practitioners:
        for name in sorted({hours.site for hours in one.hours} - sites):
            yield f'practitioner "{one.slug}": hours at {name!r}, which is no site of this file'
        for name in sorted({extra.site for extra in one.extra} - sites):
            yield f'practitioner "{one.slug}": extra hours at {name!r}, which is no site of this file'


def _holidays(found: ClinicFile) -> Iterator[str]:
    adopted = {one.jurisdiction: one.adopted_on for one in found.rules}
    for site in found.sites:
        since = adopted.get(site.jurisdiction)
        if since is None:
            yield f'site "{site.slug}": it is in {site.jurisdiction}, whose rules this file does not adopt'
        elif site.holidays is not None and site.holidays.open_names:
            for sentence in _unknown_names(site.holidays, min(max(since, EARLIEST), LATEST)):
                yield f'site "{site.slug}", holidays: {sentence}'


def _unknown_names(holidays: PublicHolidays, since: date) -> Iterator[str]:
    years = (since.year - _YEARS_BEFORE, _YEARS_BEFORE + 1 + _YEARS_AFTER)
    known = known_names(holidays.country, holidays.region, *years)
    for name in sorted(holidays.open_names - known):
        yield f"open has an unknown holiday: {name!r}; there are {', '.join(sorted(known))}"


def _needs(found: ClinicFile) -> Iterator[str]:
    for one in found.treatments:
        having = _having(one, found.sites)
        lacking = [thing for thing, sites in having.items() if not sites]
        for thing in lacking:
            yield f'treatment "{one.slug}": no site has {thing}'
        if having and not lacking and not set.intersection(*having.values()):
            yield f'treatment "{one.slug}": no site has all of it: {", ".join(having)}'


def _having(one: TreatmentFile, sites: Iterable[SiteFile]) -> dict[str, set[str]]:
    """Each kind of room and device that it needs, and the sites that have one."""
    having: dict[str, set[str]] = {}
    if one.room not in {ANY_ROOM, NO_ROOM}:
        having[f"a room of the kind {one.room!r}"] = {
            site.slug for site in sites if any(one.room in room.kinds for room in site.rooms)
        }
    for kind in sorted(one.equipment):
        having[f"equipment of the kind {kind!r}"] = {
            site.slug for site in sites if any(kind == device.kind for device in site.equipment)
        }
    return having


def _skipped(found: ClinicFile) -> Iterator[str]:
    """Stretches that no clock ever shows, such as an hour that is skipped in spring."""
    for place, days, zones in _stretches(found):
        if not days.over(zones):
            yield f"{place} {_told(days)}: the clock skips all of it"


def _stretches(found: ClinicFile) -> Iterator[tuple[str, LocalSpan, Collection[ZoneName]]]:
    """Each with its place, and the clocks it goes by."""
    zones = {site.zone for site in found.sites} or {found.clinic.zone}
    yield from (("clinic, closure", one.days, zones) for one in found.clinic.closures)
    for site in found.sites:
        place, here = f'site "{site.slug}"', {site.zone}
        yield from ((f"{place}, extra", _day(one), here) for one in site.extra)
        yield from ((f"{place}, closure", one.days, here) for one in site.closures)
        for room in site.rooms:
            yield from ((f'{place}, room "{room.slug}", closure', one.days, here) for one in room.closures)
        for device in site.equipment:
            yield from ((f'{place}, equipment "{device.slug}", closure', one.days, here) for one in device.closures)
    clocks = {site.slug: site.zone for site in found.sites}
    for one in found.practitioners:
        place, away = f'practitioner "{one.slug}"', found.zones_of(one)
        yield from ((f"{place}, extra", _day(each), {clocks[each.site]}) for each in one.extra if each.site in clocks)
        yield from ((f"{place}, leave", each.days, away) for each in one.leave)


def _day(extra: ExtraFile) -> LocalSpan:
    return LocalSpan(first=extra.day, last=extra.day, start_minute=extra.start_minute, end_minute=extra.end_minute)


def _told(days: LocalSpan) -> str:
    start = clock(days.start_minute or 0)
    end = clock(24 * 60 if days.end_minute is None else days.end_minute)
    return f"from {days.first} {start} to {days.last} {end}"
