"""Why not: one reason for each need that is not met, with what would mend it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from booking.domain.eligibility import mending
from booking.domain.eligibility.fitting import Case, listed, with_article
from booking.domain.eligibility.on_file import on_file
from booking.domain.eligibility.outcome import Check, GrantOutcome, Outcome, union
from booking.domain.eligibility.stances import decisions, scope
from booking.domain.rules import AllOf, Grant, RuleSet, Source, Stance
from booking.domain.rules.model import EVERYBODY
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import local_date


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that stands in the way.

    `rule` is a need's id, `scope.…` or `limit.…`; `need` what is asked, `have` what is on file, `fix` how to mend it;
    `true_from` the local day from which the need is met for a visit as long as the one asked about, if that ever comes.
    """

    rule: str
    grant: str | None
    need: str
    have: str
    true_from: date | None
    fix: str
    source: str | None
    reviewed: date | None
    confidence: str | None

    def as_data(self) -> dict[str, str | None]:
        """All fields as text or null, dates as in 2026-11-22."""
        return {key: None if value is None else str(value) for key, value in asdict(self).items()}


def unknown_place() -> Reason:
    """For a site whose jurisdiction has no rules here."""
    return Reason(
        rule="scope.unknown", grant=None, need="no rules are loaded for this site", have="no rule set",
        true_from=None, fix=mending.LOAD_RULES, source=None, reviewed=None, confidence=None,
    )  # fmt: skip


def unknown_outer(rules: RuleSet, place: str) -> Reason:
    """For a site that lies in a place whose law holds there as well, of which there are no rules here."""
    return Reason(
        rule="scope.unknown", grant=None, need=f"the law of {place} holds in {rules.name} as well",
        have=f"no rule set of {place}", true_from=None, fix=mending.load_outer(place), source=None,
        reviewed=rules.reviewed_on, confidence=rules.confidence,
    )  # fmt: skip


def only_parts(rules: RuleSet) -> Reason:
    """For a site that is written as lying in a place whose parts all have law of their own."""
    return Reason(
        rule="scope.unknown", grant=None, need=f"in {rules.name} the law of the part a site lies in holds as well",
        have=f"the site is written {rules.jurisdiction}, which names no part", true_from=None,
        fix=mending.name_part(rules.jurisdiction), source=None, reviewed=rules.reviewed_on,
        confidence=rules.confidence,
    )  # fmt: skip


def unknown_words(case: Case) -> Reason:
    """For a treatment that names regions, techniques or sides no rule can have meant."""
    need = "rules can judge only the regions and techniques they have words for"
    have = f"unknown: {', '.join(sorted(case.ask.strange_words))}"
    return _reason(case, None, rule="scope.unknown", need=need, have=have, fix=mending.CORRECT_WORDS)


def explain(case: Case, grants: tuple[GrantOutcome, ...], spans: SpanSet, span: TimeSpan) -> tuple[Reason, ...]:
    """Why `spans`, which is what the grants come to, does not cover `span`; each need is judged for all of it.

    A grant whose limit the treatment goes beyond is told only where no other grant reaches it.
    """
    missing = SpanSet([span]) - spans
    reaching = union(one.window for one in grants if not one.beyond_limit)
    opening = union(one.window & one.usable for one in grants if not one.beyond_limit)
    found: list[Reason] = []
    for one in grants:
        tells = one.window - reaching if one.beyond_limit else one.window
        if tells & missing:
            found += _of_grant(one, case, span, opening)
    if missing - union(one.window for one in grants):
        found.append(_no_grant(case, _first_day(opening, case, span)))
    return tuple(found)


def _first_day(spans: SpanSet, case: Case, span: TimeSpan) -> date | None:
    """The local day from which a visit as long as `span` would be covered."""
    start = spans.first_cover(span)
    return None if start is None else local_date(start, case.ask.zone)


def _of_grant(one: GrantOutcome, case: Case, span: TimeSpan, opening: SpanSet) -> Iterator[Reason]:
    parts = one.window & SpanSet([span])
    if parts - one.usable:
        opens = _first_day(opening - (one.window - one.usable), case, span)
        yield _undecided(case, one.grant, opens) if one.grant.to_decide else _refusal(case, one.grant, opens)
    yield from (_limit(case, one.grant, check) for check in one.checks if check.beyond)
    for part in parts:
        for outcome in one.needs:
            yield from _unmet(case, one.grant, outcome, part)


