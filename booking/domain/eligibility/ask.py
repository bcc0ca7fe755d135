"""The question: whether this practitioner may needle these regions with these techniques at a site, and when."""

from dataclasses import dataclass
from datetime import date

from booking.domain.credential import Credential
from booking.domain.practitioner import Practitioner
from booking.domain.time.span import ALWAYS, SpanSet
from booking.domain.time.zone import ZoneName
from booking.domain.words import REGIONS, SIDES, TECHNIQUES

OF_ANY_AGE = date(1900, 1, 1)
"""As a birthday: that of a patient who is old enough for every law, or is asked for it later."""


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody else of the clinic, who may be a supervisor, with the credentials on file.

    `present` is when the colleague is at the site, `free` when nothing else takes the time of the colleague there.
    """

    practitioner: Practitioner
    credentials: tuple[Credential, ...]
    present: SpanSet = ALWAYS
    free: SpanSet = ALWAYS


@dataclass(frozen=True, kw_only=True)
class OwnerDecision:
    """What the clinic's owner has decided of a grant that is silent, or of which too little is known.

    It holds on the local days from `decided_on` to `valid_until`, both included; None is for good.
    """

    jurisdiction: str
    grant: str
    decided_on: date
    decided_by: str
    basis: str
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A practitioner with the credentials on file, and what a treatment does at a site whose clock is `zone`.

    `regions` and `techniques` are the treatment's. Without techniques no needle is used and no rule is asked. `sides`
    are left and right, as far as they are known. `adjunct` is a treatment that is only given with another. `site` is
    the slug that credentials name, and `site_credentials` are the site's own.
    """

    practitioner: Practitioner
    credentials: tuple[Credential, ...]
    regions: frozenset[str]
    techniques: frozenset[str]
    zone: ZoneName
    sides: frozenset[str] = frozenset()
    adjunct: bool = False
    site: str | None = None
    site_credentials: tuple[Credential, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    patient_born: date | None = None
    decisions: tuple[OwnerDecision, ...] = ()

    @property
    def profession(self) -> str:
        return self.practitioner.profession

    @property
    def strange_words(self) -> frozenset[str]:
        """Words outside the vocabulary: no rule can have meant them, so none can allow them."""
        return (self.regions - REGIONS) | (self.techniques - TECHNIQUES) | (self.sides - SIDES)
