from datetime import UTC, datetime

import pytest

from booking.domain.errors import (
    AlreadyDone,
    BookingError,
    HoldExpired,
    NotPermitted,
    OutsideHours,
    SlotTaken,
    TooEarly,
)
from booking.domain.time.zone import zone_name
from booking.wording import refusals

FOR_OPERATORS = {"refused", "rules-invalid", "clinic-invalid", "database-refused", "idempotency-mismatch"}


def kinds(base: type[BookingError]) -> list[type[BookingError]]:
    return [found for kind in base.__subclasses__() for found in (kind, *kinds(kind))]


def codes() -> set[str]:
    """Those of the domain, whatever else is loaded."""
    return {kind.code for kind in kinds(BookingError) if kind.__module__ == BookingError.__module__}


@pytest.mark.parametrize("code", sorted(codes() - FOR_OPERATORS))
def test_title_is_there_for_all_that_a_page_may_meet(code: str) -> None:
    assert refusals.title(code) != refusals.title("refused")


def test_explained_does_not_say_the_title_again() -> None:
    assert refusals.explained(SlotTaken()) == ""
    assert refusals.explained(HoldExpired()) == ""
    assert refusals.explained(OutsideHours("Nobody is there at that time.")) == "Nobody is there at that time."


def test_staff_are_told_who_was_faster_and_from_when_on_it_can_be_done() -> None:
    at, zone = datetime(2026, 11, 24, 18, 2, tzinfo=UTC), zone_name("America/Los_Angeles")
    told = [refusals.at_the_desk(one, zone, at.date()) for one in (AlreadyDone("Rita", at), TooEarly(at), SlotTaken())]
    assert told == [
        "Rita has done that already: Tuesday 24 November, 10:02 am.",
        "It can be done from Tuesday 24 November, 10:02 am on.",
        "",
    ]


def test_explained_names_no_permission() -> None:
    assert refusals.explained(NotPermitted("manage_feeds")) == refusals.sentence("not-permitted")
