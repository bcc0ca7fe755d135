"""The people of the file: who they are, when they work, when they are away, what they hold."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.ids import CredentialId, DiaryId, PractitionerId, SiteId
from booking.domain.schedule import WeeklyHours
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_span
from booking.store import clinics, credentials, description
from booking.store.credentials import Held
from booking.store.description import Leave
from booking.store.ids import new_id
from booking.usecases.clinic_file.model import ClinicFile, CredentialFile, HoursFile, LeaveFile, PractitionerFile
from booking.usecases.clinic_file.syncing import Sync, told


def apply_practitioners(sync: Sync, file: ClinicFile, sites: Mapping[str, SiteId]) -> None:
    known = {one.slug: one for one in clinics.practitioners(sync.tx, sync.clinic_id).values()}
    hours, leave = clinics.hours(sync.tx, sync.clinic_id), description.leave(sync.tx, sync.clinic_id)
    held = credentials.held(sync.tx, sync.clinic_id)
    zones = {site.slug: site.zone for site in file.sites}
    for wanted in file.practitioners:
        values = {"slug": wanted.slug, "name": wanted.name, "profession": wanted.profession, "active": True}
        who = PractitionerId(sync.put("practitioner", known.pop(wanted.slug, None), wanted.slug, values))
        mine = [one for (whose, _site), stretches in hours.items() if whose == who for one in stretches]
        _hours(sync, wanted, who, mine, sites)
        places = {zones[one.site] for one in wanted.hours} or {file.clinic.zone}
        _leave(sync, wanted, who, leave.get(DiaryId(who), []), places)
        _credentials(sync, wanted, who, held.get(who, ()))
    sync.retire("practitioner", known.values())


def _hours(
    sync: Sync, wanted: PractitionerFile, who: PractitionerId, current: list[WeeklyHours], sites: Mapping[str, SiteId]
) -> None:
    new = {_weekly(one, who, sites[one.site]) for one in wanted.hours}
    if new == set(current) and len(current) == len(new):
        return
    description.set_hours(sync.tx, sync.clinic_id, who, sorted(new, key=_order))
    sync.note("~", f"practitioner {wanted.slug}", "hours")
    sync.touch("practitioner", who)


def _weekly(one: HoursFile, who: PractitionerId, site_id: SiteId) -> WeeklyHours:
    same = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "site"}
    return WeeklyHours(practitioner_id=who, site_id=site_id, **same)


def _order(one: WeeklyHours) -> tuple[Any, ...]:
    return (one.weekday, one.start_minute, one.end_minute, one.site_id)


def _leave(
    sync: Sync, wanted: PractitionerFile, who: PractitionerId, current: list[Leave], zones: set[ZoneName]
) -> None:
    days = [Leave(first=one.first, last=one.last, span=_away(one, zones)) for one in wanted.leave]
    if _in_order(days) == _in_order(current):
        return
    description.set_leave(sync.tx, sync.clinic_id, DiaryId(who), days)
    sync.note("~", f"practitioner {wanted.slug}", "leave")
    sync.touch("practitioner", who)


def _in_order(days: list[Leave]) -> list[Leave]:
    return sorted(days, key=lambda one: (one.first, one.last))


def _away(leave: LeaveFile, zones: set[ZoneName]) -> TimeSpan:
    """The days of leave at every site where the person works, whichever begins first and ends last."""
    spans = [day_span(leave.first, leave.last, zone) for zone in zones]
    return TimeSpan(min(span.start for span in spans), max(span.end for span in spans))


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
