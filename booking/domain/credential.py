"""A licence or certificate of one practitioner, and the time during which it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from booking.domain.errors import InvalidInput
from booking.domain.ids import CredentialId
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import ZoneName, day_span


class Verification(StrEnum):
    """What the clinic has done to make sure; apart from what the board says. Only `verified` counts."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """A hole in a credential: the local days from `first` to `last`, both included; open while `last` is None."""

    first: date
    last: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A licence, endorsement, certificate or cover, with the local days on which it is valid, both ends included.

    `regions` and `techniques` say what it extends to; None is everything. `attributes` hold what rules ask about,
    such as `hours_total` or `practical_exam`. `home` is the jurisdiction a compact privilege rests on. `version` rises
    with every change on record.
    """

    id: CredentialId
    slug: str
    kind: str
    profession: str | None = None
    jurisdiction: str | None = None
    number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    verification: Verification = Verification.PENDING
    suspensions: tuple[Suspension, ...] = ()
    regions: frozenset[str] | None = None
    techniques: frozenset[str] | None = None
    attributes: Mapping[str, bool | int | str] = field(default_factory=dict)
    home: str | None = None
    version: int = 1

    def in_force(self, zone: ZoneName) -> SpanSet:
        """When it counts, with days as they are at a site in `zone`; never, unless it is verified."""
        if self.verification is not Verification.VERIFIED:
            return NEVER
        return self.valid(zone)

    def valid(self, zone: ZoneName) -> SpanSet:
        """When it is valid by its dates, less its suspensions, whether verified or not."""
        whole = SpanSet([day_span(self.valid_from, self.valid_until, zone)])
        return whole - SpanSet(day_span(hole.first, hole.last, zone) for hole in self.suspensions)


def runs_backwards(first: date | None, last: date | None) -> bool:
    """Whether the last day is before the first; days that are open never are."""
    return first is not None and last is not None and last < first


def ensure_forward(first: date | None, last: date | None, field: str, what: str) -> None:
    """Raises InvalidInput, which names the field, when the last day is before the first. `what` is a noun.

    Whoever puts days on file asks here: those of a credential, of a suspension.
    """
    if runs_backwards(first, last):
        raise InvalidInput(field, f"{what} does not end before it starts.")
