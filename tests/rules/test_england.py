"""Who may needle in England outside London: the law of the United Kingdom, and local registration.

Facts: licensure-world.md lines 55 and 56.
"""

from dataclasses import replace

import pytest

from booking.domain.eligibility import Colleague
from booking.domain.ids import PractitionerId
from tests.domain.factories import an_id, make_practitioner
from tests.rules.desk import AC, DC, MD, OS, PT, PTA, RMT, answer, ask, licence, paper

INSURED = paper("indemnity")
NO_CHEST = paper("indemnity", regions=frozenset({"knee", "shoulder", "lumbar"}))
PERSON = paper("local_authority_registration")
PREMISES = (paper("local_authority_registration", slug="premises"),)

HOLDS = {
    "HCPC, insured, registered": (licence("GB"), INSURED, PERSON),
    "HCPC, insured without the chest, registered": (licence("GB"), NO_CHEST, PERSON),
    "HCPC, insured without the chest and elsewhere with it, registered": (
        licence("GB"),
        NO_CHEST,
        replace(paper("indemnity", slug="more"), regions=frozenset({"thorax", "upper_trapezius"})),
        PERSON,
    ),
    "HCPC, registered": (licence("GB"), PERSON),
    "HCPC, insured": (licence("GB"), INSURED),
    "HCPC to 2027-01-31": (licence("GB", until="2027-01-31"), INSURED, PERSON),
    "GCC, insured, registered": (licence("GB", DC), INSURED, PERSON),
    "GOsC, insured": (licence("GB", OS), INSURED),
    "GOsC, insured, registered": (licence("GB", OS), INSURED, PERSON),
    "GMC": (licence("GB", MD),),
    "registered": (PERSON,),
    "nothing": (),
}

BO = make_practitioner(id=PractitionerId(an_id("bo")), slug="bo", profession=MD)

TABLE = [
    (PT, "HCPC, insured, registered", "registered", "knee", "2027-01-14", "may"),
    (PT, "HCPC, registered", "registered", "knee", "2027-01-14", "may not: indemnity"),
    (PT, "registered", "registered", "knee", "2027-01-14", "may not: licence, indemnity"),
    # person and premises, both
    (PT, "HCPC, insured", "registered", "knee", "2027-01-14", "may not: local"),
    (PT, "HCPC, insured, registered", "not registered", "knee", "2027-01-14", "may not: local"),
    # the scheme that leaves out the chest: the shoulder is covered, the upper trapezius lies over the lung
    (PT, "HCPC, insured without the chest, registered", "registered", "shoulder", "2027-01-14", "may"),
    (PT, "HCPC, insured without the chest, registered", "registered", "thorax", "2027-01-14", "may not: indemnity"),
    (
        PT, "HCPC, insured without the chest, registered", "registered", "upper_trapezius", "2027-01-14",
        "may not: indemnity",
    ),
    (
        PT, "HCPC, insured without the chest and elsewhere with it, registered", "registered",
        "shoulder upper_trapezius", "2027-01-14", "may",
    ),
    (PT, "HCPC to 2027-01-31", "registered", "knee", "2027-01-31", "may"),
    (PT, "HCPC to 2027-01-31", "registered", "knee", "2027-02-01", "may not: licence"),
    # chiropractors and osteopaths register locally as well; doctors do not
    (DC, "GCC, insured, registered", "registered", "knee", "2027-01-14", "may"),
    (OS, "GOsC, insured, registered", "registered", "knee", "2027-01-14", "may"),
    (OS, "GOsC, insured", "registered", "knee", "2027-01-14", "may not: local"),
    (OS, "GCC, insured, registered", "registered", "knee", "2027-01-14", "may not: licence"),
    (MD, "GMC", "not registered", "knee", "2027-01-14", "may"),
    (MD, "nothing", "not registered", "knee", "2027-01-14", "may not: licence"),
    # those without a statutory register
    (AC, "registered", "registered", "knee", "2027-01-14", "may"),
    (RMT, "registered", "not registered", "knee", "2027-01-14", "may not: local"),
    (RMT, "nothing", "registered", "knee", "2027-01-14", "may not: local"),
    (PTA, "registered", "registered", "knee", "2027-01-14", "may not: scope.none"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "holds", "premises", "where", "day", "expected"), TABLE)
def test_england(who: str, holds: str, premises: str, where: str, day: str, expected: str) -> None:
    site = PREMISES if premises == "registered" else ()
    assert answer("GB-ENG", ask("GB-ENG", who, HOLDS[holds], where, site_credentials=site), day) == expected


@pytest.mark.parametrize(("holds", "expected"), [("GMC", "may"), ("nothing", "may not: local")])
def test_doctor_who_supervises_stands_for_local_registration(holds: str, expected: str) -> None:
    doctor = Colleague(practitioner=BO, credentials=HOLDS[holds])
    question = ask("GB-ENG", PT, HOLDS["HCPC, insured"], colleagues=(doctor,))
    assert answer("GB-ENG", question, "2027-01-14") == expected
