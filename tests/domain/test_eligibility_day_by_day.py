"""The rule over spans of time against the same rule told day by day, for random rules, files, questions and days.

`RULE_COMBINATIONS` is how many combinations of rules, credentials and a day are tried.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import tomli_w

from booking.domain.credential import Credential, Suspension, Verification
from booking.domain.eligibility import Ask, Colleague, Eligibility, OwnerDecision, Reason, evaluate
from booking.domain.ids import CredentialId, PractitionerId
from booking.domain.rules import RuleSet, parse_rules, stacked
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, zone_name
from tests.domain import day_by_day, lottery
from tests.domain.day_by_day import Question, Table, months_after
from tests.domain.factories import an_id, make_practitioner
from tests.domain.lottery import DAY
from tests.sources import ROOT, imports, read

COMBINATIONS = int(os.environ.get("RULE_COMBINATIONS", "3000"))
FILES, ON_DAYS = 10, 5  # tried with each rule set, and with each file
ROUNDS = max(1, COMBINATIONS // (FILES * ON_DAYS))
# Clocks that change at midnight (Cairo, Havana), by half an hour, and at an hour of the night.
ZONES = [zone_name(name) for name in ("Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Europe/London", "UTC")]


def test_second_telling_shares_no_code_with_the_program() -> None:
    for name in ("day_by_day", "lottery"):
        source = read(ROOT / "tests" / "domain" / f"{name}.py")
        assert [one for one in imports(source) if one.module.startswith("booking")] == []


def rules_of(stack: list[Table]) -> RuleSet:
    return stacked(parse_rules(tomli_w.dumps(one)) for one in stack)[stack[0]["jurisdiction"]]


def credentials_of(file: list[Table]) -> tuple[Credential, ...]:
    return tuple(credential_of(number, one) for number, one in enumerate(file, 1))


def credential_of(number: int, one: Table) -> Credential:
    made = one | {
        "verification": Verification(one["verification"]),
        "suspensions": tuple(Suspension(first=first, last=last) for first, last in one["suspensions"]),
        "regions": None if one["regions"] is None else frozenset(one["regions"]),
        "techniques": None if one["techniques"] is None else frozenset(one["techniques"]),
    }
    return Credential(id=CredentialId(UUID(int=number)), slug=f"c{number}", **made)


def colleague_of(q: Question) -> Colleague:
    who = make_practitioner(id=PractitionerId(an_id(q.name)), name=q.name, profession=q.profession)
    return Colleague(practitioner=who, credentials=credentials_of(q.file))


def ask_of(q: Question, zone: ZoneName) -> Ask:
    who = colleague_of(q)
    return Ask(
        practitioner=who.practitioner,
        credentials=who.credentials,
        regions=frozenset(q.regions),
        techniques=frozenset(q.techniques),
        zone=zone,
        sides=frozenset(q.sides),
        adjunct=q.adjunct,
        site=q.site,
        site_credentials=credentials_of(q.site_file),
        colleagues=tuple(colleague_of(one) for one in q.colleagues),
        patient_born=q.born,
        decisions=tuple(OwnerDecision(**one, decided_by="Olive Owner", basis="a letter") for one in q.decisions),
    )


def midnight(day: date, zone: ZoneName) -> datetime:
    """The first instant of the day, without the help of the code under test."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def turning_points(stack: list[Table], q: Question) -> list[date]:
    """Every day on which anything can change, and the days before and after."""
    found: set[Any] = {q.born} | {one[key] for one in q.decisions for key in ("decided_on", "valid_until")}
    for rules in stack:
        windows = [*rules["grant"], *rules.get("exempts", ())]
        found |= {one.get(key) for one in windows for key in ("from", "until")}
        needs = lottery.parts(need for grant in rules["grant"] for need in grant.get("require", ()))
        found |= {need.get("accept_until") for need in needs}
    for one in (one for file in (q.file, q.site_file, *(c.file for c in q.colleagues)) for one in file):
        found |= {one["valid_from"], one["valid_until"], *(day for hole in one["suspensions"] for day in hole)}
        earned = str(one["attributes"].get("earned", "soon"))
        found |= {date.fromisoformat(earned)} if len(earned) == 10 else set()
    known: set[date] = found - {None, date.max}
    later = (*lottery.MONTHS, 12 * lottery.AGE)
    known |= {months_after(day, months) for day in known for months in later}
    return sorted({day + DAY * step for day in known for step in (-1, 0, 1)})


