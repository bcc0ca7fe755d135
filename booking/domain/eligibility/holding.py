"""When a licence or another credential that a need asks for is held."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from booking.domain.credential import Credential
from booking.domain.eligibility.counting import counted
from booking.domain.eligibility.fitting import Case, LeafNeed, accepted, fitting
from booking.domain.eligibility.outcome import Evidence, Outcome, intersection, union
from booking.domain.rules import CredentialNeed, LicenceNeed
from booking.domain.time.span import SpanSet


def counting(need: LeafNeed, case: Case) -> tuple[Evidence, ...]:
    """The credentials that fit the need, as far as they count at any time."""
    besides = accepted(need)
    found = (Evidence(credential=one, spans=counted(one, case.ask.zone, besides)) for one in fitting(need, case))
    return tuple(one for one in found if one.spans)


def judge_licence(need: LicenceNeed, case: Case) -> Outcome:
    fits = counting(need, case)
    evidence = [one for one in fits if one.credential.kind == "licence"]
    for privilege in fits:
        if privilege.credential.kind == "compact_privilege":
            evidence += _with_home(privilege, need, case)
    return Outcome(need=need, spans=union(one.spans for one in evidence), evidence=tuple(evidence))


def _with_home(privilege: Evidence, need: LicenceNeed, case: Case) -> list[Evidence]:
    """The privilege while its home licence counts, and the home licence while it carries the privilege."""
    home = privilege.credential.home
    homes = () if home is None else counting(home_need(home, need), case)
    carried = privilege.spans & union(one.spans for one in homes)
    if not carried:
        return []
    return [replace(privilege, spans=carried), *(replace(one, spans=one.spans & carried) for one in homes)]


def home_need(home: str, need: LicenceNeed) -> LicenceNeed:
    """What is asked of the home licence of a privilege: the same as of a licence here, but that it is active."""
    return replace(need, issued_by=home, compact=False, accepted=None)


def judge_credential(need: CredentialNeed, case: Case) -> Outcome:
    evidence = counting(need, case)
    spans = union(one.spans for one in evidence)
    if "regions" in need.covers:
        spans &= _reaching(case.reached, evidence, lambda one: regions_of(one, case))
    if "techniques" in need.covers:
        spans &= _reaching(case.ask.techniques, evidence, lambda one: one.techniques)
    if "site" in need.covers:
        spans &= union(one.spans for one in evidence if names_site(one.credential, case))
    return Outcome(need=need, spans=spans, evidence=evidence)


def regions_of(credential: Credential, case: Case) -> frozenset[str] | None:
    """The regions a credential extends to, by what their words mean in the jurisdiction; None is everything."""
    return None if credential.regions is None else case.rules.meant(credential.regions)


def names_site(credential: Credential, case: Case) -> bool:
    """Whether the site is among those in its attribute `sites`, slugs with spaces between."""
    return case.ask.site is not None and case.ask.site in str(credential.attributes.get("sites", "")).split()


def _reaching(
    asked: frozenset[str], evidence: Iterable[Evidence], reach: Callable[[Credential], frozenset[str] | None]
) -> SpanSet:
    """When each word asked for is reached by some credential; a reach of None is everything."""
    known = [(reach(one.credential), one.spans) for one in evidence]
    if all(reached is None for reached, _ in known):
        return union(spans for _, spans in known)
    return intersection(
        union(spans for reached, spans in known if reached is None or word in reached) for word in asked
    )
