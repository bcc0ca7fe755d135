"""Writing a clinic's file from the database: applied again it changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from booking.domain.credential import Credential, Verification
from booking.domain.ids import DiaryId, SiteId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.schedule import Closure, Hours
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.store import absences, clinics, credentials, schedules
from booking.store.absences import Absence
from booking.store.credentials import Held
from booking.store.database import Transaction
from booking.store.schedules import Whose
from booking.usecases.clinic_file import writing
from booking.usecases.clinic_file.model import FORMAT
from booking.usecases.clinic_file.notation import clock
from booking.usecases.clinic_file.timetables import of_person
from booking.usecases.clinic_file.writing import Data, filled

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class _Times:
    """When people and places are there and when they are not."""

    sites: Mapping[SiteId, str]
    published: Mapping[Whose, Hours]
    closures: list[Closure]
    away: Mapping[DiaryId, list[Absence]]


def export_clinic(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """All that is active, in the order of slugs, as the tables of a clinic's file."""
    permit(caller, Action.MANAGE_CLINIC)
    clinic_id = caller.clinic_id
    sites = [one for one in clinics.sites(tx, clinic_id).values() if one.active]
    times = _times(tx, caller, sites)
    data = {
        "format": FORMAT,
        "clinic": _clinic(tx, caller, times),
        "rules": _rules(tx, caller),
        "site": _sites(tx, caller, sites, times),
        "treatment": [_treatment(one) for one in clinics.treatment_types(tx, clinic_id).values() if one.active],
        "practitioner": _practitioners(tx, caller, times),
    }
    return {key: value for key, value in data.items() if value}


def _times(tx: Transaction, caller: Caller, sites: Iterable[Site]) -> _Times:
    away = defaultdict[DiaryId, list[Absence]](list)
    for one in absences.listed(tx, caller.clinic_id):
        away[one.diary_id].append(one)
    return _Times(
        sites={one.id: one.slug for one in sites},
        published=schedules.hours(tx, caller.clinic_id),
        closures=schedules.closures(tx, caller.clinic_id),
        away=away,
    )


def _clinic(tx: Transaction, caller: Caller, times: _Times) -> Data:
    clinic = clinics.get(tx, caller.clinic_id)
    policy = filled(asdict(clinic.policy))
    if clinic.policy.same_day_until is not None:
        policy["same_day_until"] = clock(clinic.policy.same_day_until)
    ways = [
        {"between": sorted(times.sites[site] for site in pair), "minutes": way // _MINUTE}
        for pair, way in schedules.travel(tx, caller.clinic_id).items()
    ]
    return filled({
        **asdict(clinic),
        "policy": policy,
        "closure": writing.absences(one for one in times.closures if one.site_id is None),
        "travel": sorted(ways, key=lambda one: one["between"]),
    }, drop={"id"})  # fmt: skip


def _rules(tx: Transaction, caller: Caller) -> list[Data]:
    versions = {name: rules.version for name, rules in credentials.adopted(tx, caller.clinic_id).items()}
    return [
        {
            "jurisdiction": one.jurisdiction,
            "version": versions[one.jurisdiction],
            "adopted_by": one.adopted_by,
            "adopted_on": one.adopted_on,
        }
        for one in credentials.adoptions(tx, caller.clinic_id).values()
    ]


def _sites(tx: Transaction, caller: Caller, sites: Iterable[Site], times: _Times) -> list[Data]:
    things: Mapping[str, Iterable[Room | Equipment]] = {
        "room": clinics.rooms(tx, caller.clinic_id).values(),
        "equipment": clinics.equipment(tx, caller.clinic_id).values(),
    }
    return [
        filled({
            **asdict(site),
            "holidays": writing.holidays(site.holidays),
            **writing.hours(times.published.get((None, site.id), Hours()), {}),
            "closure": writing.absences(one for one in times.closures if one.site_id == site.id),
            **{key: [_thing(one, times) for one in some if _is_there(one, site)] for key, some in things.items()},
        }, drop={"id", "active"})
        for site in sites
    ]  # fmt: skip


def _is_there(one: Room | Equipment, site: Site) -> bool:
    return one.active and one.site_id == site.id


def _thing(one: Room | Equipment, times: _Times) -> Data:
    closed = writing.absences(times.away.get(DiaryId(one.id), ()))
    return filled({**asdict(one), "closure": closed}, drop={"id", "site_id", "active"})


def _treatment(one: TreatmentType) -> Data:
    return filled(
        {**asdict(one), **asdict(one.needs), "suits": str(one.suits)}, drop={"id", "active", "version", "needs"}
    )


def _practitioners(tx: Transaction, caller: Caller, times: _Times) -> list[Data]:
    held = credentials.held(tx, caller.clinic_id)
    people = clinics.practitioners(tx, caller.clinic_id).values()
    return [_practitioner(one, held.get(one.id, ()), times) for one in people if one.active]


def _practitioner(one: Practitioner, held: Iterable[Held], times: _Times) -> Data:
    papers = [paper.credential for paper in held]
    return filled({
        **asdict(one),
        **writing.hours(of_person(one.id, times.published), times.sites),
        "leave": writing.absences(times.away.get(DiaryId(one.id), ())),
        "credential": [_credential(each) for each in papers if each.verification is not Verification.WITHDRAWN],
    }, drop={"id", "active"})  # fmt: skip


def _credential(one: Credential) -> Data:
    values = filled(asdict(one), drop={"id", "verification", "suspensions"})
    holes = [filled(asdict(hole)) for hole in one.suspensions]
    verified = one.verification is Verification.VERIFIED
    return {**values, "verified": verified, **({"suspension": holes} if holes else {})}
