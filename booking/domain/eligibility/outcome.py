"""What judging comes to: when a need is met and by what, and when a grant allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from booking.domain.credential import Credential
from booking.domain.eligibility.ask import Colleague
from booking.domain.rules import Grant, Need
from booking.domain.time.span import ALWAYS, NEVER, SpanSet


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A credential that serves a need, and when it does."""

    credential: Credential
    spans: SpanSet


@dataclass(frozen=True, kw_only=True)
class Supervisor:
    """A colleague who could supervise, and when: while qualified, and there or free as well."""

    colleague: Colleague
    spans: SpanSet
    qualified: SpanSet


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """When a need is met, by what; `parts` are the outcomes a combination is made of.

    A need that is not `asked`, since it does not concern a visit like this or waits until the visit starts, stands in
    nobody's way.
    """

    need: Need
    spans: SpanSet
    evidence: tuple[Evidence, ...] = ()
    supervisors: tuple[Supervisor, ...] = ()
    parts: tuple["Outcome", ...] = ()
    asked: bool = True


@dataclass(frozen=True, kw_only=True)
class Check:
    """One part of a limit: its key, such as `techniques_never`, its words, and what in the question goes beyond."""

    rule: str
    words: frozenset[str]
    beyond: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class GrantOutcome:
    """`spans` is when the grant, by itself, allows what is asked; `usable` when its stance lets it allow anything."""

    grant: Grant
    window: SpanSet
    usable: SpanSet
    spans: SpanSet
    checks: tuple[Check, ...] = ()
    needs: tuple[Outcome, ...] = ()

    @property
    def beyond_limit(self) -> bool:
        return any(check.beyond for check in self.checks)


def union(sets: Iterable[SpanSet]) -> SpanSet:
    several = [one for one in sets if one]
    if not several:
        return NEVER
    return several[0] if len(several) == 1 else SpanSet(span for spans in several for span in spans)


def intersection(sets: Iterable[SpanSet]) -> SpanSet:
    return reduce(and_, sets, ALWAYS)
