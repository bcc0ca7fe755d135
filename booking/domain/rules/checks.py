"""What must hold between the parts of a rule set, each of which is well formed by itself."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from booking.domain.reading import Path
from booking.domain.rules.model import EVERYBODY, Grant, RuleSet, Stance
from booking.domain.rules.needs import AllOf, AnyOf, LicenceNeed, Need, SupervisorNeed, phase_of, with_parts

Fault = tuple[Path, str]
"""Where in the text, and a sentence."""


def check(rules: RuleSet) -> Iterator[Fault]:
    """Every fault there is."""
    yield from _rule_set_faults(rules)
    yield from _contradictions(rules)
    grants = frozenset(grant.id for grant in rules.grants)
    for number, grant in enumerate(rules.grants):
        path: Path = ("grant", number)
        yield from ((path, f'grant "{grant.id}": {fault}') for fault in _grant_faults(grant, rules))
        seen: set[str] = set()
        for at, need in _placed(grant.needs, (*path, "require")):
            if need.id in seen:
                yield at, f'grant "{grant.id}": two requirements have the id {need.id!r}'
            seen.add(need.id)
            place = f'grant "{grant.id}": requirement "{need.id}"'
            yield from ((at, f"{place}: {fault}") for fault in _need_faults(need, grant, grants))


def _rule_set_faults(rules: RuleSet) -> Iterator[Fault]:
    if rules.review_by < rules.reviewed_on:
        yield ("review_by",), "rule set: review_by is before reviewed_on"
    if not rules.grants and not rules.exemptions:
        yield (), "rule set: there is no grant"
    if rules.within == rules.jurisdiction:
        yield ("within",), "rule set: it is within itself"
    if rules.exemptions and rules.within is None:
        yield ("exempts",), "rule set: only what is within another exempts from anything"
    for number, one in enumerate(rules.exemptions):
        if one.first and one.last and one.first > one.last:
            yield ("exempts", number, "until"), f"rule set, exempts {number + 1}: from is after until"
    seen: set[str] = set()
    for number, grant in enumerate(rules.grants):
        if grant.id in seen:
            yield ("grant", number), f"rule set: two grants have the id {grant.id!r}"
        seen.add(grant.id)


def _contradictions(rules: RuleSet) -> Iterator[Fault]:
    """Different stances for somebody at the same time."""
    for (_, one), (number, other) in combinations(enumerate(rules.grants), 2):
        shared = _shared(one, other)
        if shared and one.stance is not other.stance and _meet(one, other):
            stances = f"{one.stance} and {other.stance} at the same time for {', '.join(sorted(shared))}"
            yield ("grant", number), f'grant "{one.id}" and grant "{other.id}": {stances}'


def _shared(one: Grant, other: Grant) -> frozenset[str]:
    if EVERYBODY in one.professions:
        return other.professions
    return one.professions if EVERYBODY in other.professions else one.professions & other.professions


def _grant_faults(grant: Grant, rules: RuleSet) -> Iterator[str]:
    if grant.first and grant.last and grant.first > grant.last:
        yield "from is after until"
    if grant.expected and grant.stance is not Stance.PENDING:
        yield "only a pending grant has expected"
    if grant.stance is not Stance.PERMITTED and grant.say is None:
        yield "say is missing, the sentence that tells why not"
    if grant.stance in (Stance.PERMITTED, Stance.SILENT):
        free = grant.unlicensed or rules.within is not None  # what it lies within asks for the licence
        if not free and not any(_asks_licence(need) for need in grant.needs):
            yield "a permission must ask for a licence"
    elif grant.needs or grant.limit or grant.unlicensed:
        yield "only a permitted or silent grant has requirements and a limit"


def _need_faults(need: Need, grant: Grant, grants: frozenset[str]) -> Iterator[str]:
    ids = {one.id for one in with_parts(grant.needs)}
    if need.implied_by is not None and need.implied_by not in ids - {need.id}:
        yield f"implied_by names no other requirement: {need.implied_by!r}"
    if isinstance(need, AnyOf | AllOf) and len({phase_of(part) for part in need.parts}) > 1:
        yield "its parts are asked for in different phases"
    if isinstance(need, SupervisorNeed):
        yield from (f"grants names no grant: {one!r}" for one in need.grants if one not in grants)


def _placed(needs: Iterable[Need], path: Path) -> Iterator[tuple[Path, Need]]:
    """The needs and the parts of combinations, each with where it stands."""
    for number, need in enumerate(needs):
        at = (*path, number)
        yield at, need
        if isinstance(need, AnyOf | AllOf):
            yield from _placed(need.parts, (*at, "any" if isinstance(need, AnyOf) else "all"))


def _asks_licence(need: Need) -> bool:
    """Whether nothing meets the need without a licence."""
    if need.conditional:
        return False
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
