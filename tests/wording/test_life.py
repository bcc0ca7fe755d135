from datetime import date

import pytest

from booking.domain.lifecycle import Status, Step
from booking.wording import life
from tests.domain.factories import visit
from tests.web.factories import make_appointment

SPAN = visit(date(2026, 11, 24))


def test_booked_visit_is_confirmed_or_over_without_a_word() -> None:
    booked = make_appointment(span=SPAN)
    confirmed = make_appointment(span=SPAN, confirmed_at=SPAN.start)
    told = [
        (life.state(one, now), life.look(one, now)) for one in (booked, confirmed) for now in (SPAN.start, SPAN.end)
    ]
    over = ("Not recorded", "done")
    assert told == [("Booked", "info"), over, ("Confirmed", "booked"), over]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.BOOKED}))
def test_any_other_status_is_the_word_for_it_whenever(status: Status) -> None:
    one = make_appointment(span=SPAN, status=status, confirmed_at=SPAN.start)
    assert life.state(one, SPAN.start) == life.state(one, SPAN.end) == life.word(status)
    assert life.look(one, SPAN.start) == life.look(one, SPAN.end)


@pytest.mark.parametrize("status", Status)
def test_status_has_words(status: Status) -> None:
    assert life.word(status)[0].isupper()
    assert life.sentence(status).endswith(".")


@pytest.mark.parametrize("step", Step)
def test_step_has_words(step: Step) -> None:
    assert life.button(step)[0].isupper()
    assert life.meaning(step).endswith(".")
