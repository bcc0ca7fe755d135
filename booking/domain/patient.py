"""The person who is treated."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from booking.domain.ids import PatientId


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person as they name themselves, with at least one way to reach them. Raises ValueError for neither.

    Somebody who stands at the desk needs to name no way: `walk_in` is then a name of its own for just this person.
    """

    name: str
    email: str | None = None
    phone: str | None = None
    walk_in: str | None = None
    born: date | None = None

    def __post_init__(self) -> None:
        if not self.email and not self.phone and not self.walk_in:
            raise ValueError("an e-mail address or a telephone number is needed")

    @property
    def match_key(self) -> str:
        """Equal for what is plainly the same person writing the same contact in another way."""
        name = " ".join(unicodedata.normalize("NFKC", self.name).casefold().split())
        reach = self.email.casefold().strip() if self.email else re.sub(r"\D", "", self.phone or "")
        return f"{reach or self.walk_in}|{name}"


@dataclass(frozen=True, kw_only=True)
class Patient:
    id: PatientId
    name: str
    email: str | None = None
    phone: str | None = None
    born: date | None = None
