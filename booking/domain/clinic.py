"""Who runs it all."""

from dataclasses import dataclass, field

from booking.domain.ids import ClinicId
from booking.domain.policy import BookingPolicy
from booking.domain.time.zone import ZoneName


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """A clinic: its people, sites and policy. `zone` is the clock of its calendars; each site has its own."""

    id: ClinicId
    slug: str
    name: str
    zone: ZoneName
    phone: str = ""
    email: str = ""
    language: str = "en"
    calendar_label: str = "Appointment"
    policy: BookingPolicy = field(default_factory=BookingPolicy)
