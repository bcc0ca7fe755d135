"""THE rule: when a practitioner may give a treatment at a site and, for any other time, why not.

Search, hold, book, move, reassign and every later check ask `evaluate`, and nothing else decides. It refuses whatever
no rule allows: a site without rules, a profession no rule names, a law that is silent or still to come.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from booking.domain.eligibility.ask import OF_ANY_AGE, Ask, Colleague
from booking.domain.eligibility.counting import days
from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.judging import judge_grant
from booking.domain.eligibility.leaves import Leaf, grant_leaves
from booking.domain.eligibility.outcome import GrantOutcome, union
from booking.domain.eligibility.reasons import Reason, explain, only_parts, unknown_outer, unknown_place, unknown_words
from booking.domain.eligibility.supervision import Supervision, asks_for_age, supervision, supervisor_modes
from booking.domain.rules import (
    AllOf,
    AnyOf,
    Grant,
    Mode,
    Need,
    Phase,
    RuleSet,
    Stance,
    outward,
    phase_of,
)
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan

EVALUATOR = "2"
"""The version of this evaluator; it changes whenever the same rules and the same file could get another answer."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What one rule set says: that of the site, or one it lies within."""

    case: Case
    grants: tuple[GrantOutcome, ...]
    spans: SpanSet


@dataclass(frozen=True, kw_only=True, eq=False)  # an answer is itself: what it rests on may have no hash
class Eligibility:
    """The answer to a question. `spans` is when the practitioner may; its edges lie at the site's midnights."""

    spans: SpanSet
    rules: RuleSet | None
    ask: Ask
    layers: tuple[Layer, ...] = ()

    def reasons(self, span: TimeSpan) -> tuple[Reason, ...]:
        """What stands in the way at some time during `span`, one reason for each need; none if and only if it may."""
        if self.spans.covers(span):
            return ()
        if self.rules is None:
            return (unknown_place(),)
        if missing := missing_outer(self.rules):
            return (unknown_outer(self.rules, missing),)
        if self.rules.parts_only:
            return (only_parts(self.rules),)
        if self.ask.strange_words:
            return (unknown_words(Case(ask=self.ask, rules=self.rules)),)
        return tuple(
            reason
            for layer in self.layers
            if not layer.spans.covers(span)
            for reason in explain(layer.case, layer.grants, layer.spans, span)
        )

    def leaves(self, span: TimeSpan) -> tuple[Leaf, ...]:
        """How each need, limit and stance that bears on `span` stood during it, for the record of a decision."""
        found = tuple(
            leaf
            for layer in self.layers
            for one in layer.grants
            for leaf in grant_leaves(one, span, layer.case.called(one.grant))
        )
        if found:
            return found
        return tuple(Leaf(grant=None, need=reason.rule, held=False) for reason in self.reasons(span))

    def supervision(self) -> tuple[Supervision, ...]:
        """When a supervisor is needed, and which of the colleagues could be it, for each need that asks for one."""
        if not self.ask.colleagues:
            return ()
        alone = evaluate(self.rules, replace(self.ask, colleagues=()))
        grants = (one for layer in self.layers for one in layer.grants)
        return tuple(supervision(grants, self.spans - alone.spans))

    def age_alone(self, span: TimeSpan) -> str | None:
        """What is asked of the patient's age, if that alone stands in the way."""
        if self.spans.covers(span) or not asks_for_age(self.rules, self.ask.profession):
            return None
        if not evaluate(self.rules, replace(self.ask, patient_born=OF_ANY_AGE)).spans.covers(span):
            return None
        return "; ".join(dict.fromkeys(one.need for one in self.reasons(span)))

    def direct_supervisors(self, span: TimeSpan) -> tuple[Colleague, ...] | None:
        """The colleagues of whom one must be in the room throughout; None when nobody has to be."""
        without, each = self.alternatives[0], self.alternatives[1:]
        if not each or without.covers(span):
            return None
        return tuple(one for one, spans in zip(self.ask.colleagues, each, strict=True) if spans.covers(span))

    @cached_property
    def alternatives(self) -> tuple[SpanSet, ...]:
        """When the practitioner may with nobody else in the room, then with each colleague alone.

        A visit is lawful if one of them covers it: two colleagues do not take turns. Where the law asks for nobody in
        the room there is but one.
        """
        everybody = self.ask.colleagues
        if not everybody or Mode.DIRECT not in supervisor_modes(self.rules, self.ask.profession):
            return (self.spans,)
        busy = tuple(replace(one, free=NEVER) for one in everybody)
        alone = ((*busy[:n], one, *busy[n + 1 :]) for n, one in enumerate(everybody))
        return tuple(evaluate(self.rules, replace(self.ask, colleagues=those)).spans for those in (busy, *alone))


