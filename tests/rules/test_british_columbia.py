"""Who may needle in British Columbia. Facts: licensure-world.md lines 34 and 35."""

import pytest

from tests.rules.desk import DC, PT, PTA, RMT, answer, ask, licence, paper, signed, training

ROSTER, INSURED = paper("roster", "CA-BC"), paper("indemnity")
LISTED = training("2022-01-31", programme_listed=True)
HOURS = paper("practice", attributes={"earned": "2022-03-31", "practice_hours": 3900})
FEWER = paper("practice", attributes={"earned": "2022-03-31", "practice_hours": 3899})
THE_LAST = paper("practice", slug="later", attributes={"earned": "2026-12-31", "practice_hours": 1})

HOLDS = {
    "all": (licence("CA-BC"), ROSTER, LISTED, HOURS, INSURED),
    "no roster": (licence("CA-BC"), LISTED, HOURS, INSURED),
    "Ontario's roster": (licence("CA-BC"), paper("roster", "CA-ON"), LISTED, HOURS, INSURED),
    "programme not listed": (licence("CA-BC"), ROSTER, training("2022-01-31"), HOURS, INSURED),
    "3,899 hours": (licence("CA-BC"), ROSTER, LISTED, FEWER, INSURED),
    "3,900th hour on 2026-12-31": (licence("CA-BC"), ROSTER, LISTED, FEWER, THE_LAST, INSURED),
    "not insured": (licence("CA-BC"), ROSTER, LISTED, HOURS),
    "insured to 2027-05-31": (licence("CA-BC"), ROSTER, LISTED, HOURS, paper("indemnity", until="2027-05-31")),
    "registered to 2027-05-31": (licence("CA-BC", until="2027-05-31"), ROSTER, LISTED, HOURS, INSURED),
    "interim registration": (licence("CA-BC", register="interim"), ROSTER, LISTED, HOURS, INSURED),
    "since 2025-01-15": (licence("CA-BC", since="2025-01-15"), ROSTER, LISTED, HOURS, INSURED),
    "DC licence": (licence("CA-BC", DC),),
    "RMT licence": (licence("CA-BC", RMT),),
}

TABLE = [
    (PT, "all", "2027-01-14", "may"),
    (PT, "no roster", "2027-01-14", "may not: roster"),
    (PT, "Ontario's roster", "2027-01-14", "may not: roster"),
    (PT, "programme not listed", "2027-01-14", "may not: programme"),
    (PT, "not insured", "2027-01-14", "may not: indemnity"),
    # two years and 3,900 hours, both
    (PT, "3,899 hours", "2027-01-14", "may not: tenure"),
    (PT, "3,900th hour on 2026-12-31", "2026-12-30", "may not: tenure"),
    (PT, "3,900th hour on 2026-12-31", "2026-12-31", "may"),
    (PT, "since 2025-01-15", "2027-01-14", "may not: tenure"),
    (PT, "since 2025-01-15", "2027-01-15", "may"),
    (PT, "interim registration", "2027-01-14", "may not: licence"),
    # the year of registration ends on 31 May
    (PT, "registered to 2027-05-31", "2027-05-31", "may"),
    (PT, "registered to 2027-05-31", "2027-06-01", "may not: licence"),
    (PT, "insured to 2027-05-31", "2027-06-01", "may not: indemnity"),
    # the time before insurance was asked for is not written
    (PT, "all", "2022-05-31", "may not: scope.none"),
    (PT, "all", "2022-06-01", "may"),
    (PTA, "all", "2027-01-14", "may not: scope.none"),
    (DC, "DC licence", "2027-01-14", "may not: scope.silent"),
    (RMT, "RMT licence", "2027-01-14", "may not: scope.silent"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_british_columbia(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("CA-BC", ask("CA-BC", who, HOLDS[holds]), day) == expected


@pytest.mark.parametrize(
    ("who", "holds", "expected"),
    [(DC, "DC licence", "may"), (RMT, "RMT licence", "may"), (RMT, "DC licence", "may not: licence")],
)
def test_owner_decides_on_the_others(who: str, holds: str, expected: str) -> None:
    question = ask("CA-BC", who, HOLDS[holds], decisions=(signed("CA-BC", "others"),))
    assert answer("CA-BC", question, "2027-01-14") == expected
