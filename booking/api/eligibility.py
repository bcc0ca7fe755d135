"""Why somebody may, or may not, give a treatment."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import convert

from booking.api.answers import local
from booking.api.fields import Answer, Day, Instant, Regions
from booking.api.operations import open_to
from booking.domain.eligibility import Reason
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.time.span import BEGINNING, END
from booking.domain.time.zone import ZoneName
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import INSTANT, instant
from booking.usecases.placing import Wanted
from booking.usecases.views.eligibility import Explanation, explain_eligibility


class ReasonAnswer(Answer):
    """One need that is not met: what is asked, what is on file, from when it is met, how to mend it, and the source."""

    rule: str
    grant: str | None
    need: str
    have: str
    true_from: Day | None
    fix: str
    source: str | None
    reviewed: Day | None
    confidence: str | None


class LawfulSpan(Answer):
    """From `start` until just before `end`; null is open."""

    start: Instant | None
    end: Instant | None


class EligibilityAnswer(Answer):
    """`lawful` is when the treatment may be given there, whatever the hours; `rules` names the rule set and version."""

    eligible: bool
    practitioner: UUID
    site: UUID
    start: Instant
    end: Instant
    reasons: list[ReasonAnswer]
    lawful: list[LawfulSpan]
    rules: str | None


Start = Annotated[
    str,
    QueryParameter(
        schema_extra={"format": "date-time", "pattern": INSTANT},
        description="When the visit would start, with its offset.",
    ),
]


@get(
    "/eligibility",
    operation_id="explainEligibility",
    summary="Whether a practitioner may give a treatment somewhere at some time, and why not",
    opt=open_to(Access.STAFF),
)
async def explain(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    practitioner: FromQuery[UUID],
    site: FromQuery[UUID],
    start: Start,
    regions: FromQuery[Regions | None] = None,
) -> EligibilityAnswer:
    wanted = Wanted(
        treatment_type=TreatmentTypeId(treatment_type),
        site=SiteId(site),
        start=instant(start, "start"),
        practitioner=PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
    )
    return _answer(await context.database.read(explain_eligibility, caller, wanted))


def reason_of(reason: Reason) -> ReasonAnswer:
    return convert(reason.as_data(), ReasonAnswer)


def _answer(found: Explanation) -> EligibilityAnswer:
    zone = found.site.zone
    return EligibilityAnswer(
        eligible=not found.reasons,
        practitioner=found.practitioner.id,
        site=found.site.id,
        start=local(found.visit.start, zone),
        end=local(found.visit.end, zone),
        reasons=[reason_of(one) for one in found.reasons],
        lawful=[LawfulSpan(start=_edge(span.start, zone), end=_edge(span.end, zone)) for span in found.lawful],
        rules=found.rules,
    )


def _edge(at: datetime, zone: ZoneName) -> str | None:
    return None if at in {BEGINNING, END} else local(at, zone)
