"""What a clinic's file says, checked; slugs are identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from booking.domain.credential import Suspension
from booking.domain.policy import BookingPolicy
from booking.domain.time.zone import ZoneName

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class AboutClinic:
    slug: str
    name: str
    zone: ZoneName
    phone: str
    email: str
    language: str
    calendar_label: str
    policy: BookingPolicy


@dataclass(frozen=True, kw_only=True)
class AdoptedRules:
    """The clinic goes by this version of a jurisdiction's rules, on this person's word."""

    jurisdiction: str
    version: str
    adopted_by: str
    adopted_on: date


@dataclass(frozen=True, kw_only=True)
class RoomFile:
    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    slug: str
    name: str
    address: str
    zone: ZoneName
    jurisdiction: str
    rooms: tuple[RoomFile, ...]


@dataclass(frozen=True, kw_only=True)
class TreatmentFile:
    slug: str
    name: str
    description: str
    minutes: int
    buffer_before: int
    buffer_after: int
    regions: frozenset[str]
    techniques: frozenset[str]
    price: int | None
    currency: str | None
    online: bool


@dataclass(frozen=True, kw_only=True, order=True)
class HoursFile:
    """A stretch of one weekday at a site; minutes from midnight."""

    site: str
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, kw_only=True, order=True)
class LeaveFile:
    """Whole local days, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class CredentialFile:
    """`verified` is None when the file leaves it to the clinic's own record."""

    slug: str
    kind: str
    profession: str | None
    jurisdiction: str | None
    number: str | None
    valid_from: date | None
    valid_until: date | None
    verified: bool | None
    regions: frozenset[str] | None
    techniques: frozenset[str] | None
    attributes: Mapping[str, bool | int | str]
    home: str | None
    suspensions: tuple[Suspension, ...]


@dataclass(frozen=True, kw_only=True)
class PractitionerFile:
    slug: str
    name: str
    profession: str
    hours: tuple[HoursFile, ...]
    leave: tuple[LeaveFile, ...]
    credentials: tuple[CredentialFile, ...]


@dataclass(frozen=True, kw_only=True)
class ClinicFile:
    clinic: AboutClinic
    rules: tuple[AdoptedRules, ...]
    sites: tuple[SiteFile, ...]
    treatments: tuple[TreatmentFile, ...]
    practitioners: tuple[PractitionerFile, ...]
