"""The question: whether this practitioner may needle these regions with these techniques at a site, and when."""

from dataclasses import dataclass

from booking.domain.credential import Credential
from booking.domain.practitioner import Practitioner
from booking.domain.time.zone import ZoneName
from booking.domain.words import REGIONS, TECHNIQUES, with_implied


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A practitioner with the credentials on file, and what a treatment does at a site whose clock is `zone`.

    `regions` and `techniques` are the treatment's. Without techniques no needle is used and no rule is asked.
    """

    practitioner: Practitioner
    credentials: tuple[Credential, ...]
    regions: frozenset[str]
    techniques: frozenset[str]
    zone: ZoneName

    @property
    def profession(self) -> str:
        return self.practitioner.profession

    @property
    def reached(self) -> frozenset[str]:
        """The regions rules judge: the treatment's and what they imply; all, when it names none."""
        return with_implied(self.regions or REGIONS)

    @property
    def strange_words(self) -> frozenset[str]:
        """Regions and techniques outside the vocabulary: no rule can have meant them, so none can allow them."""
        return (self.regions - REGIONS) | (self.techniques - TECHNIQUES)
