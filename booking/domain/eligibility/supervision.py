"""Who could supervise whom and when: what a schedule needs to know to find a second person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from booking.domain.eligibility.outcome import GrantOutcome, Outcome, Supervisor
from booking.domain.rules import AllOf, AnyOf, Mode, Need, RuleSet, SupervisorNeed, outward
from booking.domain.time.span import SpanSet


@dataclass(frozen=True, kw_only=True)
class Supervision:
    """`needed` is when the practitioner may only under supervision; `could` who could give it, and when."""

    grant: str
    need: SupervisorNeed
    needed: SpanSet
    could: tuple[Supervisor, ...]


def supervisor_modes(rules: RuleSet | None, profession: str) -> frozenset[Mode]:
    """How near a supervisor may have to be to somebody of the profession; nothing where none is ever asked for."""
    if rules is None:
        return frozenset()
    grants = (grant for one in outward(rules) for grant in one.grants if grant.is_for(profession))
    return frozenset(mode for grant in grants for mode in _modes(grant.needs))


def _modes(needs: Iterable[Need]) -> Iterator[Mode]:
    for need in needs:
        if isinstance(need, SupervisorNeed):
            yield need.mode
        elif isinstance(need, AnyOf | AllOf):
            yield from _modes(need.parts)


def supervision(grants: Iterable[GrantOutcome], needed: SpanSet) -> Iterator[Supervision]:
    """Each need of a supervisor that is met at some time in `needed`, which is when nothing else will do."""
    for one in grants:
        for outcome in _asked(one.needs):
            spans = needed & one.spans & outcome.spans
            if isinstance(outcome.need, SupervisorNeed) and spans:
                could = (replace(who, spans=who.spans & spans) for who in outcome.supervisors)
                yield Supervision(
                    grant=one.grant.id,
                    need=outcome.need,
                    needed=spans,
                    could=tuple(who for who in could if who.spans),
                )


def _asked(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        yield outcome
        yield from _asked(outcome.parts)
