"""A question and its answer as plain data, so that the same can be asked again years later.

Rules are named by the hash of their text and credentials by their version; both are on file as they were. Of where
colleagues are only what lies within the visit is written down, and of the patient's birthday only whether it was known,
and which of the ages that the rules ask about the patient had on the first day of the visit.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from booking.domain.credential import Credential
from booking.domain.eligibility.ask import Ask, Colleague, OwnerDecision
from booking.domain.eligibility.counting import later
from booking.domain.eligibility.leaves import Leaf
from booking.domain.eligibility.verdict import Eligibility
from booking.domain.ids import CredentialId, PractitionerId
from booking.domain.practitioner import Practitioner
from booking.domain.rules import PatientNeed, Phase, RuleSet, outward
from booking.domain.rules.needs import with_parts
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import local_date, tzdata_version, zone_name

FORMAT = 2
"""The version of this form; the first did not hold all that a question is made of."""


def as_data(answer: Eligibility, jurisdiction: str, span: TimeSpan) -> dict[str, Any]:
    """The question, the answer for a visit in `span` at a site of this jurisdiction, and what it rests on, as JSON."""
    ask, rules = answer.ask, [] if answer.rules is None else list(outward(answer.rules))
    places = {one.jurisdiction for one in rules}
    return {
        "format": FORMAT,
        "practitioner": str(ask.practitioner.id),
        "profession": ask.profession,
        "site": ask.site,
        "zone": ask.zone,
        "tzdata": tzdata_version(),
        "jurisdiction": jurisdiction,
        "rules": [[one.jurisdiction, one.digest] for one in rules],
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "regions": sorted(ask.regions),
        "techniques": sorted(ask.techniques),
        "sides": sorted(ask.sides),
        "adjunct": ask.adjunct,
        "patient_reached": _reached(answer, span),
        "credentials": _versions(ask.credentials),
        "site_credentials": _versions(ask.site_credentials),
        "colleagues": [_colleague(one, span) for one in ask.colleagues],
        "owner_decisions": [_decision(one) for one in ask.decisions if one.jurisdiction in places],
        "allowed": answer.spans.covers(span),
        "needs": [leaf.as_data() for leaf in answer.leaves(span)],
    }


Versions = tuple[tuple[CredentialId, int], ...]
"""Credentials with their versions, in the order in which they were asked about."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What was written down. `ask` is without its credentials and colleagues, which are named by their versions.

    `rules` are the hashes of the rule sets asked, the site's own first, the outermost last. `leaves` are as written.
    """

    ask: Ask
    held: Versions
    of_site: Versions
    colleagues: tuple[tuple[Colleague, Versions], ...]
    rules: tuple[str, ...]
    span: TimeSpan
    allowed: bool
    tzdata: str
    leaves: tuple[Leaf, ...]

    @property
    def versions(self) -> dict[CredentialId, int]:
        """All credentials that the question was asked with, whoever holds them."""
        return dict((*self.held, *self.of_site, *(pair for _, held in self.colleagues for pair in held)))

    def asked(self, credentials: Mapping[CredentialId, Credential]) -> Ask:
        """The question, with these credentials. Raises KeyError unless they are all that `versions` names."""
        return replace(
            self.ask,
            credentials=tuple(credentials[one] for one, _ in self.held),
            site_credentials=tuple(credentials[one] for one, _ in self.of_site),
            colleagues=tuple(
                replace(who, credentials=tuple(credentials[one] for one, _ in held)) for who, held in self.colleagues
            ),
        )


def read(data: Mapping[str, Any], names: Mapping[UUID, str]) -> Recorded:
    """What was written as `as_data` does. What `names` calls people shows in sentences and decides nothing.

    Raises ValueError for anything else, another form included.
    """
    try:
        return _read(data, names)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no record of a decision: {error!r}") from error


def _read(data: Mapping[str, Any], names: Mapping[UUID, str]) -> Recorded:
    if data["format"] != FORMAT:
        raise ValueError(f"written in form {data['format']!r}")
    return Recorded(
        ask=_ask(data, names),
        held=_as_versions(data["credentials"]),
        of_site=_as_versions(data["site_credentials"]),
        colleagues=tuple((_as_colleague(one, names), _as_versions(one["credentials"])) for one in data["colleagues"]),
        rules=tuple(digest for _, digest in data["rules"]),
        span=_as_span([data["start"], data["end"]]),
        allowed=data["allowed"],
        tzdata=data["tzdata"],
        leaves=tuple(_leaf(one) for one in data["needs"]),
    )


def _ask(data: Mapping[str, Any], names: Mapping[UUID, str]) -> Ask:
    return Ask(
        practitioner=_person(data, names),
        credentials=(),
        regions=frozenset(data["regions"]),
        techniques=frozenset(data["techniques"]),
        zone=zone_name(data["zone"]),
        sides=frozenset(data["sides"]),
        adjunct=data["adjunct"],
        site=data["site"],
        patient_born=_born(data),
        decisions=tuple(_as_decision(one) for one in data["owner_decisions"]),
    )


def _leaf(data: Mapping[str, Any]) -> Leaf:
    used = tuple(CredentialId(UUID(one)) for one in data["credentials"])
    return Leaf(grant=data["grant"], need=data["need"], held=data["held"], credential_ids=used)


def _as_versions(data: Iterable[tuple[str, int]]) -> Versions:
    return tuple((CredentialId(UUID(one)), version) for one, version in data)


def _versions(credentials: Iterable[Credential]) -> list[list[str | int]]:
    """In their order, in which the answer names them too."""
    return [[str(one.id), one.version] for one in credentials]


def _colleague(one: Colleague, span: TimeSpan) -> dict[str, Any]:
    who = one.practitioner
    return {
        "practitioner": str(who.id),
        "profession": who.profession,
        "credentials": _versions(one.credentials),
        "present": _within(one.present, span),
        "free": _within(one.free, span),
    }


def _within(spans: SpanSet, span: TimeSpan) -> list[list[str]]:
    return [[part.start.isoformat(), part.end.isoformat()] for part in spans & SpanSet([span])]


def _as_colleague(data: Mapping[str, Any], names: Mapping[UUID, str]) -> Colleague:
    """Without credentials."""
    present, free = (SpanSet(_as_span(part) for part in data[name]) for name in ("present", "free"))
    return Colleague(practitioner=_person(data, names), credentials=(), present=present, free=free)


def _as_span(ends: Iterable[str]) -> TimeSpan:
    start, end = ends
    return TimeSpan(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _person(data: Mapping[str, Any], names: Mapping[UUID, str]) -> Practitioner:
    who = PractitionerId(UUID(data["practitioner"]))
    return Practitioner(id=who, slug="", name=names.get(who, "somebody"), profession=data["profession"])


def _decision(one: OwnerDecision) -> dict[str, Any]:
    return {
        "jurisdiction": one.jurisdiction,
        "grant": one.grant,
        "decided_on": one.decided_on.isoformat(),
        "decided_by": one.decided_by,
        "basis": one.basis,
        "valid_until": None if one.valid_until is None else one.valid_until.isoformat(),
    }


def _as_decision(data: Mapping[str, Any]) -> OwnerDecision:
    until = data["valid_until"]
    days = {
        "decided_on": date.fromisoformat(data["decided_on"]),
        "valid_until": None if until is None else date.fromisoformat(until),
    }
    return OwnerDecision(**{**data, **days})


def _reached(answer: Eligibility, span: TimeSpan) -> dict[str, bool] | None:
    """For each age the rules ask about, whether the patient had it on the visit's first local day; None: unknown."""
    born = answer.ask.patient_born
    if born is None:
        return None
    today = local_date(span.start, answer.ask.zone)
    birthdays = {age: later(born, years=age) for age in sorted(set(_ages(answer.rules)))}
    return {str(age): day is not None and day <= today for age, day in birthdays.items()}


def _ages(rules: RuleSet | None) -> Iterator[int]:
    for one in outward(rules) if rules is not None else ():
        for grant in one.grants:
            for need in with_parts(grant.needs):
                if isinstance(need, PatientNeed) and need.phase is Phase.ASSIGN and need.min_age:
                    yield need.min_age


def _born(data: Mapping[str, Any]) -> date | None:
    """A birthday, most likely not the patient's, by which the same ages are reached, and no others, on that day."""
    reached = data["patient_reached"]
    if reached is None:
        return None
    today = local_date(_as_span([data["start"], data["end"]]).start, zone_name(data["zone"]))
    age = max((int(one) for one, has in reached.items() if has), default=0)
    try:
        return today.replace(year=today.year - age)
    except ValueError:  # the 29th of February of a year that has none
        return today.replace(year=today.year - age, day=28)
