"""Who may needle in Wales: the law of the United Kingdom, and the special procedure licence since 29 November 2024.

Facts: licensure-world.md lines 55, 59 and 60.
"""

from typing import Any

import pytest

from booking.domain.credential import Credential
from tests.rules.desk import AC, DC, MD, OS, PT, RMT, answer, ask, licence, paper

INSURED, AWARD = paper("indemnity"), paper("infection_control_award")
COUNCIL = paper("local_authority_registration")
SITES = {
    "approved": (paper("premises_approval"),),
    "not approved": (),
    "registered with the council": (paper("local_authority_registration"),),
}


def special(sites: str = "cardiff swansea", **changes: Any) -> Credential:
    """A special procedure licence for acupuncture at the sites."""
    attributes = {"procedure": "acupuncture", "sites": sites, **changes.pop("attributes", {})}
    return paper("special_procedure_licence", "GB-WLS", attributes=attributes, **changes)


GCC, HCPC = (licence("GB", DC), INSURED), (licence("GB"), INSURED)

HOLDS = {
    "GCC, special licence, award": (*GCC, special(), AWARD),
    "GCC, special licence": (*GCC, special()),
    "GCC, special licence for Swansea, award": (*GCC, special("swansea"), AWARD),
    "GCC, special licence for tattooing, award": (*GCC, special(attributes={"procedure": "tattooing"}), AWARD),
    "GCC, special licence to 2027-12-15, award": (*GCC, special(until="2027-12-15"), AWARD),
    "GCC, transitional licence, award": (*GCC, special(attributes={"status": "transitional"}), AWARD),
    "GCC, registered with the council": (*GCC, COUNCIL),
    "GCC, recorded exemption": (*GCC, paper("special_procedure_exemption")),
    "GOsC, special licence, award": (licence("GB", OS), INSURED, special(), AWARD),
    "special licence, award": (special(), AWARD),
    "HCPC": HCPC,
    "HCPC, recorded exemption": (*HCPC, paper("special_procedure_exemption")),
    "HCPC, special licence, award": (*HCPC, special(), AWARD),
    "HCPC, registered with the council": (*HCPC, COUNCIL),
    "GMC": (licence("GB", MD),),
    "GMC, recorded exemption": (licence("GB", MD), paper("special_procedure_exemption")),
}

TABLE = [
    # chiropractors are not exempt: licence, award and premises
    (DC, "GCC, special licence, award", "approved", "2027-01-14", "may"),
    (DC, "GCC, special licence", "approved", "2027-01-14", "may not: award"),
    (DC, "GCC, special licence, award", "not approved", "2027-01-14", "may not: premises"),
    (DC, "GCC, recorded exemption", "approved", "2027-01-14", "may not: licence, award"),
    # the licence names its premises and its procedure, and ends
    (DC, "GCC, special licence for Swansea, award", "approved", "2027-01-14", "may not: licence"),
    (DC, "GCC, special licence for tattooing, award", "approved", "2027-01-14", "may not: licence"),
    (DC, "GCC, special licence to 2027-12-15, award", "approved", "2027-12-15", "may"),
    (DC, "GCC, special licence to 2027-12-15, award", "approved", "2027-12-16", "may not: licence"),
    (DC, "GCC, transitional licence, award", "approved", "2027-01-14", "may not: licence"),
    # the law changed on 29 November 2024
    (DC, "GCC, registered with the council", "registered with the council", "2024-11-28", "may"),
    (
        DC, "GCC, registered with the council", "registered with the council", "2024-11-29",
        "may not: licence, award, premises",
    ),
    (DC, "GCC, special licence, award", "approved", "2024-11-28", "may not: person, premises"),
    (DC, "GCC, special licence, award", "approved", "2024-11-29", "may"),
    (PT, "HCPC, registered with the council", "registered with the council", "2024-11-28", "may"),
    # others without an exemption; both laws are asked
    (OS, "GOsC, special licence, award", "approved", "2027-01-14", "may"),
    (DC, "special licence, award", "approved", "2027-01-14", "may not: licence, indemnity"),
    (AC, "special licence, award", "approved", "2027-01-14", "may"),
    (RMT, "special licence, award", "not approved", "2027-01-14", "may not: premises"),
    # physiotherapists and doctors: an exemption recorded with its basis, or else like everybody
    (PT, "HCPC", "not approved", "2027-01-14", "may not: special"),
    (PT, "HCPC, recorded exemption", "not approved", "2027-01-14", "may"),
    (PT, "HCPC, special licence, award", "approved", "2027-01-14", "may"),
    (PT, "HCPC, special licence, award", "not approved", "2027-01-14", "may not: special"),
    (MD, "GMC", "not approved", "2027-01-14", "may not: special"),
    (MD, "GMC, recorded exemption", "not approved", "2027-01-14", "may"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "holds", "premises", "day", "expected"), TABLE)
def test_wales(who: str, holds: str, premises: str, day: str, expected: str) -> None:
    question = ask("GB-WLS", who, HOLDS[holds], site="cardiff", site_credentials=SITES[premises])
    assert answer("GB-WLS", question, day) == expected
