"""Rooms and equipment, which one visit has to itself."""

from dataclasses import dataclass

from booking.domain.ids import EquipmentId, RoomId, SiteId


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room, and the kinds of room it can serve as, in the clinic's own words."""

    id: RoomId
    site_id: SiteId
    slug: str
    name: str
    kinds: frozenset[str] = frozenset()
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """A device; visits that need one of its `kind`, in the clinic's own words, take it for their time."""

    id: EquipmentId
    site_id: SiteId
    slug: str
    name: str
    kind: str
    active: bool = True
