"""Why somebody may, or may not, give a treatment: at one time, or day after day."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import convert

from booking.api.answers import local
from booking.api.fields import A_DAY, Answer, Day, Instant, Regions
from booking.api.operations import open_to
from booking.domain.eligibility import Reason
from booking.domain.eligibility.timeline import Stretch, Supervised
from booking.domain.errors import InvalidInput
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.rules import Need
from booking.domain.time.span import BEGINNING, END
from booking.domain.time.zone import ZoneName
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import INSTANT, day, instant
from booking.usecases.placing import Wanted
from booking.usecases.views.eligibility import Explanation, explain_eligibility
from booking.usecases.views.eligibility_period import Period, PeriodQuery, explain_period


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


class SupervisedAnswer(Answer):
    """A supervisor without whom the practitioner may not: `on_site` on the premises, or `direct` in the room.

    `by` are the practitioners who could be it, whether or not they are there then.
    """

    need: str
    mode: str
    by: list[UUID]


class LawfulSpan(Answer):
    """From `start` until just before `end`; null is open."""

    start: Instant | None
    end: Instant | None


class EligibilityAnswer(Answer):
    """For `start`. `lawful` is when the treatment may be given there, whatever the hours.

    `rules` names the rule set and its version. `supervision` has the ways in which it may be given, where that is so
    under supervision alone; one of them will do.
    """

    eligible: bool
    practitioner: UUID
    site: UUID
    start: Instant
    end: Instant
    reasons: list[ReasonAnswer]
    lawful: list[LawfulSpan]
    rules: str | None
    supervision: list[SupervisedAnswer]


class EligibilityStretch(Answer):
    """Local days, both included, on each of which the same holds; `reasons` is empty exactly when `eligible`.

    `supervision` has the ways in which it may be given, where that is so under supervision alone; one of them will do.
    """

    first: Day
    last: Day
    eligible: bool
    reasons: list[ReasonAnswer]
    supervision: list[SupervisedAnswer]


class BeforeStartAnswer(Answer):
    """What a visit needs before it starts; it does not stand in the way of booking one."""

    need: str
    source: str | None


class DutyAnswer(Answer):
    """What the law asks of the practitioner besides, where it says so `within_days`."""

    say: str
    within_days: int | None


class PeriodAnswer(Answer):
    """For `from` and `to`. `stretches` follow one another without a gap, and neighbours differ.

    `before_start` and `duties` are those of the rules that hold then, and stand in nobody's way.
    """

    practitioner: UUID
    site: UUID
    treatment_type: UUID
    regions: list[str]
    first: Day
    last: Day
    stretches: list[EligibilityStretch]
    before_start: list[BeforeStartAnswer]
    duties: list[DutyAnswer]
    rules: str | None


_AN_INSTANT = {"format": "date-time", "pattern": INSTANT}
Start = Annotated[
    str, QueryParameter(schema_extra=_AN_INSTANT, description="When the visit would start, with its offset.")
]
MaybeStart = Annotated[
    str | None,
    QueryParameter(
        name="start", schema_extra=_AN_INSTANT, description="When the visit would start; not with `from` and `to`."
    ),
]
MaybeFirstDay = Annotated[
    str | None,
    QueryParameter(
        name="from", schema_extra=A_DAY, description="The first day, at the site; with `to`, instead of `start`."
    ),
]
MaybeLastDay = Annotated[
    str | None, QueryParameter(name="to", schema_extra=A_DAY, description="The last day, which is included.")
]
_ONE_WAY = "Ask either with start, or with from and to."


@get(
    "/eligibility",
    operation_id="explainEligibility",
    summary="Whether a practitioner may give a treatment somewhere at some time, or on each of at most 800 days",
    opt=open_to(Access.STAFF),
)
async def explain(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    practitioner: FromQuery[UUID],
    site: FromQuery[UUID],
    start: MaybeStart = None,
    first: MaybeFirstDay = None,
    last: MaybeLastDay = None,
    regions: FromQuery[Regions | None] = None,
) -> EligibilityAnswer | PeriodAnswer:
    who, where, what = PractitionerId(practitioner), SiteId(site), TreatmentTypeId(treatment_type)
    words = None if regions is None else frozenset(regions)
    if start is not None and first is None and last is None:
        at = instant(start, "start")
        wanted = Wanted(treatment_type=what, site=where, start=at, practitioner=who, regions=words)
        return _answer(await context.database.read(explain_eligibility, caller, wanted))
    if start is not None or first is None or last is None:
        raise InvalidInput("start", _ONE_WAY)
    query = PeriodQuery(
        treatment_type=what,
        practitioner=who,
        site=where,
        first=day(first, "from"),
        last=day(last, "to"),
        regions=words,
    )
    return _period(query, await context.database.read(explain_period, caller, query))


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
        supervision=[_supervised(one) for one in found.supervision],
    )


def _period(query: PeriodQuery, found: Period) -> PeriodAnswer:
    return PeriodAnswer(
        practitioner=found.practitioner.id,
        site=found.site.id,
        treatment_type=found.treatment.id,
        regions=sorted(found.regions),
        first=query.first.isoformat(),
        last=query.last.isoformat(),
        stretches=[_stretch(one) for one in found.stretches],
        before_start=[_before_start(one) for one in found.before_start],
        duties=[DutyAnswer(say=one.say, within_days=one.within_days) for one in found.duties],
        rules=None if found.rules is None else f"{found.rules.jurisdiction}@{found.rules.version}",
    )


def _stretch(one: Stretch) -> EligibilityStretch:
    return EligibilityStretch(
        first=one.first.isoformat(),
        last=one.last.isoformat(),
        eligible=one.may,
        reasons=[reason_of(reason) for reason in one.reasons],
        supervision=[_supervised(way) for way in one.supervision],
    )


def _supervised(one: Supervised) -> SupervisedAnswer:
    return SupervisedAnswer(need=one.need.say, mode=one.need.mode.value, by=[who.id for who in one.by])


def _before_start(one: Need) -> BeforeStartAnswer:
    return BeforeStartAnswer(need=one.say, source="; ".join(str(source) for source in one.sources) or None)


def _edge(at: datetime, zone: ZoneName) -> str | None:
    return None if at in {BEGINNING, END} else local(at, zone)
