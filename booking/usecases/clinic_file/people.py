"""The people of the file: who they are, when they work, when they are away, what they hold."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import CredentialId, DiaryId, PractitionerId, SiteId
from booking.domain.schedule import Hours, WeeklyHours
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import ZoneName
from booking.store import absences, clinics, credentials, description, schedules
from booking.store.credentials import Held
from booking.store.ids import new_id
from booking.usecases.clinic_file.model import ClinicFile, CredentialFile, HoursFile, PractitionerFile
from booking.usecases.clinic_file.syncing import Sync, told


def apply_practitioners(sync: Sync, file: ClinicFile, sites: Mapping[str, SiteId]) -> None:
    known = {one.slug: one for one in clinics.practitioners(sync.tx, sync.clinic_id).values()}
    hours = schedules.weekly(sync.tx, sync.clinic_id)
    held = credentials.held(sync.tx, sync.clinic_id)
    zones = {site.slug: site.zone for site in file.sites}
    for wanted in file.practitioners:
        values = {"slug": wanted.slug, "name": wanted.name, "profession": wanted.profession, "active": True}
        who = PractitionerId(sync.put("practitioner", known.pop(wanted.slug, None), wanted.slug, values))
        _hours(sync, wanted, who, [one for one in hours if one.practitioner_id == who], sites)
        _leave(sync, wanted, who, {zones[one.site] for one in wanted.hours} or {file.clinic.zone})
        _credentials(sync, wanted, who, held.get(who, ()))
    sync.retire("practitioner", known.values())


def _hours(
    sync: Sync, wanted: PractitionerFile, who: PractitionerId, current: list[WeeklyHours], sites: Mapping[str, SiteId]
) -> None:
    new = {_weekly(one, who, sites[one.site]) for one in wanted.hours}
    if new == set(current) and len(current) == len(new):
        return
    description.set_hours(sync.tx, sync.clinic_id, who, None, Hours(weekly=tuple(sorted(new, key=_order))))
    sync.note("~", f"practitioner {wanted.slug}", "hours")
    sync.touch("practitioner", who)


def _weekly(one: HoursFile, who: PractitionerId, site_id: SiteId) -> WeeklyHours:
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "site"}
    return WeeklyHours(practitioner_id=who, site_id=site_id, **same)


def _order(one: WeeklyHours) -> tuple[Any, ...]:
    return (one.weekday, one.start_minute, one.end_minute, one.site_id)


def _leave(sync: Sync, wanted: PractitionerFile, who: PractitionerId, zones: Collection[ZoneName]) -> None:
    diary = DiaryId(who)
    current = [one for one in absences.listed(sync.tx, sync.clinic_id, [diary]) if one.origin == absences.FILE]
    away = [LocalSpan(first=one.first, last=one.last) for one in wanted.leave]
    new = sorted((days, span) for days in away for span in days.over(zones))
    if new == sorted((one.days, one.span) for one in current):
        return
    absences.remove(sync.tx, sync.clinic_id, [one.id for one in current])
    absences.add(
        sync.tx,
        sync.clinic_id,
        [absences.new(diary, absences.LEAVE, days, span, reason="", origin=absences.FILE) for days, span in new],
    )
    sync.note("~", f"practitioner {wanted.slug}", "leave")
    sync.touch("practitioner", who)


def _credentials(sync: Sync, wanted: PractitionerFile, who: PractitionerId, current: tuple[Held, ...]) -> None:
    known = {one.credential.slug: one.credential for one in current}
    for one in wanted.credentials:
        before = known.pop(one.slug, None)
        after = _credential(one, wanted, before)
        about = f"credential {one.slug} of {wanted.slug}"
        if before is None:
            credentials.add(sync.tx, sync.clinic_id, who, after)
            sync.note("+", about)
        else:
            _change(sync, about, before, after)
        if before != after:
            sync.touch("practitioner", who)
    for gone in known.values():
        if gone.verification is not Verification.WITHDRAWN:
            credentials.set_verification(sync.tx, sync.clinic_id, gone, Verification.WITHDRAWN)
            sync.note("-", f"credential {gone.slug} of {wanted.slug}", "withdrawn")
            sync.touch("practitioner", who)


def _change(sync: Sync, about: str, before: Credential, after: Credential) -> None:
    different = [each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)]
    if not different:
        return
    credentials.replace(sync.tx, sync.clinic_id, after)
    more = [hole for hole in after.suspensions if hole not in before.suspensions]
    for hole in more:
        credentials.suspend(sync.tx, sync.clinic_id, after.id, hole)
    values = {name: getattr(after, name) for name in different if name != "suspensions"}
    sync.note("~", about, *told(values), *map(_suspended, more))


def _suspended(hole: Suspension) -> str:
    return f"suspended from {hole.first}" + (f" to {hole.last}" if hole.last else "")


def _credential(one: CredentialFile, whose: PractitionerFile, before: Credential | None) -> Credential:
    """What will be on file: suspensions are added to, and verification stays where the file is silent."""
    holes = dict.fromkeys((*(before.suspensions if before else ()), *one.suspensions))
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name not in _OWN_WAY}
    return Credential(
        id=before.id if before else CredentialId(new_id()),
        profession=one.profession or (whose.profession if one.kind in _OF_PROFESSION else None),
        verification=_verification(one, before),
        suspensions=tuple(sorted(holes, key=lambda hole: hole.first)),
        **same,
    )


def _verification(one: CredentialFile, before: Credential | None) -> Verification:
    if one.verified:
        return Verification.VERIFIED
    was = before.verification if before else Verification.PENDING
    taken_back = was is Verification.VERIFIED and one.verified is False
    return Verification.PENDING if taken_back or was is Verification.WITHDRAWN else was


_OWN_WAY = {"profession", "verified", "suspensions"}
_OF_PROFESSION = {"licence", "compact_privilege"}
