"""What must hold between the parts of a rule set, each of which is well formed by itself."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from booking.domain.rules.model import AllOf, AnyOf, DocumentNeed, Grant, LicenceNeed, Need, RuleSet, Stance, with_parts


def check(rules: RuleSet) -> list[str]:
    """Every fault, one sentence each."""
    return [*_rule_set_faults(rules), *(fault for grant in rules.grants for fault in _grant_faults(grant))]


def _rule_set_faults(rules: RuleSet) -> Iterator[str]:
    if rules.review_by < rules.reviewed_on:
        yield "rule set: review_by is before reviewed_on"
    if not rules.grants:
        yield "rule set: there is no grant"
    for twice in _repeated(grant.id for grant in rules.grants):
        yield f"rule set: two grants have the id {twice!r}"
    for one, other in combinations(rules.grants, 2):
        shared = sorted(one.professions & other.professions)
        if shared and one.stance is not other.stance and _meet(one, other):
            yield (
                f'grant "{one.id}" and grant "{other.id}": {one.stance} and {other.stance} at the same time'
                f" for {', '.join(shared)}"
            )


def _grant_faults(grant: Grant) -> Iterator[str]:
    place = f'grant "{grant.id}"'
    if grant.first and grant.last and grant.first > grant.last:
        yield f"{place}: from is after until"
    if grant.expected and grant.stance is not Stance.PENDING:
        yield f"{place}: only a pending grant has expected"
    if grant.stance is Stance.PERMITTED:
        yield from (f"{place}: {fault}" for fault in _permission_faults(grant))
    else:
        yield from (f"{place}: {fault}" for fault in _refusal_faults(grant))


def _refusal_faults(grant: Grant) -> Iterator[str]:
    if grant.say is None:
        yield "say is missing, the sentence that tells why not"
    if grant.needs or grant.limit:
        yield "only a permitted grant has requirements and a limit"


def _permission_faults(grant: Grant) -> Iterator[str]:
    needs = list(with_parts(grant.needs))
    ids = {need.id for need in needs}
    for twice in _repeated(need.id for need in needs):
        yield f"two requirements have the id {twice!r}"
    if not any(_asks_licence(need) for need in grant.needs):
        yield "a permission must ask for a licence"
    for need in needs:
        if need.implied_by is not None and need.implied_by not in ids - {need.id}:
            yield f'requirement "{need.id}": implied_by names no other requirement: {need.implied_by!r}'
        if isinstance(need, AnyOf | AllOf) and any(isinstance(part, DocumentNeed) for part in need.parts):
            yield f'requirement "{need.id}": a document cannot be part of any or all'


def _asks_licence(need: Need) -> bool:
    """Whether nothing meets the need without a licence."""
    match need:
        case LicenceNeed():
            return True
        case AnyOf():
            return all(_asks_licence(part) for part in need.parts)
        case AllOf():
            return any(_asks_licence(part) for part in need.parts)
        case _:
            return False


def _meet(one: Grant, other: Grant) -> bool:
    """Whether some day is in both windows."""
    first = max(one.first or date.min, other.first or date.min)
    return first <= min(one.last or date.max, other.last or date.max)


def _repeated(ids: Iterator[str]) -> list[str]:
    return [one for one, times in Counter(ids).items() if times > 1]
