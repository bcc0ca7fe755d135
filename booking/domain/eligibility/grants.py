"""What one grant comes to for a question: its window, what goes beyond its limit, and how its needs stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.eligibility.ask import Ask
from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.judging import Outcome, judge
from booking.domain.rules import Grant, Limit, Stance
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import day_span


@dataclass(frozen=True, kw_only=True)
class Check:
    """One part of a limit: its key, such as `techniques_never`, its words, and what in the question goes beyond."""

    rule: str
    words: frozenset[str]
    beyond: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class GrantOutcome:
    """`spans` is when the grant, by itself, allows what is asked."""

    grant: Grant
    window: SpanSet
    spans: SpanSet
    checks: tuple[Check, ...] = ()
    needs: tuple[Outcome, ...] = ()


def judge_grant(grant: Grant, case: Case) -> GrantOutcome:
    window = SpanSet([day_span(grant.first, grant.last, case.ask.zone)])
    if grant.stance is not Stance.PERMITTED:
        return GrantOutcome(grant=grant, window=window, spans=NEVER)
    checks = tuple(_checks(grant.limit, case.ask)) if grant.limit else ()
    needs = tuple(judge(need, case) for need in grant.needs)
    spans = NEVER if any(check.beyond for check in checks) else window
    for outcome in needs:
        spans &= outcome.spans
    return GrantOutcome(grant=grant, window=window, spans=spans, checks=checks, needs=needs)


def _checks(limit: Limit, ask: Ask) -> Iterator[Check]:
    yield from _only("regions_only", limit.regions_only, ask.reached)
    yield from _never("regions_never", limit.regions_never, ask.reached)
    yield from _only("techniques_only", limit.techniques_only, ask.techniques)
    yield from _never("techniques_never", limit.techniques_never, ask.techniques)


def _only(rule: str, allowed: frozenset[str] | None, asked: frozenset[str]) -> Iterator[Check]:
    if allowed is not None:
        yield Check(rule=rule, words=allowed, beyond=asked - allowed)


def _never(rule: str, barred: frozenset[str], asked: frozenset[str]) -> Iterator[Check]:
    if barred:
        yield Check(rule=rule, words=barred, beyond=asked & barred)
