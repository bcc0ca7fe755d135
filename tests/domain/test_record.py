"""A decision as it is written down: read again, it is the same question and gets the same answer."""

import json
from dataclasses import replace
from datetime import date
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import pytest

from booking.domain.credential import Credential
from booking.domain.eligibility import Ask, Colleague, Eligibility, OwnerDecision, evaluate, record
from booking.domain.eligibility.grounds import account, grounds
from booking.domain.ids import CredentialId, PractitionerId
from booking.domain.rules import RuleSet
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from tests.domain import lottery
from tests.domain.factories import make_ask, make_credential, make_practitioner, visit
from tests.domain.short_rules import everylands, permitting, written
from tests.domain.test_eligibility_day_by_day import ZONES, ask_of, rules_of

DAY = date(2027, 1, 14)
OF_AGE = 'need = "patient"\nmin_age = 16\nphase = "assign"\n'
LICENCE = everylands()


def body(answer: Eligibility, span: TimeSpan) -> Any:
    """What is written down, as a database gives it back: its keys in another order."""
    return json.loads(json.dumps(record.as_data(answer, "XX", span), sort_keys=True))


def asked_again(rules: RuleSet | None, answer: Eligibility, span: TimeSpan) -> tuple[record.Recorded, Eligibility]:
    known = record.read(body(answer, span), {})
    return known, evaluate(rules, known.asked({one.id: one for one in everybodys(answer.ask)}))


def everybodys(ask: Ask) -> list[Credential]:
    return [*ask.credentials, *ask.site_credentials, *(held for one in ask.colleagues for held in one.credentials)]


def told_apart(ask: Ask) -> Ask:
    """The same with an id and a version of its own for every credential."""
    numbers = count(1)

    def fresh(several: tuple[Credential, ...]) -> tuple[Credential, ...]:
        drawn = [next(numbers) for _ in several]
        return tuple(
            replace(one, id=CredentialId(UUID(int=number)), version=number)
            for one, number in zip(several, drawn, strict=True)
        )

    return replace(
        ask,
        credentials=fresh(ask.credentials),
        site_credentials=fresh(ask.site_credentials),
        colleagues=tuple(replace(one, credentials=fresh(one.credentials)) for one in ask.colleagues),
    )


def scattered(ask: Ask, span: TimeSpan, chance: Random) -> Ask:
    """The same with colleagues who are there and free at some time, or not."""
    half = span.start + span.length / 2
    halves = (TimeSpan(span.start, half), TimeSpan(half, span.end + span.length))
    times = [ALWAYS, ALWAYS, NEVER, *(SpanSet([one]) for one in halves)]
    away = (replace(one, present=chance.choice(times), free=chance.choice(times)) for one in ask.colleagues)
    return replace(ask, colleagues=tuple(away))


@pytest.mark.parametrize("number", range(40))
def test_whatever_is_asked_gets_the_same_answer_again(number: int) -> None:
    chance = Random(number)  # noqa: S311 - drawn to be drawn again, not to be secret
    stack = lottery.stack(chance)
    rules = rules_of(stack)
    for _ in range(10):
        zone = chance.choice(ZONES)
        span = visit(chance.choice(lottery.DAYS), hour=chance.choice([0, 10, 23]), minutes=90, zone=zone)
        ask = scattered(told_apart(ask_of(lottery.question(chance), zone)), span, chance)
        answer = evaluate(rules, ask)
        known, again = asked_again(rules, answer, span)
        assert known.span == span
        assert known.versions == {one.id: one.version for one in everybodys(ask)}
        assert known.leaves == answer.leaves(span) == again.leaves(span)
        assert known.allowed is answer.spans.covers(span) is again.spans.covers(span)


def test_question_is_read_as_it_was_written() -> None:
    """But for the patient's birthday, and what people are called."""
    decision = OwnerDecision(
        jurisdiction="XX", grant="pt", decided_on=DAY, decided_by="Olive Owner", basis="a letter", valid_until=DAY
    )
    bea = make_practitioner(id=PractitionerId(UUID(int=7)), name="Bea", profession="chiropractor")
    there = SpanSet([visit(DAY, minutes=15)])
    colleague = Colleague(practitioner=bea, credentials=(make_credential("training"),), present=there, free=NEVER)
    ask = make_ask(
        LICENCE, sides=frozenset({"left"}), adjunct=True, site="mill", site_credentials=(make_credential("approval"),),
        colleagues=(colleague,), decisions=(decision, replace(decision, valid_until=None)),
    )  # fmt: skip
    rules = written(permitting())
    known, again = asked_again(rules, evaluate(rules, ask), visit(DAY))
    named: dict[UUID, str] = {ask.practitioner.id: ask.practitioner.name, colleague.practitioner.id: "Bea"}
    bare = [replace(who, slug="") for who in (ask.practitioner, colleague.practitioner)]
    assert record.read(body(evaluate(rules, ask), visit(DAY)), named).ask.practitioner == bare[0]
    unnamed = [replace(who, name="somebody") for who in bare]
    assert again.ask == replace(ask, practitioner=unnamed[0], colleagues=(replace(colleague, practitioner=unnamed[1]),))
    assert known.rules == (rules.digest,)


