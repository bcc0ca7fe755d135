"""Why not: one reason for each need that is not met, with what would mend it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from booking.domain.eligibility import mending
from booking.domain.eligibility.fitting import Case, with_article, words
from booking.domain.eligibility.grants import Check, GrantOutcome
from booking.domain.eligibility.judging import Outcome
from booking.domain.eligibility.on_file import on_file
from booking.domain.rules import AllOf, Grant, Source, Stance
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


def unknown_words(case: Case) -> Reason:
    """For a treatment that names regions or techniques no rule can have meant."""
    need = "rules can judge only the regions and techniques they have words for"
    have = f"unknown: {', '.join(sorted(case.ask.strange_words))}"
    return _reason(case, None, rule="scope.unknown", need=need, have=have, fix=mending.CORRECT_WORDS)


def explain(case: Case, grants: tuple[GrantOutcome, ...], spans: SpanSet, span: TimeSpan) -> tuple[Reason, ...]:
    """Why `spans`, which is what the grants come to, does not cover `span`; each need is judged for all of it."""
    missing = SpanSet([span]) - spans
    opens = _first_day(SpanSet(one for grant in grants if _may_allow(grant) for one in grant.window), case, span)
    found: list[Reason] = []
    for one in grants:
        if one.window & missing:
            found += _of_grant(one, case, span, opens)
    if missing - SpanSet(window for one in grants for window in one.window):
        found.append(_no_grant(case, opens))
    return tuple(found)


def _may_allow(one: GrantOutcome) -> bool:
    return one.grant.stance is Stance.PERMITTED and not any(check.beyond for check in one.checks)


def _first_day(spans: SpanSet, case: Case, span: TimeSpan) -> date | None:
    """The local day from which a visit as long as `span` would be covered."""
    start = spans.first_cover(span)
    return None if start is None else local_date(start, case.ask.zone)


def _of_grant(one: GrantOutcome, case: Case, span: TimeSpan, opens: date | None) -> Iterator[Reason]:
    if one.grant.stance is not Stance.PERMITTED:
        yield _refusal(case, one.grant, opens)
    yield from (_limit(case, one.grant, check) for check in one.checks if check.beyond)
    for part in one.window & SpanSet([span]):
        for outcome in one.needs:
            yield from _unmet(case, one.grant, outcome, part)


def _refusal(case: Case, grant: Grant, opens: date | None) -> Reason:
    have = with_article(case.ask.profession)
    if grant.stance is Stance.PENDING:
        have += f"; expected {grant.expected}" if grant.expected else "; no date is known"
    return _reason(
        case, grant, rule=f"scope.{grant.stance}", need=grant.say or "", have=have,
        fix=mending.wait_or_reassign(grant.stance), true_from=opens,
    )  # fmt: skip


def _no_grant(case: Case, opens: date | None) -> Reason:
    named = sorted({profession for grant in case.rules.grants for profession in grant.professions})
    return _reason(
        case, None, rule="scope.none", true_from=opens, fix=mending.OTHER_PROFESSION,
        need=f"no rule of {case.rules.name} lets {with_article(case.ask.profession)} needle at that time",
        have=f"{with_article(case.ask.profession)}; the rules name {', '.join(words(one) for one in named)}",
    )  # fmt: skip


def _limit(case: Case, grant: Grant, check: Check) -> Reason:
    beyond = ", ".join(words(one) for one in sorted(check.beyond))
    unnamed = check.rule.startswith("regions") and not case.ask.regions
    have = (
        f"this treatment names no regions, so it may reach {beyond}" if unnamed else f"this treatment reaches {beyond}"
    )
    return _reason(
        case, grant, rule=f"limit.{check.rule}", need=_limit_said(case, grant, check), have=have,
        fix=mending.within_limit(beyond),
    )  # fmt: skip


def _limit_said(case: Case, grant: Grant, check: Check) -> str:
    """The limit's own sentence, or one made from its words."""
    if grant.limit and grant.limit.say:
        return grant.limit.say
    listed = ", ".join(words(one) for one in sorted(check.words))
    verb = "only" if check.rule.endswith("_only") else "never"
    return f"in {case.rules.name} {with_article(case.ask.profession)} may {verb} needle: {listed}"


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
        grant=grant.id if grant else None,
        need=need,
        have=have,
        true_from=true_from,
        fix=fix,
        source="; ".join(str(source) for source in cited) or f"{case.rules.name}, rules of {case.rules.version}",
        reviewed=case.rules.reviewed_on,
        confidence=grant.confidence if grant else case.rules.confidence,
    )
