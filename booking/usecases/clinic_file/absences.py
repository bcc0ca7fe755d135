"""Leave of people, closures of sites, rooms and devices: what the file says, beside what was entered at the desk.

The file replaces only its own. What stands on record already, whoever entered it, is not entered again.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from booking.domain.ids import DiaryId, SiteId
from booking.domain.schedule import Closure
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import ZoneName
from booking.store import absences, description
from booking.store.absences import DESK, FILE, Absence
from booking.store.closures import RecordedClosure
from booking.usecases.clinic_file.model import AbsenceFile
from booking.usecases.clinic_file.syncing import Sync, counted

_DAY = 24 * 60
_KINDS = {"leave": absences.LEAVE, "closure": absences.CLOSED}

Said = tuple[date, date, int, int, str]
"""What an absence says, however the ends of its days are written; absences are sorted by it."""


def said(days: LocalSpan, reason: str) -> Said:
    end = _DAY if days.end_minute is None else days.end_minute
    return days.first, days.last, days.start_minute or 0, end, reason


def sync_absences(
    sync: Sync,
    key: str,
    diary: DiaryId,
    wanted: Iterable[AbsenceFile],
    zones: Collection[ZoneName],
    current: Iterable[Absence],
) -> list[str]:
    """`key` is leave or closure. All of the diary, those of the desk too, are made to lie where these clocks say."""
    known = {one.id: one for one in current}
    named = {said(one.days, one.reason): one for one in wanted}
    gone = [key for key, one in known.items() if one.origin == FILE and said(one.days, one.reason) not in named]
    for one in gone:
        del known[one]
    moved = [replace(one, span=span) for one in known.values() for span in one.days.over(zones) if span != one.span]
    there = {said(one.days, one.reason) for one in known.values()}
    more = [
        absences.new(diary, _KINDS[key], one.days, span, reason=one.reason, origin=FILE)
        for what, one in named.items()
        if what not in there
        for span in one.days.over(zones)
    ]
    if gone or moved:
        absences.remove(sync.tx, sync.clinic_id, [*gone, *(one.id for one in moved)])
    absences.add(sync.tx, sync.clinic_id, [*moved, *more])
    return counted(key, added=len(more), removed=len(gone), moved=len(moved))


def sync_closures(
    sync: Sync, site: SiteId | None, wanted: Iterable[AbsenceFile], current: Iterable[RecordedClosure]
) -> list[str]:
    """Of a site or, without one, of the whole clinic."""
    mine = [(one.origin, said(one.days, one.reason)) for one in current if one.site_id == site]
    of_file, of_desk = ({what for origin, what in mine if origin == where} for where in (FILE, DESK))
    named = {said(one.days, one.reason): one for one in wanted}
    new = {what: one for what, one in named.items() if what in of_file or what not in of_desk}
    if new.keys() == of_file:
        return []
    closures = [Closure(site_id=site, days=one.days, reason=one.reason) for one in new.values()]
    description.set_closures(sync.tx, sync.clinic_id, site, closures)
    return counted("closure", added=len(new.keys() - of_file), removed=len(of_file - new.keys()))
