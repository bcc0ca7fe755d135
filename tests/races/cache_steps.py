"""A tour through a clinic, and a step of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from booking.domain.permission import Caller
from booking.domain.time.zone import instant_after
from booking.store import clinics
from booking.usecases.placing import Wanted
from tests.clinics import SEATTLE_ZONE, DullClinic
from tests.plugins.database import Clock
from tests.races.cache_file import File

UseCase = Callable[..., Any]


@dataclass(kw_only=True)
class Tour:
    """Where the tour has got to: the clinic, its file, and what was made on the way, by name."""

    clinic: DullClinic
    clock: Clock
    file: File
    made: dict[str, Any] = field(default_factory=dict)

    def do(self, use_case: UseCase, *given: Any, by: Caller | None = None) -> Any:
        return self.clinic.database.write_now(use_case, by or self.clinic.manager, *given)

    def wanted(self, who: str, day: date, hour: int, treatment: str = "needling", site: str = "seattle") -> Wanted:
        return Wanted(
            treatment_type=self.clinic.treatments[treatment],
            site=self.clinic.sites[site],
            start=instant_after(day, hour * 60, SEATTLE_ZONE),
            practitioner=self.clinic.practitioners[who],
        )

    def device(self) -> Any:
        """The only one."""
        return next(iter(self.clinic.database.read_now(clinics.equipment, self.clinic.id)))


@dataclass(frozen=True, kw_only=True)
class Step:
    """`changes` is whether anybody is offered other times after it; `by_file` that it is about the clinic's file."""

    name: str
    use_case: UseCase | None
    play: Callable[[Tour], object]
    changes: bool = True
    by_file: bool = False