def _refusal(case: Case, grant: Grant, opens: date | None) -> Reason:
    have = with_article(case.ask.profession)
    if grant.stance is Stance.PENDING:
        have += f"; expected {grant.expected}" if grant.expected else "; no date is known"
    return _reason(
        case, grant, rule=scope(grant), need=grant.say or "", have=have,
        fix=mending.wait_or_reassign(grant.stance), true_from=opens,
    )  # fmt: skip


def _undecided(case: Case, grant: Grant, opens: date | None) -> Reason:
    need = grant.say or ""
    if grant.stance is Stance.PERMITTED:
        need = "too little is known of this rule to rely on it; the clinic's owner must decide"
    told = [
        f"the owner's decision of {one.decided_on}{f', to {one.valid_until}' if one.valid_until else ''}"
        for one in sorted(decisions(grant, case), key=lambda one: one.decided_on)
    ]
    have = "; ".join(told) or "no decision of the owner"
    return _reason(
        case, grant, rule=scope(grant), need=need, have=f"{with_article(case.ask.profession)}; {have}",
        fix=mending.DECIDE, true_from=opens,
    )  # fmt: skip


def _no_grant(case: Case, opens: date | None) -> Reason:
    named = {profession for grant in case.rules.grants for profession in grant.professions} - {EVERYBODY}
    profession = with_article(case.ask.profession)
    have = f"{profession}; the rules name {listed(named)}" if named else profession
    return _reason(
        case, None, rule="scope.none", true_from=opens, fix=mending.OTHER_PROFESSION, have=have,
        need=f"no rule of {case.rules.name} lets {profession} needle at that time",
    )  # fmt: skip


def _limit(case: Case, grant: Grant, check: Check) -> Reason:
    beyond = listed(check.beyond)
    return _reason(
        case, grant, rule=f"limit.{check.rule}", need=_limit_said(case, grant, check),
        have=_beyond_said(case, check, beyond), fix=mending.within_limit(check.rule, beyond),
    )  # fmt: skip


def _beyond_said(case: Case, check: Check, beyond: str) -> str:
    if check.rule == "adjunct_only":
        return "this treatment is offered by itself"
    if check.rule == "not_both_sides":
        return f"this visit is to both sides of {beyond}"
    unnamed = check.rule.startswith("regions") and not case.ask.regions
    return (
        f"this treatment names no regions, so it may reach {beyond}" if unnamed else f"this treatment reaches {beyond}"
    )


def _limit_said(case: Case, grant: Grant, check: Check) -> str:
    """The limit's own sentence, or one made from its words."""
    if grant.limit and grant.limit.say:
        return grant.limit.say
    who = f"in {case.rules.name} {with_article(case.ask.profession)} may"
    if check.rule == "adjunct_only":
        return f"{who} needle only as a part of another treatment"
    if check.rule == "not_both_sides":
        return f"{who} not needle both sides in one visit: {listed(check.words)}"
    verb = "only" if check.rule.endswith("_only") else "never"
    return f"{who} {verb} needle: {listed(check.words)}"


def _unmet(case: Case, grant: Grant, outcome: Outcome, span: TimeSpan) -> Iterator[Reason]:
    need = outcome.need
    if outcome.spans.covers(span):
        return
    if isinstance(need, AllOf):
        for part in outcome.parts:
            yield from _unmet(case, grant, part, span)
        return
    true_from = _first_day(outcome.spans, case, span)
    yield _reason(
        case, grant, rule=need.id, need=need.say, have=on_file(outcome, case, span), sources=need.sources,
        fix=mending.mend(outcome, case, span, true_from), true_from=true_from,
    )  # fmt: skip


def _reason(
    case: Case,
    grant: Grant | None,
    *,
    rule: str,
    need: str,
    have: str,
    fix: str,
    true_from: date | None = None,
    sources: tuple[Source, ...] = (),
) -> Reason:
    cited = sources or (grant.sources if grant else ())
    return Reason(
        rule=rule,
        grant=case.called(grant) if grant else None,
        need=f"{need} (this is contested)" if grant and grant.contested else need,
        have=have,
        true_from=true_from,
        fix=fix,
        source="; ".join(str(source) for source in cited) or f"{case.rules.name}, rules of {case.rules.version}",
        reviewed=case.rules.reviewed_on,
        confidence=grant.confidence if grant else case.rules.confidence,
    )
