"""Who may needle in Alberta. Facts: licensure-world.md lines 32 and 33."""

import pytest

from tests.rules.desk import DC, PT, PTA, RMT, answer, ask, asked_at_the_start, licence, paper, signed

AUTHORISED = paper("authorisation", "CA-AB")

HOLDS = {
    "permit, authorisation": (licence("CA-AB"), AUTHORISED),
    "permit": (licence("CA-AB"),),
    "permit, British Columbia's authorisation": (licence("CA-AB"), paper("authorisation", "CA-BC")),
    "permit, authorisation to 2027-01-13": (licence("CA-AB"), paper("authorisation", "CA-AB", until="2027-01-13")),
    "provisional permit, authorisation": (licence("CA-AB", register="provisional"), AUTHORISED),
    "British Columbia's licence, authorisation": (licence("CA-BC"), AUTHORISED),
    "DC licence": (licence("CA-AB", DC),),
}

TABLE = [
    (PT, "permit, authorisation", "2027-01-14", "may"),
    (PT, "permit", "2027-01-14", "may not: authorisation"),
    (PT, "permit, British Columbia's authorisation", "2027-01-14", "may not: authorisation"),
    (PT, "permit, authorisation to 2027-01-13", "2027-01-13", "may"),
    (PT, "permit, authorisation to 2027-01-13", "2027-01-14", "may not: authorisation"),
    (PT, "British Columbia's licence, authorisation", "2027-01-14", "may not: licence"),
    # nobody on the provisional register needles
    (PT, "provisional permit, authorisation", "2027-01-14", "may not: licence"),
    # the present law begins on 31 March 2023
    (PT, "permit, authorisation", "2023-03-30", "may not: scope.none"),
    (PT, "permit, authorisation", "2023-03-31", "may"),
    # what was not read is refused
    (DC, "DC licence", "2027-01-14", "may not: scope.silent"),
    (RMT, "permit, authorisation", "2027-01-14", "may not: scope.none"),
    (PTA, "permit, authorisation", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_alberta(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("CA-AB", ask("CA-AB", who, HOLDS[holds]), day) == expected


def test_owner_decides_on_chiropractors() -> None:
    question = ask("CA-AB", DC, HOLDS["DC licence"], decisions=(signed("CA-AB", "dc"),))
    assert answer("CA-AB", question, "2027-01-14") == "may"


def test_patient_consents_first() -> None:
    assert asked_at_the_start("CA-AB", ask("CA-AB", PT, ())) == "consent"
