"""What stands in the way of visits, in words."""

from typing import Any

import pytest

from booking.domain.conflict import ALL, UNSUITED, Conflict, Detail
from booking.domain.promise import CLOCK_CHANGED
from booking.wording.findings import advice, circumstance, facts


def told(name: str, **more: str | None) -> dict[str, Any]:
    days = {"first": "2026-11-24", "last": "2026-11-24", "from": None, "to": None, "reason": ""}
    return {"name": name, **days, **more}


def hours(*stretches: tuple[str, str], ends_by: str | None = None) -> Detail:
    found = [{"from": start, "to": end} for start, end in stretches]
    return {"name": "Ada Byrne", "hours": found, "ends_by": ends_by}


CASES: list[tuple[str, Detail, str, list[str]]] = [
    (
        Conflict.IN_LEAVE,
        {"away": [told("Ada Byrne", last="2026-11-27"), told("Ada Byrne", **{"from": "13:00"})]},
        "while Ada Byrne is away",
        ["Ada Byrne: 24 Nov 2026 to 27 Nov 2026.", "Ada Byrne: 24 Nov 2026 from 1:00 pm."],
    ),
    (
        Conflict.ROOM_CLOSED,
        {"closed": [told("Room 1", reason="painting"), told("Laser 1", first=None, last=None)]},
        "while Room 1 and Laser 1 are closed",
        ["Room 1: 24 Nov 2026 (painting).", "Laser 1: no longer in use."],
    ),
    (
        Conflict.SITE_CLOSED,
        {"closed": [told("Seattle", reason="Thanksgiving Day"), told("Seattle", to="12:00")]},
        "while Seattle is closed",
        ["Seattle: 24 Nov 2026 (Thanksgiving Day).", "Seattle: 24 Nov 2026 until 12 noon."],
    ),
    (
        Conflict.OUTSIDE_HOURS,
        hours(("09:00", "12:00"), ("13:00", "24:00")),
        "outside the hours of Ada Byrne",
        ["Hours that day: 9:00 am to 12 noon and 1:00 pm to 12 midnight."],
    ),
    (
        Conflict.OUTSIDE_HOURS,
        hours(),
        "outside the hours of Ada Byrne",
        ["No hours are published for that day."],
    ),
    (
        Conflict.OUTSIDE_HOURS,
        hours(("09:00", "17:00"), ends_by="16:00"),
        "too close to closing time",
        ["Hours that day: 9:00 am to 5:00 pm.", "It must end by 4:00 pm, because of when the site closes."],
    ),
    (
        CLOCK_CHANGED,
        {"promised": "2027-03-28T10:00", "zone": "Europe/Paris", "code": "slot-taken", "reason": "It is taken."},
        "not at the time the patient was told",
        ["The patient was told Sunday 28 March 2027, 10:00 am.", "It is taken."],
    ),
    (
        UNSUITED,
        {"suits": "new"},
        "of a treatment for new patients",
        ["It is meant for new patients, and this one has been here before."],
    ),
    (
        UNSUITED,
        {"suits": "returning"},
        "of a treatment for returning patients",
        ["It is meant for patients who have been here before, and this one is new."],
    ),
]


@pytest.mark.parametrize(("kind", "detail", "said", "sentences"), CASES)
def test_findings_are_said_in_words(kind: str, detail: Detail, said: str, sentences: list[str]) -> None:
    assert (circumstance(kind, detail), facts(kind, detail)) == (said, sentences)


def test_every_kind_but_the_laws_says_what_to_do() -> None:
    for kind in (*(ALL - {Conflict.LOST_COVER}), CLOCK_CHANGED):
        assert "Call the patient and agree on another time" in advice(kind)


def test_advice_on_a_treatment_that_does_not_suit_is_its_own() -> None:
    assert advice(UNSUITED).startswith("Look whether it suits all the same")


def test_kind_without_words_is_named() -> None:
    assert circumstance("needs_review", {}) == "to be looked at: needs review"
    assert (facts("needs_review", {}), advice("needs_review")) == ([], "")
