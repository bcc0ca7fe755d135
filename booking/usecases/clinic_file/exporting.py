"""Writing a clinic's file from the database: applied again it changes nothing."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from booking.domain.credential import Credential, Verification
from booking.domain.ids import SiteId
from booking.domain.permission import Action, Caller, permit
from booking.domain.practitioner import Practitioner
from booking.domain.schedule import WeeklyHours
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.store import absences, clinics, credentials, schedules
from booking.store.database import Transaction
from booking.usecases.clinic_file.model import FORMAT

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def export_clinic(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """All that is active, in the order of slugs, as the tables of a clinic's file."""
    permit(caller, Action.MANAGE_CLINIC)
    clinic_id = caller.clinic_id
    sites = clinics.sites(tx, clinic_id)
    data = {
        "format": FORMAT,
        "clinic": _clinic(tx, caller),
        "rules": _rules(tx, caller),
        "site": [_site(tx, caller, site) for site in sites.values() if site.active],
        "treatment": [_treatment(one) for one in clinics.treatment_types(tx, clinic_id).values() if one.active],
        "practitioner": _practitioners(tx, caller, sites),
    }
    return {key: value for key, value in data.items() if value}


def _clinic(tx: Transaction, caller: Caller) -> dict[str, Any]:
    clinic = asdict(clinics.get(tx, caller.clinic_id))
    policy = {key: clinic["policy"][key] for key in ("grid_minutes", "notice_minutes", "horizon_days")}
    return _filled({**clinic, "policy": policy}, drop={"id"})


def _rules(tx: Transaction, caller: Caller) -> list[dict[str, Any]]:
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


def _site(tx: Transaction, caller: Caller, site: Site) -> dict[str, Any]:
    rooms = clinics.rooms(tx, caller.clinic_id, site.id).values()
    listed = [{"slug": room.slug, "name": room.name} for room in rooms if room.active]
    return {**_filled(asdict(site), drop={"id", "active"}), **({"room": listed} if listed else {})}


def _treatment(one: TreatmentType) -> dict[str, Any]:
    return _filled(asdict(one), drop={"id", "active", "version", "needs", "suits"})


def _practitioners(tx: Transaction, caller: Caller, sites: dict[SiteId, Site]) -> list[dict[str, Any]]:
    hours, leave = schedules.weekly(tx, caller.clinic_id), absences.listed(tx, caller.clinic_id)
    held = credentials.held(tx, caller.clinic_id)
    people = clinics.practitioners(tx, caller.clinic_id).values()
    return [
        _filled({
            "slug": one.slug,
            "name": one.name,
            "profession": one.profession,
            "hours": _hours(one, hours, sites),
            "leave": [
                {"first": away.days.first, "last": away.days.last} for away in leave if away.diary_id == one.id
            ],
            "credential": [
                _credential(paper.credential)
                for paper in held.get(one.id, ())
                if paper.credential.verification is not Verification.WITHDRAWN
            ],
        })
        for one in people
        if one.active
    ]  # fmt: skip


def _hours(one: Practitioner, hours: list[WeeklyHours], sites: dict[SiteId, Site]) -> list[dict[str, Any]]:
    """The week as few entries: days with the same times at the same site are named together."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for each in hours:
        if each.practitioner_id == one.id:
            key = (sites[each.site_id].slug, each.start_minute, each.end_minute, each.valid_from, each.valid_until)
            found.setdefault(key, []).append(_DAYS[each.weekday])
    return [
        _filled(
            {
                "site": site,
                "days": days,
                "from": f"{start // 60:02}:{start % 60:02}",
                "to": f"{end // 60:02}:{end % 60:02}",
                "valid_from": valid_from,
                "valid_until": valid_until,
            }
        )
        for (site, start, end, valid_from, valid_until), days in found.items()
    ]


def _credential(one: Credential) -> dict[str, Any]:
    values = _filled(asdict(one), drop={"id", "verification", "suspensions"})
    holes = [_filled(asdict(hole)) for hole in one.suspensions]
    verified = one.verification is Verification.VERIFIED
    return {**values, "verified": verified, **({"suspension": holes} if holes else {})}


_EMPTY: tuple[object, ...] = (None, "", [], {}, frozenset())


def _filled(values: dict[str, Any], drop: Collection[str] = ()) -> dict[str, Any]:
    """As TOML has it: nothing that is empty, sets as sorted lists."""
    kept = {key: value for key, value in values.items() if key not in drop and value not in _EMPTY}
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in kept.items()}
