"""Rule sets of places that lie within one another, brought together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from booking.domain.errors import RulesInvalid
from booking.domain.rules.model import RuleSet, outward
from booking.domain.rules.needs import AllOf, AnyOf, LicenceNeed, Need, with_parts


def stacked(rule_sets: Iterable[RuleSet]) -> dict[str, RuleSet]:
    """The rule sets by jurisdiction, each with those it lies within as its `outer`.

    Raises RulesInvalid naming every fault: two of one jurisdiction, one within a place there is no rule set of, places
    within one another in a circle, an exemption from something that no set outward or more than one asks for, or from
    a licence.
    """
    given = list(rule_sets)
    known = {rules.jurisdiction: rules for rules in given}
    faults = [
        f"{rules.jurisdiction}: there are two such rule sets"
        for rules in given
        if known[rules.jurisdiction] is not rules
    ]
    faults += [fault for rules in given for fault in _path_faults(rules, known)]
    if faults:
        raise RulesInvalid(faults)
    found = {name: _with_outer(rules, known) for name, rules in known.items()}
    faults = [fault for rules in found.values() for fault in _exemption_faults(rules)]
    if faults:
        raise RulesInvalid(faults)
    return found


def _with_outer(rules: RuleSet, known: Mapping[str, RuleSet]) -> RuleSet:
    return rules if rules.within is None else replace(rules, outer=_with_outer(known[rules.within], known))


def _path_faults(rules: RuleSet, known: Mapping[str, RuleSet]) -> Iterator[str]:
    passed = {rules.jurisdiction}
    at = rules
    while at.within is not None:
        if at.within == rules.jurisdiction:
            yield f"{rules.jurisdiction}: it is within itself, by way of {at.jurisdiction}"
        if at.within in passed:
            return
        if at.within not in known:
            if at is rules:
                yield f"{rules.jurisdiction}: it is within {at.within}, of which there is no rule set"
            return
        at = known[at.within]
        passed.add(at.jurisdiction)


def _exemption_faults(rules: RuleSet) -> Iterator[str]:
    outer: dict[str, list[Need]] = {}
    for one in list(outward(rules))[1:]:
        for grant in one.grants:
            for need in with_parts(grant.needs):
                outer.setdefault(f"{grant.id}.{need.id}", []).append(need)
    for name in (name for one in rules.exemptions for name in one.needs):
        named = outer.get(name, [])
        if not named:
            yield f"{rules.jurisdiction}: exempts names no requirement of the sets outward: {name!r}"
        elif len(named) > 1:
            yield f"{rules.jurisdiction}: exempts names requirements of several sets outward: {name!r}"
        elif _has_licence(named[0]):
            yield f"{rules.jurisdiction}: nothing exempts from a licence: {name!r}"


def _has_licence(need: Need) -> bool:
    return isinstance(need, LicenceNeed) or (
        isinstance(need, AnyOf | AllOf) and any(_has_licence(part) for part in need.parts)
    )
