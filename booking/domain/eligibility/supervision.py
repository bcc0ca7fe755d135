"""What of the rules looks beyond the practitioner: who could supervise whom and when, and whose age is asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from booking.domain.eligibility.outcome import GrantOutcome, Outcome, Supervisor
from booking.domain.rules import Mode, Need, PatientNeed, Phase, RuleSet, SupervisorNeed, outward
from booking.domain.rules.needs import with_parts
from booking.domain.time.span import SpanSet


@dataclass(frozen=True, kw_only=True)
class Supervision:
    """`needed` is when the practitioner may only under supervision; `could` who could give it, and when."""

    grant: str
    need: SupervisorNeed
    needed: SpanSet
    could: tuple[Supervisor, ...]


def asks_for_age(rules: RuleSet | None, profession: str) -> bool:
    """Whether the patient's age may decide who may give a treatment, for somebody of the profession."""
    needs = needs_for(rules, profession)
    return any(isinstance(need, PatientNeed) and need.phase is Phase.ASSIGN for need in needs)


def needs_for(rules: RuleSet | None, profession: str) -> Iterator[Need]:
    """Every need of the grants for the profession, with the parts of combinations."""
    for one in outward(rules) if rules is not None else ():
        for grant in one.grants:
            if grant.is_for(profession):
                yield from with_parts(grant.needs)


def supervisor_modes(rules: RuleSet | None, profession: str) -> frozenset[Mode]:
    """How near a supervisor may have to be to somebody of the profession; nothing where none is ever asked for."""
    return frozenset(need.mode for need in needs_for(rules, profession) if isinstance(need, SupervisorNeed))


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
