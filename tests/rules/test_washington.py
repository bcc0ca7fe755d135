"""Who may needle in Washington. Facts: licensure-us.md lines 43, 129 to 131 and 151, licensure.md line 70."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.rules.desk import (
    AC,
    DC,
    MD,
    OT,
    PT,
    PTA,
    answer,
    ask,
    asked_at_the_start,
    licence,
    paper,
    privilege,
    suspended,
    training,
)

# 325 hours, of which 100 are didactic, and 150 sessions under supervision
HOURS: dict[str, Any] = {"hours_total": 325, "hours_didactic": 100, "supervised_sessions": 150}
# the first day on which the department gave one
ENDORSED = replace(paper("endorsement", "US-WA"), valid_from=date(2024, 7, 1))
COURSE = training(**HOURS)

HOLDS = {
    "licence, endorsement, course": (licence("US-WA"), ENDORSED, COURSE),
    "licence, course": (licence("US-WA"), COURSE),
    "licence, endorsement": (licence("US-WA"), ENDORSED),
    "licence, endorsement, 324 hours": (licence("US-WA"), ENDORSED, training(**{**HOURS, "hours_total": 324})),
    "licence, endorsement, 99 of them didactic": (
        licence("US-WA"),
        ENDORSED,
        training(**{**HOURS, "hours_didactic": 99}),
    ),
    "licence, endorsement, 149 sessions": (
        licence("US-WA"),
        ENDORSED,
        training(**{**HOURS, "supervised_sessions": 149}),
    ),
    "licence, endorsement, course of 2026-12-05": (licence("US-WA"), ENDORSED, training("2026-12-05", **HOURS)),
    "licence, Oregon's endorsement, course": (licence("US-WA"), replace(ENDORSED, jurisdiction="US-OR"), COURSE),
    "licence, endorsement to 2027-03-31, course": (
        licence("US-WA"),
        replace(ENDORSED, valid_until=date(2027, 3, 31)),
        COURSE,
    ),
    "licence since 2024-02-29, endorsement, course": (licence("US-WA", since="2024-02-29"), ENDORSED, COURSE),
    "licence since 2026-10-01, Idaho's since 2025-06-01, endorsement, course": (
        licence("US-WA", since="2026-10-01"),
        licence("US-ID", since="2025-06-01", until="2026-09-30"),
        ENDORSED,
        COURSE,
    ),
    "licence to 2027-01-31, endorsement, course": (licence("US-WA", until="2027-01-31"), ENDORSED, COURSE),
    "licence renewed for 2027 in time, endorsement, course": (
        licence("US-WA", until="2026-12-31"),
        licence("US-WA", since="2027-01-01"),
        ENDORSED,
        COURSE,
    ),
    "licence renewed for 2027 a day late, endorsement, course": (
        licence("US-WA", until="2026-12-31"),
        licence("US-WA", since="2027-01-02"),
        ENDORSED,
        COURSE,
    ),
    "licence suspended in March 2027, endorsement, course": (
        suspended(licence("US-WA"), "2027-03-01", "2027-03-31"),
        ENDORSED,
        COURSE,
    ),
    "licence, endorsement suspended from 2027-03-01, course": (
        licence("US-WA"),
        suspended(ENDORSED, "2027-03-01"),
        COURSE,
    ),
    "Idaho's licence to 2027-01-31, privilege, endorsement, course": (
        licence("US-ID", until="2027-01-31"),
        privilege("US-WA", "US-ID", until="2027-12-31"),
        ENDORSED,
        COURSE,
    ),
    "Idaho's licence, endorsement, course": (licence("US-ID"), ENDORSED, COURSE),
    "OT licence, endorsement, course": (licence("US-WA", OT), ENDORSED, COURSE),
    "AC licence to 2027-01-31": (licence("US-WA", AC, until="2027-01-31"),),
    "nothing": (),
}

ALL = "licence, endorsement, tenure, hours, hours.didactic, sessions"

TABLE = [
    (PT, "licence, endorsement, course", "2027-01-14", "may"),
    (PT, "nothing", "2027-01-14", f"may not: {ALL}"),
    # the endorsement, and what it rests on
    (PT, "licence, course", "2027-01-14", "may not: endorsement"),
    (PT, "licence, Oregon's endorsement, course", "2027-01-14", "may not: endorsement"),
    (PT, "licence, endorsement", "2027-01-14", "may not: hours, hours.didactic, sessions"),
    (PT, "licence, endorsement, 324 hours", "2027-01-14", "may not: hours"),
    (PT, "licence, endorsement, 99 of them didactic", "2027-01-14", "may not: hours.didactic"),
    (PT, "licence, endorsement, 149 sessions", "2027-01-14", "may not: sessions"),
    (PT, "licence, endorsement, course of 2026-12-05", "2026-12-04", "may not: hours, hours.didactic, sessions"),
    (PT, "licence, endorsement, course of 2026-12-05", "2026-12-05", "may"),
    # outside the scope to 21 June 2024; the rule from the 22nd, endorsements from 1 July
    (PT, "licence, endorsement, course", "2024-06-21", "may not: scope.prohibited"),
    (PT, "licence, endorsement, course", "2024-06-22", "may not: endorsement"),
    (PT, "licence, endorsement, course", "2024-06-30", "may not: endorsement"),
    (PT, "licence, endorsement, course", "2024-07-01", "may"),
    # one year from a leap day is over on 1 March
    (PT, "licence since 2024-02-29, endorsement, course", "2025-02-28", "may not: tenure"),
    (PT, "licence since 2024-02-29, endorsement, course", "2025-03-01", "may"),
    # it may have been spent elsewhere
    (PT, "licence since 2026-10-01, Idaho's since 2025-06-01, endorsement, course", "2026-09-30", "may not: licence"),
    (PT, "licence since 2026-10-01, Idaho's since 2025-06-01, endorsement, course", "2026-10-01", "may"),
    # the last day counts, the next does not
    (PT, "licence to 2027-01-31, endorsement, course", "2027-01-31", "may"),
    (PT, "licence to 2027-01-31, endorsement, course", "2027-02-01", "may not: licence"),
    (PT, "licence, endorsement to 2027-03-31, course", "2027-03-31", "may"),
    (PT, "licence, endorsement to 2027-03-31, course", "2027-04-01", "may not: endorsement"),
    # a renewal interrupts nothing; one that comes a day late leaves out that day, and no year begins again
    (PT, "licence renewed for 2027 in time, endorsement, course", "2026-12-31", "may"),
    (PT, "licence renewed for 2027 in time, endorsement, course", "2027-01-01", "may"),
    (PT, "licence renewed for 2027 a day late, endorsement, course", "2026-12-31", "may"),
    (PT, "licence renewed for 2027 a day late, endorsement, course", "2027-01-01", "may not: licence"),
    (PT, "licence renewed for 2027 a day late, endorsement, course", "2027-01-02", "may"),
    # from the first day of a suspension to its last
    (PT, "licence suspended in March 2027, endorsement, course", "2027-02-28", "may"),
    (PT, "licence suspended in March 2027, endorsement, course", "2027-03-01", "may not: licence"),
    (PT, "licence suspended in March 2027, endorsement, course", "2027-03-31", "may not: licence"),
    (PT, "licence suspended in March 2027, endorsement, course", "2027-04-01", "may"),
    (PT, "licence, endorsement suspended from 2027-03-01, course", "2027-02-28", "may"),
    (PT, "licence, endorsement suspended from 2027-03-01, course", "2027-03-01", "may not: endorsement"),
    # a compact privilege lasts while its home licence does
    (PT, "Idaho's licence to 2027-01-31, privilege, endorsement, course", "2027-01-31", "may"),
    (PT, "Idaho's licence to 2027-01-31, privilege, endorsement, course", "2027-02-01", "may not: licence"),
    (PT, "Idaho's licence, endorsement, course", "2027-01-14", "may not: licence"),
    # occupational therapists would be added by a bill that was not seen enacted; nobody else is named
    (OT, "OT licence, endorsement, course", "2027-01-14", "may not: scope.none"),
    (PTA, "licence, endorsement, course", "2027-01-14", "may not: scope.none"),
    (DC, "licence, endorsement, course", "2027-01-14", "may not: scope.none"),
    (MD, "nothing", "2027-01-14", "may not: scope.none"),
    # their own act names needling of trigger points
    (AC, "AC licence to 2027-01-31", "2027-01-31", "may"),
    (AC, "AC licence to 2027-01-31", "2027-02-01", "may not: licence"),
    (AC, "AC licence to 2027-01-31", "2024-06-21", "may"),
    (AC, "licence, endorsement, course", "2027-01-14", "may not: licence"),
]


@pytest.mark.parametrize(("who", "holds", "day", "expected"), TABLE)
def test_washington(who: str, holds: str, day: str, expected: str) -> None:
    assert answer("US-WA", ask("US-WA", who, HOLDS[holds]), day) == expected


@pytest.mark.parametrize(
    ("technique", "expected"),
    [
        ("trigger_point", "may"),
        ("retention", "may"),
        ("electro", "may"),
        ("retention_without_stimulation", "may not: limit.techniques_never"),
        ("auricular", "may not: limit.techniques_never"),
        ("distal", "may not: limit.techniques_never"),
    ],
)
def test_techniques_that_are_no_needling_of_physical_therapists(technique: str, expected: str) -> None:
    question = ask("US-WA", PT, HOLDS["licence, endorsement, course"], techniques=frozenset({technique}))
    assert answer("US-WA", question, "2027-01-14") == expected


def test_law_that_changes_at_midnight_refuses_a_visit_across_it() -> None:
    question = ask("US-WA", PT, HOLDS["licence, endorsement, course"])
    assert answer("US-WA", question, "2024-06-30", hour=23, minutes=61) == "may not: endorsement"
    assert answer("US-WA", question, "2024-07-01", hour=0, minutes=30) == "may"


def test_licence_is_good_until_midnight_of_its_last_day() -> None:
    question = ask("US-WA", PT, HOLDS["licence to 2027-01-31, endorsement, course"])
    assert answer("US-WA", question, "2027-01-31", hour=23, minutes=60) == "may"
    assert answer("US-WA", question, "2027-01-31", hour=23, minutes=61) == "may not: licence"


def test_patient_consents_first() -> None:
    assert asked_at_the_start("US-WA", ask("US-WA", PT, ())) == "consent"
    assert asked_at_the_start("US-WA", ask("US-WA", AC, ())) == ""
