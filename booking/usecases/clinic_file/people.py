"""The people of the file: who they are, when they work, when they are away, what they hold."""

from collections.abc import Mapping

from booking.domain.ids import DiaryId, PractitionerId, SiteId
from booking.domain.practitioner import Practitioner
from booking.store import clinics, credentials
from booking.usecases.clinic_file.absences import sync_absences
from booking.usecases.clinic_file.credentials import Holder, sync_credentials
from booking.usecases.clinic_file.model import ClinicFile, PractitionerFile
from booking.usecases.clinic_file.on_record import Times
from booking.usecases.clinic_file.syncing import Sync
from booking.usecases.clinic_file.timetables import as_hours, sync_hours


def apply_practitioners(sync: Sync, file: ClinicFile, sites: Mapping[str, SiteId], before: Times) -> None:
    known = {one.slug: one for one in clinics.practitioners(sync.tx, sync.clinic_id).values()}
    held = credentials.held(sync.tx, sync.clinic_id)
    for wanted in file.practitioners:
        who = _put(sync, known.pop(wanted.slug, None), wanted)
        hours = as_hours(who, wanted.hours, wanted.extra, sites)
        details = sync_hours(sync, (who, None), hours, before.hours_of(who))
        diary = DiaryId(who)
        details += sync_absences(sync, "leave", diary, wanted.leave, file.zones_of(wanted), before.away.get(diary, []))
        sync.changed("practitioner", who, wanted.slug, details)
        before_this = [one.credential for one in held.get(who, ())]
        holder = Holder(slug=wanted.slug, profession=wanted.profession, practitioner_id=who)
        if sync_credentials(sync, holder, wanted.credentials, before_this):
            sync.touch("practitioner", who)
    sync.retire("practitioner", known.values())


def _put(sync: Sync, known: Practitioner | None, wanted: PractitionerFile) -> PractitionerId:
    same = {name: getattr(wanted, name) for name in ("slug", "name", "profession", "daily_limit")}
    return PractitionerId(sync.put("practitioner", known, wanted.slug, {**same, "active": True}))
