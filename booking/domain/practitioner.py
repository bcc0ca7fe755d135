"""The person who treats."""

from dataclasses import dataclass

from booking.domain.ids import PractitionerId


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A licensed professional of the clinic. `profession` is a word of `booking.domain.words.PROFESSIONS`.

    Patients may book at most `daily_limit` visits of one local day; None: as many as fit.
    """

    id: PractitionerId
    slug: str
    name: str
    profession: str
    daily_limit: int | None = None
    active: bool = True
