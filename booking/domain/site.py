"""Where treatment happens."""

from dataclasses import dataclass

from booking.domain.ids import SiteId
from booking.domain.time.zone import ZoneName


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place with an address, a clock and a law. `jurisdiction` names the rule set, such as `US-WA`."""

    id: SiteId
    slug: str
    name: str
    address: str
    zone: ZoneName
    jurisdiction: str
    active: bool = True
