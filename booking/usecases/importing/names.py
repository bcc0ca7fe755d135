"""Finding sites, people, treatments and rooms by what a file calls them: their slug, or exactly their name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from booking.domain.ids import RoomId
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.site import Site
from booking.domain.treatment import TreatmentType
from booking.store.clinics import Description
from booking.usecases.importing.model import RowRefused, quoted

_MOST_LISTED = 8


class Named(Protocol):
    """A thing of the clinic's description."""

    @property
    def slug(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def active(self) -> bool: ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True, kw_only=True)
class Index(Generic[T]):
    """Things of one kind, `what`, by slug and by name."""

    what: str
    slugs: dict[str, T]
    names: dict[str, list[T]]

    def find(self, text: str) -> T:
        """The thing; of several with one name the one in use. Raises RowRefused, which says what there is."""
        if not text:
            raise RowRefused(f"The {self.what} is missing.")
        found = self.meant(text)
        if len(found) == 1:
            return found[0]
        if found:
            slugs = " and ".join(sorted(one.slug for one in found))
            raise RowRefused(f"There are several of the name {quoted(text)}: write {slugs}.")
        raise RowRefused(f"There is no {self.what} {quoted(text)}; {_listed(self.slugs)}.")

    def meant(self, text: str) -> list[T]:
        """All that may be meant."""
        if text in self.slugs:
            return [self.slugs[text]]
        named = self.names.get(text, [])
        return [one for one in named if one.active] or named


@dataclass(frozen=True, kw_only=True)
class Names:
    """All that a row can name."""

    sites: Index[Site]
    people: Index[Practitioner]
    treatments: Index[TreatmentType]
    rooms: dict[RoomId, Room]

    def room(self, text: str, site: Site) -> Room:
        """The room of that site. Raises RowRefused."""
        return index(f"room at {site.name}", [one for one in self.rooms.values() if one.site_id == site.id]).find(text)


def names_of(about: Description) -> Names:
    return Names(
        sites=index("site", about.sites.values()),
        people=index("practitioner", about.practitioners.values()),
        treatments=index("treatment", about.treatment_types.values()),
        rooms=about.rooms,
    )


def index(what: str, things: Iterable[T]) -> Index[T]:
    """The things by what they are called, those of one name together."""
    slugs, names = dict[str, T](), dict[str, list[T]]()
    for one in things:
        slugs[one.slug] = one
        names.setdefault(one.name, []).append(one)
    return Index(what=what, slugs=slugs, names=names)


def _listed(slugs: Collection[str]) -> str:
    if not slugs:
        return "there is none"
    some = sorted(slugs)[:_MOST_LISTED]
    return f"there are: {', '.join(some)}{', …' if len(slugs) > len(some) else ''}"
