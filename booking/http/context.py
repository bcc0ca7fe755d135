"""What every handler may use."""

from dataclasses import dataclass, field

from booking.domain.ids import ClinicId
from booking.http.throttle import Throttle
from booking.settings import Settings
from booking.usecases.types import Database

_QUARTER = 15 * 60.0

SLUG_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Context:
    """`logins` and `addresses` count attempts to sign in, under one login and from one address.

    `clinic_ids` are the clinics that were asked for, by slug, with when that was looked up, in seconds of the monotonic
    clock. It is believed for `SLUG_SECONDS`: a backup that is restored can bring another clinic of the same slug.
    """

    database: Database
    settings: Settings
    logins: Throttle = field(default_factory=lambda: Throttle(10, _QUARTER))
    addresses: Throttle = field(default_factory=lambda: Throttle(50, _QUARTER))
    clinic_ids: dict[str, tuple[ClinicId, float]] = field(default_factory=dict)
