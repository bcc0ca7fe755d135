"""What a form's lists are chosen from."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from booking.domain.treatment import TreatmentType


class Named(Protocol):
    """Anything of a clinic that has a name in addresses."""

    @property
    def id(self) -> UUID: ...

    @property
    def slug(self) -> str: ...


Some = TypeVar("Some", bound=Named)


def named(several: Iterable[Some], slug: str, fixed: UUID | None = None) -> Some | None:
    """The one with this name or, where it is not to be chosen, the one with the id `fixed`."""
    wanted = (lambda one: one.slug == slug) if fixed is None else (lambda one: one.id == fixed)
    return next(filter(wanted, several), None)


def only(several: Sequence[Some]) -> Some | None:
    """The one there is; None where there is a choice, or nothing to choose from."""
    return several[0] if len(several) == 1 else None


def without_empty(typed: Mapping[str, str], field: str) -> dict[str, str]:
    """What was typed, without the field if it was left to us."""
    return {name: value for name, value in typed.items() if value or name != field}


def plainest(several: Iterable[TreatmentType]) -> TreatmentType | None:
    """The one with the fewest techniques of those with needles; without such, the first of all."""
    return min(several, key=lambda one: len(one.techniques) or math.inf, default=None)
