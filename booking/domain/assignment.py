"""Who gives a visit, and in which room: the choice, and why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from booking.domain.eligibility import Eligibility, Reason
from booking.domain.errors import BookingError, OutsideHours, PractitionerNotEligible, SlotTaken
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.time.span import SpanSet, TimeSpan


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A practitioner as the facts show them: when they are there, when it is lawful, what is taken.

    `there` is published hours; `taken` is time that is claimed or busy; `booked` the time of their visits that week.
    """

    practitioner: Practitioner
    eligibility: Eligibility
    there: SpanSet
    taken: SpanSet
    booked: timedelta = timedelta()

    def refusal(self, visit: TimeSpan, claimed: TimeSpan) -> BookingError | None:
        """Why this person cannot give the visit; None when they can. The law comes before hours and claims."""
        reasons = self.eligibility.reasons(visit)
        if reasons:
            return not_eligible(self.practitioner, reasons)
        if not self.there.covers(visit):
            return OutsideHours(f"{self.practitioner.name} is not there at that time.")
        return None if free(self.taken, claimed) else SlotTaken()


def choose(
    candidates: Sequence[Candidate], rooms: Sequence[tuple[Room, SpanSet]], visit: TimeSpan, claimed: TimeSpan
) -> tuple[Candidate, Room | None]:
    """The candidate with the least booked time, then the lowest id, and the first room that is free.

    A site without rooms needs none. Raises the refusal of the only candidate, or the one that came nearest to a visit:
    taken before not there, not there before not lawful.
    """
    refusals = {one: one.refusal(visit, claimed) for one in candidates}
    able = [one for one, refusal in refusals.items() if refusal is None]
    if not able:
        raise _nearest([refusal for refusal in refusals.values() if refusal is not None])
    room = next((room for room, taken in rooms if free(taken, claimed)), None)
    if room is None and rooms:
        raise SlotTaken("No room is free at that time.")
    return min(able, key=lambda one: (one.booked, one.practitioner.id)), room


def free(taken: SpanSet, span: TimeSpan) -> bool:
    return not any(one.overlaps(span) for one in taken)


def not_eligible(practitioner: Practitioner, reasons: Sequence[Reason]) -> PractitionerNotEligible:
    return PractitionerNotEligible(f"{practitioner.name} may not give this treatment there at that time.", reasons)


def _nearest(refusals: Sequence[BookingError]) -> BookingError:
    order = (SlotTaken, OutsideHours, PractitionerNotEligible)
    ranked = sorted(refusals, key=lambda refusal: order.index(type(refusal)))
    return ranked[0] if ranked else OutsideHours("Nobody is there at that time.")
