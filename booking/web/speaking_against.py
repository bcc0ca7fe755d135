"""What speaks against a visit, as pages show it: of a group of visits, and of one alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booking.domain.conflict import Conflict
from booking.usecases.types import Finding
from booking.usecases.views.appointments import AppointmentView
from booking.wording.findings import advice, circumstance, facts


@dataclass(frozen=True, kw_only=True)
class InTheWay:
    """Unmet needs of the law, or facts; and what to do, with the page where absences are taken back.

    `circumstance` stands behind a visit, `sentence` by itself.
    """

    circumstance: str
    sentence: str
    aside: str = ""
    reasons: tuple[Mapping[str, Any], ...] = ()
    facts: tuple[str, ...] = ()
    advice: str = ""
    url: str = ""


def in_the_way(view: AppointmentView, finding: Finding) -> InTheWay:
    """What a finding about the visit says."""
    if finding.kind == Conflict.LOST_COVER:
        who = view.practitioner
        return InTheWay(
            circumstance=f"with {who.name}",
            sentence=f"{who.name} may not give this treatment there at that time.",
            aside=who.profession,
            reasons=tuple(finding.detail.get("reasons", ())),
        )
    booked = circumstance(finding.kind, finding.detail)
    return InTheWay(
        circumstance=booked,
        sentence=f"It is booked {booked}.",
        facts=tuple(facts(finding.kind, finding.detail)),
        advice=advice(finding.kind),
        url="/desk/away" if finding.kind in _ABSENCES else "",
    )


_ABSENCES = {Conflict.IN_LEAVE, Conflict.ROOM_CLOSED, Conflict.SITE_CLOSED}
