"""Writing what a clinic's description says: clinic, sites, rooms, treatment types, people, hours, leave."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from booking.domain.ids import ClinicId, PractitionerId, SiteId
from booking.domain.schedule import Closure, ExtraHours, Hours, WeeklyHours
from booking.domain.time.local import LocalSpan
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import (
    ClinicRow,
    ClosureRow,
    EquipmentRow,
    ExtraHoursRow,
    PractitionerRow,
    RoomRow,
    SiteRow,
    TravelRow,
    TreatmentTypeRow,
    WorkingHoursRow,
    table,
)

FILE = "file"
_MINUTE = timedelta(minutes=1)

_TABLES = {
    "site": table(SiteRow),
    "room": table(RoomRow),
    "equipment": table(EquipmentRow),
    "treatment": table(TreatmentTypeRow),
    "practitioner": table(PractitionerRow),
}
_clinic, _weekly, _extra = table(ClinicRow), table(WorkingHoursRow), table(ExtraHoursRow)
_closure, _travel = table(ClosureRow), table(TravelRow)


def add_clinic(tx: Transaction, clinic_id: ClinicId, values: Mapping[str, Any], now: datetime) -> None:
    revisions = {"offer_revision": 0, "display_revision": 0, "display_changed_at": now}
    tx.connection.execute(insert(_clinic).values(id=clinic_id, **values, **revisions))


def update_clinic(tx: Transaction, clinic_id: ClinicId, values: Mapping[str, Any]) -> None:
    tx.connection.execute(update(_clinic).where(_clinic.c.id == clinic_id).values(values))


def add(tx: Transaction, clinic_id: ClinicId, what: str, thing_id: UUID, values: Mapping[str, Any]) -> None:
    """`what` is site, room, equipment, treatment or practitioner."""
    tx.connection.execute(insert(_TABLES[what]).values(clinic_id=clinic_id, id=thing_id, **values))


def change(tx: Transaction, clinic_id: ClinicId, what: str, thing_id: UUID, values: Mapping[str, Any]) -> None:
    columns = _TABLES[what].c
    tx.connection.execute(
        update(_TABLES[what]).where(columns.clinic_id == clinic_id, columns.id == thing_id).values(values)
    )


def set_hours(
    tx: Transaction, clinic_id: ClinicId, practitioner_id: PractitionerId | None, site_id: SiteId | None, hours: Hours
) -> None:
    """Replace the published hours: all of a person's with a practitioner, a site's own with a site alone."""
    for one in (_weekly, _extra):
        mine = one.c.practitioner_id.is_(None) if practitioner_id is None else one.c.practitioner_id == practitioner_id
        where = mine if site_id is None else mine & (one.c.site_id == site_id)
        tx.connection.execute(delete(one).where(one.c.clinic_id == clinic_id, where))
    for one, stretches in ((_weekly, hours.weekly), (_extra, hours.extra)):
        rows = [{"clinic_id": clinic_id, "id": new_id(), **_values(each)} for each in stretches]
        if rows:
            tx.connection.execute(insert(one), rows)


def set_closures(tx: Transaction, clinic_id: ClinicId, site_id: SiteId | None, closures: list[Closure]) -> None:
    """Replace the closures that the clinic's file names, of one site or, without one, of the whole clinic."""
    where = _closure.c.site_id.is_(None) if site_id is None else _closure.c.site_id == site_id
    from_file = _closure.c.origin == FILE
    tx.connection.execute(delete(_closure).where(_closure.c.clinic_id == clinic_id, where, from_file))
    rows = [
        {"clinic_id": clinic_id, "id": new_id(), "site_id": site_id, "reason": one.reason, "origin": FILE}
        | _days(one.days)
        for one in closures
    ]
    if rows:
        tx.connection.execute(insert(_closure), rows)


def set_travel(tx: Transaction, clinic_id: ClinicId, travel: Mapping[frozenset[SiteId], timedelta]) -> None:
    """Replace how long the ways between sites are."""
    tx.connection.execute(delete(_travel).where(_travel.c.clinic_id == clinic_id))
    rows = [
        {"clinic_id": clinic_id, "site_id": min(pair), "other_site_id": max(pair), "minutes": way // _MINUTE}
        for pair, way in travel.items()
    ]
    if rows:
        tx.connection.execute(insert(_travel), rows)


def _values(hours: WeeklyHours | ExtraHours) -> dict[str, Any]:
    return {each.name: getattr(hours, each.name) for each in fields(hours)}


def _days(days: LocalSpan) -> dict[str, Any]:
    return {
        "first_day": days.first,
        "last_day": days.last,
        "start_minute": days.start_minute,
        "end_minute": days.end_minute,
    }
