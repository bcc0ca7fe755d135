"""THE rule: when a practitioner may give a treatment at a site and, for any other time, why not.

Search, hold, book, move, reassign and every later check ask `evaluate`, and nothing else decides. It refuses whatever
no rule allows: a site without rules, a profession no rule names, a law that is silent or still to come.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from booking.domain.eligibility.ask import Ask
from booking.domain.eligibility.fitting import Case
from booking.domain.eligibility.grants import GrantOutcome, judge_grant
from booking.domain.eligibility.leaves import Leaf, grant_leaves
from booking.domain.eligibility.reasons import Reason, explain, unknown_place, unknown_words
from booking.domain.rules import DocumentNeed, RuleSet, Stance
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import day_span

EVALUATOR = "1"
"""The version of this evaluator; it changes whenever the same rules and the same file could get another answer."""


@dataclass(frozen=True, kw_only=True, eq=False)  # an answer is itself: what it rests on may have no hash
class Eligibility:
    """The answer to a question. `spans` is when the practitioner may; its edges lie at the site's midnights."""

    spans: SpanSet
    rules: RuleSet | None
    ask: Ask
    grants: tuple[GrantOutcome, ...] = ()

    def reasons(self, span: TimeSpan) -> tuple[Reason, ...]:
        """What stands in the way at some time during `span`, one reason for each need; none if and only if it may."""
        if self.spans.covers(span):
            return ()
        if self.rules is None:
            return (unknown_place(),)
        case = Case(ask=self.ask, rules=self.rules)
        if self.ask.strange_words:
            return (unknown_words(case),)
        return explain(case, self.grants, self.spans, span)

    def leaves(self, span: TimeSpan) -> tuple[Leaf, ...]:
        """How each need, limit and stance that bears on `span` stood during it, for the record of a decision."""
        found = tuple(leaf for one in self.grants for leaf in grant_leaves(one, span))
        if found:
            return found
        return tuple(Leaf(grant=None, need=reason.rule, held=False) for reason in self.reasons(span))


def evaluate(rules: RuleSet | None, ask: Ask) -> Eligibility:
    """When the practitioner may give the treatment under the rules of the site; `rules` is None where there are none.

    A treatment without techniques uses no needles, so no rule on needling is asked and the answer is always.
    """
    if not ask.techniques:
        return Eligibility(spans=ALWAYS, rules=rules, ask=ask)
    if rules is None or ask.strange_words:
        return Eligibility(spans=NEVER, rules=rules, ask=ask)
    case = Case(ask=ask, rules=rules)
    grants = tuple(judge_grant(grant, case) for grant in rules.grants if ask.profession in grant.professions)
    allowed = SpanSet(span for one in grants for span in one.spans)
    refused = SpanSet(span for one in grants if one.grant.stance is not Stance.PERMITTED for span in one.window)
    return Eligibility(spans=allowed - refused, rules=rules, ask=ask, grants=grants)


def documents(rules: RuleSet | None, ask: Ask, span: TimeSpan) -> tuple[DocumentNeed, ...]:
    """The papers a visit in `span` needs before it starts, as asked by the permissions for the profession then."""
    return tuple(dict.fromkeys(_documents(rules, ask, span)))


def _documents(rules: RuleSet | None, ask: Ask, span: TimeSpan) -> Iterator[DocumentNeed]:
    for grant in rules.grants if rules is not None and ask.techniques else ():
        window = day_span(grant.first, grant.last, ask.zone)
        if ask.profession in grant.professions and window.overlaps(span):
            yield from (need for need in grant.needs if isinstance(need, DocumentNeed))
