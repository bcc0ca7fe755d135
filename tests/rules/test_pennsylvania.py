"""Who may needle in Pennsylvania. Facts: licensure-us.md lines 113 and 114."""

import pytest

from tests.rules.desk import DC, PT, PTA, answer, ask, licence, signed, training

HOLDS = {
    "licence, course": (licence("US-PA"), training(hands_on=True)),
    "licence": (licence("US-PA"),),
    "licence, course without hands-on work": (licence("US-PA"), training(hands_on=False)),
    "DC licence": (licence("US-PA", DC),),
    "nothing": (),
}

TABLE = [
    # the law is silent: nobody, whatever their training, without the owner's decision
    (PT, "licence, course", "", "may not: scope.silent"),
    (PT, "licence", "", "may not: scope.silent, training"),
    (DC, "DC licence", "", "may not: scope.silent"),
    (PTA, "licence, course", "", "may not: scope.none"),
    # with it, the least is asked for all the same
    (PT, "licence, course", "pt", "may"),
    (PT, "licence, course without hands-on work", "pt", "may not: training"),
    (PT, "nothing", "pt", "may not: licence, training"),
    (DC, "DC licence", "dc", "may"),
    (DC, "nothing", "dc", "may not: licence"),
    # a decision on one profession is none on another
    (DC, "DC licence", "pt", "may not: scope.silent"),
]


@pytest.mark.parametrize(("who", "holds", "decided", "expected"), TABLE)
def test_pennsylvania(who: str, holds: str, decided: str, expected: str) -> None:
    decisions = (signed("US-PA", decided),) if decided else ()
    assert answer("US-PA", ask("US-PA", who, HOLDS[holds], decisions=decisions), "2027-01-14") == expected


def test_decision_holds_on_its_days_only() -> None:
    decision = signed("US-PA", "pt", on="2027-01-10", until="2027-02-28")
    question = ask("US-PA", PT, HOLDS["licence, course"], decisions=(decision,))
    days = ("2027-01-09", "2027-01-10", "2027-02-28", "2027-03-01")
    refused = "may not: scope.silent"
    assert [answer("US-PA", question, day) for day in days] == [refused, "may", "may", refused]
