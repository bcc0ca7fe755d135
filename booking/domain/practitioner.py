"""The person who treats."""

from dataclasses import dataclass

from booking.domain.ids import PractitionerId


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A licensed professional of the clinic. `profession` is a word of `booking.domain.words.PROFESSIONS`."""

    id: PractitionerId
    slug: str
    name: str
    profession: str
    active: bool = True
