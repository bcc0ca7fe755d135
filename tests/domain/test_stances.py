"""What the law says and how sure anybody is: who is refused until the clinic's owner has decided, and who always."""

from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.eligibility import OwnerDecision, evaluate
from booking.domain.rules import RuleSet
from booking.domain.time.span import ALWAYS, NEVER, SpanSet
from booking.domain.time.zone import day_span
from tests.domain.factories import SEATTLE, make_ask, make_credential, visit
from tests.domain.short_rules import everylands, permitting, reasons, written

DAY = visit(date(2027, 1, 14))


def decided(**changes: Any) -> OwnerDecision:
    plain = {"jurisdiction": "XX", "grant": "pt", "decided_on": date(2026, 12, 1), "decided_by": "Olive Owner",
             "basis": "letter of the board, 2026-11-20"}  # fmt: skip
    return OwnerDecision(**{**plain, **changes})


def days(first: str | None, last: str | None = None) -> SpanSet:
    start, end = (None if day is None else date.fromisoformat(day) for day in (first, last))
    return SpanSet([day_span(start, end, SEATTLE)])


def stance(instead: str, *needs: str) -> RuleSet:
    return written(permitting(*needs).replace('stance = "permitted"', f"{instead}\nsay = 'Nobody knows'"))


SILENT, UNSURE = 'stance = "silent"', 'stance = "permitted"\nconfidence = "low"'
ANSWERS = [
    ([], NEVER),
    ([decided()], days("2026-12-01")),
    ([decided(valid_until=date(2027, 1, 31))], days("2026-12-01", "2027-01-31")),
    ([decided(valid_until=date(2027, 1, 31)), decided(decided_on=date(2027, 2, 1))], days("2026-12-01")),
    ([decided(valid_until=date(2026, 11, 30))], NEVER),
    ([decided(grant="dc")], NEVER),
    ([decided(jurisdiction="YY")], NEVER),
]


@pytest.mark.parametrize("instead", [SILENT, UNSURE])
@pytest.mark.parametrize(("decisions", "expected"), ANSWERS)
def test_owner_s_decision_opens_what_nobody_knows(
    instead: str, decisions: list[OwnerDecision], expected: SpanSet
) -> None:
    assert evaluate(stance(instead), make_ask(everylands(), decisions=tuple(decisions))).spans == expected


@pytest.mark.parametrize("instead", [SILENT, UNSURE])
def test_owner_s_decision_leaves_needs_and_limits_as_they_are(instead: str) -> None:
    rules = stance(instead, 'need = "credential"\nkind = "training"')
    assert evaluate(rules, make_ask(everylands(), decisions=(decided(),))).spans == NEVER
    trained = make_ask(everylands(), make_credential("training"), decisions=(decided(),))
    assert evaluate(rules, trained).spans == days("2026-12-01")


@pytest.mark.parametrize("word", ["prohibited", "pending"])
def test_owner_cannot_decide_against_the_law(word: str) -> None:
    text = permitting().partition("[[grant.require]]")[0].replace("permitted", word)
    rules = written(f"{text}say = 'No'\n")
    assert evaluate(rules, make_ask(everylands(), decisions=(decided(),))).spans == NEVER


@pytest.mark.parametrize(("confidence", "expected"), [("high", ALWAYS), ("medium", ALWAYS), ("low", NEVER)])
def test_low_confidence_alone_waits_for_the_owner(confidence: str, expected: SpanSet) -> None:
    rules = stance(f'stance = "permitted"\nconfidence = "{confidence}"')
    assert evaluate(rules, make_ask(everylands())).spans == expected


def test_confidence_of_the_file_is_that_of_its_grants() -> None:
    rules = written(permitting().replace("high", "low"))
    assert evaluate(rules, make_ask(everylands())).spans == ALWAYS
    low = stance('stance = "permitted"\nconfidence = "low"')
    assert (low.confidence, low.grants[0].confidence, rules.grants[0].confidence) == ("high", "low", "high")


