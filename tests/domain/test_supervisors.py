"""Needs of a supervisor: who could be one and when, and when one is needed."""

from datetime import date
from typing import Any

import pytest

from booking.domain.eligibility import Colleague, evaluate
from booking.domain.ids import PractitionerId
from booking.domain.rules import Mode, RuleSet
from booking.domain.time.span import NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, an_id, make_ask, make_credential, make_practitioner, visit
from tests.domain.short_rules import everylands, permitting, reasons, written

SUPERVISED = 'need = "supervisor"\nmode = "on_site"\nprofessions = ["physical_therapist", "physician"]\n'
SENIOR = permitting('need = "practised"\nyears = 2', name="senior", limit='techniques_only = ["trigger_point"]')
DAY = visit(date(2027, 1, 14))


def colleague(name: str, profession: str = "physical_therapist", **changes: Any) -> Colleague:
    """Somebody with a licence of Everyland since 2024."""
    who = make_practitioner(id=PractitionerId(an_id(name)), name=name.title(), profession=profession)
    dates = {"valid_from": date(2024, 3, 1), "profession": profession, **changes}
    return Colleague(practitioner=who, credentials=(everylands(**dates),))


def days(first: str | None, last: str | None = None) -> SpanSet:
    start, end = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return SpanSet([day_span(start, end, SEATTLE)])


BEN = colleague("ben")
ONE = written(permitting(SUPERVISED))
BY_GRANT = written(permitting(f'{SUPERVISED}grants = ["senior"]', name="junior"), SENIOR)


CAN = [
    # a licence of the profession, in force
    (SUPERVISED, [BEN], days("2024-03-01")),
    (SUPERVISED, [], NEVER),
    (SUPERVISED, [colleague("ben", valid_until=date(2026, 12, 31))], days("2024-03-01", "2026-12-31")),
    (SUPERVISED, [colleague("ben", jurisdiction="YY")], NEVER),
    (f'{SUPERVISED}issued_by = "YY"', [colleague("ben", jurisdiction="YY")], days("2024-03-01")),
    (SUPERVISED, [colleague("ben", "physician")], days("2024-03-01")),
    (SUPERVISED, [colleague("ben", "chiropractor")], NEVER),
    (SUPERVISED.replace('"physician"', '"*"'), [colleague("ben", "chiropractor")], days("2024-03-01")),
    # one after another
    (SUPERVISED, [colleague("ben", valid_until=date(2026, 12, 31)), colleague("cy", valid_from=date(2027, 2, 1))],
     days("2024-03-01", "2026-12-31") | days("2027-02-01")),
    # never oneself
    (SUPERVISED, [colleague("ada")], NEVER),
    # long enough
    (f"{SUPERVISED}years = 2", [BEN], days("2026-03-01")),
    # more than a licence
    (f'{SUPERVISED}kinds = ["endorsement"]', [BEN], NEVER),
]  # fmt: skip


@pytest.mark.parametrize(("need", "colleagues", "expected"), CAN)
def test_supervisor(need: str, colleagues: list[Colleague], expected: SpanSet) -> None:
    asked = make_ask(everylands(), colleagues=tuple(colleagues))
    assert evaluate(written(permitting(need)), asked).spans == expected


def test_supervisor_holds_each_kind_that_is_asked_for() -> None:
    rules = written(permitting(f'{SUPERVISED}kinds = ["endorsement", "cpr"]'))
    held = [make_credential("endorsement"), make_credential("cpr", valid_from=date(2025, 1, 1))]
    ben = Colleague(practitioner=BEN.practitioner, credentials=(*BEN.credentials, *held))
    assert evaluate(rules, make_ask(everylands(), colleagues=(ben,))).spans == days("2025-01-01")


def junior(*colleagues: Colleague, **changes: Any) -> SpanSet:
    """When somebody just licensed may needle under a senior."""
    licence = everylands(valid_from=date(2026, 6, 1))
    return evaluate(BY_GRANT, make_ask(licence, colleagues=colleagues, **changes)).spans


def test_supervisor_under_a_grant_meets_it_himself() -> None:
    assert junior(BEN) == days("2026-06-01")
    assert junior(colleague("ben", valid_from=date(2025, 1, 1))) == days("2027-01-01")
    assert junior() == days("2028-06-01")


def test_supervisor_under_a_grant_keeps_to_its_limit() -> None:
    assert junior(BEN, techniques=frozenset({"electro"})) == NEVER


def test_whoever_needs_a_supervisor_is_none() -> None:
    chain = written(permitting(f'{SUPERVISED}grants = ["pt"]'))
    assert evaluate(chain, make_ask(everylands(), colleagues=(BEN,))).spans == NEVER


def answer(rules: RuleSet, *colleagues: Colleague) -> list[Any]:
    asked = make_ask(everylands(valid_from=date(2026, 6, 1)), colleagues=colleagues)
    found = evaluate(rules, asked).supervision()
    return [
        (one.grant, one.need.mode, one.needed, [(who.colleague.practitioner.name, who.spans) for who in one.could])
        for one in found
    ]


def test_supervision_tells_when_it_is_needed_and_who_could_give_it() -> None:
    cy = colleague("cy", valid_from=date(2025, 1, 1))
    assert answer(BY_GRANT, BEN, cy, colleague("dee", "chiropractor")) == [
        ("junior", Mode.ON_SITE, days("2026-06-01", "2028-05-31"),
         [("Ben", days("2026-06-01", "2028-05-31")), ("Cy", days("2027-01-01", "2028-05-31"))])
    ]  # fmt: skip


def test_nobody_is_needed_where_something_else_will_do() -> None:
    assert answer(BY_GRANT) == []
    assert answer(written(permitting()), BEN) == []
    assert answer(ONE, colleague("ben", "chiropractor")) == []


UNMET = "does not meet what is asked of a supervisor"
WHY = [
    ((), "no colleague is given who could supervise", ""),
    ((colleague("ada"),), "no colleague is given who could supervise", ""),
    (
        (colleague("ben", "chiropractor"),),
        "Ben is a chiropractor, not physical therapist, physician",
        "",
    ),
    ((colleague("ben", jurisdiction="YY"),), f"Ben {UNMET}", ""),
    (
        (colleague("ben", valid_from=date(2027, 2, 1)), colleague("cy", valid_until=date(2026, 12, 31))),
        f"Ben {UNMET} before 2027-02-01; Cy {UNMET}",
        ", or choose a day from 2027-02-01 on",
    ),
]


@pytest.mark.parametrize(("colleagues", "have", "later"), WHY)
def test_reason_tells_of_each_colleague(colleagues: tuple[Colleague, ...], have: str, later: str) -> None:
    (reason,) = reasons(ONE, DAY, everylands(), colleagues=colleagues)
    assert (reason.rule, reason.have) == ("need-1", have)
    assert reason.fix == (
        "Find a supervisor (physical therapist, physician) who is on the premises during the visit, or assign somebody"
        f" who needs no supervisor{later}."
    )


def test_reason_tells_of_a_supervisor_for_a_part_of_the_visit() -> None:
    late = visit(date(2026, 12, 31), hour=23, minutes=90)
    rules = written(permitting(f"{SUPERVISED.replace('on_site', 'direct')}years = 2"))
    (reason,) = reasons(rules, late, everylands(), colleagues=(colleague("ben", valid_until=date(2026, 12, 31)),))
    assert reason.have == "Ben meets what is asked of a supervisor for a part of the visit only"
    assert reason.fix.startswith(
        "Find a supervisor (physical therapist, physician) licensed for 2 years who is in the room during the visit"
    )
