from datetime import date

import pytest

from booking.domain.lifecycle import Status
from booking.wording.standing import standing
from tests.domain.factories import visit
from tests.web.factories import make_appointment

SPAN = visit(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("status", "kind", "title"),
    [
        (Status.REQUESTED, "asked", "Requested"),
        (Status.BOOKED, "booked", "Booked"),
        (Status.ARRIVED, "here", "You are here"),
        (Status.IN_TREATMENT, "here", "Your treatment has begun"),
        (Status.FULFILLED, "over", "This appointment is over"),
        (Status.CANCELLED, "off", "This appointment was cancelled"),
        (Status.NO_SHOW, "over", "We missed you"),
        (Status.ENTERED_IN_ERROR, "over", "This appointment does not take place"),
    ],
)
def test_every_status_is_said_in_plain_words(status: Status, kind: str, title: str) -> None:
    told = standing(make_appointment(span=SPAN, status=status), SPAN.start.replace(hour=0))
    assert (told.kind, told.title) == (kind, title)


def test_what_time_has_decided_is_said() -> None:
    booked, requested = (make_appointment(span=SPAN, status=one) for one in (Status.BOOKED, Status.REQUESTED))
    assert [standing(booked, now).title for now in (SPAN.start, SPAN.end)] == ["Booked", "This appointment is over"]
    assert standing(requested, SPAN.start).title == "This request was not answered"


def test_request_that_was_declined_was_no_cancelled_visit() -> None:
    cancelled = make_appointment(span=SPAN, status=Status.CANCELLED)
    assert standing(cancelled, SPAN.start, declined=True).title == "We could not accept your request"
