"""Who may needle in Canberra: the National Law, and the territory's infection control licence.

Facts: licensure-world.md lines 71, 72 and 83.
"""

import pytest

from tests.rules.desk import AC, DC, MD, OS, PT, PTA, RMT, RULES, answer, ask, licence, paper

SITES = {
    "licensed": (paper("infection_control_licence", "AU-ACT"),),
    "not licensed": (),
    "licensed in Tasmania": (paper("infection_control_licence", "AU-TAS"),),
    "licensed to 2027-06-30": (paper("infection_control_licence", "AU-ACT", until="2027-06-30"),),
}

HOLDS = {
    "PT registration": (licence("AU"),),
    "PT registration to 2027-11-30": (licence("AU", until="2027-11-30"),),
    "New Zealand's PT registration": (licence("NZ"),),
    "DC registration": (licence("AU", DC),),
    "OS registration": (licence("AU", OS),),
    "AC registration": (licence("AU", AC),),
    "the clinic's licence as their own": (licence("AU"), paper("infection_control_licence", "AU-ACT")),
    "nothing": (),
}

TABLE = [
    (PT, "PT registration", "licensed", "2027-01-14", "may"),
    (DC, "DC registration", "licensed", "2027-01-14", "may"),
    (OS, "OS registration", "licensed", "2027-01-14", "may"),
    (AC, "AC registration", "licensed", "2027-01-14", "may"),
    # the licence is the site's, and the territory's own
    (PT, "PT registration", "not licensed", "2027-01-14", "may not: premises"),
    (PT, "PT registration", "licensed in Tasmania", "2027-01-14", "may not: premises"),
    (PT, "the clinic's licence as their own", "not licensed", "2027-01-14", "may not: premises"),
    (PT, "PT registration", "licensed to 2027-06-30", "2027-06-30", "may"),
    (PT, "PT registration", "licensed to 2027-06-30", "2027-07-01", "may not: premises"),
    # registration is the nation's
    (PT, "nothing", "licensed", "2027-01-14", "may not: licence"),
    (PT, "New Zealand's PT registration", "licensed", "2027-01-14", "may not: licence"),
    (PT, "PT registration to 2027-11-30", "licensed", "2027-11-30", "may"),
    (PT, "PT registration to 2027-11-30", "licensed", "2027-12-01", "may not: licence"),
    (AC, "PT registration", "licensed", "2027-01-14", "may not: licence"),
    # both are wanting, and both are told
    (PT, "nothing", "not licensed", "2027-01-14", "may not: premises, licence"),
    # massage therapists have no register; whoever no rule names may not
    (RMT, "nothing", "licensed", "2027-01-14", "may"),
    (RMT, "nothing", "not licensed", "2027-01-14", "may not: premises"),
    (MD, "nothing", "licensed", "2027-01-14", "may not: scope.none"),
    (PTA, "PT registration", "licensed", "2027-01-14", "may not: scope.none"),
]


@pytest.mark.parametrize(("who", "holds", "site", "day", "expected"), TABLE)
def test_australian_capital_territory(who: str, holds: str, site: str, day: str, expected: str) -> None:
    question = ask("AU-ACT", who, HOLDS[holds], site_credentials=SITES[site])
    assert answer("AU-ACT", question, day) == expected


def test_only_acupuncturists_are_called_so() -> None:
    for grant in RULES["AU"].grants:
        never = grant.wording.never if grant.wording else ()
        assert tuple(never) == (() if AC in grant.professions else ("acupuncturist",))
