"""The places of the file: sites with their rooms and devices, what they hold, when they are open, the ways between."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from booking.domain.credential import Credential
from booking.domain.ids import DiaryId, SiteId
from booking.domain.room import Equipment, Room
from booking.domain.schedule import Hours
from booking.domain.site import Site
from booking.store import clinics, credentials, description, schedules
from booking.usecases.clinic_file.absences import sync_absences, sync_closures
from booking.usecases.clinic_file.credentials import Holder, sync_credentials
from booking.usecases.clinic_file.model import ClinicFile, EquipmentFile, RoomFile, SiteFile
from booking.usecases.clinic_file.on_record import Times
from booking.usecases.clinic_file.syncing import Sync, holiday_columns
from booking.usecases.clinic_file.timetables import as_hours, sync_hours

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is on record, by slug; what the file names too is taken out."""

    sites: dict[str, Site]
    credentials: Mapping[SiteId, tuple[Credential, ...]]
    things: dict[str, dict[str, Room | Equipment]]


def apply_places(sync: Sync, file: ClinicFile, before: Times) -> dict[str, SiteId]:
    """The ids of the sites by slug."""
    known = _known(sync)
    ids: dict[str, SiteId] = {}
    for site in file.sites:
        here = SiteId(sync.put("site", known.sites.pop(site.slug, None), site.slug, _columns(site)))
        ids[site.slug] = here
        hours = as_hours(None, site.hours, site.extra, ids)
        details = sync_hours(sync, (None, here), hours, before.published.get((None, here), Hours()))
        sync.changed("site", here, site.slug, details + sync_closures(sync, here, site.closures, before.closures))
        _things(sync, known, before, site, here)
        sync_credentials(sync, Holder(slug=site.slug, site_id=here), site.credentials, known.credentials.get(here, ()))
    sync.retire("site", known.sites.values())
    for what, left in known.things.items():
        sync.retire(what, left.values())
    details = sync_closures(sync, None, file.clinic.closures, before.closures) + _travel(sync, file, ids)
    sync.changed("clinic", sync.clinic_id, file.clinic.slug, details)
    return ids


def _known(sync: Sync) -> _Known:
    rooms = clinics.rooms(sync.tx, sync.clinic_id).values()
    equipment = clinics.equipment(sync.tx, sync.clinic_id).values()
    return _Known(
        sites={one.slug: one for one in clinics.sites(sync.tx, sync.clinic_id).values()},
        credentials=credentials.of_sites(sync.tx, sync.clinic_id),
        things={"room": {one.slug: one for one in rooms}, "equipment": {one.slug: one for one in equipment}},
    )


def _columns(site: SiteFile) -> dict[str, Any]:
    same = {name: getattr(site, name) for name in ("slug", "name", "address", "zone", "jurisdiction")}
    return {**same, **holiday_columns(site.holidays), "active": True}


def _things(sync: Sync, known: _Known, before: Times, site: SiteFile, here: SiteId) -> None:
    """The site's rooms and devices, and when they are closed."""
    wanted_things: list[tuple[str, RoomFile | EquipmentFile]] = [("room", one) for one in site.rooms]
    wanted_things += [("equipment", one) for one in site.equipment]
    for what, wanted in wanted_things:
        same = {each.name: getattr(wanted, each.name) for each in fields(wanted) if each.name != "closures"}
        one = known.things[what].pop(wanted.slug, None)
        diary = DiaryId(sync.put(what, one, wanted.slug, {**same, "site_id": here, "active": True}))
        away = before.away.get(diary, [])
        details = sync_absences(sync, "closure", diary, wanted.closures, {site.zone}, away)
        sync.changed(what, diary, wanted.slug, details)


def _travel(sync: Sync, file: ClinicFile, ids: Mapping[str, SiteId]) -> list[str]:
    """What is said of each way that is new, another or gone."""
    wanted = {
        frozenset(ids[site] for site in way.between): timedelta(minutes=way.minutes) for way in file.clinic.travel
    }
    current = schedules.travel(sync.tx, sync.clinic_id)
    if wanted == current:
        return []
    description.set_travel(sync.tx, sync.clinic_id, wanted)
    slugs = {one.id: one.slug for one in clinics.sites(sync.tx, sync.clinic_id).values()}
    changed = {pair: wanted.get(pair) for pair in {**current, **wanted} if wanted.get(pair) != current.get(pair)}
    told = {" and ".join(sorted(slugs[site] for site in pair)): way for pair, way in changed.items()}
    return [
        f"travel between {pair}: {'as usual' if way is None else f'{way // _MINUTE} minutes'}"
        for pair, way in sorted(told.items())
    ]