def test_one_sure_permission_is_enough_beside_one_that_is_not() -> None:
    rules = written(permitting(), permitting(name="other").replace('"permitted"', '"permitted"\nconfidence = "low"'))
    assert evaluate(rules, make_ask(everylands())).spans == ALWAYS


TOLD = [
    (SILENT, (), "scope.silent", "Nobody knows", "a physical therapist; no decision of the owner", None),
    (
        UNSURE, (), "scope.low_confidence",
        "too little is known of this rule to rely on it; the clinic's owner must decide",
        "a physical therapist; no decision of the owner", None,
    ),
    (
        SILENT, (decided(valid_until=date(2026, 12, 31)), decided(decided_on=date(2027, 3, 1))), "scope.silent",
        "Nobody knows",
        "a physical therapist; the owner's decision of 2026-12-01, to 2026-12-31; the owner's decision of 2027-03-01",
        date(2027, 3, 1),
    ),
    (
        f"{SILENT}\ncontested = true", (), "scope.silent", "Nobody knows (this is contested)",
        "a physical therapist; no decision of the owner", None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("instead", "decisions", "rule", "need", "have", "true_from"), TOLD)
def test_reason_tells_what_the_owner_has_to_do(
    instead: str, decisions: tuple[OwnerDecision, ...], rule: str, need: str, have: str, true_from: date | None
) -> None:
    (reason,) = reasons(stance(instead), DAY, everylands(), decisions=decisions)
    assert (reason.rule, reason.need, reason.have, reason.true_from) == (rule, need, have, true_from)
    assert reason.fix == (
        "Have the clinic's owner read the sources and record a dated decision with its basis, or assign a practitioner"
        " of another profession."
    )


def test_reasons_tell_the_needs_besides_the_decision() -> None:
    rules = stance(SILENT, 'need = "credential"\nkind = "training"')
    assert [one.rule for one in reasons(rules, DAY, everylands())] == ["scope.silent", "need-1"]
    assert [one.rule for one in reasons(rules, DAY, everylands(), decisions=(decided(),))] == ["need-1"]


def test_visit_over_the_end_of_a_decision_is_refused() -> None:
    rules = stance(SILENT)
    late = visit(date(2027, 1, 31), hour=23, minutes=60)
    ask = make_ask(everylands(), decisions=(decided(valid_until=date(2027, 1, 31)),))
    assert evaluate(rules, ask).reasons(late) == ()
    longer = late.padded(timedelta(), timedelta(minutes=1))
    assert [one.rule for one in evaluate(rules, ask).reasons(longer)] == ["scope.silent"]


def test_leaves_tell_whether_the_owner_had_decided() -> None:
    for instead, scope in ((SILENT, "scope.silent"), (UNSURE, "scope.low_confidence")):
        for decisions in ((), (decided(),)):
            found = evaluate(stance(instead), make_ask(everylands(), decisions=decisions)).leaves(DAY)
            assert [(leaf.need, leaf.held) for leaf in found] == [(scope, bool(decisions)), ("licence", True)]


EVERYBODY = permitting().replace('["physical_therapist"]', '["*"]').partition("[[grant.require]]")[0]


def test_everybody_is_whoever_it_may_be() -> None:
    rules = written(f"{EVERYBODY}unlicensed = true\n")
    for profession in ("physical_therapist", "acupuncturist", "florist"):
        assert evaluate(rules, make_ask(profession=profession)).spans == ALWAYS


def test_licence_of_everybody_is_one_of_their_own_profession() -> None:
    rules = written(permitting().replace('["physical_therapist"]', '["*"]'))
    dentist = everylands(profession="dentist")
    assert evaluate(rules, make_ask(dentist, profession="dentist")).spans == ALWAYS
    assert evaluate(rules, make_ask(dentist)).spans == NEVER
