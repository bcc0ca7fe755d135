"""The law that each site goes by: rule sets, what they say today, and what the owner decided or has yet to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.domain.credential import Credential
from booking.domain.permission import Action, Caller, permit, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.rules import Grant, RuleSet, outward, review_due
from booking.domain.site import Site
from booking.domain.time.zone import local_date
from booking.store import clinics, credentials, owner_decisions
from booking.store.clinics import Description
from booking.store.credentials import Adoption
from booking.store.database import Transaction
from booking.store.owner_decisions import RecordedDecision

Recorded = Mapping[tuple[str, str], RecordedDecision]


class Standing(StrEnum):
    """How a grant or a decision stands on a day; OTHER_VERSION is of rules that are adopted no more."""

    NOW = "now"
    LATER = "later"
    OVER = "over"
    OTHER_VERSION = "other_version"


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    recorded: RecordedDecision
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class GrantView:
    """A grant, how it stands today, and whom it speaks to of those who work at the sites of its rules."""

    grant: Grant
    standing: Standing
    people: tuple[Practitioner, ...]
    decision: DecisionView | None

    @property
    def waits(self) -> bool:
        """Whether it allows nothing for want of an owner's decision that counts today."""
        decided = self.decision is not None and self.decision.standing is Standing.NOW
        return self.grant.to_decide and self.standing is not Standing.OVER and not decided


@dataclass(frozen=True, kw_only=True)
class RuleSetView:
    """A rule set that the clinic goes by, and the sites where it holds. `rules.outer` says what it lies within."""

    rules: RuleSet
    adoption: Adoption
    review_due: bool
    sites: tuple[Site, ...]
    grants: tuple[GrantView, ...]


@dataclass(frozen=True, kw_only=True)
class SiteLaw:
    """A site, the rule sets that hold there, its own first, and what the site itself holds.

    Without rules nobody may needle there. `held` is None for whoever may not see credentials.
    """

    site: Site
    stack: tuple[RuleSet, ...]
    held: tuple[Credential, ...] | None


@dataclass(frozen=True, kw_only=True)
class Law:
    """As of `today` at the clinic. `idle` are decisions of grants that the adopted rules have no more."""

    today: date
    sites: tuple[SiteLaw, ...]
    rule_sets: tuple[RuleSetView, ...]
    idle: tuple[RecordedDecision, ...]

    @property
    def waiting(self) -> int:
        """How many grants that speak to somebody at work here wait for a decision."""
        return sum(one.waits and bool(one.people) for each in self.rule_sets for one in each.grants)


def law(tx: Transaction, caller: Caller) -> Law:
    """The sites in use, and every rule set that is adopted: those of each site, from there outward, then the others."""
    permit(caller, Action.SEE_LAW)
    about = clinics.described(tx, caller.clinic_id)
    today = local_date(tx.now(), about.clinic.zone)
    recorded = owner_decisions.recorded(tx, caller.clinic_id)
    adoptions = credentials.adoptions(tx, caller.clinic_id)
    sees_held = reach_of(caller, Action.MANAGE_CREDENTIALS) is not None
    known = {(place, grant.id) for place, rules in about.rules.items() for grant in rules.grants}
    sites = tuple(_site(about, one, sees_held=sees_held) for one in about.sites.values() if one.active)
    places = dict.fromkeys([*(rules.jurisdiction for one in sites for rules in one.stack), *about.rules])
    return Law(
        today=today,
        sites=sites,
        rule_sets=tuple(
            _rule_set(about, about.rules[place], adoptions[place], sites, recorded, today) for place in places
        ),
        idle=tuple(one for key, one in recorded.items() if key not in known),
    )


def _site(about: Description, site: Site, *, sees_held: bool) -> SiteLaw:
    rules = about.rules.get(site.jurisdiction)
    held = about.site_credentials.get(site.id, ())
    return SiteLaw(site=site, stack=tuple(outward(rules)) if rules else (), held=held if sees_held else None)


def _rule_set(
    about: Description,
    rules: RuleSet,
    adoption: Adoption,
    everywhere: tuple[SiteLaw, ...],
    recorded: Recorded,
    today: date,
) -> RuleSetView:
    sites = tuple(one.site for one in everywhere if rules.jurisdiction in {each.jurisdiction for each in one.stack})
    people = {who.id: who for site in sites for who in about.people_at(site.id)}.values()
    return RuleSetView(
        rules=rules,
        adoption=adoption,
        review_due=review_due(rules, today),
        sites=sites,
        grants=tuple(
            GrantView(
                grant=grant,
                standing=_standing(grant.first, grant.last, today),
                people=tuple(who for who in people if grant.is_for(who.profession)),
                decision=_decision(rules, recorded.get((rules.jurisdiction, grant.id)), today),
            )
            for grant in rules.grants
        ),
    )


def _decision(rules: RuleSet, recorded: RecordedDecision | None, today: date) -> DecisionView | None:
    if recorded is None:
        return None
    standing = _standing(recorded.decision.decided_on, recorded.decision.valid_until, today)
    is_other = recorded.rules_version != rules.version
    return DecisionView(recorded=recorded, standing=Standing.OTHER_VERSION if is_other else standing)


def _standing(first: date | None, last: date | None, today: date) -> Standing:
    if first is not None and today < first:
        return Standing.LATER
    return Standing.OVER if last is not None and last < today else Standing.NOW
