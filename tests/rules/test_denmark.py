"""Who may needle in Denmark: anybody outside the chest, few within it. Facts: licensure-world.md lines 97 to 101."""

from typing import Any

import pytest

from booking.domain.credential import Credential
from tests.rules.desk import (
    AC,
    DC,
    MD,
    NURSE,
    OS,
    OT,
    PT,
    PTA,
    RMT,
    answer,
    ask,
    asked_at_the_start,
    licence,
    paper,
    training,
)

REPORTED = paper("registration", "DK")
APPLIED = paper("registration", "DK", attributes={"status": "applied"})
EDUCATED: dict[str, Any] = {"hours_health_education": 660, "hours_acupuncture": 250}


def course(days: int, earned: str = "2021-05-31") -> Credential:
    """The course on injury of the lung."""
    return paper("thorax_safety_course", attributes={"days": days, "earned": earned})


HOLDS = {
    "nothing": (),
    "authorisation": (licence("DK"),),
    "authorisation, 1 day, reported": (licence("DK"), course(1), REPORTED),
    "authorisation, 1 day of 2027-01-10, reported": (licence("DK"), course(1, "2027-01-10"), REPORTED),
    "authorisation, 1 day, report on its way": (licence("DK"), course(1), APPLIED),
    "authorisation, 1 day": (licence("DK"), course(1)),
    "authorisation, reported": (licence("DK"), REPORTED),
    "Swedish authorisation, 1 day, reported": (licence("SE"), course(1), REPORTED),
    "nurse, 1 day, reported": (licence("DK", NURSE), course(1), REPORTED),
    "OT, 1 day, reported": (licence("DK", OT), course(1), REPORTED),
    "OT, 3 days, reported": (licence("DK", OT), course(3), REPORTED),
    "OT, 2 days, reported": (licence("DK", OT), course(2), REPORTED),
    "OT, 3 days, reported in Sweden": (licence("DK", OT), course(3), paper("registration", "SE")),
    "OS, 3 days, reported": (licence("DK", OS), course(3), REPORTED),
    "doctor": (licence("DK", MD),),
    "chiropractor": (licence("DK", DC),),
    "3 days, reported, education": (course(3), REPORTED, training("2021-05-31", **EDUCATED)),
    "3 days, reported, education in acupuncture": (
        course(3),
        REPORTED,
        training("2021-05-31", **EDUCATED, subject="acupuncture"),
    ),
    "3 days, reported, 659 hours": (
        course(3),
        REPORTED,
        training("2021-05-31", hours_health_education=659, hours_acupuncture=250),
    ),
    "3 days, reported, 249 hours of acupuncture": (
        course(3),
        REPORTED,
        training("2021-05-31", hours_health_education=660, hours_acupuncture=249),
    ),
    "3 days, reported": (course(3), REPORTED),
}

TABLE = [
    # outside the chest: anybody
    (PT, "nothing", "knee", "2027-01-14", "may"),
    (RMT, "nothing", "knee lumbar shoulder neck_posterior", "2027-01-14", "may"),
    (PTA, "nothing", "knee", "2027-01-14", "may"),
    # the chest, and how far it reaches; a treatment that names no region may reach it
    (PTA, "nothing", "thorax", "2027-01-14", "may not: limit.regions_never"),
    (PT, "authorisation", "thorax", "2027-01-14", "may not: chest"),
    (PT, "authorisation", "knee scapular", "2027-01-14", "may not: chest"),
    (PT, "authorisation", "upper_trapezius", "2027-01-14", "may not: chest"),
    (PT, "authorisation", "supraclavicular", "2027-01-14", "may not: chest"),
    (PT, "authorisation", "neck_lateral", "2027-01-14", "may not: chest"),
    (PT, "authorisation", "", "2027-01-14", "may not: chest"),
    # doctors and chiropractors: their authorisation is enough
    (MD, "doctor", "thorax", "2027-01-14", "may"),
    (DC, "chiropractor", "thorax", "2027-01-14", "may"),
    (MD, "nothing", "thorax", "2027-01-14", "may not: licence"),
    # physiotherapists and nurses: one day, reported before they act
    (PT, "authorisation, 1 day, reported", "thorax", "2027-01-14", "may"),
    (PT, "authorisation, 1 day, reported", "upper_trapezius supraclavicular", "2027-01-14", "may"),
    (NURSE, "nurse, 1 day, reported", "thorax", "2027-01-14", "may"),
    (PT, "authorisation, 1 day, report on its way", "thorax", "2027-01-14", "may"),
    (PT, "authorisation, 1 day", "thorax", "2027-01-14", "may not: chest"),
    (PT, "authorisation, reported", "thorax", "2027-01-14", "may not: chest"),
    (PT, "Swedish authorisation, 1 day, reported", "thorax", "2027-01-14", "may not: licence"),
    (PT, "authorisation, 1 day of 2027-01-10, reported", "thorax", "2027-01-09", "may not: chest"),
    (PT, "authorisation, 1 day of 2027-01-10, reported", "thorax", "2027-01-10", "may"),
    # other authorised people: three days
    (OT, "OT, 1 day, reported", "thorax", "2027-01-14", "may not: chest"),
    (OT, "OT, 2 days, reported", "thorax", "2027-01-14", "may not: chest"),
    (OT, "OT, 3 days, reported in Sweden", "thorax", "2027-01-14", "may not: chest"),
    (OT, "OT, 3 days, reported", "thorax", "2027-01-14", "may"),
    (OT, "OT, 3 days, reported", "thorax", "2021-06-30", "may not: limit.regions_never"),
    (OS, "OS, 3 days, reported", "thorax", "2027-01-14", "may"),
    # people without authorisation: an education as well
    (AC, "3 days, reported, education", "thorax", "2027-01-14", "may"),
    (AC, "3 days, reported, education in acupuncture", "thorax", "2027-01-14", "may"),
    (RMT, "3 days, reported, 659 hours", "thorax", "2027-01-14", "may not: education"),
    (RMT, "3 days, reported, 249 hours of acupuncture", "thorax", "2027-01-14", "may not: education.acupuncture"),
    (AC, "3 days, reported", "thorax", "2027-01-14", "may not: education, education.acupuncture"),
    (AC, "3 days, reported", "knee", "2027-01-14", "may"),
    # the days on which the law changed; the chest before them is not written
    (PT, "authorisation, 1 day, reported", "thorax", "2021-06-30", "may not: limit.regions_never"),
    (PT, "authorisation, 1 day, reported", "thorax", "2021-07-01", "may"),
    (AC, "3 days, reported, education", "thorax", "2024-06-30", "may not: limit.regions_never"),
    (AC, "3 days, reported, education", "thorax", "2024-07-01", "may"),
]


@pytest.mark.parametrize(("who", "holds", "where", "day", "expected"), TABLE)
def test_denmark(who: str, holds: str, where: str, day: str, expected: str) -> None:
    assert answer("DK", ask("DK", who, HOLDS[holds], where), day) == expected


def test_course_is_not_asked_for_in_a_public_hospital() -> None:
    hospital = (paper("public_hospital"),)
    question = ask("DK", PT, HOLDS["authorisation"], "thorax", site_credentials=hospital)
    assert answer("DK", question, "2027-01-14") == "may"


def test_patient_is_told_of_the_course_before_the_chest_is_needled() -> None:
    asked = [asked_at_the_start("DK", ask("DK", PT, (), where)) for where in ("thorax", "upper_trapezius", "knee")]
    assert asked == ["told", "told", ""]
