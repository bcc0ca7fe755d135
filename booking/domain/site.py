"""Where treatment happens."""

from dataclasses import dataclass

from booking.domain.ids import SiteId
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.zone import ZoneName


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place with an address, a clock and a law. `jurisdiction` names the rule set, such as `US-WA`.

    On the public holidays of `holidays` it is closed; None: it goes by none.
    """

    id: SiteId
    slug: str
    name: str
    address: str
    zone: ZoneName
    jurisdiction: str
    holidays: PublicHolidays | None = None
    active: bool = True