@pytest.mark.parametrize("number", range(ROUNDS))
def test_spans_and_reasons_agree_with_every_day(number: int) -> None:
    chance = Random(number)  # noqa: S311 - drawn to be drawn again, not to be secret
    stack = lottery.stack(chance)
    rules = rules_of(stack)
    for _ in range(FILES):
        check(stack, rules, lottery.question(chance), chance.choice(ZONES), chance)


def check(stack: list[Table], rules: RuleSet, q: Question, zone: ZoneName, chance: Random) -> None:
    eligibility = evaluate(rules, ask_of(q, zone))
    points = turning_points(stack, q)
    edges = {edge for span in eligibility.spans for edge in (span.start, span.end) if 1950 < edge.year < 9000}
    assert edges <= {midnight(day, zone) for day in points}
    supervised = SpanSet(span for one in eligibility.supervision() for span in one.needed)
    busy = [day for day in points if 2023 < day.year < 2028]  # most of what may be allowed is
    for day in (*chance.sample(busy if len(busy) >= ON_DAYS else points, ON_DAYS - 1), chance.choice(points)):
        expected = day_by_day.refused(stack, q, [day])
        whole_day = TimeSpan(midnight(day, zone), midnight(day + DAY, zone))
        assert eligibility.spans.covers(whole_day) is (not expected)
        assert bool(eligibility.spans & SpanSet([whole_day])) is (not expected)
        alone = day_by_day.refused(stack, replace(q, colleagues=[]), [day])
        assert supervised.covers(whole_day) is (not expected and bool(alone))
        reasons = check_reasons(eligibility, at_ten(day, zone), expected)
        check_reasons(eligibility, across_midnight(day, zone), day_by_day.refused(stack, q, [day, day + DAY]))
        if reasons:
            reason = chance.choice(reasons)
            known, first = true_from(stack, q, reason, [one for one in points if one > day])
            assert not known or reason.true_from == first


def true_from(stack: list[Table], q: Question, reason: Reason, later: list[date]) -> tuple[bool, date | None]:
    """Whether the reason is about a need, and the first of the later days on which that is met."""
    for law in day_by_day.laws(stack, q):
        for grant in law.rules["grant"]:
            called = f"{law.place}:{grant['id']}" if law.outward else grant["id"]
            for need in lottery.parts(grant.get("require", ())) if called == reason.grant else ():
                if need["id"] == reason.rule:
                    return True, next((day for day in later if day_by_day.met(need, grant, law, day)), None)
    return False, None


def at_ten(day: date, zone: ZoneName) -> TimeSpan:
    start = midnight(day, zone) + timedelta(hours=10)
    return TimeSpan(start, start + timedelta(minutes=30))


def across_midnight(day: date, zone: ZoneName) -> TimeSpan:
    end_of_day = midnight(day + DAY, zone)
    return TimeSpan(end_of_day - timedelta(minutes=30), end_of_day + timedelta(minutes=30))


def check_reasons(eligibility: Eligibility, span: TimeSpan, expected: list[Any]) -> tuple[Reason, ...]:
    reasons = eligibility.reasons(span)
    assert sorted(((reason.grant, reason.rule) for reason in reasons), key=str) == sorted(expected, key=str)
    assert (reasons == ()) is eligibility.spans.covers(span)
    assert all(text for reason in reasons for text in (reason.need, reason.have, reason.fix))
    return reasons
