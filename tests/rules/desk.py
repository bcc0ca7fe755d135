"""What the tables of this folder are made of: who holds what, and the answer in a clinic manager's words.

A row of a table says who comes to be assigned (the profession), what is on their file (a name in the table's `HOLDS`),
what is needled, on which day, and whether they may. "may not: tenure" names the requirements that are not met, by
their ids in the rule set; "scope.…" that the law itself does not let them, "limit.…" that it does not reach so far.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from booking.domain.credential import Credential, Suspension
from booking.domain.eligibility import Ask, OwnerDecision, before_start, evaluate
from booking.domain.rules import parse_rules, stacked
from booking.domain.time.zone import ZoneName, zone_name
from booking.rules import shipped
from tests.domain.factories import make_ask, make_credential, visit

RULES = stacked(parse_rules(text) for text in shipped().values())

ZONES = {
    "US-FL": "America/New_York",
    "US-UT": "America/Denver",
    "US-DE": "America/New_York",
    "US-TN": "America/Chicago",
    "US-IN": "America/Indiana/Indianapolis",
    "US-CO": "America/Denver",
    "US-PA": "America/New_York",
    "US-WA": "America/Los_Angeles",
    "US-CA": "America/Los_Angeles",
    "US-OR": "America/Los_Angeles",
    "US-MT": "America/Denver",
    "DEMO": "America/Los_Angeles",
    "CA-AB": "America/Edmonton",
    "CA-BC": "America/Vancouver",
    "GB-ENG": "Europe/London",
    "GB-WLS": "Europe/London",
    "AU-ACT": "Australia/Sydney",
    "DK": "Europe/Copenhagen",
}

PT, PTA, OT, AT, DC, OS = (
    "physical_therapist",
    "physical_therapist_assistant",
    "occupational_therapist",
    "athletic_trainer",
    "chiropractor",
    "osteopath",
)
AC, RMT, MD, NURSE = "acupuncturist", "massage_therapist", "physician", "nurse"


def zone_of(place: str) -> ZoneName:
    return zone_name(ZONES[place])


def licence(
    place: str, profession: str = PT, *, since: str = "2020-03-01", until: str | None = None, **more: Any
) -> Credential:
    """A licence from one day to another, both included; without `until`, for good. `more` are its attributes."""
    last = None if until is None else date.fromisoformat(until)
    return make_credential(
        jurisdiction=place,
        profession=profession,
        valid_from=date.fromisoformat(since),
        valid_until=last,
        attributes=more,
    )


def suspended(credential: Credential, first: str, last: str | None = None) -> Credential:
    """The same, but nothing may rest on it from one day to another, both included."""
    until = None if last is None else date.fromisoformat(last)
    return replace(credential, suspensions=(Suspension(first=date.fromisoformat(first), last=until),))


def privilege(place: str, home: str, profession: str = PT, *, until: str | None = None) -> Credential:
    """A compact privilege of `place` that rests on a licence of `home`."""
    return paper("compact_privilege", place, until=until, home=home, profession=profession)


def training(earned: str = "2023-05-31", slug: str = "course", **attributes: Any) -> Credential:
    """A course in needling, finished on the day `earned`."""
    return make_credential("training", slug=slug, attributes={"earned": earned, **attributes})


def paper(kind: str, place: str | None = None, *, until: str | None = None, **changes: Any) -> Credential:
    """Any other credential of a kind, issued by `place`, to the day `until`."""
    last = None if until is None else date.fromisoformat(until)
    return make_credential(kind, jurisdiction=place, valid_until=last, **changes)


def ask(place: str, profession: str, holds: tuple[Credential, ...], regions: str = "knee", **changes: Any) -> Ask:
    """A question about trigger points in the regions, words with spaces between, at a site in the place."""
    asked = {"zone": zone_of(place), "regions": frozenset(regions.split()), **changes}
    return make_ask(*holds, profession=profession, **asked)


def answer(place: str, question: Ask, day: str, *, hour: int = 10, minutes: int = 30) -> str:
    """`may`, or `may not` and each requirement that stands in the way of a visit on that local day."""
    asked = visit(date.fromisoformat(day), hour=hour, minutes=minutes, zone=zone_of(place))
    reasons = evaluate(RULES[place], question).reasons(asked)
    return f"may not: {', '.join(reason.rule for reason in reasons)}" if reasons else "may"


def asked_at_the_start(place: str, question: Ask, day: str = "2027-01-14") -> str:
    """What the visit asks for before it begins, by ids."""
    needs = before_start(RULES[place], question, visit(date.fromisoformat(day), zone=zone_of(place)))
    return " ".join(need.id for need in needs)


def signed(place: str, grant: str, *, on: str = "2027-01-10", until: str | None = None) -> OwnerDecision:
    """The owner's decision on what a law leaves open, or on what too little is known of."""
    return OwnerDecision(
        jurisdiction=place, grant=grant, decided_on=date.fromisoformat(on), decided_by="Olive Owner",
        basis="A lawyer's letter", valid_until=None if until is None else date.fromisoformat(until),
    )  # fmt: skip
