"""Rooms, which one visit has to itself."""

from dataclasses import dataclass

from booking.domain.ids import RoomId, SiteId


@dataclass(frozen=True, kw_only=True)
class Room:
    id: RoomId
    site_id: SiteId
    slug: str
    name: str
    active: bool = True
