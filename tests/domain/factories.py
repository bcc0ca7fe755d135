"""Plain things of the clinic's world for tests: each function gives one, changed as told, and does nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from booking.domain.credential import Credential, Verification
from booking.domain.eligibility import Ask
from booking.domain.ids import ClinicId, CredentialId, PractitionerId, RoomId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller, Role
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.schedule import ExtraHours, WeeklyHours
from booking.domain.site import Site
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, instant_after, zone_name
from booking.domain.treatment import TreatmentType

SEATTLE = zone_name("America/Los_Angeles")
LONDON = zone_name("Europe/London")
NEW_YORK = zone_name("America/New_York")
LORD_HOWE = zone_name("Australia/Lord_Howe")
APIA = zone_name("Pacific/Apia")


def an_id(name: str) -> UUID:
    """The same identity for the same name, always."""
    return uuid5(NAMESPACE_OID, name)


def make_practitioner(**changes: Any) -> Practitioner:
    plain = {"id": PractitionerId(an_id("ada")), "slug": "ada", "name": "Ada Byrne", "profession": "physical_therapist"}
    return Practitioner(**{**plain, **changes})


def make_credential(kind: str = "licence", **changes: Any) -> Credential:
    """A verified credential without dates; a licence is one of Washington for a physical therapist."""
    plain: dict[str, Any] = {"slug": kind, "kind": kind, "verification": Verification.VERIFIED}
    if kind == "licence":
        plain |= {"profession": "physical_therapist", "jurisdiction": "US-WA", "number": "PT-1234"}
    plain |= changes
    return Credential(**{"id": CredentialId(an_id(plain["slug"])), **plain})


def make_ask(*credentials: Credential, profession: str = "physical_therapist", **changes: Any) -> Ask:
    """A question about a knee and its trigger points, in Seattle."""
    plain = {
        "practitioner": make_practitioner(profession=profession),
        "credentials": credentials,
        "regions": frozenset({"knee"}),
        "techniques": frozenset({"trigger_point"}),
        "zone": SEATTLE,
    }
    return Ask(**{**plain, **changes})


def make_site(**changes: Any) -> Site:
    plain = {
        "id": SiteId(an_id("pine-street")),
        "slug": "pine-street",
        "name": "Pine Street",
        "address": "1 Pine Street, Seattle",
        "zone": SEATTLE,
        "jurisdiction": "US-WA",
    }
    return Site(**{**plain, **changes})


def make_room(**changes: Any) -> Room:
    plain = {"id": RoomId(an_id("room-1")), "site_id": make_site().id, "slug": "room-1", "name": "Room 1"}
    return Room(**{**plain, **changes})


def make_treatment_type(**changes: Any) -> TreatmentType:
    plain = {
        "id": TreatmentTypeId(an_id("knee")),
        "slug": "knee",
        "name": "Knee needling",
        "minutes": 30,
        "regions": frozenset({"knee"}),
        "techniques": frozenset({"trigger_point"}),
    }
    return TreatmentType(**{**plain, **changes})


def make_hours(weekday: int, start: int, end: int, **changes: Any) -> WeeklyHours:
    """Hours of one weekday, 0 for Monday, from one hour of the day to another."""
    plain = {"practitioner_id": make_practitioner().id, "site_id": make_site().id, "weekday": weekday}
    return WeeklyHours(**{**plain, "start_minute": start * 60, "end_minute": end * 60, **changes})


def make_extra(day: date, start_minute: int, end_minute: int, **changes: Any) -> ExtraHours:
    """Hours of one day, in minutes past midnight."""
    plain = {"practitioner_id": make_practitioner().id, "site_id": make_site().id, "day": day}
    return ExtraHours(**{**plain, "start_minute": start_minute, "end_minute": end_minute, **changes})


def make_caller(role: Role, **changes: Any) -> Caller:
    return Caller(**{"clinic_id": ClinicId(an_id("clinic")), "role": role, **changes})


def visit(day: date, *, hour: int = 10, minutes: int = 30, zone: ZoneName = SEATTLE) -> TimeSpan:
    """A visit that starts at an hour of the local day; 23 and 90 minutes reach into the next one."""
    start = instant_after(day, hour * 60, zone)
    return TimeSpan(start, start + timedelta(minutes=minutes))


def utc(text: str) -> datetime:
    """An instant in UTC from text such as `2027-03-28T01:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
