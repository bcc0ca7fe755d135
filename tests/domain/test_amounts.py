"""What adds up over time and by when: ramps, courses that must be finished, hours that grow old, hours of practice."""

from datetime import date
from typing import Any

import pytest

from booking.domain.credential import Credential, Suspension
from booking.domain.eligibility import evaluate
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, make_ask, make_credential, visit
from tests.domain.short_rules import everylands, permitting, reasons, written

HOURS = 'need = "total"\nof = "hours_total"\nat_least = 50\n'


def course(earned: str | None, hours: int = 25, **changes: Any) -> Credential:
    attributes: dict[str, Any] = {"hours_total": hours, **({"earned": earned} if earned else {})}
    return make_credential("training", slug=f"c-{earned}-{hours}", attributes=attributes, **changes)


def days(first: str | None, last: str | None = None) -> SpanSet:
    start, end = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return SpanSet([day_span(start, end, SEATTLE)])


def spans(need: str, *credentials: Credential) -> SpanSet:
    return evaluate(written(permitting(need)), make_ask(everylands(), *credentials)).spans


TOTALS = [
    # a ramp counts from the first day anything was earned, to the day before its anniversary
    ("only_for_months = 24", ["2024-05-10", "2025-01-01"], days("2025-01-01", "2026-05-09")),
    ("only_for_months = 24", ["2024-02-29", "2025-01-01"], days("2025-01-01", "2026-02-28")),
    ("only_for_months = 12", ["2024-02-29", "2024-03-01"], days("2024-03-01", "2025-02-28")),
    ("only_for_months = 1", ["2025-01-31", "2025-01-31"], days("2025-01-31", "2025-02-28")),
    ("only_for_months = 12", ["2024-05-10", "2025-05-10"], NEVER),
    ("only_for_months = 120000", ["2024-05-10", "2025-05-10"], days("2025-05-10")),
    # finished in time, wherever that time begins
    ("finish_within_months = 12", ["2024-05-10", "2025-05-09"], days("2025-05-09")),
    ("finish_within_months = 12", ["2024-05-10", "2025-05-10"], NEVER),
    ("finish_within_months = 12", ["2020-05-10", "2024-05-10", "2025-05-09"], days("2025-05-09")),
    ("finish_within_months = 12", ["2024-02-29", "2025-02-28"], days("2025-02-28")),
    ("finish_within_months = 12", ["2024-02-29", "2025-03-01"], NEVER),
    # what was earned too long ago no longer counts
    ("earned_within_years = 2", ["2024-05-10", "2025-01-01"], days("2025-01-01", "2026-05-09")),
    ("earned_within_years = 1", ["2024-02-29", "2024-03-01"], days("2024-03-01", "2025-02-28")),
    ("earned_within_years = 1", ["2024-05-10", "2025-01-01", "2025-05-10"], SpanSet([
        *days("2025-01-01", "2025-05-09"), *days("2025-05-10", "2025-12-31")])),
    ("earned_within_years = 1", ["2024-05-10", "2025-05-10"], NEVER),
    # together
    ("finish_within_months = 12\nonly_for_months = 24", ["2023-01-01", "2024-05-10", "2024-06-01"],
     days("2024-06-01", "2024-12-31")),
    # a day that nobody knows is no day
    ("only_for_months = 24", [None, "2025-01-01"], NEVER),
    ("finish_within_months = 24", [None, None], NEVER),
    ("earned_within_years = 2", ["soon", "2025-01-01"], NEVER),
    ("", [None, "2025-01-01"], days("2025-01-01")),
]  # fmt: skip


@pytest.mark.parametrize(("bound", "earned", "expected"), TOTALS)
def test_total_in_time(bound: str, earned: list[str | None], expected: SpanSet) -> None:
    courses = [course(day) for day in earned]
    assert spans(HOURS + bound, *courses) == expected


def test_start_of_its_dates_stands_in_for_the_day_it_was_earned() -> None:
    begun = course(None, hours=50, valid_from=date(2024, 5, 10))
    assert spans(f"{HOURS}only_for_months = 12", begun) == days("2024-05-10", "2025-05-09")


def test_what_never_counts_starts_no_ramp() -> None:
    lapsed = course("2020-01-01", suspensions=(Suspension(first=date(2019, 1, 1)),))
    assert spans(f"{HOURS}only_for_months = 12", lapsed, course("2024-05-10", 50)) == days("2024-05-10", "2025-05-09")