@pytest.mark.parametrize(
    ("born", "reached"),
    [
        (None, None),
        (date(2011, 1, 14), {"16": True}),
        (date(2011, 1, 15), {"16": False}),
        (date(1950, 6, 1), {"16": True}),
        (date(2027, 1, 14), {"16": False}),
    ],
)
def test_of_a_birthday_only_the_ages_asked_about_are_written(born: date | None, reached: Any) -> None:
    rules = written(permitting(OF_AGE))
    answer = evaluate(rules, make_ask(LICENCE, patient_born=born))
    data = body(answer, visit(DAY))
    assert data["patient_reached"] == reached
    assert "2011" not in json.dumps(data)
    assert "1950" not in json.dumps(data)
    again = asked_again(rules, answer, visit(DAY))[1]
    assert again.leaves(visit(DAY)) == answer.leaves(visit(DAY))
    assert again.spans.covers(visit(DAY)) is bool(reached and reached["16"])


def test_birthday_in_the_middle_of_a_visit_is_not_reached() -> None:
    rules = written(permitting(OF_AGE))
    span = visit(date(2027, 1, 13), hour=23, minutes=90)
    answer = evaluate(rules, make_ask(LICENCE, patient_born=date(2011, 1, 14)))
    known, again = asked_again(rules, answer, span)
    assert known.leaves == again.leaves(span)
    assert (known.allowed, again.spans.covers(span)) == (False, False)


def test_age_on_a_leap_day_is_reached_again() -> None:
    rules = written(permitting(OF_AGE.replace("16", "18")))
    span = visit(date(2028, 2, 29))
    for born, may in ((date(2010, 2, 28), True), (date(2010, 3, 1), False)):
        answer = evaluate(rules, make_ask(LICENCE, patient_born=born))
        assert [one.spans.covers(span) for one in (answer, asked_again(rules, answer, span)[1])] == [may, may]


def test_birthday_nobody_asks_about_is_not_written() -> None:
    rules = written(permitting())
    data = body(evaluate(rules, make_ask(LICENCE, patient_born=date(1950, 6, 1))), visit(DAY))
    assert data["patient_reached"] == {}


def test_place_without_rules_is_written_as_such() -> None:
    answer = evaluate(None, make_ask(LICENCE))
    known, again = asked_again(None, answer, visit(DAY))
    assert (known.rules, known.allowed) == ((), False)
    assert known.leaves == again.leaves(visit(DAY)) == answer.leaves(visit(DAY))


@pytest.mark.parametrize(
    "spoil",
    [
        {"format": 1}, {"rules": None}, {"start": "soon"}, {"zone": "Atlantis"}, {"needs": [1]},
        {"colleagues": {"a": 1}}, {"practitioner": "Ada"}, {"credentials": [["x", 1]]}, {"owner_decisions": [{}]},
    ],
)  # fmt: skip
def test_anything_else_is_no_record(spoil: dict[str, Any]) -> None:
    data = body(evaluate(written(permitting()), make_ask(LICENCE)), visit(DAY))
    with pytest.raises(ValueError, match=r".*"):
        record.read({**data, **spoil}, {})
    with pytest.raises(ValueError, match="no record of a decision"):
        record.read({}, {})


TRAINED = 'need = "total"\nof = "hours_total"\nat_least = 50\n'


def test_grounds_name_what_allowed_and_where_it_can_be_read() -> None:
    rules = written(permitting(TRAINED))
    training = make_credential("training", number="T-7", attributes={"hours_total": 60})
    answer = evaluate(rules, make_ask(LICENCE, training))
    assert [(one.rule, one.held, one.by) for one in grounds(answer, visit(DAY))] == [
        ("scope.permitted", True, ()), ("licence", True, ("licence PT-1234, XX",)), ("need-1", True, ("training T-7",)),
    ]  # fmt: skip
    assert {one.source for one in grounds(answer, visit(DAY))} == {"The Act"}
    lines = account(evaluate(rules, make_ask(LICENCE, site="mill")), visit(DAY))
    who = "Ada Byrne, physical therapist, was not allowed to needle knee by trigger point"
    assert lines == (
        f"{who} at mill, Thursday 14 January 2027, 10:00 to 10:30 (America/Los_Angeles).",
        "By the rules of Everyland, 1:",
        "yes  The law permits it to: physical therapist [The Act]",
        "yes  A licence: licence PT-1234, XX [The Act]",
        "NO   ? [The Act]",
    )


def test_account_of_a_treatment_without_needles() -> None:
    answer = evaluate(None, make_ask(techniques=frozenset()))
    assert account(answer, visit(DAY))[1] == "No needle is used, and no rule on needling asked."
