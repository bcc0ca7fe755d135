"""Why a visit may be given: each need that was asked, how it stood, by what, and where the rule can be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.eligibility.ask import OwnerDecision
from booking.domain.eligibility.fitting import Case, listed, words
from booking.domain.eligibility.outcome import GrantOutcome, Outcome
from booking.domain.eligibility.shortfalls import label
from booking.domain.eligibility.stances import decisions, scope
from booking.domain.eligibility.verdict import Eligibility
from booking.domain.rules import Grant, Stance, outward
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import wall_time


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A need of a grant, as `grant` and `rule` name it in a `Leaf`, and in words.

    `by` names the credentials and supervisors that served it; `source` is where it can be read.
    """

    grant: str
    rule: str
    need: str
    held: bool
    by: tuple[str, ...]
    source: str


def grounds(answer: Eligibility, span: TimeSpan) -> tuple[Ground, ...]:
    """What allowed a visit in `span`: the needs of each grant that did by itself, or of all that bear on it, if none.

    A part of a combination stands after it.
    """
    found: list[Ground] = []
    for layer in answer.layers:
        bearing = [one for one in layer.grants if one.window & SpanSet([span])]
        allowing = [one for one in bearing if one.spans.covers(span)]
        for one in allowing or bearing:
            found += _of_grant(one, layer.case, span)
    return tuple(found)


def account(answer: Eligibility, span: TimeSpan) -> tuple[str, ...]:
    """The whole of it in sentences: who was asked about, for what, where and when, the rules, then a line a ground."""
    ask, zone = answer.ask, answer.ask.zone
    start, end = wall_time(span.start, zone), wall_time(span.end, zone)
    who = f"{ask.practitioner.name}, {words(ask.profession)}"
    may = "was allowed" if answer.spans.covers(span) else "was not allowed"
    to = (
        f"to needle {listed(ask.regions) or 'any region'} by {listed(ask.techniques)}" if ask.techniques else "to treat"
    )
    at = f"at {ask.site}, {start:%A} {start.day} {start:%B %Y}, {start:%H:%M} to {end:%H:%M} ({zone})"
    if not ask.techniques:
        return (f"{who}, {may} to treat {at}.", "No needle is used, and no rule on needling asked.")
    rules = [f"{one.name}, {one.version}" for one in outward(answer.rules)] if answer.rules else []
    by = f"By the rules of {'; and of '.join(rules)}:" if rules else "There were no rules for the place."
    return (f"{who}, {may} {to} {at}.", by, *(_line(one) for one in grounds(answer, span)))


def _line(one: Ground) -> str:
    by = f": {'; '.join(one.by)}" if one.by else ""
    return f"{'yes' if one.held else 'NO '}  {one.need}{by} [{one.source}]"


def _of_grant(one: GrantOutcome, case: Case, span: TimeSpan) -> Iterator[Ground]:
    grant, called = one.grant, case.called(one.grant)
    yield Ground(
        grant=called,
        rule=scope(grant),
        need=grant.say or f"{_STANCES[grant.stance]} {listed(grant.professions)}",
        held=one.usable.covers(span),
        by=tuple(_told(decision) for decision in decisions(grant, case)) if grant.to_decide else (),
        source=_source(grant),
    )
    for outcome in one.needs:
        yield from _of_need(outcome, grant, called, span)


_STANCES = {
    Stance.PERMITTED: "The law permits it to:",
    Stance.PROHIBITED: "The law forbids it to:",
    Stance.SILENT: "The law does not speak of it for:",
    Stance.PENDING: "The law is still to come for:",
}


def _told(decision: OwnerDecision) -> str:
    until = f" to {decision.valid_until}" if decision.valid_until else ""
    return f"the decision of {decision.decided_by} of {decision.decided_on}{until}: {decision.basis}"


def _of_need(outcome: Outcome, grant: Grant, called: str, span: TimeSpan) -> Iterator[Ground]:
    if not outcome.asked:
        return
    during, need = SpanSet([span]), outcome.need
    serving = [label(one.credential) for one in outcome.evidence if one.spans & during]
    serving += [one.colleague.practitioner.name for one in outcome.supervisors if one.spans & during]
    yield Ground(
        grant=called,
        rule=need.id,
        need=need.say,
        held=outcome.spans.covers(span),
        by=tuple(dict.fromkeys(serving)),
        source="; ".join(str(source) for source in need.sources) or _source(grant),
    )
    for part in outcome.parts:
        yield from _of_need(part, grant, called, span)


def _source(grant: Grant) -> str:
    return "; ".join(str(source) for source in grant.sources)