def test_hours_are_those_of_an_issuer_where_a_rule_names_one() -> None:
    elsewhere = course("2024-05-10", 50, jurisdiction="YY")
    assert spans(f'{HOURS}issued_by = "XX"', elsewhere) == NEVER
    assert spans(f'{HOURS}issued_by = "YY"', elsewhere) == days("2024-05-10")


def practice(hours: int, earned: str = "2025-06-30", place: str | None = None) -> Credential:
    attributes: dict[str, Any] = {"practice_hours": hours, "earned": earned}
    return make_credential("practice", slug=f"p-{hours}-{earned}", attributes=attributes, jurisdiction=place)


SINCE_2024 = {"valid_from": date(2024, 2, 29)}
PRACTISED = [
    ("years = 1\nmin_hours = 1000", [practice(1000)], days("2025-06-30")),
    ("years = 1\nmin_hours = 1000", [practice(1000, "2024-12-31")], days("2025-03-01")),
    ("years = 1\nmin_hours = 1000", [practice(999)], NEVER),
    ("years = 1\nmin_hours = 1000", [practice(600), practice(400, "2025-09-30")], days("2025-09-30")),
    ("min_hours = 1000", [practice(1000, "2024-12-31")], days("2024-12-31")),
    ("years = 1\nfte_hours = 36", [practice(36 * 52)], days("2025-06-30")),
    ("years = 1\nfte_hours = 36", [practice(36 * 52 - 1)], NEVER),
    ("years = 1\nfte_hours = 10\nmin_hours = 1000", [practice(999)], NEVER),
    ('min_hours = 1000\nwhere_counted = "here"', [practice(1000, place="YY")], NEVER),
    ('min_hours = 1000\nwhere_counted = "here"', [practice(1000, place="XX")], days("2025-06-30")),
    ("min_hours = 1000", [practice(1000, place="YY")], days("2025-06-30")),
]


@pytest.mark.parametrize(("need", "file", "expected"), PRACTISED)
def test_hours_of_practice(need: str, file: list[Credential], expected: SpanSet) -> None:
    rules = written(permitting(f'need = "practised"\n{need}'))
    assert evaluate(rules, make_ask(everylands(**SINCE_2024), *file)).spans == expected


OR_OLDER = ", or assign a practitioner who has been licensed for longer"
TOLD = [
    (f"{HOURS}only_for_months = 12", [course("2024-05-10", 50)],
     "50 of 50 hours total; it counts before 2025-05-10 only, 12 months from the first",
     "Record and verify training that adds the missing hours total."),
    (f"{HOURS}finish_within_months = 12", [course("2024-05-10"), course("2025-05-10")],
     "25 of 50 hours total within 12 months", "Record and verify training that adds the missing hours total."),
    (f"{HOURS}earned_within_years = 1", [course("2024-05-10", 50)],
     "0 of 50 hours total; training c-2024-05-10-50 was earned on 2024-05-10, and counts before 2025-05-10 only",
     "Record and verify training that adds the missing hours total."),
    (f"{HOURS}earned_within_years = 1", [course(None, 50)],
     "0 of 50 hours total; training c-None-50 has no day on which it was earned",
     "Record and verify training that adds the missing hours total."),
    ('need = "practised"\nyears = 1\nmin_hours = 1000', [practice(600)],
     "licence PT-1234, XX, since 2024-02-29; 600 of 1000 practice hours",
     f"Record and verify an earlier licence and the missing hours of practice{OR_OLDER}."),
    ('need = "practised"\nmin_hours = 1000', [practice(1000, "2027-02-28")],
     "0 of 1000 practice hours; practice p-1000-2027-02-28 is earned on 2027-02-28",
     f"Record and verify the missing hours of practice{OR_OLDER}, or choose a day from 2027-02-28 on."),
]  # fmt: skip


@pytest.mark.parametrize(("need", "file", "have", "fix"), TOLD)
def test_reason_tells_what_adds_up(need: str, file: list[Credential], have: str, fix: str) -> None:
    (reason,) = reasons(written(permitting(need)), visit(date(2027, 1, 14)), everylands(**SINCE_2024), *file)
    assert (reason.rule, reason.have, reason.fix) == ("need-1", have, fix)