def evaluate(rules: RuleSet | None, ask: Ask) -> Eligibility:
    """When the practitioner may give the treatment under the rules of the site; `rules` is None where there are none.

    A site within several jurisdictions is judged by the rule sets of them all (`RuleSet.outer`), and must satisfy each
    that has anything to say to the profession, the outermost in any case. Where the site's own set has `parts_only`,
    that of its part is unknown, and nobody may. A treatment without techniques uses no needles, so no rule on needling
    is asked and the answer is always.
    """
    if not ask.techniques:
        return Eligibility(spans=ALWAYS, rules=rules, ask=ask)
    if rules is None or ask.strange_words or missing_outer(rules) or rules.parts_only:
        return Eligibility(spans=NEVER, rules=rules, ask=ask)
    layers = tuple(_layers(rules, ask))
    spans = layers[0].spans
    for layer in layers[1:]:
        spans &= layer.spans
    return Eligibility(spans=spans, rules=rules, ask=ask, layers=layers)


def missing_outer(rules: RuleSet) -> str | None:
    """The place that the rules lie within and whose own have not been brought together with them."""
    *_, outermost = outward(rules)
    return outermost.within


def _layers(rules: RuleSet, ask: Ask) -> Iterator[Layer]:
    """Those of the sets that have anything to say to the profession, and the outermost."""
    for case in _cases(rules, ask):
        if case.rules.outer is None or any(grant.is_for(ask.profession) for grant in case.rules.grants):
            yield _layer(case)


def _cases(rules: RuleSet, ask: Ask) -> Iterator[Case]:
    """The question put to each set, innermost first, with what the sets before it exempt from."""
    exempt: dict[str, SpanSet] = {}
    for one in outward(rules):
        yield Case(ask=ask, rules=one, outward=one is not rules, exempt=dict(exempt))
        for exemption in one.exemptions:
            window = days(exemption.first, exemption.last, ask.zone)
            exempt |= {need: window | exempt.get(need, NEVER) for need in exemption.needs}


def _layer(case: Case) -> Layer:
    profession = case.ask.profession
    grants = tuple(judge_grant(grant, case) for grant in case.rules.grants if grant.is_for(profession))
    spans = union(one.spans for one in grants)
    for one in grants:
        if one.grant.stance is not Stance.PERMITTED and spans:
            spans -= one.window - one.usable if one.usable else one.window
    return Layer(case=case, grants=grants, spans=spans)


def before_start(rules: RuleSet | None, ask: Ask, span: TimeSpan) -> tuple[Need, ...]:
    """What a visit in `span` needs before it starts, as asked by the grants for the profession then.

    Documents, what is asked of the patient, and combinations of these: without the parts that do not concern it.
    """
    return tuple(dict.fromkeys(_before_start(rules, ask, span)))


def _before_start(rules: RuleSet | None, ask: Ask, span: TimeSpan) -> Iterator[Need]:
    for case in _cases(rules, ask) if rules is not None and ask.techniques else ():
        for grant in case.rules.grants:
            if grant.is_for(ask.profession) and days(grant.first, grant.last, ask.zone) & SpanSet([span]):
                waiting = (need for need in grant.needs if phase_of(need) is Phase.BEFORE_START)
                yield from _concerning(waiting, grant, case, span)


def _concerning(needs: Iterable[Need], grant: Grant, case: Case, span: TimeSpan) -> Iterator[Need]:
    """The needs that concern the visit, with those of their parts that do."""
    for need in needs:
        exempt = case.exempt.get(f"{grant.id}.{need.id}", NEVER)
        if not case.concerns(need) or exempt.covers(span):
            continue
        if not isinstance(need, AnyOf | AllOf):
            yield need
        elif parts := tuple(_concerning(need.parts, grant, case, span)):
            yield replace(need, parts=parts)
