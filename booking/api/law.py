"""The law that the clinic goes by: seen by its staff, and decided on by its owner where it waits for that."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from booking.api.credentials import CredentialAnswer, credential_of
from booking.api.fields import Answer, Body, Day, DayText, Name, Words
from booking.api.operations import open_to
from booking.domain.permission import Caller
from booking.domain.rules import Grant, Phase, phase_of
from booking.domain.rules.telling import told
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import day
from booking.usecases.law import DecideGrant, LawChanged, WithdrawDecision, decide_grant, withdraw_decision
from booking.usecases.types import RecordedDecision, RequestKey
from booking.usecases.views.law import DecisionView, GrantView, Law, RuleSetView, SiteLaw, law


class DecisionBody(Body):
    """The owner has decided that the grant may be used, from `decided_on` (today when null) to `valid_until`.

    `version` is that of the rules in which the owner read the grant.
    """

    jurisdiction: Words
    grant: Words
    version: Words
    decided_by: Name
    basis: Words
    decided_on: DayText | None = None
    valid_until: DayText | None = None


class WithdrawBody(Body):
    jurisdiction: Words
    grant: Words


class DecisionAnswer(Answer, kw_only=True):
    """What the owner decided of a grant, as `version` of the rules had it; on its days, both included."""

    jurisdiction: str
    grant: str
    version: str
    decided_by: str
    decided_on: Day
    valid_until: Day | None
    basis: str


class StandingDecisionAnswer(DecisionAnswer, kw_only=True):
    """`standing` is `now`, `later`, `over`, or `other_version` where the grant must be decided on anew."""

    standing: str


class RequirementAnswer(Answer):
    """`before_start` ones stand in the way of no booking: they are asked for when the visit starts."""

    id: str
    say: str
    before_start: bool


class GrantAnswer(Answer):
    """What the rules say to these professions, of which `*` is everybody, on the days from `first` to `last`.

    `stance` is `permitted`, `prohibited`, `silent` or `pending`, `standing` is `now`, `later` or `over`. It `waits`
    where it allows nothing for want of a decision of the owner. `practitioners` are those at its sites whom it is for.
    """

    id: str
    professions: list[str]
    stance: str
    standing: str
    say: str | None
    first: Day | None
    last: Day | None
    expected: Day | None
    confidence: str
    contested: bool
    limit: str | None
    requirements: list[RequirementAnswer]
    duties: list[str]
    sources: list[str]
    practitioners: list[UUID]
    waits: bool
    decision: StandingDecisionAnswer | None


class RuleSetAnswer(Answer):
    """Rules that the clinic has adopted. Visits at `sites` must also be lawful by what they lie `within`."""

    jurisdiction: str
    name: str
    version: str
    within: str | None
    confidence: str
    adopted_by: str
    adopted_on: Day
    reviewed_on: Day
    review_by: Day
    review_due: bool
    sources: list[str]
    sites: list[UUID]
    grants: list[GrantAnswer]


class SiteLawAnswer(Answer):
    """The jurisdictions whose rules hold at the site, its own first; without any nobody may needle there.

    `credentials` are the site's own; null for whoever may not see them.
    """

    site: UUID
    jurisdictions: list[str]
    credentials: list[CredentialAnswer] | None


class LawAnswer(Answer):
    """`idle_decisions` are of grants that the adopted rules have no more."""

    sites: list[SiteLawAnswer]
    rule_sets: list[RuleSetAnswer]
    idle_decisions: list[DecisionAnswer]


class LawChangedAnswer(Answer):
    """The decision as it is now, and appointments by their time: none was changed.

    `lost` lost their cover by what was decided, `covered` got it, and all that are without it now are `at_risk`.
    """

    jurisdiction: str
    grant: str
    decision: DecisionAnswer | None
    at_risk: list[UUID]
    lost: list[UUID]
    covered: list[UUID]


@get(
    "/law",
    operation_id="getLaw",
    summary="The rules that hold at each site, what they say today, and what waits for the owner",
    opt=open_to(Access.STAFF),
)
async def get_law(context: NamedDependency[Context], caller: NamedDependency[Caller]) -> LawAnswer:
    return _law(await context.database.read(law, caller))


@post(
    "/owner-decisions",
    operation_id="recordOwnerDecision",
    summary="Let a grant that waits for the clinic's owner be used",
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def record_decision(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[DecisionBody],
) -> LawChangedAnswer:
    command = DecideGrant(
        jurisdiction=data.jurisdiction,
        grant=data.grant,
        version=data.version,
        decided_by=data.decided_by,
        basis=data.basis,
        decided_on=None if data.decided_on is None else day(data.decided_on, "decided_on"),
        valid_until=None if data.valid_until is None else day(data.valid_until, "valid_until"),
        request=key,
    )
    return _changed(await context.database.write(decide_grant, caller, command))


@post(
    "/owner-decisions/withdraw",
    operation_id="withdrawOwnerDecision",
    summary="Take the owner's decision back; appointments that lose their cover are answered",
    status_code=200,
    opt=open_to(Access.STAFF, "idempotency-mismatch"),
)
async def withdraw(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    key: NamedDependency[RequestKey | None],
    data: JSONBody[WithdrawBody],
) -> LawChangedAnswer:
    command = WithdrawDecision(jurisdiction=data.jurisdiction, grant=data.grant, request=key)
    return _changed(await context.database.write(withdraw_decision, caller, command))


def _changed(changed: LawChanged) -> LawChangedAnswer:
    return LawChangedAnswer(
        jurisdiction=changed.jurisdiction,
        grant=changed.grant,
        decision=None if changed.decision is None else DecisionAnswer(**_decided(changed.decision)),
        at_risk=list(changed.at_risk),
        lost=list(changed.lost),
        covered=list(changed.covered),
    )


def _law(found: Law) -> LawAnswer:
    return LawAnswer(
        sites=[_site(one) for one in found.sites],
        rule_sets=[_rule_set(one) for one in found.rule_sets],
        idle_decisions=[DecisionAnswer(**_decided(one)) for one in found.idle],
    )


def _site(one: SiteLaw) -> SiteLawAnswer:
    return SiteLawAnswer(
        site=one.site.id,
        jurisdictions=[rules.jurisdiction for rules in one.stack],
        credentials=None if one.held is None else [credential_of(each) for each in one.held],
    )


def _rule_set(one: RuleSetView) -> RuleSetAnswer:
    rules = one.rules
    return RuleSetAnswer(
        jurisdiction=rules.jurisdiction,
        name=rules.name,
        version=rules.version,
        within=rules.within,
        confidence=rules.confidence,
        adopted_by=one.adoption.adopted_by,
        adopted_on=one.adoption.adopted_on.isoformat(),
        reviewed_on=rules.reviewed_on.isoformat(),
        review_by=rules.review_by.isoformat(),
        review_due=one.review_due,
        sources=[str(source) for source in rules.sources],
        sites=[site.id for site in one.sites],
        grants=[_grant(each, each.grant) for each in one.grants],
    )


def _grant(one: GrantView, grant: Grant) -> GrantAnswer:
    return GrantAnswer(
        id=grant.id,
        professions=sorted(grant.professions),
        stance=grant.stance.value,
        standing=one.standing.value,
        say=grant.say,
        first=None if grant.first is None else grant.first.isoformat(),
        last=None if grant.last is None else grant.last.isoformat(),
        expected=None if grant.expected is None else grant.expected.isoformat(),
        confidence=grant.confidence,
        contested=grant.contested,
        limit=None if grant.limit is None else grant.limit.say or told(grant.limit),
        requirements=[
            RequirementAnswer(id=need.id, say=need.say, before_start=phase_of(need) is Phase.BEFORE_START)
            for need in grant.needs
        ],
        duties=[told(duty) for duty in grant.duties],
        sources=[str(source) for source in grant.sources],
        practitioners=[who.id for who in one.people],
        waits=one.waits,
        decision=None if one.decision is None else _standing(one.decision),
    )


def _standing(one: DecisionView) -> StandingDecisionAnswer:
    return StandingDecisionAnswer(**_decided(one.recorded), standing=one.standing.value)


def _decided(one: RecordedDecision) -> dict[str, Any]:
    decision = one.decision
    return {
        "jurisdiction": decision.jurisdiction,
        "grant": decision.grant,
        "version": one.rules_version,
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on.isoformat(),
        "valid_until": None if decision.valid_until is None else decision.valid_until.isoformat(),
        "basis": decision.basis,
    }
