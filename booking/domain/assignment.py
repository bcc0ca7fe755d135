"""Who gives a visit, in which room and with which devices: the choice, and why there is none."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from booking.domain.availability.facts import Candidate, Place, overlaps
from booking.domain.availability.obstacles import Obstacle, Visit, of_person, of_site
from booking.domain.errors import BookingError, NotOffered, OutsideHours, PatientAge, PractitionerNotEligible, SlotTaken
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.treatment import NO_ROOM


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Whom and what a visit takes; a visit that needs no room, or whose site has none, takes none.

    `supervisor` is a colleague whom the law wants in the room.
    """

    candidate: Candidate
    room: Room | None
    equipment: tuple[Equipment, ...]
    supervisor: Practitioner | None = None


def choose(
    visit: Visit, place: Place, candidates: Sequence[Candidate], *, staff: bool, kept: Collection[UUID] = ()
) -> Choice:
    """The candidate with the least booked time, then the lowest id, and the first room and devices that are free.

    Rooms and devices whose ids are in `kept` come first. Of rooms the plainest is next, so that a room of a kind stays
    free for whoever needs that kind. Raises the refusal of the only candidate, or the one that came nearest to a visit:
    not offered before taken, taken before not there, not there before not lawful. `staff` are bound by less.
    """
    judged = [(one, first_refusal(of_person(visit, place, one), staff=staff)) for one in candidates]
    able = [one for one, refusal in judged if refusal is None]
    if not able:
        raise _nearest([refusal for _one, refusal in judged if refusal is not None])
    refusal = first_refusal(of_site(visit, place), staff=staff)
    if refusal is not None:
        raise refusal
    candidate = min(able, key=lambda one: (one.booked, one.practitioner.id))
    devices = tuple(_equipment(visit, place, kept))
    supervisor = _supervisor(visit, candidate, kept)
    return Choice(candidate=candidate, room=_room(visit, place, kept), equipment=devices, supervisor=supervisor)


def first_refusal(obstacles: Iterable[Obstacle], *, staff: bool) -> BookingError | None:
    """The refusal by the first obstacle that binds whoever books; None when nothing does."""
    return next((one.refusal() for one in obstacles if not (staff and one.only_patients)), None)


def _supervisor(visit: Visit, candidate: Candidate, kept: Collection[UUID]) -> Practitioner | None:
    free = candidate.eligibility.direct_supervisors(visit.span) or ()
    return min((one.practitioner for one in free), key=lambda one: (one.id not in kept, one.id), default=None)


def _room(visit: Visit, place: Place, kept: Collection[UUID]) -> Room | None:
    if visit.treatment.needs.room == NO_ROOM:
        return None
    free = [room for room, taken in place.rooms if not overlaps(taken, visit.claimed)]
    return min(free, key=lambda room: (room.id not in kept, len(room.kinds)), default=None)


def _equipment(visit: Visit, place: Place, kept: Collection[UUID]) -> Iterable[Equipment]:
    free = [one for one, taken in place.equipment if not overlaps(taken, visit.claimed)]
    for kind in sorted(visit.treatment.needs.equipment):
        yield min((one for one in free if one.kind == kind), key=lambda one: one.id not in kept)


def _nearest(refusals: Sequence[BookingError]) -> BookingError:
    order = (NotOffered, SlotTaken, OutsideHours, PatientAge, PractitionerNotEligible)
    ranked = sorted(refusals, key=lambda refusal: order.index(type(refusal)))
    return ranked[0] if ranked else OutsideHours("Nobody is there at that time.")
