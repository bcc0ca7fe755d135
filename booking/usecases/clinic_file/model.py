"""What a clinic's file says, checked; slugs are identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from booking.domain.credential import Suspension
from booking.domain.policy import BookingPolicy
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.zone import ZoneName

FORMAT = 1


@dataclass(frozen=True, kw_only=True, order=True)
class AbsenceFile:
    """For how long something is closed or somebody is away, in local time, and why."""

    days: LocalSpan
    reason: str


@dataclass(frozen=True, kw_only=True)
class HoursFile:
    """A stretch of one weekday at a site; minutes from midnight. The site's own hours name it too."""

    site: str
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None
    valid_until: date | None
    every_weeks: int
    week_of: date | None


@dataclass(frozen=True, kw_only=True)
class ExtraFile:
    """A stretch of one day at a site; minutes from midnight. The site's own hours name it too."""

    site: str
    day: date
    start_minute: int
    end_minute: int


@dataclass(frozen=True, kw_only=True)
class TravelFile:
    """How many minutes somebody needs from one of two sites to the other, either way."""

    between: frozenset[str]
    minutes: int


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
    closures: tuple[AbsenceFile, ...]
    travel: tuple[TravelFile, ...]


@dataclass(frozen=True, kw_only=True)
class AdoptedRules:
    """The clinic goes by this version of a jurisdiction's rules, on this person's word."""

    jurisdiction: str
    version: str
    adopted_by: str
    adopted_on: date


@dataclass(frozen=True, kw_only=True)
class DecisionFile:
    """What the owner decided of a grant, as this version of the jurisdiction's rules has it."""

    jurisdiction: str
    grant: str
    version: str
    decided_by: str
    decided_on: date
    basis: str
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class RoomFile:
    """`kinds` are what it can serve as, in the clinic's own words."""

    slug: str
    name: str
    kinds: frozenset[str]
    closures: tuple[AbsenceFile, ...]


@dataclass(frozen=True, kw_only=True)
class EquipmentFile:
    slug: str
    name: str
    kind: str
    closures: tuple[AbsenceFile, ...]


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    slug: str
    name: str
    address: str
    zone: ZoneName
    jurisdiction: str
    holidays: PublicHolidays | None
    hours: tuple[HoursFile, ...]
    extra: tuple[ExtraFile, ...]
    closures: tuple[AbsenceFile, ...]
    rooms: tuple[RoomFile, ...]
    equipment: tuple[EquipmentFile, ...]
    credentials: tuple["CredentialFile", ...]


@dataclass(frozen=True, kw_only=True)
class TreatmentFile:
    """`room` is ANY_ROOM, NO_ROOM or a kind of room, `equipment` kinds of devices, `suits` a word of Suits."""

    slug: str
    name: str
    description: str
    minutes: int
    buffer_before: int
    buffer_after: int
    regions: frozenset[str]
    techniques: frozenset[str]
    sides: frozenset[str]
    adjunct: bool
    room: str
    equipment: frozenset[str]
    ends_before_closing: int
    daily_limit: int | None
    suits: str
    price: int | None
    currency: str | None
    online: bool
    on_request: bool


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
    daily_limit: int | None
    hours: tuple[HoursFile, ...]
    extra: tuple[ExtraFile, ...]
    leave: tuple[AbsenceFile, ...]
    credentials: tuple[CredentialFile, ...]

    @property
    def sites(self) -> frozenset[str]:
        """Where the person works."""
        return frozenset(one.site for one in self.hours) | frozenset(one.site for one in self.extra)


@dataclass(frozen=True, kw_only=True)
class ClinicFile:
    clinic: AboutClinic
    rules: tuple[AdoptedRules, ...]
    decisions: tuple[DecisionFile, ...]
    sites: tuple[SiteFile, ...]
    treatments: tuple[TreatmentFile, ...]
    practitioners: tuple[PractitionerFile, ...]

    def zones_of(self, one: PractitionerFile) -> frozenset[ZoneName]:
        """By which clocks the person is away: those of the sites where they work, else the clinic's."""
        return frozenset(site.zone for site in self.sites if site.slug in one.sites) or frozenset({self.clinic.zone})
