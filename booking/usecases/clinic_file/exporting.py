"""Writing a clinic's file from the database: applied again it changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from booking.domain.credential import Credential, Verification
from booking.domain.ids import DiaryId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.schedule import Hours
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.store import clinics, credentials, owner_decisions, schedules
from booking.store.credentials import Held
from booking.store.database import Transaction
from booking.usecases.clinic_file import writing
from booking.usecases.clinic_file.model import FORMAT
from booking.usecases.clinic_file.notation import clock
from booking.usecases.clinic_file.on_record import Times, times
from booking.usecases.clinic_file.writing import Data, Slugs, filled

_MINUTE = timedelta(minutes=1)


def export_clinic(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """All that is active, in the order of slugs, as the tables of a clinic's file."""
    permit(caller, Action.MANAGE_CLINIC)
    clinic_id = caller.clinic_id
    sites = [one for one in clinics.sites(tx, clinic_id).values() if one.active]
    slugs, on_record = {one.id: one.slug for one in sites}, times(tx, clinic_id)
    data = {
        "format": FORMAT,
        "clinic": _clinic(tx, caller, slugs, on_record),
        "rules": _rules(tx, caller),
        "owner_decision": _decisions(tx, caller),
        "site": _sites(tx, caller, sites, on_record),
        "treatment": [_treatment(one) for one in clinics.treatment_types(tx, clinic_id).values() if one.active],
        "practitioner": _practitioners(tx, caller, slugs, on_record),
    }
    return {key: value for key, value in data.items() if value}


def _clinic(tx: Transaction, caller: Caller, slugs: Slugs, on_record: Times) -> Data:
    clinic = clinics.get(tx, caller.clinic_id)
    policy = filled(asdict(clinic.policy))
    if clinic.policy.same_day_until is not None:
        policy["same_day_until"] = clock(clinic.policy.same_day_until)
    ways = [
        {"between": sorted(slugs[site] for site in pair), "minutes": way // _MINUTE}
        for pair, way in schedules.travel(tx, caller.clinic_id).items()
    ]
    return filled({
        **asdict(clinic),
        "policy": policy,
        "closure": writing.absences(one for one in on_record.closures if one.site_id is None),
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


def _decisions(tx: Transaction, caller: Caller) -> list[Data]:
    """Those of the versions that are adopted: of another version the file would have nothing to say."""
    rules = credentials.adopted(tx, caller.clinic_id)
    return [
        filled({**asdict(one.decision), "version": one.rules_version})
        for (jurisdiction, _grant), one in owner_decisions.recorded(tx, caller.clinic_id).items()
        if rules[jurisdiction].version == one.rules_version
    ]


def _sites(tx: Transaction, caller: Caller, sites: Iterable[Site], on_record: Times) -> list[Data]:
    things: Mapping[str, Iterable[Room | Equipment]] = {
        "room": clinics.rooms(tx, caller.clinic_id).values(),
        "equipment": clinics.equipment(tx, caller.clinic_id).values(),
    }
    papers = credentials.of_sites(tx, caller.clinic_id)
    return [
        filled({
            **asdict(site),
            "credential": _credentials(papers.get(site.id, ())),
            "holidays": writing.holidays(site.holidays),
            **writing.hours(on_record.published.get((None, site.id), Hours()), {}),
            "closure": writing.absences(one for one in on_record.closures if one.site_id == site.id),
            **{key: [_thing(one, on_record) for one in some if _is_there(one, site)] for key, some in things.items()},
        }, drop={"id", "active"})
        for site in sites
    ]  # fmt: skip


def _is_there(one: Room | Equipment, site: Site) -> bool:
    return one.active and one.site_id == site.id


def _thing(one: Room | Equipment, on_record: Times) -> Data:
    closed = writing.absences(on_record.away.get(DiaryId(one.id), ()))
    return filled({**asdict(one), "closure": closed}, drop={"id", "site_id", "active"})


def _treatment(one: TreatmentType) -> Data:
    own = {"suits": str(one.suits), "adjunct": one.adjunct or None, "on_request": one.on_request or None}
    return filled({**asdict(one), **asdict(one.needs), **own}, drop={"id", "active", "version", "needs"})


def _practitioners(tx: Transaction, caller: Caller, slugs: Slugs, on_record: Times) -> list[Data]:
    held = credentials.held(tx, caller.clinic_id)
    people = clinics.practitioners(tx, caller.clinic_id).values()
    return [_practitioner(one, held.get(one.id, ()), slugs, on_record) for one in people if one.active]


def _practitioner(one: Practitioner, held: Iterable[Held], slugs: Slugs, on_record: Times) -> Data:
    return filled({
        **asdict(one),
        **writing.hours(on_record.hours_of(one.id), slugs),
        "leave": writing.absences(on_record.away.get(DiaryId(one.id), ())),
        "credential": _credentials(paper.credential for paper in held),
    }, drop={"id", "active"})  # fmt: skip


def _credentials(held: Iterable[Credential]) -> list[Data]:
    return [_credential(one) for one in held if one.verification is not Verification.WITHDRAWN]


def _credential(one: Credential) -> Data:
    values = filled(asdict(one), drop={"id", "verification", "suspensions", "version"})
    holes = [filled(asdict(hole)) for hole in one.suspensions]
    verified = one.verification is Verification.VERIFIED
    return {**values, "verified": verified, **({"suspension": holes} if holes else {})}
